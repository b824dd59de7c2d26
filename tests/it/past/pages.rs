//! The pages of a past day.

use checkride::domain::area;
use checkride::domain::clearance;
use checkride::domain::clearance::ClearanceState;
use checkride::domain::people;
use checkride::domain::people::Name;
use checkride::domain::session::SessionState;

use crate::support::{Role, Site, path};

/// What the three pages say of people: cells of the board, the area's roster, the person's clearances and ramps.
fn said(site: &Site, role: Role, at: &str) -> [String; 6] {
    let client = site.client(role);
    let [board, roster, person] = [
        "/board".to_owned(),
        "/areas/payments".to_owned(),
        path::person(&site.mentor.handle),
    ]
    .map(|path| {
        let page = client.get(&format!("{path}{at}"));
        page.assert_status(200);
        page
    });
    let mentee = client.get(&format!("/people/{}{at}", site.mentee.handle));
    let teams = client.get(&format!("/board/teams{at}"));
    [
        teams.part("<tbody>", "</tbody>"),
        board.part("<table class=\"board", "<ul class=\"legend"),
        roster.part("aria-labelledby=\"ro\"", "aria-labelledby=\"st\""),
        roster.part("<dt>Minimum", "</dl>"),
        person.part("aria-labelledby=\"cl\"", "aria-labelledby=\"lb\""),
        mentee.part("aria-labelledby=\"ra\"", "aria-labelledby=\"lb\""),
    ]
}

/// Much becomes different: levels, a session, a clearance suspended, a lower minimum, a place in a team, somebody left.
fn change_everything(site: &Site) {
    site.make_ready();
    site.ask_for_signoff();
    let now = site.app.now();
    site.app.db(|c| {
        let key = (site.mentor.id, site.area_id);
        let held = clearance::store::latest_of(c, key)?.unwrap();
        let states = (ClearanceState::Valid, ClearanceState::Suspended);
        clearance::store::set_state(c, held.id, states, now)?;
        let found = area::store::by_id(c, site.area_id)?;
        let fields = area::model::Fields {
            minimum_cover: 1,
            name: "Paying".to_owned(),
            ..area::model::Fields::of(&found)
        };
        area::store::update(c, found.id, &fields, found.owner_team_id, now)?;
        let (team, _) = people::store::team_named(c, &Name::parse("Night shift").unwrap(), now)?;
        people::store::put_membership(c, (team, site.mentee.id), false, now)?;
        people::store::deactivate(c, site.stranger.id, now).map(|_| ())
    });
}

#[test]
fn a_past_day_is_shown_as_it_was_whatever_came_later() {
    let site = Site::open();
    site.hold_session(30);
    let day = site.app.now().day();
    let then = said(&site, Role::OwnerLead, "");
    site.app.wait_hours(30);
    change_everything(&site);
    let now = said(&site, Role::OwnerLead, "");
    for (then, now) in then.iter().zip(&now) {
        assert_ne!(then, now, "it should have changed");
    }
    assert_eq!(said(&site, Role::OwnerLead, &format!("?at={day}")), then);
    // And a second look from much later is the same.
    site.app.wait_hours(24 * 40);
    let again = said(&site, Role::OwnerLead, &format!("?at={day}"));
    assert_eq!(again, then);
}

#[test]
fn a_lapse_shows_on_the_day_it_came_and_not_before() {
    let site = Site::open();
    let held = site.app.db(|c| {
        let key = (site.qualifier.id, site.area_id);
        Ok(clearance::store::latest_of(c, key)?.unwrap())
    });
    site.app.wait_hours(24 * 500);
    let client = site.client(Role::Administrator);
    let status = |at: String| {
        let page = client.get(&format!("/people/{}?at={at}", site.qualifier.handle));
        page.part("aria-labelledby=\"cl\"", "aria-labelledby=\"ra\"")
    };
    let last = held.holds_until;
    assert!(status(last.to_string()).contains("Expiring"));
    assert!(status(last.plus_days(1).to_string()).contains("Lapsed"));
    assert!(status(last.plus_days(-31).to_string()).contains("Cleared"));
}

#[test]
fn the_file_of_a_past_day_says_the_same() {
    let site = Site::open();
    let day = site.app.now().day();
    let then = site.client(Role::Mentee).get("/board.csv");
    site.app.wait_hours(30);
    change_everything(&site);
    let client = site.client(Role::Mentee);
    assert_ne!(client.get("/board.csv").body, then.body);
    let file = client.get(&format!("/board.csv?at={day}"));
    file.assert_status(200);
    assert_eq!(file.body, then.body);
    let name = file.header("content-disposition");
    assert!(name.contains(&format!("board-{day}.csv")), "{name}");
    client.get("/board.csv?at=soon").assert_status(422);
}

