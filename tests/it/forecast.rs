//! Days to come: board and areas if nothing changes, and the forecast of an area.

use checkride::domain::area;
use checkride::domain::assessment::blind::SEALED_DAYS;
use checkride::domain::clearance::model::NewClearance;
use checkride::domain::clearance::store as clearances;
use checkride::domain::shift::ShiftKind;

use crate::shift;
use crate::support::{Role, Site};

const PAGE: &str = "/areas/payments/forecast";

/// The stranger is cleared too, until a day after which only practice can keep the others.
fn another(site: &Site, days: i64) {
    let now = site.app.now();
    site.app.db(|c| {
        let until = now.day().plus_days(days);
        let key = (site.stranger.id, site.area_id);
        clearances::insert(c, &NewClearance::full(key, now, until)).map(|_| ())
    });
}

fn part(site: &Site, role: Role, path: &str, from: &str, to: &str) -> String {
    site.client(role).get(path).part(from, to)
}

#[test]
fn a_day_to_come_shows_what_ends_before_if_nothing_changes() {
    let site = Site::open();
    another(&site, 20);
    let client = site.client(Role::Mentee);
    let on = |path: &str, days: i64| {
        let day = site.app.now().day().plus_days(days);
        client
            .get(&format!("{path}?at={day}"))
            .assert_status(200)
            .text()
    };
    let later = on("/areas/payments", 25);
    assert!(
        later.contains("Friday 18 December 2026: 2 of 2 if nothing changes."),
        "{later}"
    );
    assert!(
        later.contains(&format!("{} cleared until 13 Dec", site.stranger.name)),
        "{later}"
    );
    let much_later = on("/areas/payments", 100);
    assert!(
        much_later.contains("0 of 2 if nothing changes."),
        "{much_later}"
    );
    assert!(
        much_later.contains(&format!("{} practise by 21 Feb", site.mentor.name)),
        "{much_later}"
    );
    let board = on("/board", 25);
    assert!(board.contains("Ends before then"), "{board}");
    assert!(
        board.contains(&format!(
            "{}, Payments cleared until 13 Dec",
            site.stranger.name
        )),
        "{board}"
    );
    // Today is the board itself, and leads nowhere else.
    let today = site.app.now().day();
    let table = |path: &str| {
        part(
            &site,
            Role::Mentee,
            path,
            "<table class=\"board",
            "<ul class=\"legend",
        )
    };
    assert_eq!(table("/board"), table(&format!("/board?at={today}")));
    let csv = client.get(&format!("/board.csv?at={}", today.plus_days(100)));
    csv.assert_status(200);
    on("/board/teams", 25);
    on(&format!("/people/{}", site.stranger.handle), 25);
}

#[test]
fn the_forecast_says_cover_ahead_also_without_some() {
    let site = Site::open();
    another(&site, 20);
    let client = site.client(Role::Mentee);
    let page = client.get(PAGE);
    page.assert_status(200)
        .assert_text("Today 23 Nov 3 of 2")
        .assert_text(&format!("{}, cleared until 13 Dec", site.stranger.name));
    let gone = client.get(&format!(
        "{PAGE}?without={}&without={}",
        site.mentor.id, site.stranger.id
    ));
    let text = gone.text();
    assert!(text.contains("1 of 2 Short by 1"), "{text}");
    for name in [&site.mentor.name, &site.stranger.name] {
        assert!(text.contains(name.as_str()), "{text}");
    }
    // What nobody ticks and who is not cleared changes nothing.
    client
        .get(&format!("{PAGE}?without=none&without={}", site.mentee.id))
        .assert_status(200);
    client.get("/areas/nothing/forecast").assert_status(404);
}

#[test]
fn leads_see_who_could_ramp_next_and_with_whom_and_others_do_not() {
    let site = Site::open();
    let lead = site.client(Role::Administrator).get(PAGE);
    lead.assert_text("Show mentors")
        .assert_text("working hours in common")
        .assert_text("Qualifier: can turn the first key");
    let mentee = site.client(Role::Mentee).get(PAGE).text();
    assert!(!mentee.contains("working hours in common"), "{mentee}");
    assert!(
        mentee.contains("A lead sees here who could ramp next"),
        "{mentee}"
    );
}

#[test]
fn a_ramp_is_expected_and_shown_to_those_who_may_read_it() {
    let site = Site::open();
    let name = site.mentee.name.clone();
    let ramps = |role: Role| part(&site, role, PAGE, "aria-labelledby=\"nx\"", "</section>");
    assert!(ramps(Role::Mentor).contains(&name));
    let stranger = ramps(Role::Stranger);
    assert!(!stranger.contains(&name), "{stranger}");
    assert!(
        stranger.contains("more ramp counts: you cannot read it"),
        "{stranger}"
    );
}

