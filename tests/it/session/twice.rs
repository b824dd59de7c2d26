//! One hour is one session, however often it is recorded.

use checkride::domain::area;
use checkride::domain::ramp;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::ramp::{PairingRole, RampState};

use crate::support::factory::pair;
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

/// A ramp of the mentee in another area, with the stranger as its mentor.
fn ramp_elsewhere(site: &Site) -> i64 {
    let now = site.app.now();
    site.app.db(|c| {
        let payments = area::store::by_id(c, site.area_id)?;
        let fields = area::model::Fields {
            code: "LED".to_owned(),
            name: "Ledger".to_owned(),
            ..area::model::Fields::of(&payments)
        };
        let area_id = area::store::insert(c, "ledger", &fields, payments.owner_team_id, now)?;
        let new = NewRamp {
            mentee_id: site.mentee.id,
            area_id,
            standard_id: site.standard_id,
            state: RampState::Active,
            starts_on: now.day(),
            target_on: now.day().plus_days(84),
            started_by: site.owner_lead.id,
            created_at: now,
        };
        let id = ramp::store::insert(c, &new)?;
        ramp::store::insert_change(c, id, RampState::Active, "", site.owner_lead.id, now)?;
        pair(c, id, site.stranger.id, PairingRole::Primary, 14, now)?;
        Ok(id)
    })
}

#[test]
fn a_session_elsewhere_is_told_only_to_people_who_may_read_it() {
    let site = Site::open();
    let elsewhere = ramp_elsewhere(&site);
    let (mentor, stranger) = (site.client(Role::Mentor), site.client(Role::Stranger));
    let typed = |client: &crate::support::Client, ramp_id: i64, start: &str| {
        let form = client.session_form(ramp_id).with("summary", "One hour");
        let form = form.with("minutes", "60");
        form.with("starts_at", start).send(client)
    };
    // An hour ahead of the mentor's clock.
    typed(&stranger, elsewhere, "2026-11-22T07:00").assert_status(303);
    let asked = typed(&mentor, site.ramp_id, "2026-11-22T06:00");
    asked
        .assert_status(422)
        .assert_text("Leila Haddad has a session in another area at that time. Record another?");
    assert!(
        !asked.text().contains("Tomasz Wilk recorded"),
        "{}",
        asked.text()
    );
    assert!(
        !asked.text().contains("Open the session"),
        "{}",
        asked.text()
    );

    let now = site.app.now();
    let mentor_id = site.mentor.id;
    site.app
        .db(|c| pair(c, elsewhere, mentor_id, PairingRole::Secondary, 14, now));
    typed(&mentor, site.ramp_id, "2026-11-22T06:00")
        .assert_status(422)
        .assert_text(
            "Tomasz Wilk recorded 06:00–07:00 with Leila Haddad that day already, in another area.",
        )
        .assert_text("Open the session of Sun 22 Nov, 06:00");
}

#[test]
fn a_correction_that_keeps_time_and_minutes_changes_no_figure() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let recorded = |start: &str, minutes: &str| {
        let times = [("starts_at", start), ("minutes", minutes)];
        mentor
            .record_session(site.ramp_id, "The queue", &times)
            .assert_status(303);
    };
    recorded("2026-11-22T06:00", "60");
    let whole = site.dossier().sessions[0].id;
    recorded("2026-11-22T06:15", "30");
    let figure = "1 of 1 sessions, 60 of 30 minutes";
    mentor.ramp_page(site.ramp_id).assert_text(figure);
    let page = path::session_form(whole, "correct");
    let form = mentor.form_at(&page).with("summary", "The queue, again");
    form.send(&mentor).assert_status(303);
    mentor.ramp_page(site.ramp_id).assert_text(figure);
}
