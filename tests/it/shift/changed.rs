//! Moving, briefing anew and cancelling: each with a reason that stays.

use checkride::domain::shift::{ShiftKind, ShiftState};

use super::*;

#[test]
fn a_shift_is_moved_briefed_anew_and_cancelled_and_every_step_stays_readable() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::Shadow, (24, 28));
    let page = path::shift(id);
    let (mentee, on_call) = (site.client(Role::Mentee), site.client(Role::Qualifier));
    on_call
        .form(&page, &format!("{page}/move"))
        .with("starts_at", "2026-11-25T10:00")
        .with("ends_at", "2026-11-25T14:00")
        .with("move_reason", "The dentist")
        .send(&on_call)
        .assert_leads_to(&page);
    assert_eq!(shift(&site, id).starts_at.iso(), "2026-11-25T09:00:00Z");
    mentee
        .form(&page, &format!("{page}/brief"))
        .with("learner_job", "Drive, with a word before each step")
        .with("brief_reason", "Agreed in the session")
        .send(&mentee)
        .assert_leads_to(&page);
    mentee
        .get(&page)
        .assert_text("Drive, with a word before each step");
    mentee
        .form(&page, &format!("{page}/cancel"))
        .with("cancel_reason", "Ill")
        .send(&mentee)
        .assert_leads_to(&page);
    assert_eq!(shift(&site, id).state, ShiftState::Cancelled);
    mentee
        .get(&page)
        .assert_text("Sofia Lindqvist moved it")
        .assert_text("The dentist")
        .assert_text("Leila Haddad changed the brief")
        .assert_text("Leila Haddad cancelled it");
    let again = on_call.send(&format!("{page}/cancel"), &[("cancel_reason", "Late")]);
    again
        .assert_status(409)
        .assert_text("Leila Haddad cancelled this shift on Mon 23 Nov");
}

#[test]
fn once_it_has_begun_only_those_who_would_debrief_it_are_offered_to_cancel_it() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::Shadow, (2, 6));
    let cancel = path::shift_form(id, "cancel");
    let offered = |role| site.client(role).get(&path::shift(id)).has_form(&cancel);
    let all = || [Role::Mentee, Role::Mentor, Role::Qualifier].map(offered);
    assert_eq!(all(), [true, true, true]);
    site.app.wait_hours(3);
    assert_eq!(all(), [false, true, true]);
}

#[test]
fn without_a_reason_or_with_half_a_brief_nothing_changes() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::Shadow, (24, 28));
    let (page, before) = (path::shift(id), shift(&site, id));
    let mentor = site.client(Role::Mentor);
    for (action, typed, sentence) in [
        (
            "move",
            ("ends_at", "2026-11-25T14:00"),
            "Say why, in a few words.",
        ),
        ("brief", ("runbooks", ""), "Say where the runbooks are."),
        ("cancel", ("cancel_reason", " "), "Say why, in a few words."),
    ] {
        let answer = mentor
            .form(&page, &format!("{page}/{action}"))
            .with(typed.0, typed.1)
            .send(&mentor);
        answer.assert_status(422).assert_text(sentence);
    }
    assert_eq!(shift(&site, id), before);
}

#[test]
fn a_move_rests_on_the_hours_that_were_seen() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::Shadow, (24, 28));
    let page = path::shift(id);
    let mentor = site.client(Role::Mentor);
    let stale = mentor
        .form(&page, &format!("{page}/move"))
        .with("starts_at", "2026-11-26T10:00")
        .with("ends_at", "2026-11-26T14:00")
        .with("move_reason", "Later");
    let mentee = site.client(Role::Mentee);
    mentee
        .form(&page, &format!("{page}/move"))
        .with("starts_at", "2026-11-25T10:00")
        .with("ends_at", "2026-11-25T14:00")
        .with("move_reason", "Sooner")
        .send(&mentee)
        .assert_status(303);
    let back = stale.send(&mentor);
    back.assert_status(409)
        .assert_text("This shift was moved to Wed 25 Nov, 09:00 (Europe/London) in the meantime.");
    // What was typed is still there, and rests on the hours of now: sending it again is a decision.
    let again = Form::on(&back, &format!("{page}/move"));
    assert_eq!(again.get("move_reason"), Some("Later"));
    assert_eq!(again.get("starts_at"), Some("2026-11-26T10:00"));
    again.send(&mentor).assert_leads_to(&page);
}

#[test]
fn a_shift_that_ended_sooner_is_told_as_it_was() {
    let site = Site::open();
    let id = running(&site);
    let page = path::shift(id);
    let on_call = site.client(Role::Qualifier);
    on_call
        .get(&format!("{page}/debrief"))
        .assert_status(409)
        .assert_text("If it ended sooner, move its end first.");
    let now = shift(&site, id);
    let stockholm = |hours| {
        let at = now.starts_at.plus_hours(hours).timestamp();
        let there = at.in_tz("Europe/Stockholm").unwrap();
        there.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let ended = on_call
        .form(&page, &format!("{page}/move"))
        .with("ends_at", &stockholm(1))
        .with("move_reason", "Handed over");
    assert_eq!(ended.get("starts_at"), None, "that is not asked any more");
    ended.send(&on_call).assert_leads_to(&page);
    let told = shift(&site, id);
    assert_eq!(
        (told.starts_at, told.ends_at),
        (now.starts_at, now.starts_at.plus_hours(1))
    );
    debrief_form(&on_call, id).send(&on_call).assert_status(303);
}

#[test]
fn the_begin_of_a_shift_stays_once_it_has_begun() {
    let site = Site::open();
    let ahead = planned(&site, ShiftKind::Shadow, (2, 5));
    let (running, over) = (
        running(&site),
        planned(&site, ShiftKind::Shadow, (-40, -36)),
    );
    let mentor = site.client(Role::Mentor);
    let page = path::shift(ahead);
    let seen_before = mentor.form(&page, &format!("{page}/move"));
    site.app.wait_hours(3);
    for id in [ahead, running, over] {
        let (page, before) = (path::shift(id), shift(&site, id));
        mentor.get(&page).assert_text("and the start cannot change");
        for (from, to) in [
            // Back into the days from which evidence counts, and on to next week.
            ("2026-11-22T01:00", "2026-11-22T02:00"),
            ("2026-11-30T10:00", "2026-11-30T12:00"),
        ] {
            let mut moved = mentor
                .form(&page, &format!("{page}/move"))
                .with("starts_at", from)
                .with("ends_at", to)
                .with("move_reason", "It was then");
            if id == ahead {
                // The form was opened before it began.
                moved.fields.clone_from(&seen_before.fields);
                moved = moved
                    .with("starts_at", from)
                    .with("ends_at", to)
                    .with("move_reason", "It was then");
            }
            moved
                .send(&mentor)
                .assert_status(422)
                .assert_text("This shift has begun, so its start cannot change.");
            assert_eq!(shift(&site, id), before);
        }
    }
}
