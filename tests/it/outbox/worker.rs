//! The hands that send, several at once.

use std::collections::BTreeMap;
use std::sync::Mutex;

use checkride::clock::Clock;
use checkride::db::Db;
use checkride::domain::outbox::{Channel, Outcome, State};
use checkride::jobs::{BATCH, Worker};

use super::{all, post};
use crate::support::{TestApp, at_once};

#[test]
fn a_pass_sends_what_is_due_and_no_more_than_its_share() {
    let app = TestApp::start();
    let (now, clock) = (app.now(), Clock::manual(app.now()));
    for n in 0..BATCH + 3 {
        app.db(|c| post(c, &format!("n{n}"), now));
    }
    let later = now.plus_hours(1);
    app.db(|c| post(c, "later", later));
    let worker = Worker::new(Db::open(&app.database().target).unwrap()).unwrap();
    let mut sent = Vec::new();
    let mut pass = |channel| {
        let send = |m: &_| {
            let m: &checkride::domain::outbox::model::Message = m;
            sent.push(m.key.clone());
            Outcome::Sent("250".into())
        };
        worker.pass(channel, &clock, send).unwrap()
    };
    assert_eq!(pass(Channel::Hook), 0);
    assert_eq!(pass(Channel::Mail), BATCH);
    assert_eq!(pass(Channel::Mail), 3);
    assert_eq!(pass(Channel::Mail), 0);
    clock.set(later);
    assert_eq!(pass(Channel::Mail), 1);
    let oldest_first: Vec<String> = (0..BATCH + 3).map(|n| format!("n{n}")).collect();
    assert_eq!(sent[..BATCH + 3], oldest_first);
    assert!(all(&app).iter().all(|m| m.state == State::Sent));
}

/// Each has connections of its own, as another process would.
#[test]
fn many_workers_send_every_message_exactly_once() {
    const WORKERS: usize = 4;
    const MESSAGES: usize = 60;
    let app = TestApp::start();
    let (now, clock) = (app.now(), Clock::manual(app.now()));
    app.db(|c| {
        for n in 0..MESSAGES {
            post(c, &format!("n{n}"), now)?;
        }
        Ok(())
    });
    let sent = Mutex::new(BTreeMap::<String, usize>::new());
    at_once(WORKERS, |_| {
        let worker = Worker::new(Db::open(&app.database().target).unwrap()).unwrap();
        let done = || all(&app).iter().all(|m| m.state == State::Sent);
        while !done() {
            // On SQLite another one may be writing: what was not taken is taken later.
            let _ = worker.pass(Channel::Mail, &clock, |m| {
                *sent.lock().unwrap().entry(m.key.clone()).or_default() += 1;
                Outcome::Sent("250".into())
            });
        }
    });
    let sent = sent.into_inner().unwrap();
    assert_eq!(sent.len(), MESSAGES);
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    assert!(all(&app).iter().all(|m| m.attempts == 1));
}
