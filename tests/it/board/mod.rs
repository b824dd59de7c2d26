//! The board and the register under it: every scope says the same, the share is the engine's, cover counts everybody;
//! a large organisation is paged by team, people are found by name, a spreadsheet gets the same.

mod counted;
mod screen;

use std::collections::{HashMap, HashSet};

use checkride::clock::Clock;
use checkride::db::schema::{people, teams};
use checkride::db::types::UtcTime;
use checkride::db::{Conn, Purpose, transaction};
use checkride::demo;
use checkride::domain::area::store as areas;
use checkride::domain::clearance;
use checkride::domain::clearance::standing;
use checkride::domain::people as persons;
use checkride::domain::people::model::Person;
use checkride::domain::people::{Actor, Email, Name, NewPerson, ZoneName};
use checkride::usecases::dossier::Dossier;
use checkride::usecases::register::{BoardCell, Register, Scope, cover};
use diesel::prelude::*;

use crate::support::{Database, Role, Site, path, progress};

fn filled() -> (Database, UtcTime) {
    let database = Database::empty();
    let now = Clock::system().now();
    demo::fill(&database.target, now).unwrap();
    (database, now)
}

fn in_transaction<T>(database: &Database, f: impl FnOnce(&mut Conn) -> T) -> T {
    transaction(&mut database.connect(), Purpose::Write, |c| Ok(f(c))).unwrap()
}

/// Every cell that a register knows, of people who have not left.
fn cells(c: &mut Conn, register: &Register) -> HashMap<(i64, i64), BoardCell> {
    let open: Vec<_> = register
        .ramps()
        .iter()
        .filter(|r| r.closed_at.is_none())
        .cloned()
        .collect();
    let readiness = progress(c, &open, register.today()).readiness;
    let mut cells = HashMap::new();
    for person in register.active() {
        for area in register.areas() {
            let cell = register.cell(person.id, area.id, &readiness);
            cells.insert((person.id, area.id), cell);
        }
    }
    cells
}

#[test]
fn every_scope_says_the_same_of_a_cell() {
    let (database, now) = filled();
    let (asker, today) = (Actor::operator(), now.day());
    in_transaction(&database, |c| {
        let everybody = Register::load(c, &Scope::Everyone, &asker, today).unwrap();
        let all = cells(c, &everybody);
        for team in everybody.teams() {
            let scope = Scope::Team {
                id: team.id,
                is_large: false,
            };
            let register = Register::load(c, &scope, &asker, today).unwrap();
            let members: HashSet<i64> = everybody
                .active()
                .iter()
                .map(|p| p.id)
                .filter(|id| everybody.teams_of(*id).contains(&team.id))
                .collect();
            let said = cells(c, &register);
            let of_team: Vec<_> = said
                .iter()
                .filter(|((person, _), _)| members.contains(person))
                .collect();
            assert_eq!(
                of_team.len(),
                members.len() * everybody.areas().len(),
                "{}",
                team.name
            );
            for (key, cell) in of_team {
                assert_eq!(cell, &all[key], "{}", team.name);
            }
            // Where there are many areas, those that say nothing of the team are left out, and no other.
            let scope = Scope::Team {
                id: team.id,
                is_large: true,
            };
            let few = Register::load(c, &scope, &asker, today).unwrap();
            for area in everybody.areas() {
                let is_of_team = area.owner_team_id == team.id
                    || members.iter().any(|id| {
                        all[&(*id, area.id)].clearance.is_some()
                            || all[&(*id, area.id)].ramp.is_some()
                    });
                assert_eq!(
                    few.area(area.id).is_some(),
                    is_of_team,
                    "{} of {}",
                    area.name,
                    team.name
                );
            }
        }
        for area in everybody.areas() {
            let scope = Scope::Area {
                slug: &area.slug,
                people: None,
            };
            let register = Register::load(c, &scope, &asker, today).unwrap();
            let said = cells(c, &register);
            for (key, cell) in all.iter().filter(|((_, id), _)| *id == area.id) {
                let is_blank = cell.clearance.is_none() && cell.ramp.is_none();
                assert_eq!(
                    said.get(key),
                    Some(cell).filter(|_| !is_blank || said.contains_key(key)),
                    "{}",
                    area.name
                );
            }
            let signers = |register: &Register| register.qualifiers(area.id);
            let designated: HashSet<i64> = areas::qualifiers_of(c, area.id)
                .unwrap()
                .iter()
                .map(|q| q.person_id)
                .collect();
            assert_eq!(
                signers(&register).into_iter().collect::<HashSet<_>>(),
                designated
            );
        }
        for person in everybody.active() {
            let register =
                Register::load(c, &Scope::Person(&person.handle), &asker, today).unwrap();
            let said = cells(c, &register);
            for (key, cell) in all.iter().filter(|((id, _), s)| {
                *id == person.id && (s.clearance.is_some() || s.ramp.is_some())
            }) {
                assert_eq!(said.get(key), Some(cell), "{}", person.name);
            }
        }
    });
}

