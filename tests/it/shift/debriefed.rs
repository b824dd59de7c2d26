//! The debrief: who writes it, what it closes, and how it is corrected.

use checkride::domain::clearance;
use checkride::domain::shift::{ShiftKind, ShiftState};

use super::*;

#[test]
fn a_debrief_closes_the_shift_and_both_have_practised() {
    let site = Site::open();
    asking_for_shifts(&site);
    // It ends an hour before midnight UTC, which is midnight where the debrief is written.
    let id = planned(&site, ShiftKind::Shadow, (1, 38));
    site.app.wait_hours(39);
    let on_call = site.client(Role::Qualifier);
    debrief_form(&on_call, id)
        .with("help-PAY-I1", "3")
        .send(&on_call)
        .assert_leads_to(&path::shift(id));
    let closed = shift(&site, id);
    assert_eq!(closed.state, ShiftState::Debriefed);
    let day = closed.ends_at.day();
    assert_eq!(day.to_string(), "2026-11-24", "the UTC day it ended on");
    for person in [&site.mentee, &site.qualifier] {
        assert_eq!(practised(&site, person.id), [day]);
    }
    assert!(practised(&site, site.mentor.id).is_empty());
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.qualifier.id));
    assert_eq!(held[0].practised_on, day, "the clearance lives on");
    assert_eq!(
        progress(&site)[0].1,
        "1 of 2 shadow shifts, with 1 of 2 people"
    );
    let mentee = site.client(Role::Mentee);
    mentee
        .shift_page(id)
        .assert_text("The dashboards took a while to find")
        .assert_text("Mentor reachable");
    let seen = mentee.get(&path::competency(site.ramp_id, "PAY-I1"));
    seen.assert_text("Mentor reachable").assert_text("Shadow");
}

#[test]
fn two_shifts_with_two_people_meet_the_gate() {
    let site = Site::open();
    asking_for_shifts(&site);
    let mentor = site.client(Role::Mentor);
    for (with, hours) in [(&site.qualifier, (-40, -36)), (&site.mentor, (-20, -16))] {
        let id = planned_with(&site, ShiftKind::Shadow, with.id, hours);
        debrief_form(&mentor, id).send(&mentor).assert_status(303);
    }
    let met = "2 of 2 shadow shifts, with 2 of 2 people";
    assert_eq!(progress(&site)[0], (true, met.to_owned()));
    // A reverse-shadow shift is no shadow shift.
    let reverse = planned(&site, ShiftKind::ReverseShadow, (-10, -8));
    debrief_form(&mentor, reverse)
        .send(&mentor)
        .assert_status(303);
    assert_eq!(progress(&site)[0].1, met);
}

#[test]
fn what_went_well_and_badly_must_be_said_and_what_was_typed_stays() {
    let site = Site::open();
    let id = ended(&site);
    let (kept, dropped) = (alert(&site, id, true), alert(&site, id, true));
    let on_call = site.client(Role::Qualifier);
    let path = path::shift_form(id, "debrief");
    let [kept, dropped] = [kept, dropped].map(|line| format!("line-{line}"));
    let sent = [
        ("went_well", "Calm"),
        ("went_badly", ""),
        (&kept, "not_understood"),
        (&dropped, "out"),
        ("help-PAY-I1", "2"),
    ];
    let answer = on_call.send(&path, &sent);
    answer
        .assert_status(422)
        .assert_text("Say what went badly; “nothing” is an answer.");
    let back = Form::on(&answer, &path);
    assert_eq!(back.get("went_well"), Some("Calm"));
    assert_eq!(back.get("help-PAY-I1"), Some("2"));
    assert_eq!(back.get(&kept), Some("not_understood"));
    assert_eq!(back.get(&dropped), Some("out"));
    assert_eq!(shift(&site, id).state, ShiftState::Planned);
}

#[test]
fn a_line_that_the_debrief_takes_out_is_taken_back() {
    let site = Site::open();
    let id = ended(&site);
    let (kept, dropped) = (alert(&site, id, true), alert(&site, id, true));
    let on_call = site.client(Role::Qualifier);
    let [kept, dropped] = [kept, dropped].map(|line| format!("line-{line}"));
    let sent = [
        ("went_well", "Calm"),
        ("went_badly", "Nothing"),
        (&kept, "stands"),
        (&dropped, "out"),
    ];
    on_call
        .send(&path::shift_form(id, "debrief"), &sent)
        .assert_status(303);
    on_call
        .shift_page(id)
        .assert_text("100%, 1 of 1 alert understood")
        .assert_text("taken back by Sofia Lindqvist");
}

