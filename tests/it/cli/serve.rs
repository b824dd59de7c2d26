//! The process: what it refuses to start with, what it makes, how it stops, and what the demo holds.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::{Duration, Instant};

use checkride::clock::Clock;
use checkride::db::schema::{auth_sessions, signoffs};
use checkride::db::types::UtcTime;
use checkride::demo;
use checkride::domain::area::Cover;
use checkride::domain::people::Actor;
use checkride::domain::ramp;
use checkride::domain::ramp::clock::is_stale;
use checkride::domain::readiness::BoardStatus;
use checkride::domain::session;
use checkride::domain::signoff::SignoffState;
use checkride::usecases::register::{Register, Scope};
use diesel::prelude::*;
use tempfile::TempDir;

use crate::support::factory::PASSWORD;
use crate::support::process::{Process, add_person, checkride, printed, refused};
use crate::support::{Answer, Client, Database, path, progress};

/// How long something may take to happen.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn the_memory_of_a_password_is_used_again_for_the_next() {
    let database = Database::migrated();
    let process = Process::serve(&database);
    let tries = |numbers: std::ops::Range<u32>| {
        let client = process.client();
        for n in numbers {
            let email = format!("nobody-{n}@harbour.example");
            client.sign_in(&email, PASSWORD).assert_status(422);
        }
    };
    tries(0..2);
    let before = process.own_memory();
    tries(2..14);
    let grown = process.own_memory().saturating_sub(before);
    // A hash takes 19 MB.
    assert!(grown < 40, "{grown} MB more than {before}");
}

#[test]
fn a_setting_that_cannot_be_used_is_refused_by_name_with_the_reason() {
    let folder = TempDir::with_prefix("checkride-settings-").unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let serve = |arguments: &[&str]| {
        refused(&mut checkride(
            &[&["serve", "--data-dir", data], arguments].concat(),
        ))
    };
    let said = serve(&["--database-url", "mysql://checkride@db/checkride"]);
    assert_eq!(
        said,
        "checkride: database_url: unknown database scheme `mysql`: use sqlite:// (embedded) or postgres://\n"
    );
    for (option, value, reason) in [
        ("--listen", "here", "listen: `here` is not an address"),
        ("--public-url", "checkride.example", "public_url: "),
        (
            "--trusted-proxies",
            "10.0.0.0/8,next door",
            "trusted_proxies: `next door`",
        ),
        (
            "--log-format",
            "xml",
            "log_format: `xml` is neither text nor json",
        ),
    ] {
        let said = serve(&[option, value]);
        assert!(said.contains(reason), "{option} {value}: {said}");
    }

    let by_environment = refused(
        checkride(&["serve", "--data-dir", data]).env("CHECKRIDE_LISTEN", "127.0.0.1:99999"),
    );
    assert!(by_environment.contains("listen: `127.0.0.1:99999`"));

    let file = folder.path().join("checkride.toml");
    let path = file.to_str().unwrap();
    for (text, reason) in [
        ("lisen = \"127.0.0.1:0\"\n", "lisen"),
        ("listen = 8380\n", "listen"),
        (
            "database_url = \"mongodb://x\"\n",
            "sqlite:// (embedded) or postgres://",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = serve(&["--config", path]);
        assert!(said.contains(reason), "{text}: {said}");
    }
    let said = serve(&["--config", "/nowhere/checkride.toml"]);
    assert!(said.contains("/nowhere/checkride.toml"), "{said}");
    assert!(
        !folder.path().join("data").exists(),
        "nothing is made before all is well"
    );
}

#[test]
fn a_taken_port_is_refused_with_the_address() {
    let folder = TempDir::with_prefix("checkride-port-").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = folder.path().to_str().unwrap();
    let output = checkride(&["serve", "--data-dir", data, "--listen", &address])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&format!("cannot listen on http://{address}")),
        "{said}"
    );
}

#[test]
fn the_data_folder_is_its_owners_alone() {
    let folder = TempDir::with_prefix("checkride-data-").unwrap();
    let data = folder.path().join("new/data");
    let path = data.to_str().unwrap();
    // As under the umask most systems have, which lets everybody read.
    let binary = env!("CARGO_BIN_EXE_checkride");
    let migrate = "umask 022; exec \"$0\" migrate --data-dir \"$1\"";
    printed(std::process::Command::new("sh").args(["-c", migrate, binary, path]));
    assert!(data.join("checkride.db").is_file());
    for made in [folder.path().join("new"), data] {
        let mode = std::fs::metadata(&made).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", made.display());
    }
}

