//! The clock of a ramp: it stops and goes on, and says whether the pace is kept.

use super::*;
use crate::support::{Role, at_once, path};

const DAY: i64 = 24 * 3600;
const WHY: (&str, &str) = ("reason", "The peak season comes first");

fn target(site: &Site) -> String {
    site.app
        .db(|c| by_id(c, site.ramp_id))
        .target_on
        .to_string()
}

#[test]
fn a_pause_stops_the_clock_moves_the_target_and_changes_no_level() {
    let site = Site::open();
    site.assess("PAY-A1", 3);
    site.self_assess("PAY-A1", 4);
    site.check("PAY-K1");
    site.app.wait_seconds(10 * DAY);
    let [mentor, lead] = [Role::Mentor, Role::MenteeLead].map(|role| site.client(role));
    let ramp = path::ramp(site.ramp_id);
    let before = site.dossier().readiness;
    mentor.get(&ramp).assert_text("Day 10 of 84");
    arrange(&mentor, &site, "pause", &[WHY]).assert_leads_to(&ramp);
    assert_eq!(state(&site), RampState::Paused);
    assert_eq!(site.dossier().readiness, before);

    site.app.wait_seconds(20 * DAY);
    let [mentor, lead_later] = [Role::Mentor, Role::MenteeLead].map(|role| site.client(role));
    drop(lead);
    mentor
        .get(&ramp)
        .assert_text("Day 10 of 84")
        .assert_text("The clock is stopped.")
        .assert_text("Paused");
    assert_eq!(site.dossier().readiness, before);
    // What was held before is still written down, but nobody asks for a sign-off.
    site.make_ready();
    let ask = mentor.send(&format!("{ramp}/sign-off"), &[("note", "")]);
    ask.assert_status(409).assert_text("This one is paused");
    let ready = site.dossier().readiness;

    let page = lead_later.get(&path(&site, "resume"));
    page.assert_text("It was stopped for 20 days, so the target is 7 Mar 2027.");
    arrange(
        &lead_later,
        &site,
        "resume",
        &[("reason", "Back from leave")],
    )
    .assert_leads_to(&ramp);
    assert_eq!(state(&site), RampState::Active);
    assert_eq!(target(&site), "2027-03-07");
    assert_eq!(site.dossier().readiness, ready);
    lead_later.get(&ramp).assert_text("Day 10 of 84");
    lead_later
        .history_page(site.ramp_id)
        .assert_text("Target 7 Mar 2027 Paused for 20 days")
        .assert_text("The peak season comes first")
        .assert_text("Resumed Back from leave Kenji Mori");
    assert_eq!(
        (told(&site, "ramp.paused"), told(&site, "ramp.resumed")),
        (1, 1)
    );
}

#[test]
fn two_who_resume_at_once_move_the_target_once() {
    for _ in 0..4 {
        let site = Site::open();
        arrange(&site.client(Role::Mentor), &site, "pause", &[WHY]).assert_status(303);
        site.app.wait_seconds(7 * DAY);
        let both = [Role::Mentor, Role::OwnerLead].map(|role| site.client(role));
        let answers = at_once(2, |n| both[n].send(&path(&site, "resume"), &[WHY]));
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let late = answers.iter().find(|a| a.status == 409).unwrap();
        late.assert_text("activated this ramp on Mon 30 Nov");
        assert_eq!(target(&site), "2027-02-22", "84 days and a week");
        assert_eq!(told(&site, "ramp.resumed"), 1);
    }
}

#[test]
fn a_target_moves_with_a_reason_and_only_from_where_it_was_seen() {
    let site = Site::open();
    let [mentor, lead] = [Role::Mentor, Role::OwnerLead].map(|role| site.client(role));
    let open = Form::on(
        lead.get(&path(&site, "target")).assert_status(200),
        &path(&site, "target"),
    );
    assert_eq!(open.get("target_on"), Some("2027-02-15"));
    for (day, why, sentence) in [
        ("", "x", "Enter the new target as a date."),
        ("2026-11-23", "x", "The target must be after today."),
        ("2035-01-01", "x", "The target must be within three years."),
        ("2027-02-15", "x", "That is its target already."),
        ("2027-04-01", " ", "Say why, in a sentence."),
    ] {
        let typed = [("target_on", day), ("reason", why)];
        arrange(&mentor, &site, "target", &typed)
            .assert_status(422)
            .assert_text(sentence);
    }
    let typed = [
        ("target_on", "2027-04-01"),
        ("reason", "Two releases slipped"),
    ];
    arrange(&mentor, &site, "target", &typed).assert_status(303);
    let late = open
        .with("target_on", "2027-05-01")
        .with("reason", "Later")
        .send(&lead);
    late.assert_status(409)
        .assert_text("Marcus Oyelaran moved the target to 1 Apr 2027 on Mon 23 Nov");
    // The form keeps what was typed, and names the target that is stored now.
    let again = Form::on(&late, &path(&site, "target"));
    assert_eq!(
        ["from", "target_on", "reason"].map(|field| again.get(field)),
        [Some("2027-04-01"), Some("2027-05-01"), Some("Later")]
    );
    assert_eq!(target(&site), "2027-04-01");
    lead.history_page(site.ramp_id)
        .assert_text("Target 1 Apr 2027 Two releases slipped Marcus Oyelaran");
}

#[test]
fn a_ramp_ends_with_a_reason_but_not_under_a_sign_off() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    site.ask_for_signoff();
    for transition in ["end", "pause", "hand-over", "add-mentor"] {
        lead.get(&path(&site, transition))
            .assert_status(409)
            .assert_text("A sign-off of this ramp is being decided");
    }
    lead.send(&path(&site, "end"), &[WHY]).assert_status(409);
    assert_eq!(state(&site), RampState::InReview);

    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    arrange(&mentor, &site, "end", &[WHY]).assert_status(303);
    let ramp = site.app.db(|c| by_id(c, site.ramp_id));
    assert_eq!(
        (ramp.state, ramp.closed_at),
        (RampState::Ended, Some(site.app.now()))
    );
    mentor
        .history_page(site.ramp_id)
        .assert_text("Ended The peak season comes first Marcus Oyelaran");
    mentor
        .send(&path(&site, "pause"), &[WHY])
        .assert_status(409)
        .assert_text("Marcus Oyelaran ended this ramp on Mon 23 Nov");
    let mark = [("from", "open"), ("to", "checked")];
    mentor
        .send(&path::item(site.ramp_id, "PAY-K1"), &mark)
        .assert_status(409);
}

#[test]
fn the_pace_is_told_to_mentee_and_mentor_and_to_nobody_else() {
    let site = Site::open();
    site.app.wait_seconds(21 * DAY);
    // 11 lines: 8 competencies, 2 items, one for the sessions. A quarter of the time has gone.
    let [mentee, mentor, stranger] =
        [Role::Mentee, Role::Mentor, Role::Stranger].map(|role| site.client(role));
    let ramp = path::ramp(site.ramp_id);
    mentor
        .get(&ramp)
        .assert_text("Behind 0.00")
        .assert_text("Day 21 of 84: 0 of 11 lines are met, 3 should be by now.");
    for code in ["PAY-A1", "PAY-O1", "PAY-I1"] {
        site.assess(code, 3);
    }
    for client in [&mentee, &mentor] {
        client.get("/").assert_text("On pace 1.09");
    }
    assert!(!stranger.get("/people/leila-haddad").text().contains("1.09"));
    assert!(!stranger.board().text().contains("On pace"));
    site.check("PAY-K1");
    mentee.get(&ramp).assert_text("Ahead 1.45");
}
