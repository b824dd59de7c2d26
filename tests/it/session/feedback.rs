//! Feedback after a session: between the two, blind until both are in, correctable until it opens.

use checkride::domain::session::feedback::store;

use crate::support::{Role, Site, at_once, path};

fn held(site: &Site) -> i64 {
    site.hold_session(45);
    site.dossier().sessions[0].id
}

fn page(id: i64) -> String {
    path::session_form(id, "feedback")
}

fn says<'a>(first: &'a str, second: &'a str, seen: &'a str) -> [(&'a str, &'a str); 3] {
    [("first", first), ("second", second), ("seen", seen)]
}

#[test]
fn neither_reads_the_other_before_both_are_in_and_then_both_read_both() {
    let site = Site::open();
    let id = held(&site);
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    mentee.get(&path::session(id)).assert_text("Give feedback");
    let form = mentee.get(&page(id));
    form.assert_text("Only the two of you, once both have answered.");
    form.assert_text("What should your mentor change?");
    mentee
        .submit(
            &page(id),
            &page(id),
            &[
                ("first", "You let me drive"),
                ("second", "Slower at the end"),
            ],
        )
        .assert_status(303);
    let sealed = mentor.get(&page(id));
    sealed.assert_text("It is in, and sealed");
    assert!(!sealed.body.contains("You let me drive"));
    mentor
        .submit(&page(id), &page(id), &[("first", "Read the graph first")])
        .assert_status(303);
    for client in [&mentee, &mentor] {
        let open = client.get(&page(id));
        open.assert_text("You let me drive");
        open.assert_text("Read the graph first");
        assert!(!open.has_form(&page(id)));
    }
}

#[test]
fn nobody_else_reads_a_word_of_it_wherever_it_might_be() {
    let site = Site::open();
    let id = held(&site);
    site.client(Role::Mentee)
        .send(&page(id), &says("Quite private", "", "0"))
        .assert_status(303);
    site.client(Role::Mentor)
        .send(&page(id), &says("As private", "", "0"))
        .assert_status(303);
    for role in [
        Role::Qualifier,
        Role::OwnerLead,
        Role::MenteeLead,
        Role::Administrator,
    ] {
        let client = site.client(role);
        client.get(&page(id)).assert_status(403);
        let session = client.get(&path::session(id));
        assert!(!session.text().contains("feedback"), "{role:?}");
    }
    let log = site.client(Role::Administrator).get(path::AUDIT_LOG);
    log.assert_text("gave feedback on a session");
    for path in [path::AUDIT_LOG, "/admin/audit.csv"] {
        let log = site.client(Role::Administrator).get(path);
        assert!(!log.body.contains("private"), "{path}");
    }
}

#[test]
fn it_is_corrected_until_it_opens_and_every_version_is_kept() {
    let site = Site::open();
    let id = held(&site);
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    mentee
        .send(&page(id), &says("Harsh words", "", "0"))
        .assert_status(303);
    mentee.get(&page(id)).assert_text("Harsh words");
    mentee
        .submit(&page(id), &page(id), &[("first", "Kinder words")])
        .assert_status(303);
    // A tab that still shows none.
    mentee
        .send(&page(id), &says("From another tab", "", "0"))
        .assert_status(409)
        .assert_text("You changed your feedback in another tab.")
        .assert_text("From another tab");
    mentor
        .send(&page(id), &says("", "Say it aloud", "0"))
        .assert_status(303);
    let open = mentor.get(&page(id));
    open.assert_text("Kinder words");
    assert!(!open.body.contains("Harsh words"));
    let late = mentee.send(&page(id), &says("Too late", "", "2"));
    late.assert_status(409)
        .assert_text("Your feedback is open to the other side now")
        .assert_text("Too late");
    let kept = site.app.db(|c| store::of_sessions(c, &[id]));
    assert_eq!(kept.len(), 3);
}

#[test]
fn no_day_opens_what_one_side_said_and_the_other_may_still_answer() {
    let site = Site::open();
    let id = held(&site);
    site.client(Role::Mentee)
        .send(&page(id), &says("You let me drive", "", "0"))
        .assert_status(303);
    site.app.wait_hours(60 * 24);
    let mentor = site.client(Role::Mentor);
    let sealed = mentor.get(&page(id));
    sealed.assert_text("It is in, and sealed");
    assert!(!sealed.body.contains("You let me drive"));
    site.client(Role::Mentee)
        .send(&page(id), &says("Second thoughts", "", "1"))
        .assert_status(303);
    mentor
        .send(&page(id), &says("Thank you", "", "0"))
        .assert_status(303);
    site.client(Role::Mentee)
        .get(&page(id))
        .assert_text("Thank you");
    mentor.get(&page(id)).assert_text("Second thoughts");
}

#[test]
fn it_stays_with_a_session_that_is_corrected() {
    let site = Site::open();
    let id = held(&site);
    let mentor = site.client(Role::Mentor);
    mentor
        .send(&page(id), &says("Read the graph first", "", "0"))
        .assert_status(303);
    mentor
        .form_at(&path::session_form(id, "correct"))
        .with("summary", "Another summary")
        .with("reason", "It was wrong")
        .send(&mentor)
        .assert_status(303);
    let current = site
        .dossier()
        .sessions
        .iter()
        .find(|s| s.counts())
        .unwrap()
        .id;
    assert_ne!(current, id);
    mentor
        .get(&page(current))
        .assert_text("Read the graph first");
    mentor.get(&page(id)).assert_status(409);
}

#[test]
fn what_says_nothing_or_too_much_comes_back() {
    let site = Site::open();
    let id = held(&site);
    let mentee = site.client(Role::Mentee);
    mentee
        .send(&page(id), &says(" ", "\n", "0"))
        .assert_status(422)
        .assert_text("Answer at least one of the two questions.");
    let most = "x".repeat(601);
    mentee
        .send(&page(id), &says("Fine", &most, "0"))
        .assert_status(422)
        .assert_text("This has 601 characters. The limit is 600.")
        .assert_text(&most);
    let planned = site.plan_session(48);
    mentee.get(&page(planned)).assert_status(409);
    mentee.get("/sessions/x/feedback").assert_status(404);
}

#[test]
fn a_correction_and_the_other_answer_at_once_never_change_what_was_read() {
    for round in 0..4 {
        let site = Site::open();
        let id = held(&site);
        let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
        mentee
            .send(&page(id), &says("First words", "", "0"))
            .assert_status(303);
        let answers = at_once(2, |n| match n {
            0 => mentee.send(&page(id), &says("Corrected words", "", "1")),
            _ => mentor.send(&page(id), &says("Fine", "", "0")),
        });
        answers[1].assert_status(303);
        let read = match answers[0].status {
            303 => "Corrected words",
            409 => "First words",
            other => panic!("round {round}: {other}"),
        };
        mentor.get(&page(id)).assert_text(read);
    }
}
