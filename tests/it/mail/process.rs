//! The process: killed while it sends, and asked to send a test.

use checkride::db::schema::messages;
use checkride::domain::outbox::State;
use checkride::domain::outbox::store::{self, Filter};
use diesel::prelude::*;

use super::{FROM, header};
use crate::outbox::post;
use crate::support::process::{Process, checkride, checkride_on, printed, refused};
use crate::support::smtp::{Speaks, wait_until};
use crate::support::{Database, Mood, On, Smtp, at};

/// Long before now, by the machine's clock.
const THEN: &str = "2026-01-05T09:00:00Z";

fn serve(database: &Database, server: &Smtp) -> Process {
    let url = server.url();
    let settings = [
        "--mail-url",
        &url,
        "--mail-from",
        FROM,
        "--public-url",
        "http://ride.example",
    ];
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    Process::start(checkride_on(database, &[&serve[..], &settings].concat()))
}

fn states(database: &Database) -> Vec<State> {
    let all = store::list(&mut database.connect(), Filter::default(), None, 500).unwrap();
    all.iter().map(|m| m.state).collect()
}

#[test]
fn a_mail_whose_process_was_killed_is_sent_by_the_next_one() {
    let server = Smtp::start(Speaks::Plain, false);
    server.is(Mood::Stalls);
    let database = Database::migrated();
    for key in ["one", "two", "three"] {
        post(&mut database.connect(), key, at(THEN)).unwrap();
    }
    let mut process = serve(&database, &server);
    server.has_read(1);
    process.kill();
    assert_eq!(states(&database), [State::Waiting; 3], "none is lost");

    server.is(Mood::Takes);
    let _next = serve(&database, &server);
    wait_until("what nobody held should be sent", || {
        server.arrived().len() == 2
    });
    // The lease of the first one is over.
    diesel::update(messages::table.filter(messages::state.eq(State::Waiting)))
        .set(messages::taken_until.eq(at(THEN)))
        .execute(&mut database.connect())
        .unwrap();
    wait_until("it should be sent in the end", || {
        states(&database) == [State::Sent; 3]
    });
    let mut ids: Vec<_> = server
        .arrived()
        .iter()
        .map(|m| header(m, "Message-ID"))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "each once");
}

#[test]
fn a_mail_that_is_being_sent_when_the_server_stops_is_noted_and_never_sent_twice() {
    let server = Smtp::start(Speaks::Plain, false);
    server.is(Mood::Thinks);
    let database = Database::migrated();
    for key in ["one", "two"] {
        post(&mut database.connect(), key, at(THEN)).unwrap();
    }
    let process = serve(&database, &server);
    server.has_read(1);
    process.ask_to_stop();
    process.stopped();
    let mut sent = states(&database);
    sent.sort_by_key(|state| state.word());
    assert_eq!(sent, [State::Sent, State::Waiting], "no other was begun");

    let _next = serve(&database, &server);
    wait_until("the other should be sent", || {
        states(&database) == [State::Sent; 2]
    });
    assert_eq!(server.arrived().len(), 2);
}

#[test]
fn two_processes_send_every_mail_once() {
    if On::this_run() == On::Sqlite {
        // One process at a time has an embedded database.
        return;
    }
    const MAILS: usize = 40;
    let server = Smtp::start(Speaks::Plain, false);
    let database = Database::migrated();
    let _processes = [serve(&database, &server), serve(&database, &server)];
    for n in 0..MAILS {
        post(&mut database.connect(), &format!("n{n}"), at(THEN)).unwrap();
    }
    wait_until("all should be sent", || {
        states(&database).iter().all(|s| *s == State::Sent)
    });
    let mut ids: Vec<_> = server
        .arrived()
        .iter()
        .map(|m| header(m, "Message-ID"))
        .collect();
    assert_eq!(ids.len(), MAILS);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), MAILS);
}

#[test]
fn a_test_mail_says_what_the_relay_answered() {
    let server = Smtp::start(Speaks::Tls, true);
    let (url, ca) = (server.url(), server.ca());
    let test = |address: &str| {
        let mut command = checkride(&[
            "mail",
            "test",
            address,
            "--mail-url",
            &url,
            "--mail-from",
            FROM,
        ]);
        let base = "https://ride.example";
        command.args(["--public-url", base, "--mail-ca", ca.to_str().unwrap()]);
        command
    };
    let said = printed(&mut test("ada@example.com"));
    assert!(said.contains("took the mail: 250 2.0.0 Queued"), "{said}");
    assert_eq!(
        header(&server.arrived()[0], "Subject").unwrap(),
        "Test mail from Checkride"
    );

    server.is(Mood::Says("550 5.1.1 No such user"));
    assert!(refused(&mut test("ada@example.com")).contains("550 5.1.1 No such user"));
    assert!(refused(&mut test("nobody")).contains("mail"));
    let without = refused(&mut checkride(&["mail", "test", "ada@example.com"]));
    assert!(without.contains("mail_url"), "{without}");
    let mut help = checkride(&["--help"]);
    help.env("CHECKRIDE_MAIL_URL", &url);
    let help = printed(&mut help);
    assert!(
        help.contains("--mail-url") && !help.contains("magpies"),
        "{help}"
    );
}