#[test]
fn a_competency_that_one_person_holds_is_named_and_the_person_only_to_those_who_answer_for_it() {
    let site = Site::open();
    site.make_ready();
    let depth = |role: Role| part(&site, role, PAGE, "aria-labelledby=\"ri\"", "</section>");
    let only = format!("Only {}", site.mentee.name);
    let area = site.app.db(|c| area::store::by_id(c, site.area_id));
    let code = format!("{}-", area.code);
    // A judgement that can still be sealed counts nowhere.
    assert!(!depth(Role::MenteeLead).contains(&code));
    site.app.wait_hours(24 * (SEALED_DAYS + 1));
    let lead = depth(Role::MenteeLead);
    assert!(lead.contains(&code), "{lead}");
    assert!(lead.contains(&only), "{lead}");
    for role in [Role::OwnerLead, Role::Stranger] {
        let other = depth(role);
        assert!(other.contains(&code) && !other.contains(&only), "{other}");
    }
}

#[test]
fn each_step_ahead_is_the_cover_that_the_board_shows_of_that_day() {
    let site = Site::open();
    another(&site, 20);
    let client = site.client(Role::Mentee);
    let file = client.get(&format!("{PAGE}.csv")).body;
    let today = site.app.now().day();
    for ahead in [0, 30, 60, 90, 91] {
        let day = today.plus_days(ahead);
        let page = client.get(&format!("/board?at={day}&view=list")).text();
        let line = file.lines().find(|line| line.starts_with(&day.to_string()));
        let Some(line) = line else {
            assert_eq!(ahead, 91, "{file}");
            continue;
        };
        let mut cells = line.split(',').skip(1);
        let share = format!("{} of {}", cells.next().unwrap(), cells.next().unwrap());
        assert!(page.contains(&share), "{day}: {share} in {page}");
    }
}

#[test]
fn the_file_of_a_forecast_leaves_out_whom_the_page_leaves_out() {
    let site = Site::open();
    another(&site, 20);
    let client = site.client(Role::Mentee);
    let query = format!("without={}", site.mentor.id);
    let page = client.get(&format!("{PAGE}?{query}"));
    assert!(page.body.contains(&format!("{PAGE}.csv?{query}")));
    let file = client.get(&format!("{PAGE}.csv?{query}")).body;
    let today = site.app.now().day();
    let first = format!("{today},3,2,{},2,,,", site.mentor.name);
    assert!(file.contains(&first), "{file}");
    let lapses = format!(",{},cleared until,2026-12-13", site.stranger.name);
    assert!(file.contains(&lapses), "{file}");
}

#[test]
fn who_asked_to_ramp_is_suggested_first_with_a_mentor_and_why() {
    let site = Site::open();
    site.client(Role::Stranger)
        .send(
            "/areas/payments/queue",
            &[("why", "I carry its pager soon")],
        )
        .assert_status(303);
    let card = |role: Role| part(&site, role, PAGE, "aria-labelledby=\"np\"", "<form");
    let lead = card(Role::OwnerLead);
    let first = format!("{} Asked to ramp on 23 Nov", site.stranger.name);
    assert!(lead.contains(&first), "{lead}");
    for reason in ["with ", "Cleared ", "working hours in common", "Has room"] {
        assert!(lead.contains(reason), "{reason}: {lead}");
    }
    let start = format!("mentee={}&amp;primary=", site.stranger.id);
    let page = site.client(Role::OwnerLead).get(PAGE).body;
    assert!(page.contains(&start), "{page}");
}

#[test]
fn where_nobody_is_cleared_people_of_the_owner_team_are_listed() {
    let site = Site::open();
    site.app.wait_hours(24 * 120);
    site.client(Role::Administrator)
        .get(&crate::support::path::new_ramp(site.area_id))
        .assert_text("Nobody is cleared here yet. These are people of the owner team");
}

#[test]
fn the_pace_of_an_area_is_told_where_it_tells_nobody_s_own() {
    let site = Site::open();
    let next = |role: Role| part(&site, role, PAGE, "aria-labelledby=\"nx\"", "</section>");
    assert!(next(Role::Mentor).contains("Method: all ramps under way together"));
    let stranger = next(Role::Stranger);
    assert!(stranger.contains("three or more are hidden"), "{stranger}");
    assert!(!stranger.contains("Expected between"), "{stranger}");
}

#[test]
fn a_shift_is_booked_when_it_comes_before_the_target_and_moves_a_gate() {
    let site = Site::open();
    shift::asking_for_shifts(&site);
    let target = site
        .dossier()
        .ramp
        .target_on
        .days_since(site.app.now().day());
    let booked = || {
        let card = part(
            &site,
            Role::Mentor,
            PAGE,
            "aria-labelledby=\"nx\"",
            "</section>",
        );
        card.contains("1 shift")
    };
    let late = (target + 2) * 24;
    shift::planned(&site, ShiftKind::Shadow, (late, late + 8));
    assert!(!booked());
    shift::planned(&site, ShiftKind::Shadow, (48, 56));
    assert!(booked());
}
