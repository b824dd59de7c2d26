//! Entries are sealed after they are committed: each once, in one chain, also when several seal and one dies.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use checkride::db::schema::{audit_entries as entries, audit_head, people};
use checkride::db::{Conn, Purpose, conn, transaction};
use checkride::domain::audit::{Act, Entry, Verdict, record, seal, seal_all, verify};
use checkride::domain::people::{Reason, store};
use checkride::error::{Error, Result};
use checkride::usecases::people::actions::deactivate;
use checkride::usecases::people::erase::erase;
use diesel::prelude::*;

use crate::support::factory::{PASSWORD, member};
use crate::support::process::{Process, add_person, checkride_on, printed};
use crate::support::{Database, On, at, at_once, path, verified};

const NOW: &str = "2026-11-23T09:00:00Z";

fn write(c: &mut Conn, what: &str) -> Result<()> {
    let act = Act::operator(at(NOW));
    record(c, &act, Entry::new("test.wrote", what.to_owned()))
}

fn written(database: &Database, what: &str) {
    transaction(&mut database.connect(), Purpose::Write, |c| write(c, what)).unwrap();
}

/// What was done, in the order of the chain; the rest is not sealed.
fn chain(c: &mut Conn) -> Vec<String> {
    entries::table
        .filter(entries::position.is_not_null())
        .order(entries::position)
        .select(entries::object)
        .load(c)
        .unwrap()
}

fn unsealed(c: &mut Conn) -> i64 {
    let waiting = entries::table.filter(entries::position.is_null());
    waiting.count().get_result(c).unwrap()
}

/// Some milliseconds that differ from one time to the next.
fn moment(n: u32) -> Duration {
    Duration::from_micros(u64::from(n.wrapping_mul(2_654_435_761) % 4000))
}

#[test]
fn each_entry_is_sealed_once_while_many_write_and_two_seal() {
    const WRITERS: usize = 6;
    const ENTRIES: u32 = 60;
    let database = Database::migrated();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let sealers = [1, 2].map(|own| {
            let (database, over) = (&database, &over);
            scope.spawn(move || {
                let mut c = database.connect();
                let mut rounds = own;
                while !over.load(Ordering::Relaxed) {
                    match transaction(&mut c, Purpose::Write, seal) {
                        // One that gives way tries again.
                        Ok(_) | Err(Error::Busy) => {}
                        Err(e) => panic!("{e}"),
                    }
                    rounds += 2;
                    thread::sleep(moment(rounds));
                }
            })
        });
        at_once(WRITERS, |n| {
            let mut c = database.connect();
            for number in 0..ENTRIES {
                let what = format!("write:{n}-{number}");
                let ended = transaction(&mut c, Purpose::Write, |c| {
                    write(c, &what)?;
                    match number % 5 {
                        0 => Err(Error::Conflict("changed its mind".into())),
                        // It commits later than those with higher numbers.
                        1 if On::this_run() == On::Postgres => {
                            thread::sleep(moment(number));
                            Ok(())
                        }
                        _ => Ok(()),
                    }
                });
                assert_eq!(ended.is_ok(), number % 5 != 0, "{ended:?}");
            }
        });
        over.store(true, Ordering::Relaxed);
        for sealer in sealers {
            sealer.join().unwrap();
        }
    });
    let mut c = database.connect();
    let sealed_meanwhile = chain(&mut c).len();
    assert_ne!(sealed_meanwhile, 0);
    let expected: BTreeSet<String> = (0..WRITERS)
        .flat_map(|n| (0..ENTRIES).map(move |number| (n, number)))
        .filter(|(_, number)| number % 5 != 0)
        .map(|(n, number)| format!("write:{n}-{number}"))
        .collect();
    match verified(&mut c).unwrap() {
        Verdict::Whole { entries, .. } => {
            assert_eq!(entries, i64::try_from(expected.len()).unwrap());
        }
        broken @ Verdict::Broken { .. } => panic!("{broken:?}"),
    }
    let all = chain(&mut c);
    assert_eq!(all.len(), expected.len(), "none is sealed twice");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), expected);
    let places: Vec<Option<i64>> = entries::table
        .order(entries::position)
        .select(entries::position)
        .load(&mut c)
        .unwrap();
    assert!((1..).map(Some).zip(places).all(|(n, place)| n == place));
}

#[test]
fn nobody_waits_for_the_commit_of_another_and_who_commits_late_is_sealed_late() {
    if On::this_run() == On::Sqlite {
        return; // It has one writer at a time.
    }
    let database = Database::migrated();
    transaction(&mut database.connect(), Purpose::Write, |c| {
        write(c, "first:1")?;
        // On this thread: it would wait for itself.
        written(&database, "second:1");
        transaction(&mut database.connect(), Purpose::Write, seal_all)?;
        assert_eq!(chain(&mut database.connect()), ["second:1"]);
        Ok(())
    })
    .unwrap();
    let mut c = database.connect();
    assert!(matches!(
        verified(&mut c).unwrap(),
        Verdict::Whole { entries: 2, .. }
    ));
    assert_eq!(chain(&mut c), ["second:1", "first:1"]);
    let by_number: Vec<String> = entries::table
        .order(entries::seq)
        .select(entries::object)
        .load(&mut c)
        .unwrap();
    assert_eq!(by_number, ["first:1", "second:1"]);
}

