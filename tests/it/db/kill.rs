//! The process is killed in the middle of a stream of writes: what was answered is there, nothing is half there.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use checkride::db::schema::{audit_entries, form_keys, people};
use diesel::prelude::*;

use crate::support::factory::PASSWORD;
use crate::support::process::{Process, add_person, checkride_on, printed};
use crate::support::{Client, Database, path};

const CLIENTS: usize = 4;
/// Answered before the process is killed.
const ENOUGH: usize = 100;

fn audit_verifies(database: &Database) -> String {
    printed(&mut checkride_on(database, &["audit", "verify"]))
}

/// Sends one change after the other until the server is gone, and gives back the request ids of those it answered.
fn write_until_gone(client: &Client, answered: &AtomicUsize, over: &AtomicBool) -> Vec<String> {
    let zones = [
        "Europe/Lisbon",
        "Asia/Tokyo",
        "America/Toronto",
        "Africa/Lagos",
    ];
    let mut ids = Vec::new();
    for zone in zones.iter().cycle() {
        match client.try_send(path::TIME_ZONE, &[("time_zone", zone)]) {
            Ok(answer) => {
                answer.assert_status(303);
                ids.push(answer.header("x-request-id").to_owned());
                answered.fetch_add(1, Ordering::Relaxed);
            }
            Err(e) => {
                assert!(
                    over.load(Ordering::Relaxed),
                    "the server failed before it was killed: {e}"
                );
                return ids;
            }
        }
    }
    ids
}

#[test]
fn what_was_answered_survives_a_kill() {
    let database = Database::empty();
    let emails: Vec<String> = (0..CLIENTS)
        .map(|n| format!("writer{n}@example.com"))
        .collect();
    for email in &emails {
        add_person(&database, "Amara Nwosu", email);
    }
    let mut server = Process::serve(&database);
    let clients: Vec<Client> = emails
        .iter()
        .map(|email| {
            let client = server.client();
            client.sign_in(email, PASSWORD).assert_status(303);
            client
        })
        .collect();

    let (answered, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let ids: Vec<String> = thread::scope(|scope| {
        let writers: Vec<_> = clients
            .iter()
            .map(|client| scope.spawn(|| write_until_gone(client, &answered, &over)))
            .collect();
        let began = Instant::now();
        while answered.load(Ordering::Relaxed) < ENOUGH && began.elapsed() < Duration::from_secs(60)
        {
            thread::sleep(Duration::from_millis(5));
        }
        over.store(true, Ordering::Relaxed);
        server.kill();
        writers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    assert!(
        ids.len() >= ENOUGH,
        "only {} changes in a minute",
        ids.len()
    );

    let mut c = database.connect();
    let written: Vec<(Option<i64>, String, String)> = audit_entries::table
        .filter(audit_entries::action.eq("person.time_zone_changed"))
        .order(audit_entries::seq)
        .select((
            audit_entries::person_id,
            audit_entries::request_id,
            audit_entries::details,
        ))
        .load(&mut c)
        .unwrap();
    let known: HashSet<&str> = written.iter().map(|w| w.1.as_str()).collect();
    let lost: Vec<_> = ids
        .iter()
        .filter(|id| !known.contains(id.as_str()))
        .collect();
    assert!(lost.is_empty(), "answered, but not there: {lost:?}");
    // At most the change in flight of each client is there without having been answered.
    assert!(
        written.len() <= ids.len() + CLIENTS,
        "{} written, {} answered",
        written.len(),
        ids.len()
    );

    // Every change is whole: its audit entry, its form key with the answer, and what it changed.
    let answers: Vec<String> = form_keys::table
        .select(form_keys::location)
        .load(&mut c)
        .unwrap();
    assert_eq!(answers.len(), written.len());
    assert!(
        answers.iter().all(|location| location == "/account"),
        "a form key without its answer"
    );
    let zones: Vec<(i64, String)> = people::table
        .select((people::id, people::time_zone))
        .load(&mut c)
        .unwrap();
    assert_eq!(zones.len(), CLIENTS);
    for (id, zone) in zones {
        let last = written.iter().rev().find(|w| w.0 == Some(id)).unwrap();
        assert!(
            last.2.contains(&format!("\"to\":\"{zone}\"")),
            "{zone} is not what {} says",
            last.2
        );
    }
    drop(c);

    let before = audit_verifies(&database);
    let server = Process::serve(&database);
    server
        .client()
        .sign_in(&emails[0], PASSWORD)
        .assert_status(303);
    // What the one that was killed did not seal, the next one does, and goes on.
    let mut c = database.connect();
    let began = Instant::now();
    loop {
        let after = audit_verifies(&database);
        let count: i64 = audit_entries::table.count().get_result(&mut c).unwrap();
        let whole = format!("The audit chain is whole: {count} entries, ");
        if after.starts_with(&whole) {
            assert_ne!(after, before);
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{after}");
        thread::sleep(Duration::from_millis(50));
    }
}
