//! Comments are found by whoever their page shows them to, and by nobody else.

use checkride::usecases::postmortem::reading::{Body, answer};

use super::{SIGNED_IN, links, results, search, site};
use crate::support::sample::document;
use crate::support::{Client, Role, Site, path};

const WORDS: &str = "The **wombats** did it, at 障害";

fn finds(client: &Client, typed: &str, id: i64) -> bool {
    links(&search(client, typed)).contains(&format!("/comments/{id}"))
}

/// What somebody wrote there is found by those to whom the page shows it. Gives back its row.
fn found_by_readers_of(site: &Site, page: &str, writer: Role) -> i64 {
    // The discussion of a ramp is shown on a part of its page.
    let place = page.trim_end_matches("/history");
    let said = site.client(writer).say(&format!("{place}/comments"), WORDS);
    let id = said.comment();
    check(site, page, id, "wombats");
    id
}

fn check(site: &Site, page: &str, id: i64, typed: &str) {
    for role in SIGNED_IN {
        let client = site.client(role);
        let shown = client.get(page).body.contains(&format!("id=\"c-{id}\""));
        assert_eq!(finds(&client, typed, id), shown, "{role:?} on {page}");
        if shown {
            let link = client.get(&format!("/comments/{id}"));
            // Who reads a post-mortem step by step is led past the steps.
            let past_steps = if page.starts_with("/library/") {
                "?show=all"
            } else {
                ""
            };
            link.assert_leads_to(&format!("{page}{past_steps}#c-{id}"));
        } else {
            search(&client, typed).assert_text("0 results");
        }
    }
}

#[test]
fn a_comment_is_found_by_those_to_whom_its_page_shows_it() {
    let site = site();
    found_by_readers_of(&site, &path::history(site.ramp_id), Role::Mentor);
    let site = self::site();
    site.ask_for_signoff();
    let id = site.dossier().signoffs[0].id;
    found_by_readers_of(&site, &path::signoff(id), Role::Qualifier);
    let site = self::site();
    let draft = site.write(Role::Stranger, &document());
    found_by_readers_of(&site, &format!("/library/{draft}"), Role::Stranger);
    let site = self::site();
    let drill = path::drill(site.debrief_drill());
    let id = found_by_readers_of(&site, &drill, Role::Stranger);
    assert!(finds(&site.client(Role::Mentee), "monday wombats", id));
}

#[test]
fn a_post_mortem_keeps_its_discussion_back_from_those_who_have_not_answered() {
    let site = site();
    let slug = site.teach(&document());
    let page = format!("/library/{slug}");
    let id = found_by_readers_of(&site, &page, Role::Stranger);
    let mentee = site.client(Role::Mentee);
    assert!(!finds(&mentee, "wombats", id));
    let (act, revision) = (site.act(Role::Mentee), site.postmortem(&slug).revision);
    for step in 0..3 {
        assert!(!finds(&mentee, "wombats", id), "before step {step}");
        let body = Body::parse("I would look at the queue").unwrap();
        site.app
            .db(|c| answer(c, &act, &slug, (revision, step), &body));
    }
    assert!(finds(&mentee, "wombats", id));
    check(&site, &page, id, "wombats");
}

#[test]
fn a_view_of_a_decision_is_found_by_each_of_its_parts() {
    let site = site();
    let slug = site.teach(&document());
    let author = site.client(Role::Stranger);
    let revision = site.postmortem(&slug).revision.to_string();
    let view = [
        ("moment", "1"),
        ("revision", &revision),
        ("saw", "Only quokkas"),
        ("believed", "Numbats were behind it"),
        ("body", "Call the bilby"),
    ];
    let id = author
        .send(&format!("/library/{slug}/comments"), &view)
        .comment();
    for typed in [
        "quokkas",
        "numbats behind",
        "call bilby",
        "view bilby doubled",
    ] {
        assert!(finds(&author, typed, id), "{typed}");
    }
}

#[test]
fn former_words_and_removed_comments_are_found_by_nobody() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    let comments = path::ramp_form(site.ramp_id, "comments");
    let id = mentor.say(&comments, "Blame the wombats").comment();
    let form = mentor.form_at(&format!("/comments/{id}/edit"));
    form.with("body", "Thank the koalas")
        .send(&mentor)
        .assert_status(303);
    assert!(!finds(&mentor, "wombats", id));
    assert!(finds(&mentor, "koalas", id));
    let number = [("number", "2")];
    mentor
        .send(&format!("/comments/{id}/remove"), &number)
        .assert_status(303);
    for role in SIGNED_IN {
        for typed in ["wombats", "koalas"] {
            assert!(results(&site.client(role), typed).contains("Nothing matches"));
        }
    }
}

#[test]
fn private_notes_are_found_by_nobody_their_author_included() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    let form = mentor.form_at(&path::ramp_form(site.ramp_id, "notes"));
    form.with("note", "Freezes like a wombat")
        .send(&mentor)
        .assert_status(303);
    super::index(&site);
    for role in SIGNED_IN {
        assert!(results(&site.client(role), "wombat").contains("Nothing matches"));
    }
}

#[test]
fn a_ramp_comes_before_what_is_said_on_it() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    mentor
        .say(&path::ramp_form(site.ramp_id, "comments"), WORDS)
        .assert_status(303);
    let found = links(&search(&mentor, "leila haddad payments"));
    let place = |href: &str| found.iter().position(|link| link == href);
    let (ramp, comment) = (place(&path::ramp(site.ramp_id)), place("/comments/1"));
    assert!(
        ramp.is_some() && comment.is_some() && ramp < comment,
        "{found:?}"
    );
}
