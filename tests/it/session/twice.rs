//! One hour is one session, however often it is recorded.

use crate::support::{Form, Role, Site, path};

#[test]
fn a_record_of_the_same_time_is_asked_about_once() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let typed = |start: &str| {
        let form = mentor.session_form(site.ramp_id);
        let form = form.with("summary", "One hour").with("minutes", "60");
        form.with("starts_at", start)
    };
    typed("2026-11-22T06:00").send(&mentor).assert_status(303);
    let held = site.dossier().sessions[0].id;

    // Back, and the same once more: a new form with the same words.
    let again = typed("2026-11-22T06:00");
    let asked = again.send(&mentor);
    asked
        .assert_status(422)
        .assert_text("You recorded 06:00–07:00 with Leila Haddad that day already.")
        .assert_text("Open the session of Sun 22 Nov, 06:00");
    assert!(
        asked
            .body
            .contains(&format!("href=\"{}\"", path::session(held)))
    );
    let form = Form::on(&asked, path::NEW_SESSION);
    assert_eq!(form.typed(), again.typed(), "nothing typed is lost");
    assert_eq!(form.get("another"), None, "nothing is answered for them");
    assert_eq!(site.dossier().sessions.len(), 1);

    // It was another one: half an hour of it is new.
    let other = typed("2026-11-22T06:30").with("another", "yes");
    other.send(&mentor).assert_status(303);
    // And one that is all in there.
    let inside = typed("2026-11-22T06:30").with("another", "yes");
    inside
        .with("summary", "The same")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(site.dossier().sessions.len(), 3);
    mentor
        .ramp_page(site.ramp_id)
        .assert_text("2 of 1 sessions, 90 of 30 minutes");
    typed("2026-11-22T07:30").send(&mentor).assert_status(303);
}

#[test]
fn the_same_hour_with_another_mentor_is_asked_about_too_and_a_correction_as_well() {
    let site = Site::open();
    site.helped_by_the_stranger();
    let (mentor, helper) = (site.client(Role::Mentor), site.client(Role::Stranger));
    let typed = |client: &crate::support::Client, start: &str| {
        let form = client.session_form(site.ramp_id);
        let form = form.with("summary", "One hour").with("minutes", "60");
        form.with("starts_at", start).send(client)
    };
    typed(&mentor, "2026-11-22T06:00").assert_status(303);
    let asked = typed(&helper, "2026-11-22T06:30");
    asked
        .assert_status(422)
        .assert_text("Marcus Oyelaran recorded");
    typed(&mentor, "2026-11-22T09:00").assert_status(303);

    let later = site.dossier().sessions[0].id;
    let page = path::session_form(later, "correct");
    let longer = mentor.form_at(&page).with("summary", "An hour and a bit");
    longer.send(&mentor).assert_status(303);
    let corrected = site.dossier().sessions[0].id;
    let page = path::session_form(corrected, "correct");
    mentor
        .form_at(&page)
        .with("starts_at", "2026-11-22T06:30")
        .send(&mentor)
        .assert_status(422)
        .assert_text("that day already");
}