#[test]
fn a_sealer_that_ends_half_way_leaves_nothing_half() {
    let database = Database::migrated();
    for n in 1..=3 {
        written(&database, &format!("write:{n}"));
    }
    let untouched = |database: &Database| {
        let mut c = database.connect();
        let head: (i64, String) = audit_head::table
            .select((audit_head::position, audit_head::hash))
            .first(&mut c)
            .unwrap();
        assert_eq!(head, (0, String::new()));
        assert_eq!((chain(&mut c).len(), unsealed(&mut c)), (0, 3));
    };
    // Its work is undone.
    let undone = transaction(&mut database.connect(), Purpose::Write, |c| {
        seal(c)?;
        assert_eq!(chain(c).len(), 3);
        Err::<(), _>(Error::Busy)
    });
    assert!(undone.is_err());
    untouched(&database);
    // Its connection is gone before the commit.
    let mut gone = database.connect();
    conn::begin(&mut gone, Purpose::Write).unwrap();
    seal(&mut gone).unwrap();
    drop(gone);
    untouched(&database);
    assert!(matches!(
        verified(&mut database.connect()).unwrap(),
        Verdict::Whole { entries: 3, .. }
    ));
}

#[test]
fn one_seals_at_a_time_and_the_other_leaves_it_to_them() {
    if On::this_run() == On::Sqlite {
        return; // It has one writer at a time.
    }
    let database = Database::migrated();
    written(&database, "write:1");
    transaction(&mut database.connect(), Purpose::Write, |c| {
        seal(c)?;
        written(&database, "write:2");
        let other = transaction(&mut database.connect(), Purpose::Write, seal);
        assert!(!other.unwrap(), "it does not try again at once");
        assert_eq!(unsealed(&mut database.connect()), 2);
        Ok(())
    })
    .unwrap();
    let mut c = database.connect();
    assert_eq!((chain(&mut c).len(), unsealed(&mut c)), (1, 1));
    assert!(matches!(
        verified(&mut c).unwrap(),
        Verdict::Whole { entries: 2, .. }
    ));
}

#[test]
fn very_many_entries_are_sealed_part_by_part() {
    let database = Database::migrated();
    let mut c = database.connect();
    transaction(&mut c, Purpose::Write, |c| {
        (0..1201).try_for_each(|n| write(c, &format!("write:{n}")))
    })
    .unwrap();
    let mut parts = Vec::new();
    let mut is_more = true;
    while is_more {
        is_more = transaction(&mut c, Purpose::Write, seal).unwrap();
        parts.push(chain(&mut c).len());
        assert!(matches!(verify(&mut c).unwrap(), Verdict::Whole { .. }));
    }
    assert_eq!(parts, [500, 1000, 1201]);
}

#[test]
fn an_erasure_waits_for_those_who_write_and_finds_what_they_wrote() {
    let database = Database::migrated();
    let (act, reason) = (
        Act::operator(at(NOW)),
        Reason::parse("Asked for it").unwrap(),
    );
    let mut c = database.connect();
    let kenji = transaction(&mut c, Purpose::Write, |c| {
        // The first person is the administrator.
        member(c, at(NOW), "Ana One", "UTC", None)?;
        member(c, at(NOW), "Kenji Sato", "UTC", None)
    })
    .unwrap();
    transaction(&mut c, Purpose::Write, |c| {
        deactivate(c, &act, &kenji.handle, &reason).map(|_| ())
    })
    .unwrap();
    let person = store::by_id(&mut c, kenji.id).unwrap().unwrap();
    let about_kenji = |c: &mut Conn| {
        let entry = Entry::new("test.wrote", "write:1".into())
            .person(kenji.id)
            .details(serde_json::json!({ "name": "Kenji Sato" }));
        record(c, &act, entry)
    };
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut c = database.connect();
            while !over.load(Ordering::Relaxed) {
                transaction(&mut c, Purpose::Write, seal).unwrap();
                thread::sleep(moment(3));
            }
        });
        let erasing = transaction(&mut database.connect(), Purpose::Write, |c| {
            about_kenji(c)?;
            let erasing = scope.spawn(|| {
                transaction(&mut database.connect(), Purpose::Write, |c| {
                    erase(c, &act, &person, &reason)
                })
            });
            thread::sleep(Duration::from_millis(300));
            assert!(!erasing.is_finished());
            Ok(erasing)
        });
        let erased = erasing.unwrap().join().unwrap();
        over.store(true, Ordering::Relaxed);
        assert_ne!(erased.unwrap().entries, 0);
    });
    let said: Vec<String> = entries::table
        .select(entries::details)
        .load(&mut c)
        .unwrap();
    assert!(!said.concat().contains("Kenji"), "{said:?}");
    match verified(&mut c).unwrap() {
        Verdict::Whole { erasures, .. } => assert_eq!(erasures.len(), 1),
        broken @ Verdict::Broken { .. } => panic!("{broken:?}"),
    }
    // What was erased before its seal is held by its seal too.
    let tampered = diesel::update(entries::table.filter(entries::object.eq("write:1")))
        .set(entries::address.eq("192.0.2.1"))
        .execute(&mut c);
    assert_eq!(tampered.unwrap(), 1);
    assert!(matches!(verify(&mut c).unwrap(), Verdict::Broken { .. }));
}

