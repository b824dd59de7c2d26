//! Answering: by the person who was asked alone, while they are cleared and it is open. The answer backs a judgement.

use checkride::domain::asked::Outcome;
use checkride::domain::standard::{Level, Strength};

use super::{CODE, answering, as_sent, asked, asked_of, form, page, row, the_stranger_is_cleared};
use crate::support::{Role, Site, path};

#[test]
fn an_answer_backs_a_judgement_as_real_work() {
    let site = Site::open();
    let id = asked(&site);
    let qualifier = site.client(Role::Qualifier);
    let shown = qualifier.get(&page(id));
    shown.assert_text("Drained eu-west in the retry storm");
    shown.assert_text(
        "Leila Haddad, their mentors and leads, and the qualifiers of Payments read your answer.",
    );
    qualifier
        .submit(&page(id), &form(id, "answer"), &as_sent(&answering()))
        .assert_status(303)
        .assert_leads_to(&page(id));
    qualifier
        .get(&page(id))
        .assert_text("What Sofia Lindqvist saw");
    assert!(!qualifier.get("/").text().contains("Asks what you saw"));

    let mentor = site.client(Role::Mentor);
    mentor
        .get(&path::competency(site.ramp_id, CODE))
        .assert_text("Observation on request: Drained eu-west in the retry storm");
    mentor
        .get(&path::assess(site.ramp_id, "incident"))
        .assert_text("23 Nov, observation on request, Alone (real)");
    let source = format!("asked-{id}");
    mentor
        .send(
            &path::assess(site.ramp_id, "incident"),
            &[("level-PAY-I2", "3"), ("source-PAY-I2", &source)],
        )
        .assert_status(303);
    let dossier = site.dossier();
    let judged = dossier.assessments.last().unwrap();
    assert_eq!(judged.strength, Strength::Real);
    assert_eq!(judged.evidence_asked_id, Some(id));
    // Of another competency it says nothing.
    mentor
        .send(
            &path::assess(site.ramp_id, "architecture"),
            &[("level-PAY-A2", "3"), ("source-PAY-A2", &source)],
        )
        .assert_status(422)
        .assert_text("Choose something of this ramp");
}

#[test]
fn what_one_was_only_told_is_talked_through() {
    let site = Site::open();
    let id = asked(&site);
    let fields = [
        ("seen", "told"),
        ("help", "3"),
        ("words", "She told me how it went"),
    ];
    site.client(Role::Qualifier)
        .send(&form(id, "answer"), &fields)
        .assert_status(303);
    let dossier = site.dossier();
    let evidence = dossier.evidence.first().unwrap();
    assert_eq!(evidence.strength, Strength::TalkedThrough);
    assert_eq!(evidence.help(CODE), Level::new(3));
}

#[test]
fn somebody_outside_the_ramp_sees_the_request_and_nothing_else_of_it() {
    let site = Site::open();
    the_stranger_is_cleared(&site, 30);
    let id = asked_of(&site, &site.stranger);
    let stranger = site.client(Role::Stranger);
    let shown = stranger.get(&page(id));
    shown.assert_status(200).assert_text("Leila Haddad");
    assert!(!shown.body.contains(&path::ramp(site.ramp_id)));
    stranger.get(&path::ramp(site.ramp_id)).assert_status(403);
    stranger
        .send(&form(id, "answer"), &as_sent(&answering()))
        .assert_status(303);
    site.client(Role::Mentee)
        .get(&page(id))
        .assert_text("What Tomasz Wilk saw");
}

#[test]
fn who_is_no_longer_cleared_cannot_answer_and_reads_why() {
    let site = Site::open();
    the_stranger_is_cleared(&site, 1);
    let id = asked_of(&site, &site.stranger);
    site.app.wait_hours(3 * 24);
    let stranger = site.client(Role::Stranger);
    stranger
        .get(&page(id))
        .assert_text("You are not cleared in Payments now.");
    stranger
        .send(&form(id, "answer"), &as_sent(&answering()))
        .assert_status(403);
    assert_eq!(row(&site, id).outcome, None);
}

#[test]
fn what_cannot_be_taken_comes_back_with_what_was_typed() {
    let site = Site::open();
    let id = asked(&site);
    let qualifier = site.client(Role::Qualifier);
    let most = "x".repeat(601);
    // seen, help, words, sentence
    let table = [
        ("", "3", "Saw it", "Say how you know of it."),
        ("maybe", "3", "Saw it", "Say how you know of it."),
        ("there", "", "Saw it", "Choose how much help it needed."),
        ("there", "6", "Saw it", "Choose how much help it needed."),
        ("there", "3", " ", "Say in a sentence what you saw."),
        (
            "there",
            "3",
            &most,
            "This has 601 characters. The limit is 600.",
        ),
    ];
    for (seen, help, words, sentence) in table {
        let fields = [("seen", seen), ("help", help), ("words", words)];
        let answer = qualifier.send(&form(id, "answer"), &fields);
        answer.assert_status(422).assert_text(sentence);
        answer.assert_text(words.trim());
    }
    qualifier
        .send(&form(id, "decline"), &[("why", "")])
        .assert_status(422)
        .assert_text("Say in a few words why you decline.");
    assert_eq!(row(&site, id).outcome, None);
    qualifier.get("/observations/99").assert_status(404);
    qualifier.get("/observations/x").assert_status(404);
}

#[test]
fn what_expired_while_it_was_typed_is_not_stored_and_not_lost() {
    let site = Site::open();
    let id = asked(&site);
    site.app.wait_hours(7 * 24);
    let answer = site
        .client(Role::Qualifier)
        .send(&form(id, "answer"), &as_sent(&answering()));
    answer
        .assert_status(409)
        .assert_text("This request expired on ");
    answer.assert_text("Drained it alone, said when she would stop.");
    assert_eq!(row(&site, id).outcome, None);
}

#[test]
fn a_second_tab_reads_that_it_was_answered_and_changes_nothing() {
    let site = Site::open();
    let id = asked(&site);
    let qualifier = site.client(Role::Qualifier);
    qualifier
        .send(&form(id, "answer"), &as_sent(&answering()))
        .assert_status(303);
    let second = qualifier.send(&form(id, "decline"), &[("why", "Second thoughts")]);
    second
        .assert_status(409)
        .assert_text("You answered this request already, on ")
        .assert_text("Second thoughts");
    let kept = row(&site, id);
    assert_eq!(kept.outcome, Some(Outcome::Answered));
    assert_eq!(kept.words, "Drained it alone, said when she would stop.");
}
