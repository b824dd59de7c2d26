//! What is written, read back by the `icalendar` crate, which shares no code with the one that writes.

use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, Event as Read};
use proptest::prelude::*;

use super::engagement::*;
use super::*;
use crate::sample::{at, day};

fn here() -> Installation {
    Installation {
        name: "5f0c8a".into(),
        base: "https://ride.example/checkride".into(),
    }
}

fn party(name: &str, email: &str) -> Party {
    Party {
        name: name.into(),
        email: email.into(),
    }
}

const MENTEE: i64 = 7;
const MENTOR: i64 = 8;

fn participant(id: i64, name: &str, zone: &str) -> Participant {
    Participant {
        id,
        name: name.into(),
        zone: zone.into(),
    }
}

fn session() -> Engagement {
    Engagement {
        kind: Kind::Session,
        id: 12,
        starts_at: at("2027-03-22T08:00:00Z"),
        ends_at: at("2027-03-22T08:45:00Z"),
        title: "Guided lab in Payments: Amara Okafor, Ingrid Solberg".into(),
        notes: "Drain eu-west; then, slowly, \\ bring it back.\nBring the runbook.".into(),
        people: vec![
            participant(MENTEE, "Amara Okafor", "Europe/Berlin"),
            participant(MENTOR, "Ingrid Solberg", "America/New_York"),
        ],
        changes: 0,
        is_cancelled: false,
        changed_at: at("2027-03-01T10:00:00Z"),
    }
}

fn read(ics: &str) -> Calendar {
    assert!(
        ics.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n')),
        "{ics}"
    );
    ics.parse().unwrap_or_else(|e| panic!("{e}: {ics}"))
}

fn only(calendar: &Calendar) -> &Read {
    let mut events = calendar.iter().filter_map(|part| part.as_event());
    let first = events.next().unwrap();
    assert!(events.next().is_none());
    first
}

