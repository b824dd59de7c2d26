//! Planning a shift: with whom, when, and with which brief.

use checkride::domain::clearance;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::ramp::store as ramps;
use checkride::domain::ramp::{PairingRole, RampState};
use checkride::domain::shift::{ShiftKind, ShiftState};

use super::*;
use crate::support::factory;

#[test]
fn a_mentor_plans_an_afternoon_in_their_own_zone_and_both_see_its_brief() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let answer = plan_form(&mentee, site.ramp_id)
        .with("starts_at", "2026-11-24T13:00")
        .with("ends_at", "2026-11-24T17:00")
        .with("with", &site.qualifier.id.to_string())
        .send(&mentee);
    let page = answer.assert_status(303).location().to_owned();
    let planned = site.dossier().shifts.remove(0);
    assert_eq!(
        planned.starts_at.iso(),
        "2026-11-24T12:00:00Z",
        "Tunis is an hour ahead"
    );
    assert_eq!(
        (planned.kind, planned.state),
        (ShiftKind::Shadow, ShiftState::Planned)
    );
    let seen = site.client(Role::Qualifier).get(&page);
    seen.assert_status(200)
        .assert_text("Shadow shift of Leila Haddad")
        .assert_text("Only whoever is on call")
        .assert_text("Leila Haddad planned it");
    assert!(
        seen.body
            .contains("href=\"https://wiki.example.com/payments\"")
    );
    let ramp = site.client(Role::Mentor).sessions_page(site.ramp_id);
    ramp.assert_text("Tue 24 Nov, 12:00 to 16:00")
        .assert_text("Shadow shift with Sofia Lindqvist");
}

#[test]
fn the_form_is_filled_in_from_the_links_of_the_area_and_then_from_the_last_shift() {
    let site = Site::open();
    let system = checkride::domain::area::systems::System {
        name: "Gateway".into(),
        reference: None,
        links: vec![("Runbook".into(), "https://wiki.example.com/gateway".into())],
    };
    site.app
        .db(|c| checkride::domain::area::systems::write(c, site.area_id, &[system]));
    let mentor = site.client(Role::Mentor);
    let page = plan_page(site.ramp_id);
    let first = mentor.form_at(&page);
    assert_eq!(
        first.get("runbooks").unwrap().trim(),
        "Gateway, Runbook: https://wiki.example.com/gateway"
    );
    assert_eq!(first.get("kind"), Some("shadow"));
    assert_eq!(first.get("starts_at"), Some("2026-11-24T13:00"));
    planned(&site, ShiftKind::Shadow, (24, 28));
    let second = mentor.form_at(&page);
    assert_eq!(second.get("learner_job"), Some("Say aloud what it means"));
    let other_kind = mentor.form(&format!("{page}?kind=reverse_shadow"), &page);
    assert_eq!(other_kind.get("kind"), Some("reverse_shadow"));
    assert_eq!(other_kind.get("learner_job"), Some(""), "it is another job");
    assert_eq!(
        other_kind.get("may_page"),
        Some("The gateway, and the noisy disk alert")
    );
}

#[test]
fn everything_wrong_is_said_at_once_and_what_was_typed_stays() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let page = plan_page(site.ramp_id);
    let answer = mentor
        .form_at(&page)
        .with("starts_at", "2026-11-24T13:00")
        .with("ends_at", "2026-11-24T12:00")
        .with("may_page", "The gateway")
        .with("runbooks", "")
        .with("who_may_touch", "")
        .send(&mentor);
    answer
        .assert_status(422)
        .assert_text("A shift ends after it begins.")
        .assert_text("Say where the runbooks are.")
        .assert_text("Say what the mentee does.")
        .assert_text("Say who may touch what.");
    let back = Form::on(&answer, &page);
    assert_eq!(back.get("may_page"), Some("The gateway"));
    assert_eq!(back.get("ends_at"), Some("2026-11-24T12:00"));
    assert!(site.dossier().shifts.is_empty());
}

