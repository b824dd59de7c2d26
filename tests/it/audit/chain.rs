//! The audit chain finds whatever was done to it behind the app's back.

use std::thread;

use checkride::db::Conn;
use checkride::db::schema::{audit_entries as entries, audit_head};
use checkride::domain::audit::store::Row;
use checkride::domain::audit::{Verdict, erasure, verify};
use checkride::error::Result;
use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::factory::member;
use crate::support::{Database, On, Role, Site, TestApp, at, path, verified};

/// An app with an audit chain of five entries.
fn with_five_entries() -> TestApp {
    let app = TestApp::start();
    for name in ["Ana One", "Ben Two", "Cleo Three", "Dan Four", "Eve Five"] {
        app.wait_seconds(7);
        let now = app.now();
        app.db(|c| member(c, now, name, "UTC", None));
    }
    app
}

/// What `verify` says after `tamper`, which must have found something to tamper with.
fn after(tamper: impl FnOnce(&mut Conn) -> Result<usize>) -> Verdict {
    let app = with_five_entries();
    assert!(matches!(
        app.db(verified),
        Verdict::Whole { entries: 5, .. }
    ));
    assert_ne!(app.db(tamper), 0);
    app.db(verify)
}

fn assert_broken_at(expected: i64, verdict: Verdict) {
    match verdict {
        Verdict::Broken { position, .. } => assert_eq!(position, expected, "{verdict:?}"),
        Verdict::Whole { .. } => panic!("the chain was taken for whole"),
    }
}

#[test]
fn an_empty_chain_and_an_untouched_one_are_whole() {
    assert_eq!(
        TestApp::start().db(verify),
        Verdict::Whole {
            entries: 0,
            head: String::new(),
            until: None,
            unsealed: 0,
            erasures: Vec::new(),
        }
    );
    let app = with_five_entries();
    app.db(verified);
    let head: String = app.db(|c| Ok(audit_head::table.select(audit_head::hash).first(c)?));
    assert_eq!(
        app.db(verify),
        Verdict::Whole {
            entries: 5,
            head,
            until: Some(app.now()),
            unsealed: 0,
            erasures: Vec::new(),
        }
    );
}

#[test]
fn an_entry_says_who_did_what_when_and_from_where() {
    let site = Site::open();
    site.client(Role::Mentee)
        .send(path::TIME_ZONE, &[("time_zone", "Europe/Lisbon")])
        .assert_status(303);
    assert!(matches!(site.app.db(verified), Verdict::Whole { .. }));
    let row: Row = site
        .app
        .db(|c| Ok(checkride::domain::audit::store::after(c, 0)?.pop().unwrap()));
    assert_eq!(row.actor_id, Some(site.mentee.id));
    assert_eq!(row.actor_name, site.mentee.name);
    assert_eq!(row.action, "person.time_zone_changed");
    assert_eq!(row.object, format!("person:{}", site.mentee.id));
    assert_eq!(row.person_id, Some(site.mentee.id));
    assert_eq!(row.at, site.app.now());
    assert_eq!(row.address, "127.0.0.1");
    assert_eq!(row.request_id.len(), 16);
    assert_eq!(
        row.details,
        r#"{"from":"Africa/Tunis","to":"Europe/Lisbon"}"#
    );
}

#[test]
fn an_edited_entry_is_found_whichever_column_it_is() {
    let seq = entries::seq.eq(3);
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::actor_name.eq("Nobody"))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::action.eq("person.left"))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::object.eq("person:9"))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::details.eq("{}"))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::person_id.eq(Some(1)))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::actor_id.eq(Some(1)))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::address.eq("10.0.0.1"))
                .execute(c)?)
        }),
    );
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::request_id.eq("x"))
                .execute(c)?)
        }),
    );
    let when = crate::support::at("2026-11-23T09:00:22.000001Z");
    assert_broken_at(
        3,
        after(|c| {
            Ok(diesel::update(entries::table.filter(seq))
                .set(entries::at.eq(when))
                .execute(c)?)
        }),
    );
}

