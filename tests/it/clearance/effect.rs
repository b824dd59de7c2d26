//! What a change does to the cover of an area, as it is said before the decision.

use checkride::db::schema::{clearances, people};
use checkride::domain::clearance::effect::Ending;
use checkride::domain::clearance::model::NewClearance;
use checkride::domain::clearance::{ClearanceKind, ClearanceState, store};
use diesel::prelude::*;

use crate::support::{Role, Site, factory};

/// Somebody who holds a clearance that ends in so many days; its row.
fn cleared(site: &Site, name: &str, ends_in: i64) -> i64 {
    let now = site.app.now();
    let ends_on = now.day().plus_days(ends_in);
    site.app.db(|c| {
        let person = factory::member(c, now, name, "UTC", None)?;
        let held = NewClearance::full((person.id, site.area_id), now.plus_hours(-24), ends_on);
        store::insert(c, &held)
    })
}

fn leaves(site: &Site, clearance: i64) {
    let now = site.app.now();
    site.app.db(|c| {
        let holder = clearances::table
            .find(clearance)
            .select(clearances::person_id);
        diesel::update(people::table.filter(people::id.eq_any(holder)))
            .set(people::deactivated_at.eq(now))
            .execute(c)?;
        Ok(())
    });
}

#[test]
fn cover_counts_who_is_there_and_names_who_ends_soon() {
    let site = Site::open();
    let day = |n| site.app.now().day().plus_days(n);
    let before = site.app.db(|c| store::coverage(c, site.area_id, day(0)));
    for (name, ends_in) in [("Ends today", 0), ("Ends in 30", 30), ("Ends in 31", 31)] {
        cleared(&site, name, ends_in);
    }
    let over = cleared(&site, "Over", -1);
    let (suspended, interim) = (cleared(&site, "Suspended", 9), cleared(&site, "Interim", 9));
    let left = cleared(&site, "Left", 9);
    leaves(&site, left);
    site.app.db(|c| {
        diesel::update(clearances::table.find(suspended))
            .set(clearances::state.eq(ClearanceState::Suspended))
            .execute(c)?;
        diesel::update(clearances::table.find(interim))
            .set(clearances::kind.eq(ClearanceKind::Interim))
            .execute(c)?;
        Ok(())
    });
    assert!(over > 0);
    let found = site.app.db(|c| store::coverage(c, site.area_id, day(0)));
    assert_eq!(found.cleared, before.cleared + 3);
    assert_eq!(found.ending, before.ending + 2);
    let named = |e: &Ending| (e.name.clone(), e.on);
    let named: Vec<_> = found.first.iter().map(named).collect();
    assert_eq!(
        named,
        [
            ("Ends today".to_owned(), day(0)),
            ("Ends in 30".into(), day(30))
        ]
    );
}

#[test]
fn revoking_what_somebody_held_who_left_changes_no_cover() {
    let site = Site::open();
    let left = cleared(&site, "Left", 200);
    let stays = cleared(&site, "Stays", 200);
    let lead = site.client(Role::OwnerLead);
    let said = |id: i64| {
        let page = lead.get(&format!("/clearances/{id}/revoke"));
        page.assert_status(200).text()
    };
    assert!(said(stays).contains("goes from"), "{}", said(stays));
    leaves(&site, left);
    assert!(said(left).contains("stays at"), "{}", said(left));
}
