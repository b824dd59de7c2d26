//! The rounds: who is looked at, and what is written for it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use checkride::clock::Clock;
use checkride::db::Db;
use checkride::domain::notification::store;
use checkride::jobs::rounds::Rounds;
use checkride::usecases::notify::rounds;

use crate::support::{Role, Site, block_on};

#[test]
fn where_nothing_is_new_the_rounds_only_read() {
    let site = Site::open();
    site.app.rounds();
    site.app.wait_seconds(700);
    let now = site.app.now();
    let db = Db::open(&site.app.database().target).unwrap();
    let differing = || {
        let due = site.app.db(|c| rounds::due(c, now));
        assert!(!due.is_empty());
        let differs = |round: &store::Round| {
            let round = *round;
            // Nothing can be written there.
            block_on(db.read(move |c| rounds::differs(c, round, now))).unwrap()
        };
        let differing = due.iter().filter(|round| differs(round));
        differing.map(|round| round.person_id).collect::<Vec<_>>()
    };
    assert_eq!(differing(), Vec::<i64>::new());
    // Both may ask for the sign-off now, and were not told yet.
    site.make_ready();
    assert_eq!(differing(), [site.mentee.id, site.mentor.id]);
}

#[test]
fn a_deed_between_the_look_and_its_note_is_looked_at_next() {
    let site = Site::open();
    site.app.rounds();
    site.app.wait_seconds(700);
    let now = site.app.now();
    let due = || site.app.db(|c| rounds::due(c, now));
    let found = due();
    let of = |all: &[store::Round]| all.iter().any(|r| r.person_id == site.mentor.id);
    assert!(of(&found));
    site.app.db(|c| rounds::look_soon(c, site.mentor.id, now));
    site.app.db(|c| store::looked_for_nothing(c, &found, now));
    let left = due();
    assert!(left.len() == 1 && of(&left), "{left:?}");
}

#[test]
fn one_pass_looks_at_everyone_and_none_does_once_the_process_is_told_to_stop() {
    let site = Site::open();
    site.client(Role::Mentee).get("/").assert_status(200);
    let db = || Db::open(&site.app.database().target).unwrap();
    let clock = Clock::manual(site.app.now());
    let stopping = Rounds::new(db()).unwrap();
    let stopping = stopping.until(Arc::new(AtomicBool::new(true)));
    assert_eq!(stopping.pass(&clock).unwrap(), 0);
    let now = site.app.now();
    let people = site.app.db(|c| rounds::due(c, now)).len();
    let others = Rounds::new(db()).unwrap();
    assert_eq!(others.pass(&clock).unwrap(), people);
    assert_eq!(site.app.db(|c| rounds::due(c, now)), []);
}