#[test]
fn cover_counts_everybody_cleared_who_has_not_left() {
    let (database, now) = filled();
    let today = now.day();
    in_transaction(&database, |c| {
        let count = |c: &mut Conn| -> Vec<(String, i64, i64)> {
            let everybody: Vec<Person> = persons::store::everybody(c).unwrap();
            let is_active = |id: i64| {
                everybody
                    .iter()
                    .any(|p| p.id == id && p.deactivated_at.is_none())
            };
            let latest = clearance::store::latest(c).unwrap();
            let open = checkride::domain::ramp::store::open(c).unwrap();
            let register = Register::load(c, &Scope::Everyone, &Actor::operator(), today).unwrap();
            let ramping = |area: i64| {
                open.iter()
                    .filter(|r| {
                        r.area_id == area
                            && is_active(r.mentee_id)
                            && register.ramp_status(r)
                                == checkride::domain::readiness::BoardStatus::Ramping
                    })
                    .count()
            };
            areas::all(c)
                .unwrap()
                .iter()
                .map(|a| {
                    let cleared = latest
                        .iter()
                        .filter(|k| {
                            k.area_id == a.id
                                && is_active(k.person_id)
                                && standing(Some(k), today).is_cover()
                        })
                        .count();
                    (a.slug.clone(), cleared as i64, ramping(a.id) as i64)
                })
                .collect()
        };
        let counted = |c: &mut Conn| -> Vec<(String, i64, i64)> {
            let covers = cover::covers(c, today).unwrap();
            covers
                .into_iter()
                .map(|(a, n)| (a.slug, n.cleared, n.ramping))
                .collect()
        };
        assert_eq!(counted(c), count(c));
        // Somebody cleared leaves; somebody else is cleared again, for longer: one person still, not two.
        let latest = clearance::store::latest(c).unwrap();
        let held: Vec<_> = latest
            .iter()
            .filter(|k| standing(Some(k), today).is_cover())
            .collect();
        persons::store::deactivate(c, held[0].person_id, now).unwrap();
        let other = held
            .iter()
            .find(|k| k.person_id != held[0].person_id)
            .unwrap();
        let key = (other.person_id, other.area_id);
        clearance::store::insert(
            c,
            &clearance::model::NewClearance::full(key, now, today.plus_days(300)),
        )
        .unwrap();
        let before = counted(c);
        assert_eq!(before, count(c));
        clearance::store::insert(
            c,
            &clearance::model::NewClearance::full(key, now, today.plus_days(400)),
        )
        .unwrap();
        assert_eq!(counted(c), before);
    });
}

#[test]
fn the_share_on_the_board_is_that_of_the_ramp() {
    let (database, now) = filled();
    in_transaction(&database, |c| {
        let open = checkride::domain::ramp::store::open(c).unwrap();
        let progress = progress(c, &open, now.day());
        assert!(open.len() > 3);
        for ramp in &open {
            checkride::db::locks::begin();
            let dossier = Dossier::lock(c, ramp.id, now.day()).unwrap();
            let (of_board, of_ramp) = (&progress.readiness[&ramp.id], &dossier.readiness);
            assert_eq!(of_board.gates, of_ramp.gates);
            assert_eq!(of_board.items, of_ramp.items);
            assert_eq!(of_board.obstacles, of_ramp.obstacles);
            assert_eq!(of_board.percent(), of_ramp.percent());
        }
    });
}

