//! A calendar that somebody names, so that no time is offered at which they are busy there.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::AtomicBool;
use std::thread;

use checkride::app::App;
use checkride::calendars;
use checkride::db::schema::busy_spans;
use checkride::net::Networks;
use checkride::outgoing::Outgoing;
use diesel::prelude::*;

use crate::support::{Form, Role, Site, TestApp, block_on, path, told};

/// Answers every request with that, and gives the address of it.
fn serving(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/me.ics", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = [0; 2048];
            let _ = stream.read(&mut asked);
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
}

/// A site that may call this machine, and the app behind it.
fn site() -> (Site, App) {
    let mut kept = None;
    let app = TestApp::start_with(|app| {
        app.outgoing = Outgoing::new(Networks::parse("127.0.0.0/8").unwrap());
        kept = Some(app.clone());
    });
    (Site::open_on(app), kept.unwrap())
}

fn name(site: &Site, address: &str) {
    let mentee = site.client(Role::Mentee);
    Form::on(&mentee.get(path::CALENDAR), "/me/calendar/busy")
        .with("address", address)
        .send(&mentee)
        .assert_status(303);
}

fn pass(site: &Site, app: &App) -> usize {
    block_on(calendars::pass(
        app,
        site.app.now(),
        &AtomicBool::new(false),
    ))
    .unwrap()
}

fn spans(site: &Site) -> i64 {
    site.app
        .db(|c| Ok(busy_spans::table.count().get_result(c)?))
}

const TAKEN: &str = "BEGIN:VCALENDAR\r\nPRODID:x\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:secret-talk\r\n\
    DTSTART:20261123T080000Z\r\nDTEND:20261123T153000Z\r\nSUMMARY:Secret talk\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn a_time_at_which_a_calendar_says_busy_is_not_offered() {
    let (site, app) = site();
    let mentor = site.client(Role::Mentor);
    let plan = path::plan_session(site.ramp_id);
    mentor.get(&plan).assert_text("Mon 23 Nov, 10:00");
    name(&site, &serving("200 OK", TAKEN));
    assert_eq!(pass(&site, &app), 1);
    assert_eq!(spans(&site), 1);
    let page = mentor.get(&plan);
    assert!(
        !page.text().contains("Mon 23 Nov, 10:00:"),
        "{}",
        page.text()
    );
    page.assert_text("Tue 24 Nov, 09:00");
    let mentee = site.client(Role::Mentee);
    mentee
        .get(path::CALENDAR)
        .assert_text("Last read on Mon 23 Nov, 10:00");
    // It is not read again before its time.
    assert_eq!(pass(&site, &app), 0);
    site.app.wait_seconds(1800);
    assert_eq!(pass(&site, &app), 1);
    Form::on(&mentee.get(path::CALENDAR), "/me/calendar/busy/remove")
        .send(&mentee)
        .assert_status(303);
    assert_eq!(spans(&site), 0);
    mentor.get(&plan).assert_text("Mon 23 Nov, 10:30");
    let log = format!("{:?}", told(&site, "person.calendar_named"));
    assert!(!log.contains("me.ics"), "{log}");
}

#[test]
fn what_goes_wrong_is_said_in_words_and_the_address_stays_a_secret() {
    let (site, app) = site();
    let mentee = site.client(Role::Mentee);
    for (status, body, said) in [
        ("200 OK", "<html>Sign in</html>", "This is no calendar."),
        ("302 Found", "", "The address leads to another one."),
        ("403 Forbidden", "", "The calendar asks for a sign-in."),
        ("404 Not Found", "", "There is no calendar at this address."),
        ("500 Oops", "", "The other side answers 500."),
    ] {
        name(&site, &serving(status, body));
        assert_eq!(pass(&site, &app), 1);
        let page = mentee.get(path::CALENDAR);
        page.assert_text("It could not be read.").assert_text(said);
        assert!(!page.body.contains("me.ics"));
    }
}

#[test]
fn an_address_that_may_not_be_called_is_refused_at_the_field() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    for typed in [
        "",
        "calendar",
        "http://example.com/a.ics",
        "https://127.0.0.1/a.ics",
    ] {
        let form = Form::on(&mentee.get(path::CALENDAR), "/me/calendar/busy");
        let answer = form.with("address", typed).send(&mentee);
        answer.assert_status(422);
        let back = Form::on(&answer, "/me/calendar/busy");
        assert_eq!(back.get("address"), Some(typed));
    }
}

#[test]
fn who_is_told_to_stop_reads_no_calendar_and_none_loses_its_turn() {
    let (site, app) = site();
    let address = serving("200 OK", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    name(&site, &address);
    let told = AtomicBool::new(true);
    let read = block_on(calendars::pass(&app, site.app.now(), &told)).unwrap();
    assert_eq!(read, 0);
    assert_eq!(pass(&site, &app), 1);
}