#[test]
fn an_edited_entry_with_a_fitting_hash_breaks_the_one_after() {
    assert_broken_at(
        4,
        after(|c| {
            // As somebody would who knows how the chain is made: the entry of another chain, whole in itself.
            let forged: Row = {
                let other = TestApp::start();
                for name in ["Ana One", "Ben Two", "Cleo Forged"] {
                    other.wait_seconds(7);
                    let now = other.now();
                    other.db(|c| member(c, now, name, "UTC", None));
                }
                other.db(verified);
                other.db(|c| {
                    Ok(entries::table
                        .filter(entries::seq.eq(3))
                        .select(Row::as_select())
                        .first(c)?)
                })
            };
            diesel::delete(entries::table.filter(entries::seq.eq(3))).execute(c)?;
            Ok(diesel::insert_into(entries::table)
                .values(&forged)
                .execute(c)?)
        }),
    );
}

#[test]
fn a_deleted_entry_is_found_at_the_start_in_the_middle_and_at_the_end() {
    for seq in [1, 3, 5] {
        let verdict =
            after(|c| Ok(diesel::delete(entries::table.filter(entries::seq.eq(seq))).execute(c)?));
        let expected = if seq == 5 { 5 } else { seq };
        assert_broken_at(expected, verdict);
    }
    assert_broken_at(1, after(|c| Ok(diesel::delete(entries::table).execute(c)?)));
}

#[test]
fn a_deleted_entry_whose_followers_moved_up_is_found() {
    assert_broken_at(
        3,
        after(|c| {
            diesel::delete(entries::table.filter(entries::seq.eq(3))).execute(c)?;
            for seq in [4, 5] {
                diesel::update(entries::table.filter(entries::seq.eq(seq)))
                    .set((
                        entries::seq.eq(seq - 1),
                        entries::position.eq(Some(seq - 1)),
                    ))
                    .execute(c)?;
            }
            Ok(diesel::update(audit_head::table)
                .set(audit_head::position.eq(4))
                .execute(c)?)
        }),
    );
    // Numbers may have gaps, places in the chain may not.
    assert_broken_at(
        3,
        after(|c| {
            diesel::delete(entries::table.filter(entries::seq.eq(3))).execute(c)?;
            for seq in [4, 5] {
                diesel::update(entries::table.filter(entries::seq.eq(seq)))
                    .set(entries::position.eq(Some(seq - 1)))
                    .execute(c)?;
            }
            Ok(diesel::update(audit_head::table)
                .set(audit_head::position.eq(4))
                .execute(c)?)
        }),
    );
}

#[test]
fn two_entries_in_each_others_place_are_found() {
    // The numbers, the places, and both.
    for (numbers, places) in [(true, false), (false, true), (true, true)] {
        assert_broken_at(
            2,
            after(|c| {
                let mut moved = 0;
                for (from, to) in [(2, -1), (3, 2), (-1, 3)] {
                    if numbers {
                        moved += diesel::update(entries::table.filter(entries::seq.eq(from)))
                            .set(entries::seq.eq(to))
                            .execute(c)?;
                    }
                    if places {
                        let there = entries::position.eq(from);
                        moved += diesel::update(entries::table.filter(there))
                            .set(entries::position.eq(Some(to)))
                            .execute(c)?;
                    }
                }
                Ok(moved)
            }),
        );
    }
}

#[test]
fn an_entry_whose_seal_was_taken_off_is_found_also_when_it_is_sealed_again() {
    for seq in [3, 5] {
        let app = with_five_entries();
        app.db(verified);
        let unsealed = diesel::update(entries::table.filter(entries::seq.eq(seq))).set((
            entries::position.eq(None::<i64>),
            entries::previous_hash.eq(""),
            entries::hash.eq(""),
            entries::actor_name.eq("Nobody"),
        ));
        assert_eq!(app.db(|c| Ok(unsealed.execute(c)?)), 1);
        assert_broken_at(seq, app.db(verify));
        assert_broken_at(seq, app.db(verified));
    }
}

#[test]
fn an_entry_that_is_not_sealed_is_counted_and_proves_nothing() {
    let app = with_five_entries();
    app.db(verified);
    let until = app.now();
    app.wait_hours(1);
    let now = app.now();
    app.db(|c| member(c, now, "Finn Six", "UTC", None));
    match app.db(verify) {
        Verdict::Whole {
            entries: 5,
            until: Some(sealed),
            unsealed: 1,
            ..
        } => assert_eq!(sealed, until),
        other => panic!("{other:?}"),
    }
}

