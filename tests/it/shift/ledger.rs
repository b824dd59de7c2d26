//! The alert ledger: a line an alert, while the shift runs and until it is closed.

use checkride::domain::shift::ShiftKind;
use checkride::forms::new_key;

use super::*;

const UNDERSTOOD: [(&str, &str); 3] = [
    ("flag", "acknowledged"),
    ("flag", "understood"),
    ("title", "Gateway 5xx"),
];

#[test]
fn the_two_on_the_shift_write_lines_and_the_ratio_is_told_with_its_sample() {
    let site = Site::open();
    let id = running(&site);
    let page = path::shift(id);
    let (mentee, on_call) = (site.client(Role::Mentee), site.client(Role::Qualifier));
    let fresh = mentee.form(&page, &format!("{page}/alerts"));
    let ticked: Vec<&str> = fresh
        .fields
        .iter()
        .filter(|(name, _)| name == "flag")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(
        ticked,
        ["acknowledged", "actionable"],
        "one tap says that it was understood"
    );
    let alerts = format!("{page}/alerts");
    let place = format!("{page}#ledger");
    mentee.send(&alerts, &UNDERSTOOD).assert_leads_to(&place);
    on_call
        .send(&alerts, &[("flag", "acknowledged"), ("flag", "escalated")])
        .assert_leads_to(&place);
    mentee
        .send(&alerts, &[("flag", "actionable")])
        .assert_leads_to(&place);
    let shown = mentee.get(&page);
    shown
        .assert_text("50%, 1 of 2 alerts understood")
        .assert_text("Gateway 5xx")
        .assert_text("not acknowledged")
        .assert_text("escalated");
    // The mentors read it, and write nothing into it.
    let mentor = site.client(Role::Mentor);
    mentor
        .get(&page)
        .assert_text("50%, 1 of 2 alerts understood");
    mentor.send(&alerts, &UNDERSTOOD).assert_status(403);
}

#[test]
fn the_same_line_sent_twice_is_one_line() {
    let site = Site::open();
    let id = running(&site);
    let mentee = site.client(Role::Mentee);
    let key = new_key();
    let fields = [&UNDERSTOOD[..], &[("form_key", key.as_str())]].concat();
    for _ in 0..2 {
        mentee
            .post(&path::shift_form(id, "alerts"), &fields)
            .assert_status(303);
    }
    assert_eq!(alerts(&site, id).len(), 1);
}

#[test]
fn a_line_taken_back_stays_readable_and_counts_no_more() {
    let site = Site::open();
    let id = running(&site);
    let (first, second) = (alert(&site, id, false), alert(&site, id, true));
    let mentee = site.client(Role::Mentee);
    let take_back = |line| format!("/shifts/{id}/alerts/{line}/take-back");
    mentee.send(&take_back(first), &[]).assert_status(303);
    mentee
        .shift_page(id)
        .assert_text("100%, 1 of 1 alert understood")
        .assert_text("taken back by Leila Haddad");
    let twice = site.client(Role::Qualifier).send(&take_back(first), &[]);
    twice
        .assert_status(409)
        .assert_text("This line was taken back already.");
    mentee
        .send(&take_back(second + 100), &[])
        .assert_status(404);
}

#[test]
fn a_ledger_opens_with_its_shift_and_closes_with_its_debrief() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::ReverseShadow, (1, 2));
    let mentee = site.client(Role::Mentee);
    let path = path::shift_form(id, "alerts");
    mentee
        .send(&path, &UNDERSTOOD)
        .assert_status(409)
        .assert_text("This shift begins on Mon 23 Nov");
    site.app.wait_hours(4);
    // Late, but before the debrief: the alert was on the shift.
    mentee.send(&path, &UNDERSTOOD).assert_status(303);
    let line = &alerts(&site, id)[0];
    assert_eq!(line.at, shift(&site, id).ends_at);
    close(&site, id);
    mentee
        .send(&path, &UNDERSTOOD)
        .assert_status(409)
        .assert_text("Sofia Lindqvist debriefed this shift on ");
    let taken_back = mentee.send(&format!("{path}/{}/take-back", line.id), &[]);
    taken_back.assert_status(409);
}

#[test]
fn a_shadow_shift_has_no_ledger() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::Shadow, (-1, 1));
    let mentee = site.client(Role::Mentee);
    assert!(!mentee.shift_page(id).text().contains("Alert ledger"));
    mentee
        .send(&path::shift_form(id, "alerts"), &UNDERSTOOD)
        .assert_status(409)
        .assert_text("A shadow shift has no ledger");
}

#[test]
fn lines_count_toward_the_gate_only_once_somebody_else_has_closed_the_shift() {
    let site = Site::open();
    asking_for_shifts(&site);
    let id = planned(&site, ShiftKind::ReverseShadow, (-5, -1));
    for n in 0..5 {
        alert(&site, id, n > 0);
    }
    let open = (false, "no alert yet, needs 80% of 5 understood".to_owned());
    assert_eq!(progress(&site)[1], open);
    site.client(Role::Mentee)
        .send(&path::shift_form(id, "debrief"), &[])
        .assert_status(403);
    let own = debriefing(&alerts(&site, id));
    let own: Vec<(&str, &str)> = own.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    site.client(Role::Mentee)
        .send(&path::shift_form(id, "debrief"), &own)
        .assert_status(403)
        .assert_text("The mentee cannot");
    assert_eq!(progress(&site)[1], open);
    close(&site, id);
    let met = "80% of 5 alerts understood, needs 80% of 5";
    assert_eq!(progress(&site)[1], (true, met.to_owned()));
}
