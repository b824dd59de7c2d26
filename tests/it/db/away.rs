//! The database goes away, loses its file or takes no writes: everybody is told what is true, and it goes on by itself.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use checkride::db::{Conn, Db, Target};
use diesel::connection::SimpleConnection;

use crate::support::factory::{Role, Site};
use crate::support::{Client, Database, On, TestApp, at, block_on, path};

const PASS: u8 = 0;
/// Nobody comes through, and those who are inside are thrown out.
const CUT: u8 = 1;
/// The next COMMIT reaches the database; its answer does not come back.
const LOSE_ANSWER: u8 = 2;
/// The next COMMIT does not reach the database.
const LOSE_COMMIT: u8 = 3;

/// A network between the app and PostgreSQL.
struct Network {
    address: String,
    mode: Arc<AtomicU8>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Network {
    fn to(database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let network = Self {
            address: listener.local_addr().unwrap().to_string(),
            mode: Arc::default(),
            open: Arc::default(),
        };
        let (mode, open) = (Arc::clone(&network.mode), Arc::clone(&network.open));
        thread::spawn(move || {
            for app in listener.incoming().map_while(Result::ok) {
                if mode.load(Ordering::SeqCst) == CUT {
                    continue;
                }
                let server = TcpStream::connect(&database).unwrap();
                let both = [app.try_clone().unwrap(), server.try_clone().unwrap()];
                open.lock().unwrap().extend(both);
                let (up, mode) = (
                    (app.try_clone().unwrap(), server.try_clone().unwrap()),
                    Arc::clone(&mode),
                );
                thread::spawn(move || carry(up, &mode));
                thread::spawn(move || carry((server, app), &AtomicU8::new(PASS)));
            }
        });
        network
    }

    fn is(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
        if mode == CUT {
            for stream in self.open.lock().unwrap().drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

fn carry((mut from, mut to): (TcpStream, TcpStream), mode: &AtomicU8) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut bytes) {
        let is_commit = bytes[..n].windows(6).any(|w| w == b"COMMIT");
        let now = mode.load(Ordering::SeqCst);
        if is_commit && now > CUT {
            mode.store(PASS, Ordering::SeqCst);
            // The app's side is closed first, so that no answer comes back.
            let _ = from.shutdown(Shutdown::Both);
            if now == LOSE_ANSWER {
                let _ = to.write_all(&bytes[..n]);
                let _ = to.flush();
            }
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
        if to.write_all(&bytes[..n]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// A site whose app reaches PostgreSQL over a network of its own.
fn over_network() -> (Site, Network) {
    let database = Database::migrated();
    let Target::Postgres(url) = &database.target else {
        panic!("only on PostgreSQL")
    };
    let (_, after) = url.split_once('@').unwrap();
    let (address, _) = after.split_once('/').unwrap();
    let network = Network::to(address.to_owned());
    let over = Target::Postgres(url.replace(address, &network.address));
    let app = TestApp::start_on(database, |app| app.db = Db::open(&over).unwrap());
    (Site::open_on(app), network)
}

fn zone_of(site: &Site) -> String {
    site.act(Role::Mentee).actor.time_zone
}

#[test]
fn a_database_that_is_away_is_said_so_and_comes_back_by_itself() {
    if On::this_run() == On::Sqlite {
        return;
    }
    let (site, network) = over_network();
    let client = site.client(Role::Mentee);
    client.get("/account").assert_status(200);
    network.is(CUT);
    for page in ["/account", "/board", "/readyz", "/sign-in"] {
        let answer = client.get(page);
        answer.assert_status(503);
        assert!(!answer.header("retry-after").is_empty(), "{page}");
    }
    client
        .send(path::TIME_ZONE, &[("time_zone", "Asia/Tokyo")])
        .assert_status(503)
        .assert_text("Nothing you sent was stored.");
    client.get("/healthz").assert_status(200);

    network.is(PASS);
    client.get("/account").assert_status(200);
    client.get("/readyz").assert_status(200);
    client
        .send(path::TIME_ZONE, &[("time_zone", "Africa/Lagos")])
        .assert_status(303);
    assert_eq!(zone_of(&site), "Africa/Lagos");
}

#[test]
fn a_write_whose_answer_was_lost_is_answered_by_what_became_of_it() {
    if On::this_run() == On::Sqlite {
        return;
    }
    let (site, network) = over_network();
    let client = site.client(Role::Mentee);
    let send = |zone: &str| client.send(path::TIME_ZONE, &[("time_zone", zone)]);
    send("Asia/Tokyo").assert_status(303);

    network.is(LOSE_ANSWER);
    send("Africa/Lagos").assert_leads_to("/account");
    assert_eq!(zone_of(&site), "Africa/Lagos");

    network.is(LOSE_COMMIT);
    send("America/Toronto")
        .assert_status(503)
        .assert_text("Nothing you sent was stored.");
    assert_eq!(zone_of(&site), "Africa/Lagos");
}

/// An app on an embedded database, and its file.
fn embedded() -> (TestApp, Client, Db, std::path::PathBuf) {
    let database = Database::migrated();
    let Target::Sqlite(file) = database.target.clone() else {
        panic!("only on SQLite")
    };
    let mut kept = None;
    let app = TestApp::start_on(database, |app| kept = Some(app.db.clone()));
    let client = app.client();
    (app, client, kept.unwrap(), file)
}

#[test]
fn what_is_written_where_nobody_finds_it_again_is_refused_until_the_file_is_back() {
    if On::this_run() == On::Postgres {
        return;
    }
    let (app, client, db, file) = embedded();
    let write = || {
        block_on(db.write(|c| {
            c.batch_execute("UPDATE audit_head SET position = position")?;
            Ok(())
        }))
    };
    client.get("/readyz").assert_status(200);
    write().unwrap();
    let elsewhere = file.with_extension("elsewhere");
    let log = file.with_extension("db-wal");
    for path in [&file, &log] {
        std::fs::rename(path, &elsewhere).unwrap();
        client.get("/readyz").assert_status(503);
        write().unwrap_err();
        // Another file of the same name is not the one that is open.
        std::fs::copy(&elsewhere, path).unwrap();
        client.get("/readyz").assert_status(503);
        write().unwrap_err();

        std::fs::rename(&elsewhere, path).unwrap();
        client.get("/readyz").assert_status(200);
        write().unwrap();
    }
    drop(app);
}

#[test]
fn a_database_that_a_newer_version_has_migrated_is_not_ready() {
    let app = TestApp::start();
    app.client().get("/readyz").assert_status(200);
    app.db(|c| {
        c.batch_execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000001')",
        )?;
        Ok(())
    });
    app.client().get("/readyz").assert_status(503);
}

#[test]
fn rows_that_nobody_needs_are_deleted() {
    use checkride::db::schema::{auth_sessions, form_keys, sign_in_attempts};
    use checkride::domain::auth::store::{insert_session, insert_try, sweep, take_form_key};
    use diesel::prelude::*;
    let site = Site::open();
    let (app, person) = (&site.app, site.act(Role::Mentee).actor.id.unwrap());
    let now = app.now();
    let counts = |c: &mut Conn| -> [i64; 3] {
        [
            form_keys::table.count().get_result(c).unwrap(),
            sign_in_attempts::table.count().get_result(c).unwrap(),
            auth_sessions::table
                .filter(auth_sessions::token_hash.like("swept%"))
                .count()
                .get_result(c)
                .unwrap(),
        ]
    };
    app.db(|c| {
        for hours in [-49, -1] {
            let at = now.plus_hours(hours);
            take_form_key(c, (person, &format!("key{hours}")), "", at)?;
            insert_try(c, &format!("account{hours}"), "somewhere", at)?;
            insert_session(c, &format!("swept{hours}"), person, at, at.plus_hours(24))?;
        }
        insert_try(c, "account", "somewhere", now)?;
        assert_eq!(counts(c), [2, 3, 2]);
        assert!(!sweep(c, now)?);
        assert_eq!(counts(c), [1, 1, 1]);
        Ok(())
    });
}

#[test]
fn a_sweep_leaves_out_what_others_hold() {
    use checkride::db::conn::{begin, end};
    use checkride::db::schema::sign_in_attempts::dsl::sign_in_attempts as tries;
    use checkride::db::{Purpose, transaction};
    use checkride::domain::auth::store::{insert_try, sweep};
    use diesel::prelude::*;
    if On::this_run() == On::Sqlite {
        return; // One writer at a time: nobody else holds a row.
    }
    let database = Database::migrated();
    let (mut holder, mut c) = (database.connect(), database.connect());
    let now = at("2026-11-23T09:00:00Z");
    for account in ["held", "free"] {
        insert_try(&mut c, account, "somewhere", now.plus_hours(-1)).unwrap();
    }
    begin(&mut holder, Purpose::Write).unwrap();
    let hold = "SELECT 1 FROM sign_in_attempts WHERE account_key = 'held' FOR UPDATE";
    diesel::sql_query(hold).execute(&mut holder).unwrap();
    let mut left = || {
        transaction(&mut c, Purpose::Write, |c| sweep(c, now)).unwrap();
        tries.count().get_result::<i64>(&mut c).unwrap()
    };
    assert_eq!(left(), 1);
    end(&mut holder, false).unwrap();
    assert_eq!(left(), 0);
}