#[test]
fn a_stop_finishes_the_request_in_flight() {
    let database = Database::empty();
    add_person(&database, "Amara Nwosu", "amara@example.com");
    let server = Process::serve(&database);
    let address = server.base.strip_prefix("http://").unwrap().to_owned();

    // Half a sign-in: the server has taken it up, and waits for the rest.
    let body = format!(
        "email=amara%40example.com&password={}",
        PASSWORD.replace(' ', "+")
    );
    let (half, rest) = body.split_at(body.len() / 2);
    let mut request = TcpStream::connect(&address).unwrap();
    request.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        request,
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    )
    .unwrap();
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut said = vec![0; go_on.len()];
    request.read_exact(&mut said).unwrap();
    assert_eq!(said, go_on);
    request.write_all(half.as_bytes()).unwrap();

    server.ask_to_stop();
    let asked = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(asked.elapsed() < PATIENCE, "it still takes new requests");
        thread::sleep(Duration::from_millis(20));
    }
    request.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert!(answer.contains("checkride="), "signed in: {answer}");
    assert_eq!(server.stopped(), "Checkride has stopped.");
    let sessions: i64 = auth_sessions::table
        .count()
        .get_result(&mut database.connect())
        .unwrap();
    assert_eq!(sessions, 1);
}

/// Presses the demo's button for a role.
fn sign_in_as(server: &Process, role: &str) -> Client {
    let client = server.client();
    let page = client.get("/sign-in");
    let button = format!("Sign in as {role} - ");
    let form = page
        .assert_status(200)
        .body
        .split("<form")
        .find(|form| form.contains(&button))
        .unwrap_or_else(|| panic!("no “{button}” on: {}", page.text()));
    let (_, id) = form.split_once("name=\"person_id\" value=\"").unwrap();
    let id = id.split('"').next().unwrap();
    client
        .post("/sign-in/demo", &[("person_id", id)])
        .assert_leads_to("/");
    client
}

#[test]
fn the_demo_comes_up_by_itself_and_signs_in_with_one_click() {
    let place = tempfile::tempdir().unwrap();
    let mut demo = checkride(&["demo", "--listen", "127.0.0.1:0"]);
    demo.env("TMPDIR", place.path());
    let server = Process::start(demo);
    for folder in std::fs::read_dir(place.path()).unwrap() {
        let mode = folder.unwrap().metadata().unwrap().mode();
        assert_eq!(
            mode & 0o077,
            0,
            "nobody else of this machine reads the demo"
        );
    }
    let home = |role: &str| -> (Client, Answer) {
        let client = sign_in_as(&server, role);
        let page = client.get("/");
        page.assert_status(200);
        (client, page)
    };
    let (mentor, page) = home("mentor");
    page.assert_text("Ingrid Solberg").assert_text("My mentees");
    mentor
        .get(path::NEW_SESSION)
        .assert_status(200)
        .assert_text("What did you work on?");
    let (_, page) = home("mentee");
    page.assert_text("Amara Okafor")
        .assert_text("Open before clearance");
    let (lead, page) = home("lead");
    page.assert_text("Ruth Abrams")
        .assert_text("Waits for you")
        .assert_text("Lukas Novák")
        .assert_text("Areas I lead");
    lead.get(path::NEW_RAMP).assert_status(200);
    let (administrator, page) = home("administrator");
    page.assert_text("Tomás Herrera");

    let board = administrator.board();
    for word in [
        "Cleared", "Expiring", "Lapsed", "Sign-off", "Ramping", "Planned", "close", "Short by",
    ] {
        board.assert_text(word);
    }
    // Nobody else of the organisation comes in that way.
    let comes_in = |id: &i32| {
        let fields = [("person_id", id.to_string())];
        let fields = fields.each_ref().map(|(name, id)| (*name, id.as_str()));
        server.client().post("/sign-in/demo", &fields).status == 303
    };
    assert_eq!((1..=14).filter(comes_in).count(), 4);
    server.ask_to_stop();
    assert_eq!(server.stopped(), "Checkride has stopped.");
}

/// The demo's database, on whichever the run is on, and the day it was made for.
fn filled() -> (Database, UtcTime) {
    let database = Database::empty();
    let now = Clock::system().now();
    demo::fill(&database.target, now).unwrap();
    (database, now)
}

