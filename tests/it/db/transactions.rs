//! One use case on one database: all of it, or nothing.

use checkride::db::Db;
use checkride::db::conn::one_snapshot;
use checkride::domain::people::Name;
use checkride::domain::people::store::{is_empty, team_named};
use checkride::error::Error;

use crate::support::{Database, On, at, block_on};

#[test]
fn a_use_case_that_fails_leaves_nothing() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let failed = block_on(db.write(|c| {
        team_named(c, &Name::parse("Half").unwrap(), at("2026-11-23T09:00:00Z"))?;
        Err::<(), _>(Error::Conflict("no".into()))
    }));
    assert!(failed.is_err());
    let teams = block_on(db.read(checkride::domain::people::store::teams)).unwrap();
    assert!(teams.is_empty());
}

#[test]
fn a_read_cannot_write() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let name = Name::parse("Sneaked in").unwrap();
    let refused = block_on(db.read(move |c| team_named(c, &name, at("2026-11-23T09:00:00Z"))));
    let words = refused.unwrap_err().to_string();
    let expected = match On::this_run() {
        On::Sqlite => "attempt to write a readonly database",
        On::Postgres => "cannot execute INSERT in a read-only transaction",
    };
    assert!(words.contains(expected), "{words}");
}

#[test]
fn a_job_that_panics_takes_nobody_with_it() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    for _ in 0..10 {
        let failed = block_on(db.write(|c| {
            team_named(c, &Name::parse("Half").unwrap(), at("2026-11-23T09:00:00Z"))?;
            assert!(!is_empty(c)?, "on purpose");
            Ok(())
        }));
        assert!(failed.is_err());
    }
    let (_, is_new) = block_on(
        db.write(|c| team_named(c, &Name::parse("Half").unwrap(), at("2026-11-23T09:00:00Z"))),
    )
    .unwrap();
    assert!(is_new);
}

#[test]
fn what_one_snapshot_reads_does_not_change_while_others_write() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let other = Db::open(&database.target).unwrap();
    let teams = checkride::domain::people::store::teams;
    let add =
        move |name: &'static str| {
            block_on(other.write(move |c| {
                team_named(c, &Name::parse(name).unwrap(), at("2026-11-23T09:00:00Z"))
            }))
        };
    add("Before").unwrap();
    let counts = block_on(db.write(move |c| {
        one_snapshot(c)?;
        let before = teams(c)?.len();
        // On SQLite nobody else writes meanwhile.
        if On::this_run() == On::Postgres {
            add("Meanwhile")?;
        }
        Ok((before, teams(c)?.len()))
    }));
    assert_eq!(counts.unwrap(), (1, 1));
}
