//! A ramp begins when those two want it whom it concerns most.

use super::*;
use crate::support::{Role, at_once, path};

#[test]
fn a_proposed_ramp_says_who_must_accept_it_and_takes_nothing_before() {
    let site = Site::open();
    site.propose_anew();
    let [mentee, mentor] = [Role::Mentee, Role::Mentor].map(|role| site.client(role));
    let ramp = path::ramp(site.ramp_id);
    mentee
        .get(&ramp)
        .assert_text("Waits for Leila Haddad and Marcus Oyelaran to accept it")
        .assert_text("Planned");
    mentor.board().assert_text("Planned");
    let waits = "This ramp is proposed: Leila Haddad and Marcus Oyelaran must accept it first.";
    let mark = [("from", "open"), ("to", "done")];
    let session = [
        ("ramp", &*site.ramp_id.to_string()),
        ("kind", "pairing"),
        ("minutes", "30"),
        ("starts_at", "2026-11-23T08:00"),
        ("summary", "Walked through a failover"),
    ];
    let judged = [("level-PAY-A1", "3"), ("note-PAY-A1", "Saw it")];
    for answer in [
        mentee.send(&format!("{ramp}/items/PAY-K1"), &mark),
        mentor.send(path::NEW_SESSION, &session),
        mentor.send(&format!("{ramp}/assess/architecture"), &judged),
        mentee.send(&format!("{ramp}/self-assess/architecture"), &judged),
        mentor.get(&format!("{ramp}/assess/architecture")),
        mentor.get(&path::new_session(site.ramp_id)),
    ] {
        answer.assert_status(409).assert_text(waits);
    }
    assert!(!mentor.get(&ramp).body.contains("Record session</a>"));
    let checklist = mentee.checklist_page(site.ramp_id);
    assert!(!checklist.has_form(&format!("{ramp}/items/PAY-K1")));
    let dossier = site.dossier();
    assert!(dossier.marks.is_empty() && dossier.sessions.is_empty());
    assert!(dossier.assessments.is_empty());
}

#[test]
fn it_begins_when_both_have_accepted_each_once() {
    let site = Site::open();
    site.propose_anew();
    let [mentee, mentor] = [Role::Mentee, Role::Mentor].map(|role| site.client(role));
    mentor
        .get("/")
        .assert_text("You are asked to mentor this ramp");
    arrange(&mentor, &site, "accept", &[]).assert_leads_to(&path::ramp(site.ramp_id));
    assert!(!mentor.get("/").has_form(&path(&site, "accept")));
    assert_eq!(state(&site), RampState::Proposed);
    mentor
        .ramp_page(site.ramp_id)
        .assert_text("Waits for Leila Haddad to accept it");

    // Again, from a window that was open before.
    mentor
        .send(&path(&site, "accept"), &[])
        .assert_status(409)
        .assert_text("You accepted this ramp on Mon 23 Nov")
        .assert_text("It still waits for Leila Haddad.");
    mentor
        .send(&path(&site, "decline"), &[("reason", "Too much")])
        .assert_status(409);

    mentee.get("/").assert_text("Your ramp, Payments");
    arrange(&mentee, &site, "accept", &[]);
    mentee.ramp_page(site.ramp_id).assert_text("Ramping");
    assert_eq!(state(&site), RampState::Active);
    assert_eq!(told(&site, "ramp.accepted"), 2);
    mentee
        .send(&path(&site, "decline"), &[("reason", "Not now")])
        .assert_status(409)
        .assert_text("Leila Haddad activated this ramp on Mon 23 Nov");
}

#[test]
fn either_may_decline_with_a_reason_and_then_another_can_be_proposed() {
    for role in [Role::Mentee, Role::Mentor] {
        let site = Site::open();
        site.propose_anew();
        let client = site.client(role);
        arrange(&client, &site, "decline", &[("reason", " ")])
            .assert_status(422)
            .assert_text("Say why, in a sentence.");
        assert_eq!(state(&site), RampState::Proposed);
        let why = ("reason", "The peak season comes first");
        arrange(&client, &site, "decline", &[why]).assert_leads_to(&path::ramp(site.ramp_id));
        client.ramp_page(site.ramp_id).assert_text("Ended");
        assert_eq!(state(&site), RampState::Ended);
        assert_eq!(told(&site, "ramp.declined"), 1);
        let again = [
            ("area", &*site.area_id.to_string()),
            ("mentee", &*site.mentee.id.to_string()),
            ("primary", &*site.mentor.id.to_string()),
            ("starts_on", "2026-12-01"),
            ("interval_days", "7"),
        ];
        site.client(Role::OwnerLead)
            .start_ramp(&again)
            .assert_status(303);
    }
}

#[test]
fn whoever_proposes_and_is_one_of_the_two_has_accepted_by_that() {
    let site = Site::open();
    let fields = [
        ("area", &*site.area_id.to_string()),
        ("mentee", &*site.stranger.id.to_string()),
        ("primary", &*site.owner_lead.id.to_string()),
        ("starts_on", "2026-11-23"),
        ("interval_days", "7"),
    ];
    let lead = site.client(Role::OwnerLead);
    let answer = lead.start_ramp(&fields);
    lead.get(answer.location())
        .assert_text("Waits for Tomasz Wilk to accept it");
    let accept = format!("{}/accept", answer.location());
    site.client(Role::Stranger)
        .send(&accept, &[])
        .assert_leads_to(answer.location());
    lead.get(answer.location()).assert_text("Ramping");
}

#[test]
fn accepting_and_declining_at_once_is_one_of_them() {
    for _ in 0..6 {
        let site = Site::open();
        site.propose_anew();
        let both = [Role::Mentee, Role::Mentor].map(|role| site.client(role));
        let answers = at_once(2, |n| match n {
            0 => both[0].send(&path(&site, "accept"), &[]),
            _ => both[1].send(&path(&site, "decline"), &[("reason", "Too much")]),
        });
        // Declining goes through whoever comes first: one acceptance does not begin a ramp.
        answers[1].assert_status(303);
        assert_eq!(state(&site), RampState::Ended);
        if answers[0].status != 303 {
            answers[0]
                .assert_status(409)
                .assert_text("Marcus Oyelaran ended this ramp on Mon 23 Nov");
        }
    }
}
