//! The rule of an area: amounts, minutes, kinds, no end date, and what a change of it reaches.

use checkride::db::types::Day;
use checkride::domain::area;
use checkride::domain::clearance::model::NewClearance;
use checkride::domain::clearance::store as clearances;

use super::log;
use crate::support::{Role, Site, path};

/// Changes the rules of the area, and has the mentor cleared anew under them.
fn under(site: &Site, practice: &str, ends: &str, until: Day) -> i64 {
    let now = site.app.now();
    site.app.db(|c| {
        let area = area::store::by_id(c, site.area_id)?;
        let fields = area::model::Fields {
            practice: practice.parse().unwrap(),
            ends: ends.parse().unwrap(),
            ..area::model::Fields::of(&area)
        };
        area::store::update(c, area.id, &fields, area.owner_team_id, now)?;
        clearances::insert(
            c,
            &NewClearance::full((site.mentor.id, site.area_id), now, until),
        )
    })
}

#[test]
fn a_rule_of_several_is_said_with_what_is_left_on_the_day_it_falls_below() {
    let site = Site::open();
    let until = site.app.now().day().plus_days(300);
    let id = under(&site, "3 practices incident", "months", until);
    let path = format!("/people/{}/practice", site.mentor.handle);
    // What was not practised yet does not lapse at once.
    let practice = site.client(Role::Mentor).get(&path);
    practice
        .assert_text("Needed: 3 practices in 90 days, of real incidents")
        .assert_text("3 more practices by 21 Feb 2027");
    for (wait, day) in [(20, "2026-12-13"), (20, "2027-01-02")] {
        site.app.wait_hours(24 * wait);
        log(&site, Role::Mentor, day).assert_status(303);
    }
    let held = |site: &Site| {
        let found = site.app.db(|c| clearances::by_id(c, id));
        (found.holds_until.to_string(), found.practice_left)
    };
    assert_eq!(held(&site), ("2027-02-21".into(), 2));
    let client = site.client(Role::Mentor);
    client
        .get(&format!("/clearances/{id}"))
        .assert_text("1 more practice by 21 Feb");
    client
        .get("/areas/payments")
        .assert_text("3 practices in 90 days, of real incidents")
        .assert_text("1 more practice by 21 Feb");
    site.client(Role::Qualifier)
        .person_page(&site.mentor.handle)
        .assert_text("1 more practice by 21 Feb");
    // The third moves the day to that of the first of the three.
    site.app.wait_hours(24 * 10);
    log(&site, Role::Mentor, "2027-01-12").assert_status(303);
    assert_eq!(held(&site), ("2027-03-13".into(), 2));
}

#[test]
fn minutes_of_incidents_add_up_and_are_asked_for_where_minutes_count() {
    let site = Site::open();
    let until = site.app.now().day().plus_days(300);
    let id = under(&site, "120 minutes", "months", until);
    site.app.wait_hours(24 * 10);
    let client = site.client(Role::Mentor);
    let send = |minutes: &str, link: &str| {
        let area = site.area_id.to_string();
        let fields = [
            ("area", area.as_str()),
            ("day", "2026-12-03"),
            ("link", link),
            ("minutes", minutes),
        ];
        client.send(path::INCIDENTS, &fields)
    };
    send("many", "https://i.example.com/1")
        .assert_status(422)
        .assert_text("Enter a whole number from 1 to 100000.");
    client
        .get("/incidents/new")
        .assert_text("How long you worked on it. Needed in Payments.");
    send("", "https://i.example.com/1")
        .assert_status(422)
        .assert_text("Payments counts minutes of practice: enter them.");
    for (minutes, holds, left) in [("90", "2027-02-21", 90), ("45", "2027-03-03", 0)] {
        send(minutes, &format!("https://i.example.com/{left}{minutes}")).assert_status(303);
        let found = site.app.db(|c| clearances::by_id(c, id));
        assert_eq!(found.holds_until.to_string(), holds, "{minutes}");
        assert_eq!(found.practice_left, left, "{minutes}");
    }
    let page = format!("/people/{}/practice", site.mentor.handle);
    client.get(&page).assert_text("Payments, 90 minutes");
}

#[test]
fn a_clearance_without_an_end_date_says_so_and_never_names_a_day() {
    let site = Site::open();
    let id = under(&site, "1 practices", "never", Day::NEVER);
    let client = site.client(Role::OwnerLead);
    let pages = [
        format!("/clearances/{id}"),
        format!("/people/{}/practice", site.mentor.handle),
        "/areas/payments".to_owned(),
        "/areas/payments/cleared".to_owned(),
        "/areas/payments/forecast".to_owned(),
        path::person(&site.mentor.handle),
        "/board".to_owned(),
        path::BOARD_CSV.to_owned(),
        "/".to_owned(),
    ];
    for page in &pages {
        let shown = site.client(Role::Mentor).get(page);
        let shown = match shown.status == 403 {
            true => client.get(page),
            false => shown,
        };
        assert!(!shown.body.contains("9999"), "{page}");
    }
    for page in [&pages[0], &pages[7]] {
        let shown = site.client(Role::Mentor).get(page);
        assert!(shown.body.contains("no end date"), "{page}");
    }
    // Practice alone ends it.
    site.client(Role::Mentor)
        .get(&pages[2])
        .assert_text("valid without an end date")
        .assert_text("practise by 21 Feb 2027");
}