#[test]
fn the_demo_shows_what_there_is_to_see() {
    let (database, now) = filled();
    let c = &mut database.connect();
    let register = Register::load(c, &Scope::Everyone, &Actor::operator(), now.day()).unwrap();

    // Ramps at all stages: agreed, begun, far, close, ready, in review, and one that became a clearance.
    let open = ramp::store::open(c).unwrap();
    let readiness = progress(c, &open, now.day()).readiness;
    let ramping: Vec<u8> = open
        .iter()
        .filter(|r| register.ramp_status(r) == BoardStatus::Ramping)
        .map(|r| readiness[&r.id].percent())
        .collect();
    for (from, to) in [(0, 30), (30, 60), (75, 99)] {
        assert!(
            ramping.iter().any(|p| (from..=to).contains(p)),
            "nobody between {from} and {to} %: {ramping:?}"
        );
    }
    assert!(
        open.iter()
            .any(|r| register.ramp_status(r) == BoardStatus::Ramping && readiness[&r.id].is_ready()),
        "nobody has every gate met"
    );
    for word in [BoardStatus::Planned, BoardStatus::Signoff] {
        assert!(
            open.iter().any(|r| register.ramp_status(r) == word),
            "{word:?}"
        );
    }
    let states: Vec<SignoffState> = signoffs::table.select(signoffs::state).load(c).unwrap();
    for state in [
        SignoffState::Granted,
        SignoffState::Returned,
        SignoffState::FirstKey,
    ] {
        assert!(states.contains(&state), "{state:?}: {states:?}");
    }

    // A stale pairing: ramping, and no session for more than twice the agreed days.
    let ids: Vec<i64> = open.iter().map(|r| r.id).collect();
    let held = session::store::of_ramps(c, &ids).unwrap();
    let stale = open
        .iter()
        .filter(|r| register.ramp_status(r) == BoardStatus::Ramping)
        .filter(|r| {
            let mentors = register.mentors(r.id);
            let last = held.iter().filter(|s| s.ramp_id == r.id);
            last.map(|s| s.starts_at.day()).max().is_some_and(|last| {
                mentors
                    .iter()
                    .any(|p| is_stale(last, p.interval_days, now.day()))
            })
        });
    assert_eq!(stale.count(), 1);

    // A mentor with more than two mentees under way.
    let mut loads: Vec<(i64, usize)> = Vec::new();
    for ramp in open
        .iter()
        .filter(|r| register.ramp_status(r) == BoardStatus::Ramping)
    {
        for pairing in register.mentors(ramp.id) {
            match loads.iter_mut().find(|(id, _)| *id == pairing.mentor_id) {
                Some((_, n)) => *n += 1,
                None => loads.push((pairing.mentor_id, 1)),
            }
        }
    }
    assert!(loads.iter().any(|(_, n)| *n > 2), "{loads:?}");

    // Clearances in every standing, and an area below its minimum cover.
    let words: Vec<BoardStatus> = register
        .active()
        .iter()
        .flat_map(|p| register.areas().iter().map(move |a| (p, a)))
        .filter_map(|(p, a)| register.clearance(p.id, a.id))
        .map(|k| {
            let stands = checkride::domain::clearance::standing(Some(k), now.day());
            checkride::domain::readiness::cell(stands, None, now.day()).status
        })
        .collect();
    for word in [
        BoardStatus::Cleared,
        BoardStatus::Expiring,
        BoardStatus::Lapsed,
        BoardStatus::Interim,
        BoardStatus::Suspended,
    ] {
        assert!(words.contains(&word), "{word:?}");
    }
    // Of those on call under a supervisor one has none any more.
    let interim = register.areas().iter().flat_map(|a| register.interim(a.id));
    let (with, without): (Vec<_>, Vec<_>) = interim.partition(|k| register.is_supervised(k));
    assert_eq!((with.len(), without.len()), (1, 1));
    let short = register
        .areas()
        .iter()
        .filter(|a| matches!(register.cover(a).cover, Cover::ShortBy(_)));
    assert!(short.count() >= 1);

    let verdict = checkride::domain::audit::verify(c).unwrap();
    assert!(matches!(
        verdict,
        checkride::domain::audit::Verdict::Whole { unsealed: 0, .. }
    ));
}
