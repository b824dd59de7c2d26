//! Home and the ramp page: what runs, what is owed, what counts.

use checkride::domain::shift::ShiftKind;

use super::*;

fn home(site: &Site, role: Role) -> String {
    site.client(role).get("/").text()
}

#[test]
fn while_a_shift_runs_its_ledger_is_a_tap_away_for_the_two_on_it() {
    let site = Site::open();
    running(&site);
    for role in [Role::Mentee, Role::Qualifier] {
        assert!(home(&site, role).contains("Open the ledger"), "{role:?}");
    }
    for role in [Role::Mentor, Role::OwnerLead, Role::Stranger] {
        assert!(!home(&site, role).contains("Open the ledger"), "{role:?}");
    }
}

#[test]
fn whoever_was_on_call_is_reminded_and_the_mentors_once_it_is_late() {
    let site = Site::open();
    // It ends on Monday; the second working day in Stockholm is Wednesday.
    planned(&site, ShiftKind::Shadow, (-2, 1));
    site.app.wait_hours(2);
    assert!(home(&site, Role::Qualifier).contains("shadow shift, due 25 Nov"));
    assert!(!home(&site, Role::Mentor).contains("Debrief"));
    let late = "shadow shift, it was due 25 Nov";
    let hours_to = |text: &str| {
        let then = crate::support::at(text);
        site.app
            .wait_hours(then.seconds_since(site.app.now()) / 3600);
    };
    hours_to("2026-11-25T22:00:00Z");
    assert!(!home(&site, Role::Qualifier).contains(late));
    hours_to("2026-11-25T23:00:00Z");
    for role in [Role::Qualifier, Role::Mentor] {
        assert!(home(&site, role).contains(late), "{role:?}");
    }
    assert!(
        !home(&site, Role::Mentee).contains(late),
        "it is not theirs to write"
    );
    let ramp = site.client(Role::Mentee).ramp_page(site.ramp_id);
    ramp.assert_text("Debrief overdue, was due by 25 Nov");
}

#[test]
fn the_ramp_page_counts_what_was_debriefed_and_leads_gates_to_it() {
    let site = Site::open();
    asking_for_shifts(&site);
    let (ramp, mentor) = (path::ramp(site.ramp_id), site.client(Role::Mentor));
    let before = mentor.get(&ramp);
    mentor
        .sessions_page(site.ramp_id)
        .assert_text("No shift yet")
        .assert_text("Plan a shift");
    let gate = format!("href=\"{ramp}/sessions#shifts\"");
    assert!(before.body.contains(&gate));
    assert!(
        before
            .body
            .contains(&format!("{ramp}/shifts/plan?kind=reverse_shadow"))
    );
    let id = ended(&site);
    alert(&site, id, true);
    alert(&site, id, false);
    close(&site, id);
    planned(&site, ShiftKind::ReverseShadow, (24, 28));
    mentor
        .sessions_page(site.ramp_id)
        .assert_text("1 debriefed; ledger 50%, 1 of 2 alerts understood");
    mentor
        .get(&ramp)
        .assert_text("Tue 24 Nov, 09:00 with Sofia Lindqvist");
}