#[test]
fn a_kind_that_does_not_count_is_said_and_keeps_nothing_alive() {
    let site = Site::open();
    let until = site.app.now().day().plus_days(300);
    let id = under(&site, "1 practices shift", "months", until);
    site.app.wait_hours(24);
    let client = site.client(Role::Mentor);
    client
        .get("/incidents/new")
        .assert_text("Not in Payments: only on-call shifts count there.");
    let home = client.get("/").text();
    assert!(!home.contains("Log an incident"), "{home}");
    let page = format!("/people/{}/practice", site.mentor.handle);
    let sent = log(&site, Role::Mentor, "2026-11-24");
    sent.assert_leads_to(&page);
    client
        .get(&page)
        .assert_text("does not count: only on-call shifts count");
    let held = site.app.db(|c| clearances::by_id(c, id));
    assert_eq!(held.holds_until.to_string(), "2027-02-21");
}

/// The owner lead changes the practice rule of the area.
fn change_rule(site: &Site, practice: &str, days: i32) {
    let act = site.act(Role::OwnerLead);
    site.app.db(|c| {
        let area = area::store::by_id(c, site.area_id)?;
        let fields = area::model::Fields {
            practice: practice.parse().unwrap(),
            recency_days: days,
            ..area::model::Fields::of(&area)
        };
        let to = (&fields, area.owner_team_id);
        checkride::usecases::area::actions::change(c, &act, &area.slug, area.revision, to)
    });
}

#[test]
fn a_changed_rule_reaches_clearances_without_an_end_date_and_no_others() {
    let site = Site::open();
    let before = site.app.now().day();
    let unending = under(&site, "1 practices", "never", Day::NEVER);
    let ending = site.app.db(|c| {
        let key = (site.stranger.id, site.area_id);
        let until = before.plus_days(300);
        clearances::insert(c, &NewClearance::full(key, site.app.now(), until))
    });
    let until = |id: i64| {
        let held = site.app.db(|c| clearances::by_id(c, id));
        (held.holds_until.to_string(), held.rule().words())
    };
    let said = |until: &str, rule: &str| (until.to_owned(), rule.to_owned());
    site.app.wait_hours(24 * 40);
    // Nobody lapses at once: a window from today, but no longer than before.
    change_rule(&site, "1 practices", 30);
    assert_eq!(until(unending), said("2027-02-01", "1 practice in 30 days"));
    assert_eq!(until(ending), said("2027-02-21", "1 practice in 90 days"));
    site.app.wait_hours(24);
    change_rule(&site, "3 practices", 90);
    assert_eq!(
        until(unending),
        said("2027-02-01", "3 practices in 90 days")
    );
    // A past day says what held then.
    let page = format!("/areas/payments?at={}", before.plus_days(1));
    let then = site.client(Role::Mentee).get(&page).text();
    assert!(then.contains("practise by 21 Feb"), "{then}");
    assert!(!then.contains("of 3 practices"), "{then}");
    // What lapsed stays lapsed.
    site.app.wait_hours(24 * 40);
    change_rule(&site, "1 practices", 365);
    assert_eq!(
        until(unending),
        said("2027-02-01", "3 practices in 90 days")
    );
}

#[test]
fn practice_after_a_changed_rule_is_counted_by_it() {
    let site = Site::open();
    let id = under(&site, "1 practices", "never", Day::NEVER);
    site.app.wait_hours(24 * 10);
    change_rule(&site, "2 practices incident", 60);
    for (wait, day) in [(10, "2026-12-13"), (10, "2026-12-23")] {
        site.app.wait_hours(24 * wait);
        log(&site, Role::Mentor, day).assert_status(303);
    }
    let held = site.app.db(|c| clearances::by_id(c, id));
    assert_eq!(held.holds_until.to_string(), "2027-02-11");
    assert_eq!(held.practice_left, 1);
}

#[test]
fn a_rule_that_is_changed_by_mistake_and_back_leaves_what_it_was() {
    let site = Site::open();
    let id = under(&site, "1 practices", "never", Day::NEVER);
    let held = || site.app.db(|c| clearances::by_id(c, id));
    let before = held();
    site.app.wait_hours(24 * 40);
    change_rule(&site, "1 practices", 9);
    let meanwhile = held();
    assert_eq!(meanwhile.holds_until.to_string(), "2027-01-11");
    // Nothing was practised on the day from which the new rule asks.
    assert_eq!(meanwhile.practised_on, before.practised_on);
    site.app.wait_hours(24);
    change_rule(&site, "1 practices", 90);
    assert_eq!(held(), before);
}
