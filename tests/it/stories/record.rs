//! What a sign-off was decided on stays readable, word for word, whatever comes after.

use checkride::db::schema::{areas, people as persons, standards, teams};
use diesel::prelude::*;

use super::*;
use crate::support::Role;

/// Everything the record names gets another name, behind the app's back.
fn rename_everything(site: &Site) {
    site.app.db(|c| {
        diesel::update(persons::table.filter(persons::id.ne(site.admin.id)))
            .set(persons::name.eq("Somebody Else"))
            .execute(c)?;
        diesel::update(areas::table)
            .set(areas::name.eq("Another Area"))
            .execute(c)?;
        diesel::update(teams::table)
            .set(teams::name.eq("Another Team"))
            .execute(c)?;
        let mut content = content();
        for competency in &mut content.competencies {
            competency.statement = "Something else".into();
            competency.required_level = checkride::domain::standard::Level::ALL[0];
        }
        for item in &mut content.items {
            item.text = "Another item".into();
        }
        diesel::update(standards::table)
            .set(standards::content.eq(serde_json::to_string(&content).unwrap()))
            .execute(c)?;
        Ok(())
    });
}

/// The page of a sign-off as the administrator sees it: somebody with no part in it.
fn seen(site: &Site, id: i64) -> String {
    let page = site.client(Role::Administrator).signoff_page(id);
    page.assert_status(200)
        .assert_text("This is the frozen record")
        .assert_text("Shows the incident of payments, part 2")
        .assert_text("Saw it at three in the morning")
        .assert_text("Marcus Oyelaran");
    // The discussion beside it is no part of the record, and its forms have keys of their own.
    let record = main_part(&page);
    record.split("id=\"discussion\"").next().unwrap().to_owned()
}

#[test]
fn a_granted_record_stays_word_for_word_when_names_and_statements_change() {
    let site = Site::open();
    site.make_ready();
    let mentor = site.client(Role::Mentor);
    mentor
        .assess(
            site.ramp_id,
            "PAY-I2",
            "5",
            "Saw it at three in the morning",
        )
        .assert_status(303);
    let id = site.client(Role::Mentee).ask(site.ramp_id);
    mentor
        .turn_first_key(id, "I vouch for her")
        .assert_status(303);
    site.client(Role::OwnerLead)
        .decide(id, Decision::Approve, "Welcome")
        .assert_status(303);
    let (before, kept) = (seen(&site, id), signoffs(&site, site.ramp_id));

    rename_everything(&site);
    site.assess("PAY-I2", 1);
    site.hold_session(300);
    assert_eq!(seen(&site, id), before);
    assert_eq!(signoffs(&site, site.ramp_id), kept);
    let board = site.client(Role::Administrator).board();
    board
        .assert_text("Another Area")
        .assert_text("Somebody Else");
}

#[test]
fn a_returned_record_stays_as_it_was_while_the_ramp_goes_on() {
    let site = Site::open();
    site.make_ready();
    let mentor = site.client(Role::Mentor);
    mentor
        .assess(
            site.ramp_id,
            "PAY-I2",
            "5",
            "Saw it at three in the morning",
        )
        .assert_status(303);
    let id = mentor.ask(site.ramp_id);
    mentor
        .turn_first_key(id, "I vouch for her")
        .assert_status(303);
    site.client(Role::Qualifier)
        .decide(id, Decision::Return, "Once more, alone")
        .assert_status(303);
    let before = seen(&site, id);

    mentor
        .assess(site.ramp_id, "PAY-I2", "2", "It was luck")
        .assert_status(303);
    let action = path::item(site.ramp_id, "PAY-K1");
    let undo = [("from", "checked"), ("to", "open")];
    mentor.send(&action, &undo).assert_status(303);
    assert_eq!(seen(&site, id), before);
    let page = mentor.ramp_page(site.ramp_id);
    assert_eq!(obstacles(&page).len(), 2, "the ramp itself knows better");
}
