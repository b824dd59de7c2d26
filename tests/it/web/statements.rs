//! What pages ask the database: few statements, and as many in a large organisation as in a small one.

use checkride::db::fixed::fixed;
use checkride::db::schema::{assessments, memberships};
use checkride::domain::assessment::Stream;
use checkride::domain::clearance;
use checkride::domain::people;
use checkride::domain::ramp;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::ramp::{PairingRole, RampState};
use checkride::domain::standard::Level;
use checkride::usecases::register::store::HOME_LIMIT;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::support::{Database, Role, Site, TestApp, factory, path};

/// A page asks at most that many, whoever is signed in included.
const MOST: usize = 8;
/// The history of a ramp shows its discussion too.
const MOST_WITH_A_DISCUSSION: usize = MOST + 1;
/// Home shows the goals of the teams too.
const MOST_OF_HOME: usize = MOST + 1;
/// An area shows its roster in pages: who is on it, who is named beside it, and who ends next are asked for apart.
const MOST_OF_AN_AREA: usize = MOST + 5;
/// A page of a past day asks for the rights of today too, and says four times at which moment it looks.
const MOST_OF_THE_PAST: usize = MOST + 6;
/// The forecast of an area also asks for what is booked, and for a lead who asked to ramp and how much each mentor carries.
const MOST_OF_A_FORECAST: usize = MOST + 12;
fn pages(site: &Site) -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "/board",
        "/board?team=storefront",
        "/board?area=payments&show=ramping&sort=expiry",
        path::BOARD_CSV,
        "/board/teams",
        "/areas",
        "/areas/payments",
        "/areas/payments/forecast",
        "/people",
        "/people?q=a&team=storefront",
    ]
    .map(str::to_owned)
    .into();
    let ramp = site.ramp_id;
    all.extend([
        path::ramp(ramp),
        path::competencies(ramp),
        path::checklist(ramp),
        path::sessions(ramp),
        path::history(ramp),
    ]);
    for person in [&site.mentee, &site.mentor, &site.stranger] {
        all.push(path::person(&person.handle));
    }
    all
}

/// Thirty more people who ramp, each with judgements, as many who are cleared, and as many sessions.
fn grow(site: &Site) {
    let (now, team_id) = (site.app.now(), team_of(site));
    for n in 0..30 {
        site.hold_session(30);
        site.app.db(|c| {
            let mentee = factory::member(
                c,
                now,
                &format!("Mentee Nr {n}"),
                "UTC",
                Some((team_id, false)),
            )?;
            let cleared = factory::member(
                c,
                now,
                &format!("Cleared Nr {n}"),
                "UTC",
                Some((team_id, false)),
            )?;
            for years in [1, 0] {
                let (from, to) = (
                    now.plus_hours(-24 * 365 * years),
                    now.day().plus_days(20 - 365 * years),
                );
                clearance::store::insert(
                    c,
                    &clearance::model::NewClearance::full((cleared.id, site.area_id), from, to),
                )?;
            }
            let ramp_id = ramp::store::insert(
                c,
                &NewRamp {
                    mentee_id: mentee.id,
                    area_id: site.area_id,
                    standard_id: site.standard_id,
                    state: RampState::Active,
                    starts_on: now.day(),
                    target_on: now.day().plus_days(84),
                    started_by: site.owner_lead.id,
                    created_at: now,
                },
            )?;
            crate::support::factory::pair(
                c,
                ramp_id,
                site.mentor.id,
                PairingRole::Primary,
                14,
                now,
            )?;
            for level in 1..4 {
                diesel::insert_into(assessments::table)
                    .values((
                        assessments::ramp_id.eq(ramp_id),
                        assessments::competency_code.eq("PAY-A1"),
                        assessments::stream.eq(Stream::Mentor),
                        assessments::level.eq(Level::new(level)),
                        assessments::by_id.eq(site.mentor.id),
                        assessments::at.eq(now),
                        assessments::evidence.eq("Seen in a drill"),
                    ))
                    .execute(c)?;
            }
            Ok(())
        });
    }
}

