//! What waits, planned ramps, and the tables of a lead.

use checkride::db::schema::{areas, qualifiers, ramps};
use checkride::domain::ramp::RampState;
use checkride::domain::shift::ShiftKind;
use diesel::prelude::*;

use crate::shift::planned;
use crate::support::{Role, Site};

#[test]
fn what_is_overdue_comes_first_and_says_so() {
    let site = Site::open();
    planned(&site, ShiftKind::Shadow, (-2, 1));
    site.app.wait_hours(24 * 5);
    let body = site.client(Role::Qualifier).get("/").body;
    assert!(body.contains("Waits for you, overdue"), "{body}");
    // In the inbox the whole list is shown.
    let inbox = site.client(Role::Qualifier).get("/inbox");
    let row = inbox.part("<li class=\"row wrap-s late\"", "</li>");
    assert!(row.contains("Overdue"), "not by colour alone: {row}");
    assert!(row.contains("it was due 25 Nov"), "{row}");
}

#[test]
fn the_rest_of_a_long_list_is_folded_and_nothing_is_lost() {
    let site = Site::open();
    let plans: Vec<i64> = (1..=8).map(|hour| site.plan_session(hour)).collect();
    site.app.wait_hours(24);
    let page = site.client(Role::Mentor).get("/");
    page.assert_text("3 more");
    let (first, rest) = plans.split_first().unwrap();
    assert!(page.body.contains(&format!("/sessions/new?plan={first}")));
    for plan in rest {
        assert!(page.body.contains(&format!("href=\"/sessions/{plan}\"")));
    }
}

#[test]
fn a_ramp_that_has_not_begun_is_one_line() {
    let site = Site::open();
    site.propose_anew();
    let mentee = site.client(Role::Mentee).get("/");
    mentee.assert_text("Planned ramps 1 Payments Planned");
    mentee.assert_text("not accepted by both yet");
    assert!(!mentee.text().contains("Open before clearance"));
    let mentor = site.client(Role::Mentor).get("/");
    mentor.assert_text("Leila Haddad, Payments Planned");
    assert!(!mentor.body.contains("/assess"));
}

#[test]
fn a_lead_sees_cover_and_spare_and_which_ramp_is_late() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let page = lead.get("/");
    page.assert_text("Area Cover and spare Qualifiers Ramping To look at");
    let area = page.part("<th scope=\"row\"><a href=\"/areas/payments\"", "</tr>");
    for words in ["Payments", "2 of 2", "At minimum"] {
        assert!(area.contains(words), "{words}: {area}");
    }
    assert!(
        page.body.contains("data-h=\"Qualifiers\">2<"),
        "{}",
        page.body
    );
    page.assert_text("Person and area State Pace Target Mentors Last session");
    let is_marked = |mark: &str| page.body.contains(&format!("</svg>{mark}</span>"));
    assert!(!is_marked("stale pairing") && !is_marked("past"));
    site.app.db(|c| {
        diesel::update(areas::table.find(site.area_id))
            .set(areas::minimum_cover.eq(4))
            .execute(c)?;
        Ok(())
    });
    site.app.db(|c| {
        diesel::update(qualifiers::table.filter(qualifiers::person_id.eq(site.qualifier.id)))
            .set(qualifiers::until.eq(site.app.now()))
            .execute(c)?;
        Ok(())
    });
    // One qualifier is one too few: nobody could turn the other key.
    lead.get("/").assert_text("Short by 2 2 of 4 1 1");
    site.app.wait_hours(24 * 40);
    let lead = site.client(Role::OwnerLead);
    lead.get("/").assert_text("None yet stale pairing");
    site.app.db(|c| {
        let target = site.app.now().day().plus_days(-8);
        diesel::update(ramps::table.find(site.ramp_id))
            .set(ramps::target_on.eq(target))
            .execute(c)?;
        Ok(())
    });
    lead.get("/").assert_text("8 days ago past");
    site.put_into(RampState::Paused);
    assert!(!lead.get("/").text().contains("stale pairing"));
}

#[test]
fn a_mentor_assesses_the_same_group_from_home_as_from_the_ramp() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let ramp = crate::support::path::ramp(site.ramp_id);
    assert!(
        mentor
            .get("/")
            .body
            .contains(&format!("href=\"{ramp}/assess\""))
    );
    let led = mentor.get(&format!("{ramp}/assess"));
    let led_to = led.location();
    assert!(led_to.starts_with(&format!("{ramp}/assess/")), "{led_to}");
    assert!(
        mentor
            .ramp_page(site.ramp_id)
            .body
            .contains(&format!("href=\"{led_to}\""))
    );
}