fn utc(when: Option<DatePerhapsTime>) -> String {
    match when {
        Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(t))) => {
            t.format("%Y-%m-%dT%H:%M:%SZ").to_string()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_invitation_says_what_was_planned() {
    let organiser = party("Checkride", "checkride@ride.example");
    let to = party("Zoë \"Zed\" Müller", "zoe@ride.example");
    let made = session()
        .invitation(&here(), &organiser, (MENTEE, &to))
        .unwrap();
    assert_eq!(made.method, Method::Request);
    let calendar = read(&made.ics);
    assert_eq!(calendar.property_value("METHOD"), Some("REQUEST"));
    let event = only(&calendar);
    assert_eq!(event.get_uid(), Some("session-12@5f0c8a.checkride"));
    assert_eq!(event.get_sequence(), Some(0));
    assert_eq!(utc(event.get_start()), "2027-03-22T08:00:00Z");
    assert_eq!(utc(event.get_end()), "2027-03-22T08:45:00Z");
    assert_eq!(event.get_summary(), Some(session().title.as_str()));
    let description = event.get_description().unwrap();
    assert!(description.starts_with(&session().notes), "{description}");
    // Summer time has begun in New York and not in Berlin.
    assert!(description.contains("Mon 22 Mar, 04:00 in America/New_York"));
    assert!(description.contains("Mon 22 Mar, 09:00 in Europe/Berlin"));
    assert_eq!(
        event.get_url(),
        Some("https://ride.example/checkride/sessions/12")
    );
    assert_eq!(event.property_value("STATUS"), Some("CONFIRMED"));
    let organiser = event.properties().get("ORGANIZER").unwrap();
    assert_eq!(organiser.value(), "mailto:checkride@ride.example");
    let attendees = event.multi_properties().get("ATTENDEE");
    let attendee = match attendees {
        Some(all) => &all[0],
        None => event.properties().get("ATTENDEE").unwrap(),
    };
    assert_eq!(attendee.value(), "mailto:zoe@ride.example");
    let name = attendee.params().get("CN").unwrap().value();
    assert_eq!(name.trim_matches('"'), "Zoë  Zed  Müller");
}

#[test]
fn a_later_change_wins_over_an_earlier_one_and_the_end_over_all() {
    let steps = (0..3).map(|changes| Engagement {
        changes,
        ..session()
    });
    let cancelled = Engagement {
        changes: 2,
        is_cancelled: true,
        ..session()
    };
    let to = party("Amara Okafor", "amara@ride.example");
    let told: Vec<_> = steps
        .chain([cancelled])
        .map(|e| {
            let made = e.invitation(&here(), &to, (MENTEE, &to)).unwrap();
            let calendar = read(&made.ics);
            assert_eq!(calendar.property_value("METHOD"), Some(made.method.word()));
            let event = only(&calendar);
            assert_eq!(event.get_uid(), Some("session-12@5f0c8a.checkride"));
            (made.method.word(), event.get_sequence().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("REQUEST", 0),
            ("REQUEST", 1),
            ("REQUEST", 2),
            ("CANCEL", 3)
        ]
    );
}

#[test]
fn it_ends_for_who_takes_no_part_any_longer_and_may_begin_again() {
    let to = party("Ingrid Solberg", "ingrid@ride.example");
    let told = |changes, mentor| {
        let mut handed_over = Engagement {
            changes,
            ..session()
        };
        handed_over.people[1] = participant(mentor, "Someone", "America/New_York");
        [MENTOR, MENTEE, 9].map(|id| {
            let made = handed_over.invitation(&here(), &to, (id, &to)).unwrap();
            let calendar = read(&made.ics);
            assert_eq!(calendar.property_value("METHOD"), Some(made.method.word()));
            (made.method.word(), only(&calendar).get_sequence().unwrap())
        })
    };
    assert_eq!(told(1, 9), [("CANCEL", 1), ("REQUEST", 1), ("REQUEST", 1)]);
    assert_eq!(
        told(2, MENTOR),
        [("REQUEST", 2), ("REQUEST", 2), ("CANCEL", 2)]
    );
}

#[test]
fn a_session_at_nine_stays_at_nine_over_the_change_to_summer_time() {
    let weekly = ["2027-03-22T08:00:00Z", "2027-03-29T07:00:00Z"];
    for starts_at in weekly.map(at) {
        let moved = Engagement {
            starts_at,
            ..session()
        };
        let event = moved.event(&here());
        assert!(
            event.description.contains("09:00 in Europe/Berlin"),
            "{}",
            event.description
        );
    }
}

#[test]
fn a_feed_has_days_and_hours() {
    let last = LastDay {
        clearance_id: 3,
        day: day("2027-02-27"),
        title: "Payments: cleared until today".into(),
        changed_at: at("2026-02-27T10:00:00Z"),
    };
    let events = [session().event(&here()), last.event(&here())];
    let ics = write::feed("Checkride", &events).unwrap();
    let calendar = read(&ics);
    assert_eq!(calendar.property_value("METHOD"), None);
    assert_eq!(calendar.property_value("X-WR-CALNAME"), Some("Checkride"));
    let read: Vec<&Read> = calendar.iter().filter_map(|c| c.as_event()).collect();
    assert_eq!(read.len(), 2);
    let date = |when| match when {
        Some(DatePerhapsTime::Date(date)) => date.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(date(read[1].get_start()), "2027-02-27");
    assert_eq!(date(read[1].get_end()), "2027-02-28");
    assert_eq!(read[1].property_value("TRANSP"), Some("TRANSPARENT"));
    assert_eq!(read[0].property_value("TRANSP"), Some("OPAQUE"));
    // The same things make the same file, so that its tag holds.
    assert_eq!(ics, write::feed("Checkride", &events).unwrap());
}

#[test]
fn an_empty_feed_is_a_calendar() {
    let ics = write::feed("Checkride", &[]).unwrap();
    assert!(read(&ics).iter().next().is_none());
}

proptest! {
    #[test]
    fn whatever_people_write_comes_back_as_written(
        title in "[ -~äß漢字\u{1F600}]{1,120}", notes in "(?s)[ -~é\n,;:\\\\\"]{0,400}",
    ) {
        let title = title.trim().to_owned();
        prop_assume!(!title.is_empty());
        let written = Engagement {
            title: title.clone(), notes: notes.trim().to_owned(), people: Vec::new(), ..session()
        };
        let calendar = read(&write::feed("Checkride", &[written.event(&here())]).unwrap());
        prop_assert_eq!(only(&calendar).get_summary(), Some(title.as_str()));
        let description = only(&calendar).get_description().unwrap_or_default();
        prop_assert_eq!(description, notes.trim());
    }

    #[test]
    fn control_characters_break_nothing(title in "\\PC{0,20}[\u{0}-\u{1f}\u{7f}-\u{9f}\u{2028}]{1,9}\\PC{0,20}") {
        let written = Engagement { title, ..session() };
        let ics = write::feed("Checkride", &[written.event(&here())]).unwrap();
        prop_assert!(!ics.chars().any(|c| c.is_control() && c != '\r' && c != '\n'));
        prop_assert_eq!(only(&read(&ics)).get_sequence(), Some(0));
    }
}