#[test]
fn whoever_left_takes_no_place_on_the_home_of_their_lead() {
    let site = Site::open();
    let (now, team_id) = (site.app.now(), team_of(&site));
    let at_most = i64::from(HOME_LIMIT);
    for n in 0..at_most + 5 {
        site.app.db(|c| {
            let team = Some((team_id, false));
            let gone = factory::member(c, now, &format!("Gone Nr {n}"), "UTC", team)?;
            let new = NewRamp {
                mentee_id: gone.id,
                area_id: site.area_id,
                standard_id: site.standard_id,
                state: RampState::Active,
                starts_on: now.day().plus_days(-90),
                target_on: now.day().plus_days(-30),
                started_by: site.owner_lead.id,
                created_at: now,
            };
            ramp::store::insert(c, &new)?;
            clearance::store::insert(
                c,
                &clearance::model::NewClearance::full((gone.id, site.area_id), now, now.day()),
            )?;
            people::store::deactivate(c, gone.id, now).map(|_| ())
        });
    }
    let home = site.client(Role::OwnerLead).get("/");
    home.assert_status(200).assert_text(&site.mentee.name);
    assert!(!home.text().contains("Gone Nr"), "{}", home.text());
}

#[test]
fn two_statements_of_one_shape_with_other_words_are_two() {
    let database = Database::migrated();
    let mut c = database.connect();
    for n in [1, 2, 1] {
        let expression = fixed::<BigInt>(format!("CAST({n} AS BIGINT)"));
        let found: i64 = diesel::select(expression).get_result(&mut c).unwrap();
        assert_eq!(found, n);
    }
}

fn team_of(site: &Site) -> i64 {
    site.app.db(|c| {
        Ok(memberships::table
            .filter(memberships::person_id.eq(site.mentee.id))
            .select(memberships::team_id)
            .first(c)?)
    })
}

#[test]
fn a_page_asks_a_few_statements_however_many_rows_there_are() {
    let (app, statements) = TestApp::counted();
    let site = Site::open_on(app);
    site.ask_for_signoff();
    let roles = [
        Role::Mentee,
        Role::Mentor,
        Role::OwnerLead,
        Role::Administrator,
    ];
    let clients = roles.map(|role| (role, site.client(role)));
    let count = || {
        let mut counts = Vec::new();
        for (role, client) in &clients {
            for page in pages(&site) {
                statements.take();
                client.get(&page).assert_status(200);
                let asked = statements.take();
                let most = match page.as_str() {
                    "/" => MOST_OF_HOME,
                    page if page.ends_with("/history") => MOST_WITH_A_DISCUSSION,
                    page if page.ends_with("/forecast") => MOST_OF_A_FORECAST,
                    "/areas/payments" => MOST_OF_AN_AREA,
                    _ => MOST,
                };
                assert!(
                    (1..=most).contains(&asked.len()),
                    "{page} as {role:?} asks {}:\n{}",
                    asked.len(),
                    asked.join("\n")
                );
                counts.push((format!("{page} as {role:?}"), asked.len()));
            }
        }
        counts
    };
    let small = count();
    grow(&site);
    assert_eq!(small, count());
}

#[test]
fn a_page_of_a_past_day_asks_a_few_statements_more() {
    let (app, statements) = TestApp::counted();
    let site = Site::open_on(app);
    site.ask_for_signoff();
    grow(&site);
    let day = site.app.now().day();
    site.app.wait_hours(30);
    for role in [Role::Mentee, Role::OwnerLead] {
        let client = site.client(role);
        for page in [
            "/board".to_owned(),
            "/areas/payments".into(),
            path::person(&site.mentor.handle),
        ] {
            statements.take();
            client.get(&format!("{page}?at={day}")).assert_status(200);
            let asked = statements.take();
            let more = match page.as_str() {
                "/areas/payments" => MOST_OF_AN_AREA - MOST,
                _ => 0,
            };
            assert!(
                (MOST..=MOST_OF_THE_PAST + more).contains(&asked.len()),
                "{page} as {role:?} asks {}:\n{}",
                asked.len(),
                asked.join("\n")
            );
        }
    }
}