#[test]
fn a_shift_is_with_somebody_cleared_today_ahead_and_not_while_another_is() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let plan = |with: i64, from: &str, to: &str| {
        let answer = plan_form(&mentor, site.ramp_id)
            .with("with", &with.to_string())
            .with("starts_at", from)
            .with("ends_at", to)
            .send(&mentor);
        (answer.status, answer.text())
    };
    let (tomorrow, later) = ("2026-11-24T09:00", "2026-11-24T17:00");
    let refused = |(status, text): (u16, String), words: &str| {
        assert_eq!(status, 422, "{text}");
        assert!(text.contains(words), "{text}");
    };
    refused(
        plan(site.stranger.id, tomorrow, later),
        "Choose someone who is cleared in Payments today.",
    );
    refused(
        plan(site.mentee.id, tomorrow, later),
        "Choose someone who is cleared",
    );
    let qualifier = site.qualifier.id;
    refused(
        plan(qualifier, "2026-11-20T09:00", "2026-11-20T17:00"),
        "This shift has ended.",
    );
    refused(
        plan(qualifier, tomorrow, "2026-12-09T09:00"),
        "A shift is at most 14 days long.",
    );
    assert_eq!(plan(qualifier, tomorrow, later).0, 303);
    refused(
        plan(site.mentor.id, "2026-11-24T16:00", "2026-11-24T20:00"),
        "Leila Haddad is on another shift in Payments then, from Tue 24 Nov, 09:00 (Europe/London) to Tue 24 Nov, 17:00 (Europe/London).",
    );
    assert_eq!(
        plan(site.mentor.id, later, "2026-11-24T20:00").0,
        303,
        "one may follow"
    );
}

#[test]
fn whoever_is_on_call_reads_the_shift_and_nothing_of_the_ramp() {
    let site = Site::open();
    let now = site.app.now();
    let other = site.app.db(|c| {
        let other = factory::member(c, now, "Aziz Karimov", "Asia/Tashkent", None)?;
        let held = (other.id, site.area_id);
        let new = clearance::model::NewClearance::full(held, now, now.day().plus_days(100));
        clearance::store::insert(c, &new)?;
        Ok(other)
    });
    let id = planned_with(&site, ShiftKind::Shadow, other.id, (-5, -1));
    let client = site.app.client();
    client
        .sign_in(&other.email, factory::PASSWORD)
        .assert_status(303);
    let page = client.shift_page(id);
    page.assert_status(200)
        .assert_text("With Aziz Karimov on call");
    assert!(!page.body.contains(&path::ramp(site.ramp_id)));
    client.ramp_page(site.ramp_id).assert_status(403);
    site.assess("PAY-A1", 2);
    let debrief = client.get(&path::shift_form(id, "debrief"));
    debrief.assert_status(200).assert_text("needs 3");
    assert!(
        !debrief.text().contains("at 2"),
        "levels stay between those concerned"
    );
    debrief_form(&client, id).send(&client).assert_status(303);
    assert_eq!(shift(&site, id).state, ShiftState::Debriefed);
}

#[test]
fn a_ramp_that_closes_calls_off_what_has_not_begun() {
    let site = Site::open();
    let (before, ahead) = (
        planned(&site, ShiftKind::Shadow, (-6, -2)),
        planned(&site, ShiftKind::Shadow, (24, 28)),
    );
    let end = path::ramp_form(site.ramp_id, "end");
    site.client(Role::OwnerLead)
        .send(&end, &[("reason", "Another area first")])
        .assert_status(303);
    assert_eq!(shift(&site, ahead).state, ShiftState::Cancelled);
    let qualifier = site.client(Role::Qualifier);
    qualifier.shift_page(ahead).assert_text("The ramp ended.");
    // What was held was practised all the same.
    debrief_form(&qualifier, before)
        .send(&qualifier)
        .assert_status(303);
    assert_eq!(practised(&site, site.qualifier.id).len(), 1);
}

