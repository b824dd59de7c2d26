//! One story under the manual clock: from the plan over the sheet and the debrief to the gate, and to a clearance that
//! outlives its recency because somebody led a drill.

use checkride::db::schema::ramps;
use checkride::domain::clearance;
use checkride::domain::clearance::standing;
use checkride::domain::standard::Gate;
use diesel::prelude::*;

use super::gate::{ask_for, progress};
use super::run_from_the_sheet;
use crate::support::{Form, Role, Site, path};

#[test]
fn two_drills_meet_the_gate_and_keep_who_led_them_cleared() {
    let site = Site::open();
    ask_for(&site, &[Gate::Drills { run: 2, primary: 1 }]);
    site.app.db(|c| {
        diesel::update(ramps::table.find(site.ramp_id))
            .set(ramps::counts_from.eq(site.app.now().day()))
            .execute(c)?;
        Ok(())
    });
    let mentee = site.client(Role::Mentee);
    let ramp = path::ramp(site.ramp_id);
    mentee
        .get(&ramp)
        .assert_text("0 of 2 drills, 0 of 1 as primary");

    // The mentor plans, and runs it an hour later from their phone.
    let mut mentor = site.client(Role::Mentor);
    let first = site.plan_drill();
    mentee.get("/drills").assert_text("Monday morning");
    site.app.wait_hours(1);
    run_from_the_sheet(&site, &mentor, first);
    mentor
        .get("/")
        .assert_text("The drill has ended. Its debrief is due");
    mentee
        .get(&ramp)
        .assert_text("0 of 2 drills, 0 of 1 as primary");

    let path = path::drill_form(first, "debrief");
    let badly = "The runbook names a board that is gone";
    Form::on(&mentor.get(&path), &path)
        .with("went_badly", badly)
        .send(&mentor)
        .assert_leads_to(&path::drill(first));
    assert!(!mentor.get("/").text().contains("debrief is due"));
    mentee.drill_page(first).assert_text(badly);
    mentee
        .get(&format!("{ramp}/competencies/PAY-I1"))
        .assert_text("Monday morning")
        .assert_text("Mentor reachable");
    mentee
        .get(&ramp)
        .assert_text("1 of 2 drills, 1 of 1 as primary");

    // Eighty days later, ten before the mentor's clearance would lapse, the second one.
    let until = |id: i64| {
        let held = site.app.db(|c| clearance::store::of_person(c, id));
        held[0].clone()
    };
    site.app.wait_hours(24 * 80);
    // Signed out by now, as everybody is after a while.
    mentor = site.client(Role::Mentor);
    let lapses = until(site.mentor.id).holds_until;
    site.debrief_drill();
    assert_eq!(
        progress(&site, "drills"),
        (true, "2 of 2 drills, 2 of 1 as primary".into())
    );
    let held = until(site.mentor.id);
    assert!(held.holds_until > lapses, "{lapses} {}", held.holds_until);
    let today = held.holds_until;
    assert!(standing(Some(&held), today).is_cover());
    assert!(!standing(Some(&held), today.plus_days(1)).is_cover());
    mentor
        .get("/drills?state=debriefed")
        .assert_text("Monday morning");
}
