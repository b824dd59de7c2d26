//! Messages that leave: none is lost, none is taken by two, and what is given up is seen.

mod pages;
mod worker;

use checkride::db::Conn;
use checkride::db::types::UtcTime;
use checkride::domain::outbox::model::{Message, New};
use checkride::domain::outbox::store::{self, Filter};
use checkride::domain::outbox::{Channel, LEASE_SECONDS, Letter, MOST_ATTEMPTS, Outcome, State};
use checkride::error::Result;

use crate::support::TestApp;

pub fn letter(subject: &str) -> Letter {
    Letter {
        subject: subject.into(),
        paragraphs: vec!["Amara asks for your sign-off.".into()],
        ..Letter::default()
    }
}

/// A mail to an address of nobody in particular.
pub fn mail(key: &str, letter: &Letter, due_at: UtcTime) -> New {
    New {
        person_id: None,
        ..New::mail(key, (0, "ada@example.com"), letter, due_at).unwrap()
    }
}

pub fn post(c: &mut Conn, key: &str, now: UtcTime) -> Result<Option<i64>> {
    store::post(c, &mail(key, &letter(key), now), now)
}

pub fn all(app: &TestApp) -> Vec<Message> {
    app.db(|c| store::list(c, Filter::default(), None, 500))
}

fn take(app: &TestApp, worker: &str) -> Vec<Message> {
    let now = app.now();
    app.db(|c| store::take(c, Channel::Mail, worker, now, 10))
        .messages
}

fn end(app: &TestApp, message: &Message, worker: &str, outcome: Outcome) -> bool {
    let now = app.now();
    app.db(|c| store::end(c, message, worker, &outcome, 0, now))
}

#[test]
fn the_same_cause_for_the_same_receiver_is_one_message() {
    let app = TestApp::start();
    let now = app.now();
    let first = app.db(|c| post(c, "signoff:1:ada", now));
    assert!(first.is_some());
    assert_eq!(app.db(|c| post(c, "signoff:1:ada", now)), None);
    assert!(app.db(|c| post(c, "signoff:1:bo", now)).is_some());
    assert_eq!(all(&app).len(), 2);
}

#[test]
fn a_message_whose_cause_is_undone_never_leaves() {
    let app = TestApp::start();
    let now = app.now();
    let undone: Result<()> = app.try_db(|c| {
        post(c, "one", now)?;
        Err(checkride::error::Error::Busy)
    });
    assert!(undone.is_err());
    assert_eq!(all(&app), []);
    assert_eq!(take(&app, "a"), []);
}

#[test]
fn a_message_is_one_workers_until_its_lease_is_over() {
    let app = TestApp::start();
    let now = app.now();
    app.db(|c| post(c, "one", now));
    let held = take(&app, "a");
    assert_eq!(held.len(), 1);
    assert_eq!(take(&app, "b"), []);

    app.wait_seconds(301);
    let again = take(&app, "b");
    assert_eq!(again.len(), 1, "the process that took it was killed");
    assert_eq!(again[0].attempts, 2);
    let late = end(&app, &held[0], "a", Outcome::Sent("250".into()));
    assert!(!late, "it is no longer theirs");
    assert!(end(
        &app,
        &again[0],
        "b",
        Outcome::Sent("250 2.0.0 queued".into())
    ));
    let sent = &all(&app)[0];
    assert_eq!(
        (sent.state, sent.answer.as_str()),
        (State::Sent, "250 2.0.0 queued")
    );
    app.wait_hours(1);
    assert_eq!(take(&app, "c"), []);
}

#[test]
fn what_failed_waits_and_is_given_up_visibly_in_the_end() {
    let app = TestApp::start();
    let now = app.now();
    app.db(|c| post(c, "one", now));
    let mut attempts = 0;
    while let [message] = take(&app, "a").as_slice() {
        attempts += 1;
        let later = Outcome::Later("451 4.7.1 Greylisted\r\n".into());
        assert!(end(&app, message, "a", later));
        assert_eq!(take(&app, "b"), [], "not at once");
        app.wait_hours(6);
    }
    let given_up = &all(&app)[0];
    assert_eq!((given_up.attempts, attempts), (18, 18));
    assert_eq!(given_up.state, State::GivenUp);
    assert_eq!(given_up.answer, "451 4.7.1 Greylisted");

    assert!(app.db(|c| store::retry(c, given_up.id, given_up.due_at)));
    assert_eq!(take(&app, "a")[0].attempts, 1);
}

