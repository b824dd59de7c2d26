//! A past day is shown as it was.

mod pages;
pub mod tables;

use checkride::db::types::UtcTime;
use checkride::db::{Purpose, transaction};
use checkride::demo;
use diesel::RunQueryDsl;
use tables::{assert_same, known, looking_back, rows};

use crate::support::{Database, at};

#[test]
fn what_is_known_now_is_what_the_tables_say() {
    let database = Database::migrated();
    demo::fill(&database.target, at("2026-11-23T09:00:00Z")).unwrap();
    let now = rows(&mut database.connect());
    let empty: Vec<_> = now.iter().filter(|(_, rows)| rows.is_empty()).collect();
    // Nobody has left the demo.
    let said = empty.iter().all(|(table, _)| *table == "departures");
    assert!(said, "the demo says nothing of {empty:?}");
    assert_same(
        &now,
        &known(&mut looking_back(&database), UtcTime::MAX),
        "now",
    );
}

#[test]
fn before_anything_happened_nothing_is_known() {
    let database = Database::migrated();
    demo::fill(&database.target, at("2026-11-23T09:00:00Z")).unwrap();
    let known = known(&mut looking_back(&database), at("2001-01-01T00:00:00Z"));
    let said: Vec<_> = known.iter().filter(|(_, rows)| !rows.is_empty()).collect();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_connection_that_looks_back_writes_nothing() {
    use checkride::db::{Purpose, transaction};
    use checkride::domain::people::Name;
    use checkride::domain::people::store::team_named;
    let database = Database::migrated();
    let now = at("2026-11-23T09:00:00Z");
    let mut c = looking_back(&database);
    let refused = transaction(&mut c, Purpose::Past, |c| {
        team_named(c, &Name::parse("Nobody").unwrap(), now)
    });
    assert!(refused.is_err());
    assert!(rows(&mut database.connect())["teams"].is_empty());
}

#[test]
fn of_two_clocks_the_row_written_last_holds() {
    use checkride::domain::clearance::{ClearanceState, store};
    use checkride::domain::currency::ActivityKind;
    use checkride::domain::currency::store::{NewActivity, record};
    let database = Database::migrated();
    let mut c = database.connect();
    let now = at("2026-11-23T09:00:00Z");
    let made = crate::support::organisation::organisation(&mut c, now).unwrap();
    let person_id = made.people[3].id;
    let held = store::latest_of(&mut c, (person_id, made.area_id))
        .unwrap()
        .unwrap();
    let states = (ClearanceState::Valid, ClearanceState::Suspended);
    store::set_state(&mut c, held.id, states, now.plus_seconds(20)).unwrap();
    // Another process, whose clock is ten seconds behind.
    let practice = NewActivity {
        person_id,
        area_id: made.area_id,
        kind: ActivityKind::Incident,
        day: now.day(),
        note: String::new(),
        link: None,
        shift_id: None,
        drill_id: None,
        by_id: person_id,
        recorded_at: now.plus_seconds(10),
        minutes: None,
    };
    record(&mut c, &practice).unwrap();
    let then = rows(&mut c);
    let later = known(&mut looking_back(&database), now.plus_hours(1));
    assert_same(&then, &later, "an hour later");
}

#[test]
fn a_connection_of_a_past_day_writes_into_no_table() {
    let database = Database::migrated();
    let mut c = looking_back(&database);
    let sql =
        "INSERT INTO teams (name, name_key, created_at) VALUES ('x', 'x', '2026-11-23 09:00:00')";
    for table in ["teams", "main.teams"] {
        let insert = diesel::sql_query(sql.replacen("teams", table, 1));
        let inserted = transaction(&mut c, Purpose::Past, |c| Ok(insert.execute(c)?));
        assert!(inserted.is_err(), "{table}");
    }
}