fn audit_verify(database: &Database) -> String {
    printed(&mut checkride_on(database, &["audit", "verify"]))
}

/// Waits until every entry is sealed; how long that took.
fn until_sealed(c: &mut Conn) -> Duration {
    let began = Instant::now();
    while unsealed(c) > 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody seals");
        thread::sleep(Duration::from_millis(10));
    }
    began.elapsed()
}

#[test]
fn the_server_seals_within_a_second_and_all_of_it_when_it_stops() {
    let database = Database::empty();
    add_person(&database, "Amara Nwosu", "amara@example.com");
    // The command sealed what it did.
    assert!(!audit_verify(&database).contains("not sealed yet"));
    let server = Process::serve(&database);
    let client = server.client();
    client
        .sign_in("amara@example.com", PASSWORD)
        .assert_status(303);
    let mut c = database.connect();
    let mut took = Vec::new();
    for zone in ["Asia/Tokyo", "Africa/Lagos", "Europe/Lisbon"] {
        let changed = client.send(path::TIME_ZONE, &[("time_zone", zone)]);
        changed.assert_status(303);
        took.push(until_sealed(&mut c));
    }
    // Other tests may hold the processor for a while, but not each time.
    took.sort_unstable();
    assert!(took[0] < Duration::from_secs(1), "{took:?}");

    client
        .send(path::TIME_ZONE, &[("time_zone", "Asia/Tokyo")])
        .assert_status(303);
    server.ask_to_stop();
    server.stopped();
    assert_eq!(unsealed(&mut c), 0);
    let said = audit_verify(&database);
    let count: i64 = entries::table.count().get_result(&mut c).unwrap();
    let whole = format!("The audit chain is whole: {count} entries, sealed until 20");
    assert!(said.starts_with(&whole), "{said}");
    assert!(
        said.contains(" UTC, head ") && !said.contains("not sealed"),
        "{said}"
    );
}

#[test]
fn without_a_server_entries_wait_and_the_command_says_so() {
    let database = Database::migrated();
    written(&database, "write:1");
    let said = audit_verify(&database);
    assert!(
        said.starts_with("The audit chain is whole: 0 entries, head \n1 entry is not sealed yet: "),
        "{said}"
    );
    written(&database, "write:2");
    assert!(audit_verify(&database).contains("\n2 entries are not sealed yet: "));
    let _server = Process::serve(&database);
    let mut c = database.connect();
    until_sealed(&mut c);
    assert_eq!(chain(&mut c)[..2], ["write:1", "write:2"]);
    let said = audit_verify(&database);
    assert!(!said.contains("not sealed"), "{said}");
}

#[test]
fn a_server_that_is_killed_again_and_again_forks_and_loses_nothing() {
    let database = Database::empty();
    let email = "amara@example.com";
    add_person(&database, "Amara Nwosu", email);
    let mut answered = Vec::new();
    for round in 0..4 {
        let mut server = Process::serve(&database);
        let client = server.client();
        client.sign_in(email, PASSWORD).assert_status(303);
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut ids = Vec::new();
                for zone in ["Asia/Tokyo", "Africa/Lagos"].iter().cycle() {
                    match client.try_send(path::TIME_ZONE, &[("time_zone", zone)]) {
                        Ok(answer) => {
                            answer.assert_status(303);
                            ids.push(answer.header("x-request-id").to_owned());
                        }
                        Err(e) => {
                            assert!(over.load(Ordering::Relaxed), "{e}");
                            return ids;
                        }
                    }
                }
                ids
            });
            // Somewhere between two rounds of the sealer, or within one.
            thread::sleep(Duration::from_millis(300 + 83 * round));
            over.store(true, Ordering::Relaxed);
            server.kill();
            answered.extend(writer.join().unwrap());
        });
        let said = audit_verify(&database);
        assert!(said.starts_with("The audit chain is whole: "), "{said}");
    }
    assert!(answered.len() > 4, "{} answers", answered.len());
    let _server = Process::serve(&database);
    let mut c = database.connect();
    until_sealed(&mut c);
    let sealed: BTreeSet<String> = entries::table
        .filter(entries::position.is_not_null())
        .select(entries::request_id)
        .load::<String>(&mut c)
        .unwrap()
        .into_iter()
        .collect();
    assert!(answered.iter().all(|id| sealed.contains(id)));
    let said = audit_verify(&database);
    let count: i64 = entries::table.count().get_result(&mut c).unwrap();
    assert!(
        said.starts_with(&format!("The audit chain is whole: {count} entries, ")),
        "{said}"
    );
    assert!(!said.contains("not sealed"), "{said}");
    assert_eq!(people::table.count().get_result(&mut c), Ok(1_i64));
}
