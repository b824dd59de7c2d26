//! Who reads a comment: exactly who reads the page it is on, and whoever sees its box is told.

use crate::support::sample::document;
use crate::support::{Client, Role, Site, path};

const WORDS: &str = "The wombats did it";

/// A place, and the page it is on.
struct Placed {
    page: String,
    comments: String,
}

fn on_ramp(ramp_id: i64) -> Placed {
    Placed {
        page: path::history(ramp_id),
        comments: path::ramp_form(ramp_id, "comments"),
    }
}

fn placed(page: String) -> Placed {
    Placed {
        comments: format!("{page}/comments"),
        page,
    }
}

fn assert_read_by_readers_of(site: &Site, place: &Placed, writer: Role) {
    site.client(writer)
        .say(&place.comments, WORDS)
        .assert_status(303);
    for role in Role::ALL {
        let client: Client = site.client(role);
        let page = client.get(&format!("{}?show=all", place.page));
        let all = client.get(&format!("{}?show=all", place.comments));
        let reads = page.status == 200;
        assert_eq!(
            page.text().contains(WORDS),
            reads,
            "{role:?} on {}",
            place.page
        );
        assert_eq!(
            all.text().contains(WORDS),
            reads,
            "{role:?} on {}",
            place.comments
        );
        assert_eq!(all.status == 200, reads, "{role:?} on {}", place.comments);
        let mut form = vec![("body", "Me too")];
        form.push(("reply", "1"));
        let wrote = client.send(&place.comments, &form).status == 303;
        assert_eq!(wrote, reads, "{role:?} writes on {}", place.comments);
    }
}

#[test]
fn a_comment_is_read_by_whoever_reads_its_page_and_by_nobody_else() {
    let site = Site::open();
    assert_read_by_readers_of(&site, &on_ramp(site.ramp_id), Role::Mentor);
    let site = Site::open();
    site.ask_for_signoff();
    let id = site.dossier().signoffs[0].id;
    assert_read_by_readers_of(&site, &placed(path::signoff(id)), Role::Qualifier);
    let site = Site::open();
    let slug = site.write(Role::Stranger, &document());
    assert_read_by_readers_of(&site, &placed(format!("/library/{slug}")), Role::Stranger);
    let site = Site::open();
    let slug = site.teach(&document());
    assert_read_by_readers_of(&site, &placed(format!("/library/{slug}")), Role::Mentee);
    let site = Site::open();
    assert_read_by_readers_of(
        &site,
        &placed(path::drill(site.debrief_drill())),
        Role::Stranger,
    );
}

#[test]
fn the_box_says_who_will_read_it() {
    let site = Site::open();
    let (mentee, drill) = (site.client(Role::Mentee), site.debrief_drill());
    let few = format!(
        "Only {}, the mentors, leads and qualifiers, and administrators read this.",
        site.mentee.name
    );
    mentee.history_page(site.ramp_id).assert_text(&few);
    mentee
        .get(&path::ramp_form(site.ramp_id, "comments"))
        .assert_text(&few);
    let everyone = "Everyone with an account reads this.";
    mentee.drill_page(drill).assert_text(everyone);
    let author = site.client(Role::Stranger);
    let slug = site.write(Role::Stranger, &document());
    let later = "Once it is teachable, everyone does.";
    author.get(&format!("/library/{slug}")).assert_text(later);
}

#[test]
fn a_post_mortem_keeps_its_discussion_back_with_the_rest() {
    let site = Site::open();
    let page = format!("/library/{}", site.teach(&document()));
    let comments = format!("{page}/comments");
    site.client(Role::Stranger)
        .say(&comments, WORDS)
        .assert_status(303);
    let mentee = site.client(Role::Mentee);
    assert!(!mentee.get(&page).text().contains(WORDS));
    mentee.get(&comments).assert_leads_to(&page);
    mentee.get(&format!("{page}?show=all")).assert_text(WORDS);
    // Who wrote there is led to the whole page.
    let id = mentee.say(&comments, "And the koalas").comment();
    mentee
        .say(&comments, "Twice")
        .assert_leads_to(&format!("{page}?show=all#c-{}", id + 1));
}

#[test]
fn a_drill_is_not_discussed_before_its_debrief() {
    let site = Site::open();
    let (id, mentor) = (site.plan_drill(), site.client(Role::Mentor));
    mentor
        .drill_page(id)
        .assert_text("The discussion opens after the debrief");
    mentor
        .say(
            &path::drill_form(id, "comments"),
            "Kill the provider at 9:10",
        )
        .assert_status(409)
        .assert_text("after the debrief");
    assert!(
        !site
            .client(Role::Mentee)
            .drill_page(id)
            .text()
            .contains("Kill")
    );
}

#[test]
fn a_long_discussion_shows_its_latest_threads_and_leads_to_the_earlier_ones() {
    let site = Site::open();
    let comments = path::ramp_form(site.ramp_id, "comments");
    site.app.db(|c| {
        use checkride::domain::discussion::{Draft, PlaceKind, model::New, store};
        for n in 0..205 {
            let new = New {
                place: (PlaceKind::Ramp, site.ramp_id),
                reply_to: None,
                moment: None,
                author_id: site.mentee.id,
                at: site.app.now(),
            };
            let draft = Draft::parse(false, "", "", &format!("Word number {n}.")).unwrap();
            store::insert(c, &new, &draft, &[])?;
        }
        Ok(())
    });
    let mentor = site.client(Role::Mentor);
    let page = mentor.history_page(site.ramp_id);
    page.assert_text("Word number 204.")
        .assert_text("Earlier comments");
    assert!(!page.text().contains("Word number 4."));
    let href = page
        .body
        .split(&format!("{comments}?before="))
        .nth(1)
        .unwrap();
    let before = href.split('"').next().unwrap();
    let earlier = mentor.get(&format!("{comments}?before={before}"));
    earlier
        .assert_text("Word number 4.")
        .assert_text("Word number 0.");
    assert!(!earlier.text().contains("Word number 5."));
}

#[test]
fn an_erased_person_leaves_mentions_too() {
    use checkride::domain::audit::Act;
    use checkride::domain::people::{Reason, store};
    use checkride::usecases::people::{actions::deactivate, erase::erase};
    let site = Site::open();
    let comments = path::ramp_form(site.ramp_id, "comments");
    let handle = site.qualifier.handle.clone();
    let mentee = site.client(Role::Mentee);
    mentee
        .say(&comments, &format!("Ask @{handle} first"))
        .assert_status(303);
    let (act, reason) = (
        Act::operator(site.app.now()),
        Reason::parse("Asked for it").unwrap(),
    );
    site.app.db(|c| {
        let person = store::by_handle_or_email(c, &handle)?.unwrap();
        deactivate(c, &act, &handle, &reason)?;
        erase(c, &act, &person, &reason).map(|_| ())
    });
    let page = mentee.history_page(site.ramp_id);
    page.assert_text(&format!("Ask @erased-{} first", site.qualifier.id));
    assert!(
        !page
            .part("id=\"discussion\"", "</section>")
            .contains(&handle)
    );
}
