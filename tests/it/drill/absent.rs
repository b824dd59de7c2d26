//! Who was to take part and did not come: nothing counts for them, and nothing is told of them.

use checkride::db::schema::{activities, alerts, drill_roles};
use checkride::domain::currency::ActivityKind;
use checkride::domain::drill::{DrillState, store};
use checkride::domain::standard::Gate;
use diesel::prelude::*;

use super::gate::{ask_for, progress};
use super::page;
use crate::support::{Answer, Client, Form, Role, Site, path};

fn debriefed(id: i64, master: &Client, absent: &[i64]) -> Answer {
    let path = path::drill_form(id, "debrief");
    let form = Form::on(&master.get(&path), &path).with("went_badly", "Nobody told support");
    let ids: Vec<String> = absent.iter().map(i64::to_string).collect();
    let mut fields = form.typed();
    fields.extend(ids.iter().map(|id| ("absent", id.as_str())));
    master.send(&path, &fields)
}

fn practised(site: &Site) -> Vec<(i64, ActivityKind)> {
    site.app.db(|c| {
        Ok(activities::table
            .select((activities::person_id, activities::kind))
            .order((activities::kind, activities::person_id))
            .load(c)?)
    })
}

fn gates(site: &Site) {
    let ledger = Gate::Ledger {
        percent: 50,
        alerts: 4,
        drills_fill: true,
    };
    ask_for(site, &[Gate::Drills { run: 1, primary: 1 }, ledger]);
}

const NO_DRILL: &str = "0 of 1 drills, 0 of 1 as primary";
const NO_ALERT: &str = "no alert yet, needs 50% of 4 understood";

#[test]
fn nothing_counts_for_a_primary_who_did_not_come() {
    let site = Site::open();
    gates(&site);
    let id = site.run_drill();
    let master = site.client(Role::Mentor);
    let form = master.get(&path::drill_form(id, "debrief"));
    form.assert_text("Leila Haddad, primary")
        .assert_text("Tomasz Wilk, secondary")
        .assert_text("Kenji Mori, observer");
    debriefed(id, &master, &[site.mentee.id, site.mentee_lead.id]).assert_leads_to(&page(id));
    assert_eq!(progress(&site, "drills").1, NO_DRILL);
    assert_eq!(progress(&site, "ledger").1, NO_ALERT);
    let kept: i64 = site
        .app
        .db(|c| Ok(alerts::table.count().get_result::<i64>(c)?));
    assert_eq!(kept, 0, "the injects were given to nobody");
    // What the sheet says of her was filled in, and is not kept.
    assert!(site.app.db(|c| store::observations(c, id)).is_empty());
    assert_eq!(
        practised(&site),
        [
            (site.stranger.id, ActivityKind::Drill),
            (site.mentor.id, ActivityKind::DrillLed)
        ]
    );
    let shown = master.get(&page(id));
    shown
        .assert_text("Leila Haddad Primary, was not there")
        .assert_text("Kenji Mori Observer, was not there");
    assert!(
        !shown
            .text()
            .contains("Tomasz Wilk Secondary, was not there")
    );
    assert!(!shown.text().contains("Seen "), "{}", shown.text());
    master
        .get("/drills")
        .assert_text("Leila Haddad (was not there), Tomasz Wilk");
}

#[test]
fn that_somebody_was_not_there_is_told_to_those_alone_who_may_read_of_them() {
    let site = Site::open();
    let id = site.run_drill();
    let absent = [site.mentee.id, site.mentee_lead.id];
    debriefed(id, &site.client(Role::Mentor), &absent).assert_status(303);
    let told = |role: Role| {
        let client = site.client(role);
        let (shown, list) = (client.get(&page(id)).text(), client.get("/drills").text());
        let says = shown.contains("Leila Haddad Primary, was not there");
        assert!(says || shown.contains("Leila Haddad Primary"), "{shown}");
        assert_eq!(
            says,
            list.contains("Leila Haddad (was not there)"),
            "{role:?}"
        );
        (says, shown.contains("Kenji Mori Observer, was not there"))
    };
    // She herself; her mentor, who led it; the lead of the area's team; the lead of both.
    assert_eq!(told(Role::Mentee), (true, false));
    for role in [Role::Mentor, Role::OwnerLead, Role::MenteeLead] {
        assert_eq!(told(role), (true, true), "{role:?}");
    }
    for role in [Role::Stranger, Role::Qualifier, Role::Administrator] {
        assert_eq!(told(role), (false, false), "{role:?}");
    }
}

#[test]
fn whoever_came_practised_all_the_same() {
    let site = Site::open();
    gates(&site);
    let id = site.run_drill();
    debriefed(id, &site.client(Role::Mentor), &[site.stranger.id]).assert_status(303);
    assert_eq!(
        progress(&site, "drills").1,
        "1 of 1 drills, 1 of 1 as primary"
    );
    assert_eq!(
        practised(&site),
        [
            (site.mentee.id, ActivityKind::Drill),
            (site.mentor.id, ActivityKind::DrillLed)
        ]
    );
}

#[test]
fn the_gates_count_no_drill_that_somebody_was_absent_from() {
    let site = Site::open();
    gates(&site);
    let id = site.debrief_drill();
    assert_ne!(progress(&site, "drills").1, NO_DRILL);
    assert_ne!(progress(&site, "ledger").1, NO_ALERT);
    site.app.db(|c| {
        let part = drill_roles::table.find((id, site.mentee.id));
        diesel::update(part)
            .set(drill_roles::was_absent.eq(true))
            .execute(c)?;
        Ok(())
    });
    assert_eq!(progress(&site, "drills").1, NO_DRILL);
    assert_eq!(progress(&site, "ledger").1, NO_ALERT);
}

#[test]
fn a_drill_to_which_nobody_came_is_cancelled() {
    let site = Site::open();
    let id = site.run_drill();
    let master = site.client(Role::Mentor);
    let answer = debriefed(id, &master, &[site.mentee.id, site.stranger.id]);
    answer
        .assert_status(422)
        .assert_text(
            "At least one person must have played. If nobody came, cancel the drill instead.",
        )
        .assert_text("Nobody told support");
    let back = Form::on(&answer, &path::drill_form(id, "debrief"));
    let ticked = back.fields.iter().filter(|(name, _)| name == "absent");
    assert_eq!(ticked.count(), 2, "what was ticked stays");
    let master_too = debriefed(id, &master, &[site.mentor.id]);
    master_too
        .assert_status(422)
        .assert_text("Someone you ticked has no part in this drill.");
    let cancel = path::drill_form(id, "cancel");
    Form::on(&master.get(&page(id)), &cancel)
        .with("cancel_reason", "Nobody came")
        .send(&master)
        .assert_leads_to(&page(id));
    assert_eq!(site.drill(id).drill.state, DrillState::Cancelled);
    assert!(practised(&site).is_empty());
}