/// As somebody computes it who knows how the chain is made.
fn hash_of(row: &Row) -> String {
    let fields = json!([
        row.previous_hash,
        row.seq,
        row.at.iso_micros(),
        row.actor_id,
        row.actor_name,
        row.action,
        row.object,
        row.person_id,
        row.area_id,
        row.details,
        row.address,
        row.request_id,
    ]);
    hex::encode(Sha256::digest(fields.to_string().as_bytes()))
}

#[test]
fn an_erasure_without_a_seal_excuses_nothing() {
    let forged = |position: Option<i64>| {
        after(|c| {
            let third = entries::table.filter(entries::seq.eq(3));
            let mut row: Row = third.select(Row::as_select()).first(c)?;
            row.actor_name = format!("Erased person {}", row.person_id.unwrap());
            diesel::update(third)
                .set(entries::actor_name.eq(&row.actor_name))
                .execute(c)?;
            let says = (3, hash_of(&row));
            row.seq = 6;
            row.action = "person.erased".into();
            row.details = erasure::details(&[says], "Forged").to_string();
            row.position = position;
            Ok(diesel::insert_into(entries::table)
                .values(&row)
                .execute(c)?)
        })
    };
    assert_broken_at(3, forged(None));
    // With a place it is found there.
    assert_broken_at(6, forged(Some(6)));
}

#[test]
fn an_entry_added_by_hand_is_found() {
    assert_broken_at(
        6,
        after(|c| {
            let mut row: Row = entries::table
                .filter(entries::seq.eq(5))
                .select(Row::as_select())
                .first(c)?;
            row.previous_hash = row.hash.clone();
            row.seq = 6;
            row.position = Some(6);
            Ok(diesel::insert_into(entries::table)
                .values(&row)
                .execute(c)?)
        }),
    );
}

#[test]
fn what_is_added_in_one_go_comes_at_its_end_or_not_at_all() {
    use checkride::db::{Purpose, transaction};
    use checkride::domain::audit::{Act, Entry, in_one_go, record};
    let database = Database::migrated();
    let act = Act::operator(at("2026-11-23T09:00:00Z"));
    let write =
        |c: &mut Conn, act: &Act, what: &str| record(c, act, Entry::new("test.wrote", what.into()));
    transaction(&mut database.connect(), Purpose::Write, |c| {
        in_one_go(c, &act, |c, much| {
            write(c, much, "much:1")?;
            // The embedded database has one writer at a time.
            if On::this_run() == On::Postgres {
                let beside = || {
                    transaction(&mut database.connect(), Purpose::Write, |c| {
                        write(c, &act, "other:1")
                    })
                };
                let other = thread::scope(|scope| scope.spawn(beside).join().unwrap());
                other?;
            }
            // Within another one, it is part of that.
            in_one_go(c, much, |c, much| write(c, much, "much:2"))?;
            write(c, much, "much:3")
        })?;
        write(c, &act, "after:1")
    })
    .unwrap();
    let mut c = database.connect();
    let written: Vec<String> = entries::table
        .order(entries::seq)
        .select(entries::object)
        .load(&mut c)
        .unwrap();
    let all = ["other:1", "much:1", "much:2", "much:3", "after:1"];
    let others = usize::from(On::this_run() == On::Sqlite);
    assert_eq!(written, all[others..]);

    // One that fails leaves nothing for the next.
    let failed = transaction(&mut c, Purpose::Write, |c| {
        in_one_go(c, &act, |c, much| {
            write(c, much, "failed:1")?;
            Err::<(), _>(checkride::error::Error::Busy)
        })
    });
    assert!(failed.is_err());
    transaction(&mut c, Purpose::Write, |c| write(c, &act, "next:1")).unwrap();
    let count = i64::try_from(written.len() + 1).unwrap();
    assert!(
        matches!(verified(&mut c).unwrap(), Verdict::Whole { entries, .. } if entries == count)
    );
}
