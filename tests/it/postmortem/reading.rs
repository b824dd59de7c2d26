//! Staged reveal: what is told, when, and who sees what was answered.

use checkride::db::schema::{audit_entries, postmortem_answers};
use checkride::domain::postmortem::Transition;
use diesel::prelude::*;

use crate::support::sample::document;
use crate::support::{Answer, Client, Form, Role, Site, at_once, path};

const PAGE: &str = "/library/captures-were-doubled";
const READ: &str = "/library/captures-were-doubled/read";

/// Answers the question that the page asks.
fn answer(client: &Client, words: &str) -> Answer {
    let page = client.get(READ);
    Form::on(page.assert_status(200), READ)
        .with("answer", words)
        .send(client)
}

#[test]
fn each_step_is_told_once_it_was_answered() {
    let site = Site::open();
    site.teach(&document());
    let mentee = site.client(Role::Mentee);
    let kept_back = [
        "The queue grows",
        "Support calls",
        "Switched everything",
        "Keys are per provider",
    ];
    let told = |client: &Client, path: &str| {
        let text = client.get(path).assert_status(200).text();
        kept_back.map(|words| text.contains(words))
    };
    assert_eq!(told(&mentee, PAGE), [false; 4]);
    assert_eq!(told(&mentee, READ), [false; 4]);
    answer(&mentee, "Call the provider").assert_leads_to(&format!("{READ}#now"));
    assert_eq!(told(&mentee, READ), [true, false, false, false]);
    answer(&mentee, " ")
        .assert_status(422)
        .assert_text("a few words are enough");
    answer(&mentee, "Drain the queue").assert_status(303);
    assert_eq!(told(&mentee, READ), [true, true, true, false]);
    answer(&mentee, "Believe support").assert_status(303);
    let end = mentee.get(READ);
    end.assert_text("The end")
        .assert_text("Drain the queue")
        .assert_text("Keys are per provider");
    assert_eq!(told(&mentee, PAGE), [true; 4], "who has read it sees it");
    assert_eq!(
        told(&site.client(Role::MenteeLead), PAGE),
        [false; 4],
        "everyone reads for themselves"
    );
    assert_eq!(
        told(&site.client(Role::MenteeLead), &format!("{PAGE}?show=all")),
        [true; 4],
        "who says so reads it straight"
    );
}

#[test]
fn answers_go_to_mentors_and_leads_and_to_nobody_else() {
    let site = Site::open();
    site.teach(&document());
    let mentee = site.client(Role::Mentee);
    answer(&mentee, "Drain the unicorns").assert_status(303);
    for (role, sees) in [
        (Role::Mentor, true),
        (Role::MenteeLead, true),
        (Role::Qualifier, false),
        (Role::OwnerLead, false),
        (Role::Stranger, false),
        (Role::Administrator, false),
    ] {
        let page = site.client(role).get(&format!("{PAGE}?show=all"));
        let text = page.assert_status(200).text();
        assert_eq!(text.contains("Drain the unicorns"), sees, "{role:?}");
        assert_eq!(text.contains("To talk about"), sees, "{role:?}");
    }
    let record = site
        .client(Role::Mentor)
        .get(&path::new_session(site.ramp_id));
    record
        .assert_text("To talk about")
        .assert_text("Captures were doubled");
    let log: Vec<String> = site.app.db(|c| {
        Ok(audit_entries::table
            .filter(audit_entries::action.eq("postmortem.answered"))
            .select(audit_entries::details)
            .load(c)?)
    });
    assert_eq!(log.len(), 1);
    assert!(!log[0].contains("unicorns"), "the log says that, not what");
}

#[test]
fn a_step_is_not_skipped_and_a_second_word_is_kept_beside_the_first() {
    let site = Site::open();
    site.teach(&document());
    let mentee = site.client(Role::Mentee);
    let send = |step: &str, revision: &str, words: &str| {
        mentee.send(
            READ,
            &[("step", step), ("revision", revision), ("answer", words)],
        )
    };
    send("2", "2", "Ahead").assert_status(409);
    send("0", "1", "Old")
        .assert_status(409)
        .assert_text("was changed");
    send("9", "2", "Beyond").assert_status(409);
    let both = at_once(2, |n| send("0", "2", ["One", "Two"][n]).status);
    assert_eq!(both, [303, 303]);
    let kept: i64 = site
        .app
        .db(|c| Ok(postmortem_answers::table.count().get_result(c)?));
    assert_eq!(kept, 2);
    assert_eq!(mentee.get(READ).text().matches("You would").count(), 1);
}

#[test]
fn a_text_that_was_written_anew_is_read_anew() {
    let site = Site::open();
    let slug = site.teach(&document());
    let mentee = site.client(Role::Mentee);
    answer(&mentee, "Drain the queue").assert_status(303);
    site.make_transition(Role::OwnerLead, &slug, Transition::Reopen);
    mentee.get(READ).assert_status(403);
    site.make_transition(Role::OwnerLead, &slug, Transition::Submit);
    site.make_transition(Role::Qualifier, &slug, Transition::Approve);
    mentee.get(READ).assert_text("0 of 3 questions answered");
    site.client(Role::Mentor)
        .get(PAGE)
        .assert_text("Asked in an earlier version");
}

#[test]
fn mentors_read_the_first_words_and_know_the_later_ones_as_later() {
    let site = Site::open();
    let slug = site.teach(&document());
    let mentee = site.client(Role::Mentee);
    answer(&mentee, "Call the provider").assert_status(303);
    answer(&mentee, "Wait and see").assert_status(303);
    let again = |revision: &str, words: &str| {
        mentee
            .send(
                READ,
                &[("step", "1"), ("revision", revision), ("answer", words)],
            )
            .assert_status(303);
    };
    // They have seen by now what was done.
    again("2", "Drain the queue first");
    let told = || {
        let text = site.client(Role::Mentor).get(PAGE).text();
        let (_, told) = text.split_once("To talk about").unwrap();
        told.split_once("Facts").unwrap().0.to_owned()
    };
    let first = "What does it mean that the queue grows? Wait and see";
    let text = told();
    assert!(text.contains(first), "{text}");
    let later = "What does it mean that the queue grows? Said later Drain the queue first";
    assert!(text.contains(later), "{text}");
    assert_eq!(text.matches("Said later").count(), 1, "{text}");
    // Led on and back the text is another version: what is said there is no first word either.
    site.make_transition(Role::OwnerLead, &slug, Transition::Reopen);
    site.make_transition(Role::OwnerLead, &slug, Transition::Submit);
    site.make_transition(Role::Qualifier, &slug, Transition::Approve);
    answer(&mentee, "Look at the captures").assert_status(303);
    let text = told();
    assert!(text.contains("Said later Look at the captures"), "{text}");
    assert_eq!(text.matches("Said later").count(), 2, "{text}");
}
