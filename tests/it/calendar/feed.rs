//! The calendar of a person by its secret address.

use checkride::db::schema::{calendar_feeds, form_keys};
use checkride::domain::shift::ShiftKind;
use diesel::prelude::*;
use icalendar::Component;

use super::{read, starts, titles};
use crate::shift;
use crate::support::{Answer, Client, Form, Role, Site, at_once, path};

/// The path of a new address of that person.
pub fn address(client: &Client) -> String {
    let page = client.get(path::CALENDAR);
    let made = Form::on(&page, "/me/calendar/address").send(client);
    link(made.assert_status(200))
}

fn link(page: &Answer) -> String {
    let text = page.text();
    let at = text
        .find("/calendar/")
        .unwrap_or_else(|| panic!("no address: {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// The calendar as a program reads it: without cookie, from elsewhere.
pub fn subscribed(site: &Site, address: &str) -> Answer {
    site.app.client().without("sec-fetch-site").get(address)
}

#[test]
fn what_is_planned_is_in_the_calendar_of_those_who_take_part() {
    let site = Site::open();
    let session = site.plan_session(24);
    let shift = shift::planned(&site, ShiftKind::Shadow, (48, 56));
    let drill = site.plan_drill();
    let of = |role| {
        let address = address(&site.client(role));
        subscribed(&site, &address).assert_status(200).clone()
    };
    let mentee = of(Role::Mentee);
    assert_eq!(
        mentee.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    assert_eq!(mentee.header("cache-control"), "private, no-cache");
    let events = read(&mentee.body);
    let told: Vec<_> = events
        .iter()
        .map(|e| {
            let uid = e.get_uid().unwrap().split('@').next().unwrap().to_owned();
            (uid, starts(e), e.get_sequence().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            (format!("drill-{drill}"), "2026-11-23T10:00:00Z".into(), 0),
            (
                format!("session-{session}"),
                "2026-11-24T09:00:00Z".into(),
                0
            ),
            (format!("shift-{shift}"), "2026-11-25T09:00:00Z".into(), 0),
        ]
    );
    let lab = &events[1];
    assert_eq!(
        lab.get_summary(),
        Some("Guided lab in Payments: Leila Haddad, Marcus Oyelaran")
    );
    assert!(
        lab.get_description()
            .unwrap()
            .starts_with("Bring the runbook")
    );
    let url = format!("{}/sessions/{session}", site.app.base);
    assert_eq!(lab.get_url(), Some(url.as_str()));
    // The players know nothing of what the sheet says.
    for secret in ["provider", "pager", "Switches"] {
        assert!(!mentee.body.contains(secret), "{secret}");
    }
    // The mentor has no part in the shift, the qualifier only in that, and the lead of the mentee only watches the drill.
    let count = |role: Role| read(&of(role).body).len();
    assert_eq!(
        [
            Role::Mentor,
            Role::Qualifier,
            Role::MenteeLead,
            Role::OwnerLead
        ]
        .map(count),
        // Two of each are the days of a clearance.
        [4, 3, 1, 0]
    );
}

#[test]
fn a_calendar_changes_with_what_is_planned_and_is_sent_again_only_then() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let id = site.plan_session(24);
    let address = address(&mentor);
    let first = subscribed(&site, &address);
    let tag = first.header("etag").to_owned();
    let again = |tag: &str| {
        let program = site.app.client().without("sec-fetch-site");
        program.with("if-none-match", tag).get(&address)
    };
    site.app.wait_hours(1);
    let same = again(&tag);
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    assert_eq!(same.header("etag"), tag);
    assert_eq!(again(&format!("\"other\", W/{tag}")).status, 304);

    let page = path::session(id);
    mentor
        .form(&page, &path::session_form(id, "move"))
        .with("starts_at", "2026-11-26T15:00")
        .send(&mentor)
        .assert_status(303);
    let moved = again(&tag);
    let events = read(&moved.assert_status(200).body);
    assert_eq!(events[0].get_sequence(), Some(1));
    assert_eq!(events[0].get_uid(), read(&first.body)[0].get_uid());
    assert_eq!(starts(&events[0]), "2026-11-26T15:00:00Z");

    mentor
        .form(&page, &path::session_form(id, "cancel"))
        .with("cancel_reason", "Both are ill")
        .send(&mentor)
        .assert_status(303);
    let left = again(&tag);
    assert!(!left.assert_status(200).body.contains("UID:session"));
}

#[test]
fn an_address_is_shown_once_replaced_and_ended() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    mentor
        .get(path::CALENDAR)
        .assert_text("Make an address and subscribe to it");
    let form = Form::on(&mentor.get(path::CALENDAR), "/me/calendar/address");
    let first = link(form.send(&mentor).assert_status(200));
    // The page of the answer loaded again shows it no more, and makes no other one.
    form.send(&mentor).assert_status(303);
    let page = mentor.get(path::CALENDAR);
    assert!(!page.body.contains(&first));
    page.assert_text("No calendar has read it yet.");
    subscribed(&site, &first).assert_status(200);
    mentor
        .get(path::CALENDAR)
        .assert_text("A calendar last read it on Mon 23 Nov, 09:00");

    let second = address(&mentor);
    assert_ne!(first, second);
    let gone = subscribed(&site, &first);
    let never = subscribed(
        &site,
        &format!("/calendar/{}.ics", "0123456789abcdef".repeat(4)),
    );
    subscribed(&site, &second).assert_status(200);
    Form::on(&mentor.get(path::CALENDAR), "/me/calendar/end")
        .send(&mentor)
        .assert_status(303);
    let ended = subscribed(&site, &second);
    // One that was and one that never was look the same.
    let said = |page: &Answer| page.text().split("name request").next().unwrap().to_owned();
    for other in [&gone, &ended, &subscribed(&site, "/calendar/x.ics")] {
        assert_eq!(other.status, 404);
        assert_eq!(said(other), said(&never));
        assert_eq!(other.headers.len(), never.headers.len());
    }
    // Its secret is nowhere: not in the feed's row, nor in the answers that forms keep.
    let (hashes, kept): (Vec<String>, Vec<(String, String)>) = site.app.db(|c| {
        Ok((
            calendar_feeds::table
                .select(calendar_feeds::token_hash)
                .load(c)?,
            form_keys::table
                .select((form_keys::location, form_keys::flash))
                .load(c)?,
        ))
    });
    let secret = second
        .trim_start_matches("/calendar/")
        .trim_end_matches(".ics");
    assert!(!format!("{hashes:?} {kept:?}").contains(secret));
    assert_eq!(
        crate::support::told(&site, "calendar.address_made").len(),
        2
    );
    assert_eq!(
        crate::support::told(&site, "calendar.address_ended").len(),
        1
    );
}

#[test]
fn who_makes_two_addresses_at_once_has_one_that_works() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let page = mentor.get(path::CALENDAR);
    let forms = [0, 1].map(|_| Form::on(&mentor.get(path::CALENDAR), "/me/calendar/address"));
    assert_eq!(page.status, 200);
    let made = at_once(2, |n| link(forms[n].send(&mentor).assert_status(200)));
    let works = made.iter().filter(|a| subscribed(&site, a).status == 200);
    assert_eq!(works.count(), 1);
}

#[test]
fn the_calendar_of_somebody_who_left_ends() {
    let site = Site::open();
    let address = address(&site.client(Role::Mentee));
    subscribed(&site, &address).assert_status(200);
    let admin = site.client(Role::Administrator);
    let page = format!("/admin/people/{}/deactivate", site.mentee.handle);
    admin
        .form_at(&page)
        .with("reason", "Left the company")
        .send(&admin)
        .assert_status(303);
    subscribed(&site, &address).assert_status(404);
    // Who comes back makes a new one.
    admin
        .send(
            &format!("/admin/people/{}/reactivate", site.mentee.handle),
            &[],
        )
        .assert_status(303);
    subscribed(&site, &address).assert_status(404);
}

#[test]
fn the_last_days_of_ones_own_clearances_are_days_of_the_calendar() {
    let site = Site::open();
    let qualifier = address(&site.client(Role::Qualifier));
    let days = subscribed(&site, &qualifier);
    let events = read(&days.body);
    let told: Vec<_> = events
        .iter()
        .map(|e| {
            (
                e.get_summary().unwrap(),
                e.property_value("TRANSP").unwrap(),
            )
        })
        .collect();
    let practise = ("Payments: practise by today", "TRANSPARENT");
    let last = ("Payments: cleared until today", "TRANSPARENT");
    assert!(told == [practise, last] || told == [last], "{told:?}");
    let stranger = address(&site.client(Role::Stranger));
    assert!(titles(&subscribed(&site, &stranger).body).is_empty());
}
