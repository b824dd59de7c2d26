//! What a drill counts for: the gate, the alert ledger, and the clearance of whoever took part.

use checkride::db::schema::{activities, alerts, clearances, ramps, standards};
use checkride::db::types::Day;
use checkride::domain::clearance;
use checkride::domain::currency::ActivityKind;
use checkride::domain::standard::Gate;
use checkride::domain::standard::store::load_one;
use diesel::prelude::*;

use crate::support::{Role, Site};

/// The standard asks for these gates as well.
pub fn ask_for(site: &Site, gates: &[Gate]) {
    site.app.db(|c| {
        let mut standard = load_one(c, site.standard_id)?;
        standard.rewrite().gates.extend(gates.iter().cloned());
        let text = serde_json::to_string(&*standard.content).unwrap();
        diesel::update(standards::table.find(site.standard_id))
            .set(standards::content.eq(text))
            .execute(c)?;
        Ok(())
    });
}

/// How far the ramp is with a gate.
pub fn progress(site: &Site, kind: &str) -> (bool, String) {
    let readiness = site.dossier().readiness;
    let gate = readiness.gates.iter().find(|g| g.gate.kind() == kind);
    let gate = gate.unwrap();
    (gate.met, gate.progress.clone())
}

#[test]
fn only_a_debriefed_drill_counts_and_only_from_the_day_on_which_the_ramp_counts() {
    let site = Site::open();
    ask_for(&site, &[Gate::Drills { run: 1, primary: 1 }]);
    let none = (false, "0 of 1 drills, 0 of 1 as primary".to_owned());
    site.plan_drill();
    site.begin_drill();
    site.run_drill();
    assert_eq!(progress(&site, "drills"), none);
    site.debrief_drill();
    let met = (true, "1 of 1 drills, 1 of 1 as primary".to_owned());
    assert_eq!(progress(&site, "drills"), met);
    let from = |day: Day| {
        site.app.db(|c| {
            diesel::update(ramps::table.find(site.ramp_id))
                .set(ramps::counts_from.eq(day))
                .execute(c)?;
            Ok(())
        });
    };
    from(site.app.now().day());
    assert_eq!(progress(&site, "drills"), met, "on the day itself");
    from(site.app.now().day().plus_days(1));
    assert_eq!(progress(&site, "drills"), none, "the day before");
}

#[test]
fn looking_on_and_leading_count_for_no_gate() {
    for (role, counts) in [
        (checkride::domain::drill::Role::Primary, true),
        (checkride::domain::drill::Role::Secondary, true),
        (checkride::domain::drill::Role::Observer, false),
        (checkride::domain::drill::Role::GameMaster, false),
    ] {
        let site = Site::open();
        ask_for(&site, &[Gate::Drills { run: 1, primary: 0 }]);
        let id = site.debrief_drill();
        site.app.db(|c| {
            use checkride::db::schema::drill_roles::dsl;
            diesel::update(
                dsl::drill_roles
                    .filter(dsl::drill_id.eq(id).and(dsl::person_id.eq(site.mentee.id))),
            )
            .set(dsl::role.eq(role))
            .execute(c)?;
            Ok(())
        });
        assert_eq!(progress(&site, "drills").0, counts, "{role:?}");
    }
}

#[test]
fn injects_that_were_given_fill_the_ledger_of_the_primary_where_drills_may() {
    let site = Site::open();
    let ledger = |drills_fill| Gate::Ledger {
        percent: 50,
        alerts: 4,
        drills_fill,
    };
    ask_for(&site, &[ledger(true)]);
    site.run_drill();
    assert_eq!(
        progress(&site, "ledger").1,
        "no alert yet, needs 50% of 4 understood"
    );
    site.debrief_drill();
    assert_eq!(
        progress(&site, "ledger").1,
        "50% of 2 alerts understood, needs 50% of 4; 2 from drills"
    );
    let whose: Vec<(i64, bool, bool)> = site.app.db(|c| {
        Ok(alerts::table
            .select((alerts::person_id, alerts::acknowledged, alerts::understood))
            .order(alerts::id)
            .load(c)?)
    });
    let me = site.mentee.id;
    assert_eq!(whose, [(me, true, true), (me, true, false)]);
}

#[test]
fn leading_a_drill_keeps_a_clearance_alive_and_looking_on_does_not() {
    let site = Site::open();
    let held = |id: i64| {
        let all = site.app.db(|c| clearance::store::of_person(c, id));
        all[0].holds_until
    };
    let now = site.app.now();
    // The last practice of both is sixty days ago.
    site.app.db(|c| {
        let then = now.day().plus_days(-60);
        diesel::update(clearances::table)
            .set((
                clearances::practice_from.eq(then),
                clearances::practised_on.eq(then),
                clearances::holds_until.eq(then.plus_days(90)),
            ))
            .execute(c)?;
        Ok(())
    });
    let before = held(site.qualifier.id);
    site.debrief_drill();
    assert_eq!(held(site.mentor.id), now.day().plus_days(90), "who led it");
    assert_eq!(held(site.qualifier.id), before, "who had no part in it");
    let kept: Vec<(i64, ActivityKind)> = site.app.db(|c| {
        Ok(activities::table
            .select((activities::person_id, activities::kind))
            .order(activities::person_id)
            .load(c)?)
    });
    let mut expected = vec![
        (site.stranger.id, ActivityKind::Drill),
        (site.mentee.id, ActivityKind::Drill),
        (site.mentor.id, ActivityKind::DrillLed),
    ];
    expected.sort_by_key(|(id, _)| *id);
    assert_eq!(kept, expected, "the observer practised nothing");
}

#[test]
fn the_gate_leads_to_the_drills_of_the_ramp() {
    let site = Site::open();
    ask_for(&site, &[Gate::Drills { run: 2, primary: 1 }]);
    let mentee = site.client(Role::Mentee);
    let list = format!("/drills?ramp={}", site.ramp_id);
    let ramp = mentee.ramp_page(site.ramp_id);
    assert!(ramp.body.contains(&format!("href=\"{list}\"")));
    mentee.get(&list).assert_text("No drill yet.");
    site.debrief_drill();
    mentee.get(&list).assert_text("Monday morning");
    let mentor = site.client(Role::Mentor).get(&list);
    assert!(
        mentor
            .body
            .contains(&format!("area=payments&amp;primary={}", site.mentee.id))
            || mentor
                .body
                .contains(&format!("area=payments&#38;primary={}", site.mentee.id)),
        "{}",
        mentor.body
    );
}