#[test]
fn what_is_refused_for_good_is_tried_once() {
    let app = TestApp::start();
    let now = app.now();
    app.db(|c| post(c, "one", now));
    let message = &take(&app, "a")[0];
    end(
        &app,
        message,
        "a",
        Outcome::Never("550 no such user".into()),
    );
    app.wait_hours(24);
    assert_eq!(take(&app, "a"), []);
    assert_eq!(all(&app)[0].state, State::GivenUp);
}

#[test]
fn what_waits_can_be_cancelled_and_what_is_being_sent_cannot() {
    let app = TestApp::start();
    let now = app.now();
    let waiting = app.db(|c| post(c, "one", now)).unwrap();
    let cancel = |id| app.db(|c| store::cancel(c, id, "By Ada King", now));
    assert!(cancel(waiting));
    assert!(!cancel(waiting));
    assert_eq!(take(&app, "a"), []);

    let taken = app.db(|c| post(c, "two", now)).unwrap();
    let held = take(&app, "a");
    assert!(!cancel(taken));
    assert!(!app.db(|c| store::retry(c, taken, now)));
    assert!(end(&app, &held[0], "a", Outcome::Sent(String::new())));
    assert!(!cancel(taken));
}

#[test]
fn a_secret_is_deleted_as_soon_as_it_is_sent_and_any_body_after_two_weeks() {
    let app = TestApp::start();
    let now = app.now();
    let secret = Letter {
        is_secret: true,
        ..letter("Set your password")
    };
    app.db(|c| {
        store::post(c, &mail("secret", &secret, now), now)?;
        store::post(c, &mail("cancelled", &secret, now.plus_hours(1)), now)?;
        post(c, "open", now)
    });
    for message in take(&app, "a") {
        end(&app, &message, "a", Outcome::Sent("250".into()));
    }
    let body = |key: &str| {
        let found = all(&app).into_iter().find(|m| m.key == key);
        found.map(|m| m.body.is_empty())
    };
    assert_eq!(body("secret"), Some(true));
    assert_eq!(body("open"), Some(false));
    let other = all(&app)
        .into_iter()
        .find(|m| m.key == "cancelled")
        .unwrap();
    assert!(app.db(|c| store::cancel(c, other.id, "", now)));
    assert_eq!(body("cancelled"), Some(true));

    let sweep = || {
        let now = app.now();
        app.db(|c| store::sweep(c, now))
    };
    app.wait_hours(13 * 24);
    assert!(!sweep());
    assert_eq!(body("open"), Some(false));
    app.wait_hours(2 * 24);
    sweep();
    assert_eq!(body("open"), Some(true));
    assert!(
        !app.db(|c| store::retry(c, other.id, now)),
        "it says nothing any more"
    );
    app.wait_hours(80 * 24);
    sweep();
    assert_eq!(all(&app), []);
}

#[test]
fn what_was_erased_while_a_message_was_being_sent_stays_erased() {
    let app = TestApp::start();
    let now = app.now();
    app.db(|c| post(c, "one", now));
    for outcome in [
        Outcome::Later("451 Later".into()),
        Outcome::Never("550 No".into()),
    ] {
        let taken = take(&app, "a");
        let without = |text: &str| Some(text.replace("Amara", "Erased person 7"));
        app.db(|c| store::rewrite(c, |_| None, without));
        assert!(end(&app, &taken[0], "a", outcome));
        let body = all(&app).remove(0).body;
        assert!(body.contains("Erased person 7 asks"), "{body}");
        let again = |c: &mut Conn| {
            store::rewrite(
                c,
                |_| None,
                |text| Some(text.replace("Erased person 7", "Amara")),
            )
        };
        app.db(again);
        app.wait_hours(1);
    }
}

#[test]
fn a_message_whose_attempts_never_end_is_given_up_and_seen() {
    let app = TestApp::start();
    let now = app.now();
    let secret = Letter {
        is_secret: true,
        ..letter("Set your password")
    };
    app.db(|c| store::post(c, &mail("one", &secret, now), now));
    // Whoever takes it is killed, each time.
    for _ in 0..MOST_ATTEMPTS {
        assert_eq!(take(&app, "a").len(), 1);
        app.wait_seconds(LEASE_SECONDS + 1);
    }
    assert_eq!(take(&app, "a"), []);
    let message = all(&app).remove(0);
    assert_eq!(message.state, State::GivenUp);
    assert_eq!(message.answer, "No attempt came to an end.");
    assert_eq!(message.body, "", "its link is kept no longer");
}