#[test]
fn what_was_not_understood_after_all_is_a_new_line_and_the_first_one_stays_readable() {
    let site = Site::open();
    asking_for_shifts(&site);
    let id = ended(&site);
    let (first, second) = (alert(&site, id, true), alert(&site, id, false));
    let on_call = site.client(Role::Qualifier);
    let written = debrief_form(&on_call, id);
    let offered = |line: i64| {
        let page = on_call.get(&path::shift_form(id, "debrief"));
        let words = format!("name=\"line-{line}\" value=\"not_understood\"");
        page.body.contains(&words)
    };
    assert!(offered(first) && !offered(second), "it says so already");
    written
        .with(&format!("line-{first}"), "not_understood")
        .send(&on_call)
        .assert_leads_to(&path::shift(id));
    on_call
        .shift_page(id)
        .assert_text("0%, 0 of 2 alerts understood")
        .assert_text("taken back by Sofia Lindqvist")
        .assert_text("written by Sofia Lindqvist");
    let lines = alerts(&site, id);
    let (was, is) = (&lines[2], &lines[0]);
    assert_eq!(
        (was.id, was.understood),
        (first, true),
        "nothing is overwritten"
    );
    assert_eq!(was.undone_by, Some(site.qualifier.id));
    assert_eq!(
        (is.at, &is.title, is.understood),
        (was.at, &was.title, false)
    );
    assert_eq!((is.by_id, is.undone_at), (site.qualifier.id, None));
    assert_eq!(
        progress(&site)[1].1,
        "0% of 2 alerts understood, needs 80% of 5"
    );
}

#[test]
fn a_ledger_that_grew_while_the_debrief_was_written_is_looked_at_again() {
    let site = Site::open();
    let id = ended(&site);
    alert(&site, id, true);
    let on_call = site.client(Role::Qualifier);
    let written = debrief_form(&on_call, id);
    alert(&site, id, false);
    let answer = written.send(&on_call);
    answer
        .assert_status(422)
        .assert_text("The ledger has changed since this page was loaded.")
        .assert_text("50%, 1 of 2 alerts understood");
    let path = path::shift_form(id, "debrief");
    Form::on(&answer, &path).send(&on_call).assert_status(303);
    assert_eq!(shift(&site, id).state, ShiftState::Debriefed);
}

#[test]
fn a_debrief_is_corrected_by_another_and_practice_is_counted_once() {
    let site = Site::open();
    asking_for_shifts(&site);
    let id = ended(&site);
    let line = alert(&site, id, true);
    close(&site, id);
    let mentor = site.client(Role::Mentor);
    let path = path::shift_form(id, "debrief");
    let as_shown = mentor.form_at(&path);
    let qualifier = site.client(Role::Qualifier);
    let also_shown = qualifier.form_at(&path);
    assert_eq!(as_shown.get("went_well"), Some("She read the board first"));
    let corrected = as_shown
        .clone()
        .with("went_badly", "She was late")
        .with(&format!("line-{line}"), "out");
    corrected.send(&mentor).assert_leads_to(&path::shift(id));
    mentor
        .shift_page(id)
        .assert_text("She was late")
        .assert_text("1 before it was corrected")
        .assert_text("Marcus Oyelaran corrected the debrief");
    assert!(
        alerts(&site, id)
            .iter()
            .all(|a| a.id == line && a.undone_at.is_some())
    );
    assert_eq!(practised(&site, site.mentee.id).len(), 1);
    // Whoever still has the earlier one before them is told.
    also_shown
        .send(&qualifier)
        .assert_status(409)
        .assert_text("Marcus Oyelaran corrected this debrief on ");
}

#[test]
fn a_debrief_that_comes_second_is_shown_the_one_that_holds() {
    let site = Site::open();
    let id = ended(&site);
    let path = path::shift_form(id, "debrief");
    let late = debrief_form(&site.client(Role::Mentor), id)
        .with("went_well", "He named every alert")
        .with("went_badly", "");
    close(&site, id);
    let mentor = site.client(Role::Mentor);
    // First with a mistake in it: it is still held against the page that showed no debrief.
    let wrong = late.send(&mentor);
    wrong.assert_status(422);
    let told = Form::on(&wrong, &path)
        .with("went_badly", "The hand-over was short")
        .send(&mentor);
    told.assert_status(409)
        .assert_text("The current debrief")
        .assert_text("She read the board first");
    let again = Form::on(&told, &path);
    assert_eq!(again.get("went_well"), Some("He named every alert"));
    again.send(&mentor).assert_status(303);
    mentor
        .shift_page(id)
        .assert_text("He named every alert")
        .assert_text("1 before it was corrected");
}

#[test]
fn before_it_is_over_a_shift_is_not_debriefed() {
    let site = Site::open();
    let on_call = site.client(Role::Qualifier);
    let ahead = planned(&site, ShiftKind::Shadow, (24, 28));
    on_call
        .get(&path::shift_form(ahead, "debrief"))
        .assert_status(409)
        .assert_text("This shift begins on Tue 24 Nov");
    assert!(!on_call.shift_page(ahead).text().contains("Debrief it"));
}

#[test]
fn a_competency_of_another_standard_is_refused() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::Shadow, (-5, -1));
    let on_call = site.client(Role::Qualifier);
    debrief_form(&on_call, id)
        .with("help-ORD-I1", "3")
        .send(&on_call)
        .assert_status(422)
        .assert_text("not part of this ramp's standard");
}