#[test]
fn a_past_page_says_so_leads_on_to_that_day_and_offers_nothing_to_do() {
    let site = Site::open();
    site.app.wait_hours(30);
    let client = site.client(Role::OwnerLead);
    let day = site.app.now().day().plus_days(-1);
    let at = format!("at={day}");
    let board = client.get(&format!("/board?view=list&{at}"));
    board.assert_text(&format!(
        "As it was known at the end of {}",
        day.date().strftime("%A %-d %B %Y")
    ));
    for path in [
        "/areas/payments?",
        &format!("/people/{}?", site.mentee.handle),
    ] {
        assert!(board.body.contains(&format!("{path}{at}")), "{path}");
    }
    assert!(
        board.body.contains(&format!("/board.csv?{at}")),
        "the file of that day"
    );
    assert!(!board.text().contains("Needs you"));
    assert!(
        board
            .body
            .contains("href=\"/board?view=list\">Back to today")
    );
    let area = client.get(&format!("/areas/payments?{at}"));
    for offer in ["Start a ramp", "Edit", "Plan a drill", "Systems"] {
        assert!(!area.text().contains(offer), "{offer}");
    }
    let person = client.get(&format!("/people/{}?{at}", site.mentor.handle));
    assert!(!person.text().contains("Mentoring agreed"));
    assert!(person.body.contains(&format!("/areas/payments?{at}")));
}

#[test]
fn a_day_that_cannot_be_shown_is_said_at_the_field() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let too_far = site.app.now().day().plus_days(367).to_string();
    let handle = &site.mentee.handle;
    let person = path::person(handle);
    for path in ["/board", "/board/teams", "/areas/payments", &person] {
        for (typed, sentence) in [
            (too_far.as_str(), "That day is too far ahead."),
            ("2026-02-30", "Enter a day like"),
        ] {
            let page = client.get(&format!("{path}?at={typed}"));
            page.assert_status(422).assert_text(sentence);
            assert!(page.body.contains(&format!("value=\"{typed}\"")), "{path}");
        }
        let today = site.app.now().day();
        let page = client.get(&format!("{path}?at={today}"));
        page.assert_status(200);
        assert!(!page.text().contains("Back to today"));
    }
    client
        .get("/areas/payments?at=2020-01-01")
        .assert_status(404);
    client
        .get("/board?at=2020-01-01")
        .assert_text("No records from that day.");
    site.client(Role::SignedOut)
        .get("/board?at=2020-01-01")
        .assert_status(303);
}

#[test]
fn a_past_day_is_open_to_whom_it_is_open_today() {
    let site = Site::open();
    site.hold_session(30);
    let then = site.app.now();
    site.app.wait_hours(30);
    let now = site.app.now();
    let (mentees, lead, other) = site.app.db(|c| {
        let lead = site.mentee_lead.id;
        let places = people::store::memberships_of(c, lead)?;
        Ok((places[0].team_id, lead, site.stranger.id))
    });
    let page = |role: Role| {
        let path = format!("/people/{}?at={}", site.mentee.handle, then.day());
        site.client(role).get(&path).text()
    };
    let inside = "Mentored by";
    assert!(page(Role::MenteeLead).contains(inside));
    assert!(!page(Role::Stranger).contains(inside));
    // One hands the team over to the other: rights are those of today, also over what was before.
    site.app.db(|c| {
        people::store::put_membership(c, (mentees, lead), false, now)?;
        people::store::put_membership(c, (mentees, other), true, now)
    });
    assert!(!page(Role::MenteeLead).contains(inside));
    assert!(page(Role::Stranger).contains(inside));
    // The roster names mentors to those alone who may read the ramp.
    let names_mentor = |role: Role| {
        let path = format!("/areas/payments?at={}", then.day());
        let mentor = format!("<span class=\"sub\">{}</span>", site.mentor.name);
        site.client(role).get(&path).body.contains(&mentor)
    };
    assert!(names_mentor(Role::Stranger));
    assert!(!names_mentor(Role::MenteeLead));
    // Whoever mentors the ramp since reads all of it, and is not named as a mentor of then.
    let qualifier = || page(Role::Qualifier);
    site.app.db(|c| {
        use checkride::db::schema::qualifiers;
        use diesel::prelude::*;
        diesel::update(qualifiers::table.filter(qualifiers::person_id.eq(site.qualifier.id)))
            .set(qualifiers::until.eq(Some(now)))
            .execute(c)?;
        Ok(())
    });
    assert!(!qualifier().contains(inside));
    site.app.db(|c| {
        let role = checkride::domain::ramp::PairingRole::Secondary;
        crate::support::factory::pair(c, site.ramp_id, site.qualifier.id, role, 7, now)
    });
    assert!(qualifier().contains(inside));
    assert!(!qualifier().contains(&format!(
        "Mentored by {}, {}",
        site.mentor.name, site.qualifier.name
    )));
}

#[test]
fn a_record_taken_back_still_counted_the_day_before() {
    let site = Site::open();
    site.hold_session(30);
    let day = site.app.now().day();
    let path = path::person(&site.mentee.handle);
    let in_year = |at: &str| {
        let page = site.client(Role::Mentee).get(&format!("{path}{at}"));
        page.part("<dt>In ", "</dd>")
    };
    let then = in_year("");
    site.app.wait_hours(30);
    let id = site
        .dossier()
        .sessions
        .iter()
        .find(|s| s.state == SessionState::Held)
        .unwrap()
        .id;
    let now = site.app.now();
    site.app.db(|c| {
        let session = checkride::domain::session::store::by_id(c, id)?;
        checkride::domain::session::store::undo(c, &session, now).map(|_| ())
    });
    assert_ne!(in_year(""), then);
    assert_eq!(in_year(&format!("?at={day}")), then);
}