#[test]
fn nobody_is_on_two_shifts_at_once_also_when_one_was_held() {
    let site = Site::open();
    let held = planned(&site, ShiftKind::Shadow, (-5, -1));
    close(&site, held);
    let called_off = planned(&site, ShiftKind::Shadow, (24, 28));
    let mentor = site.client(Role::Mentor);
    mentor
        .send(
            &path::shift_form(called_off, "cancel"),
            &[("cancel_reason", "Ill")],
        )
        .assert_status(303);
    // It is 09:00 in London: the one held was from 04:00 to 08:00.
    let plan = |from: &str, to: &str| {
        plan_form(&mentor, site.ramp_id)
            .with("with", &site.qualifier.id.to_string())
            .with("starts_at", from)
            .with("ends_at", to)
            .send(&mentor)
    };
    plan("2026-11-23T07:00", "2026-11-23T12:00")
        .assert_status(422)
        .assert_text("Leila Haddad was on another shift in Payments then, from Mon 23 Nov, 04:00 (Europe/London)");
    plan("2026-11-23T08:00", "2026-11-23T12:00").assert_status(303);
    plan("2026-11-24T10:00", "2026-11-24T12:00").assert_status(303);
}

/// The stranger ramps up in payments too, mentored by whoever has that role; gives back the row of the ramp.
pub(super) fn second_learner(site: &Site, mentor: Role) -> i64 {
    let (now, mentor) = (site.app.now(), site.member(mentor).unwrap().id);
    site.app.db(|c| {
        let ramp = NewRamp {
            mentee_id: site.stranger.id,
            area_id: site.area_id,
            standard_id: site.standard_id,
            state: RampState::Active,
            starts_on: now.day(),
            target_on: now.day().plus_days(84),
            started_by: site.owner_lead.id,
            created_at: now,
        };
        let id = ramps::insert(c, &ramp)?;
        crate::support::factory::pair(c, id, mentor, PairingRole::Primary, 14, now)?;
        Ok(id)
    })
}

#[test]
fn whoever_is_on_call_has_one_learner_at_a_time() {
    let site = Site::open();
    let other = second_learner(&site, Role::Qualifier);
    planned(&site, ShiftKind::Shadow, (24, 28));
    let page = path::plan_shift(other);
    let plan = |role: Role, from: &str, to: &str| {
        let client = site.client(role);
        client
            .form_at(&page)
            .with("with", &site.qualifier.id.to_string())
            .with("starts_at", from)
            .with("ends_at", to)
            .with("learner_job", "Watch")
            .with("may_page", "The gateway")
            .with("runbooks", "On the wiki")
            .with("who_may_touch", "Only whoever is on call")
            .send(&client)
    };
    // She reads her own shift, whosever ramp it is for; the learner is told only that she is not free. It is 10:00 in
    // Stockholm and in Warsaw.
    plan(Role::Qualifier, "2026-11-24T13:00", "2026-11-24T18:00")
        .assert_status(422)
        .assert_text("Sofia Lindqvist is on another shift in Payments then, from Tue 24 Nov, 10:00 (Europe/Stockholm)");
    let refused = plan(Role::Stranger, "2026-11-24T09:00", "2026-11-24T10:30");
    refused.assert_status(422).assert_text(
        "Sofia Lindqvist is on another shift then, from Tue 24 Nov, 10:00 (Europe/Warsaw)",
    );
    assert!(!refused.text().contains("Leila"), "{}", refused.text());
    // One may follow on another; and nothing moves into it either.
    let after = plan(Role::Stranger, "2026-11-24T14:00", "2026-11-24T18:00");
    let after = after.assert_status(303).location().to_owned();
    let stranger = site.client(Role::Stranger);
    let moves = format!("{after}/move");
    stranger
        .form(&after, &moves)
        .with("starts_at", "2026-11-24T13:00")
        .with("move_reason", "An hour earlier suits better")
        .send(&stranger)
        .assert_status(422)
        .assert_text("Sofia Lindqvist is on another shift then");
}