fn join(site: &Site, names: impl Iterator<Item = String>, team: Option<&str>) {
    let now = site.app.now();
    site.app.db(|c| {
        let team = team
            .map(|name| persons::store::team_named(c, &Name::parse(name).unwrap(), now))
            .transpose()?;
        for (n, name) in names.enumerate() {
            let new = NewPerson {
                email: Email::parse(&format!("p{n}.{}@example.org", name.len())).unwrap(),
                name: Name::parse(&name).unwrap(),
                time_zone: ZoneName::parse("UTC").unwrap(),
            };
            let id = persons::store::insert_person(c, &new, false, now)?;
            if let Some((team_id, _)) = team {
                persons::store::put_membership(c, (team_id, id), false, now)?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_large_organisation_is_paged_by_team() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let small = client.board().assert_status(200).text();
    assert!(small.contains("All teams, 7 people"), "{small}");
    join(
        &site,
        (0..300).map(|n| format!("Somebody Nr {n:03}")),
        Some("Warehouse"),
    );
    let own = client.board().assert_status(200).text();
    assert!(own.contains("Storefront, 3 people"), "{own}");
    assert!(
        own.contains(&site.mentee.name) && !own.contains("Somebody Nr"),
        "{own}"
    );
    assert!(
        own.contains("Previous team Payments") && own.contains("Next team Warehouse"),
        "{own}"
    );
    let other = client
        .get("/board?team=warehouse")
        .assert_status(200)
        .text();
    assert!(other.contains("Warehouse, 300 people"), "{other}");
    // In no team: the first one.
    let admin = site
        .client(Role::Administrator)
        .board()
        .assert_status(200)
        .text();
    assert!(admin.contains("Payments, 3 people"), "{admin}");
    let listed = client.get("/board/teams").assert_status(200).text();
    assert!(listed.contains("Storefront yours 3 0 0 0 1 0"), "{listed}");
    assert!(listed.contains("Payments 3 2 0 0 0 0"), "{listed}");
    assert!(listed.contains("Warehouse 300 0 0 0 0 0"), "{listed}");
}

#[test]
fn the_file_for_a_spreadsheet_has_the_filters_of_the_board_and_runs_nothing() {
    let site = Site::open();
    let now = site.app.now();
    site.app.db(|c| {
        persons::store::set_name(
            c,
            site.mentee.id,
            &checkride::domain::people::Name::parse("=cmd|' /C calc'!A0").unwrap(),
            now,
        )?;
        diesel::update(teams::table.filter(teams::name.eq("Storefront")))
            .set((
                teams::name.eq("+Storefront"),
                teams::name_key.eq("+storefront"),
            ))
            .execute(c)?;
        Ok(())
    });
    let client = site.client(Role::Stranger);
    let answer = client.get("/board.csv?team=storefront&show=ramping");
    answer.assert_status(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let name = format!("attachment; filename=\"board-{}.csv\"", now.day());
    assert_eq!(answer.header("content-disposition"), name);
    let lines: Vec<String> = answer.body.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(
        lines,
        ["'=cmd|' /C calc'!A0,leila-haddad,'+Storefront,Payments,Ramping,,0,no,,,"]
    );
    assert_eq!(client.get(path::BOARD_CSV).body.lines().count(), 1 + 7);
}

#[test]
fn people_are_listed_a_page_at_a_time_and_found_by_any_part_of_their_name() {
    let site = Site::open();
    join(
        &site,
        (0..120).map(|n| format!("Örjan {n:03}")),
        Some("Warehouse"),
    );
    site.app.db(|c| {
        let first = people::table.filter(people::name.eq("Örjan 000"));
        diesel::update(first)
            .set(people::sort_key.eq("orjan 000"))
            .execute(c)?;
        Ok(())
    });
    let client = site.client(Role::Stranger);
    let (mut path, mut seen, mut pages) = ("/people".to_owned(), Vec::new(), 0);
    loop {
        let body = client.get(&path).assert_status(200).body.clone();
        seen.extend(
            body.split("href=\"/people/")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .filter(|h| !h.contains('?'))
                .map(str::to_owned),
        );
        pages += 1;
        let next = body
            .split(" rel=\"next\"")
            .next()
            .filter(|before| before.len() < body.len());
        let Some(before) = next else { break };
        path = before
            .rsplit("href=\"")
            .next()
            .unwrap()
            .trim_end_matches('"')
            .replace("&amp;", "&")
            .replace("&#38;", "&");
    }
    let me = &site.stranger.handle;
    // The menu leads to one's own page from each.
    assert_eq!(seen.iter().filter(|h| *h == me).count(), pages + 1);
    seen.retain(|h| h != me);
    let distinct: HashSet<&String> = seen.iter().collect();
    assert_eq!((pages, seen.len(), distinct.len()), (3, 126, 126));

    let found = |query: &str| {
        client
            .get(&format!("/people?{query}"))
            .assert_status(200)
            .text()
    };
    assert!(found("q=%C3%96RJAN+07").contains("Örjan 079"));
    assert!(
        found("q=%25").contains("Nobody matches."),
        "a percent sign is no wildcard"
    );
    assert!(found("q=kenji&team=payments").contains("Nobody matches."));
    assert!(found("q=kenji&team=storefront").contains("Kenji Mori"));
}
