//! The list of ramps, and the deed in the head of every page.

use checkride::domain::ramp::RampState;

use crate::support::{Role, Site};

#[test]
fn everyone_finds_the_ramps_that_they_may_read_and_no_other() {
    let site = Site::open();
    for role in Role::ALL {
        if role == Role::SignedOut {
            continue;
        }
        let client = site.client(role);
        let may_read = client.get(&format!("/ramps/{}", site.ramp_id)).status == 200;
        assert_eq!(may_read, role != Role::Stranger, "{role:?}");
        for list in ["/ramps", "/ramps.csv"] {
            let page = client.get(list);
            let is_listed = page.assert_status(200).text().contains("Leila Haddad");
            assert_eq!(is_listed, may_read, "{role:?} {list}");
        }
    }
}

#[test]
fn it_is_cut_by_name_area_team_and_state_and_says_where_each_ramp_stands() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    lead.get("/ramps")
        .assert_text("Ramping 0%")
        .assert_text("Marcus Oyelaran")
        .assert_text("None yet");
    for (query, is_found) in [
        ("q=leila", true),
        ("q=marcus", false),
        ("area=payments", true),
        ("area=nothing", false),
        ("state=active", true),
        ("state=paused", false),
        ("q=leila&area=payments&state=active", true),
    ] {
        let page = lead.get(&format!("/ramps?{query}"));
        let found = page.assert_status(200).body.contains("Leila Haddad");
        assert_eq!(found, is_found, "{query}");
        assert!(found || page.text().contains("No ramp matches."), "{query}");
    }
    site.put_into(RampState::Paused);
    lead.get("/ramps?state=paused").assert_text("Leila Haddad");
    // What is over is on the page of its person.
    site.put_into(RampState::Ended);
    lead.get("/ramps").assert_text("No open ramp yet.");
}

#[test]
fn the_head_of_every_page_has_what_the_viewer_does_next() {
    let site = Site::open();
    let deed = |role: Role, page: &str| {
        let page = site.client(role).get(page);
        let head = page.assert_status(200).body.split("<main").next().unwrap();
        let button = head.split_once("class=\"btn pri\" href=\"");
        button.map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
    };
    let ramp = format!("/ramps/{}", site.ramp_id);
    for (role, page, expected) in [
        (Role::Mentor, "/help", Some("/sessions/new".to_owned())),
        (
            Role::Mentor,
            &ramp,
            Some(format!("/sessions/new?ramp={}", site.ramp_id)),
        ),
        (Role::Mentee, "/help", Some("/plan".into())),
        (Role::OwnerLead, "/help", Some("/ramps/new".into())),
        (Role::MenteeLead, &ramp, Some("/ramps/new".into())),
        (Role::Qualifier, "/help", None),
        (Role::Stranger, "/help", None),
        (Role::Administrator, "/help", None),
    ] {
        assert_eq!(deed(role, page), expected, "{role:?} {page}");
    }
    // While the ramp rests there is nothing to plan, but a session that was held is recorded all the same.
    site.put_into(RampState::Paused);
    assert_eq!(deed(Role::Mentee, "/help"), None);
    assert!(deed(Role::Mentor, "/help").is_some());
    site.put_into(RampState::Ended);
    assert_eq!(deed(Role::Mentor, "/help"), None);
}

#[test]
fn what_somebody_may_plan_is_on_one_page() {
    let site = Site::open();
    let ramp = format!("/ramps/{}", site.ramp_id);
    let (session, shift) = (
        format!("{ramp}/sessions/plan"),
        format!("{ramp}/shifts/plan"),
    );
    for role in [Role::Mentee, Role::Mentor] {
        let page = site.client(role).get("/plan");
        for href in [&session, &shift] {
            assert!(page.body.contains(&format!("href=\"{href}\"")), "{role:?}");
        }
    }
    let mentee = site.client(Role::Mentee);
    mentee.get("/plan").assert_text("You plan no drills.");
    let mentor = site.client(Role::Mentor).get("/plan");
    assert!(mentor.body.contains("/drills/new?area=payments"));
    site.client(Role::Stranger)
        .get("/plan")
        .assert_text("You have no running ramp.");
    site.put_into(RampState::Paused);
    assert!(!mentee.get("/plan").body.contains(&session));
}

#[test]
fn a_pairing_is_stale_in_the_list_where_home_says_so() {
    for state in [RampState::Active, RampState::InReview, RampState::Paused] {
        let site = Site::open();
        site.app.wait_hours(24 * 40);
        site.put_into(state);
        let mentor = site.client(Role::Mentor);
        let says = |page: &str| mentor.get(page).text().to_lowercase().contains("stale");
        let expected = state == RampState::Active;
        assert_eq!(
            (says("/"), says("/ramps")),
            (expected, expected),
            "{state:?}"
        );
    }
}
