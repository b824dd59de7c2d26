use proptest::prelude::*;

use super::*;
use crate::sample::at;

const GOOGLE: &[u8] = include_bytes!("fixtures/google.ics");
const OUTLOOK: &[u8] = include_bytes!("fixtures/outlook.ics");
const PAGERDUTY: &[u8] = include_bytes!("fixtures/pagerduty.ics");

fn lisbon() -> TimeZone {
    TimeZone::get("Europe/Lisbon").unwrap()
}

fn window() -> (UtcTime, UtcTime) {
    (at("2027-03-10T00:00:00Z"), at("2027-05-01T00:00:00Z"))
}

fn told(raw: &[u8]) -> Result<Vec<String>, Refused> {
    let spans = busy(raw, &lisbon(), window())?;
    let text = |span: &Span| format!("{} {}", span.from.iso(), span.to.iso());
    Ok(spans.iter().map(text).collect())
}

fn event(lines: &str) -> Vec<u8> {
    let lines = lines.replace('\n', "\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nPRODID:x\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    .into_bytes()
}

// What Python's recurring-ical-events says of the same files.
#[test]
fn the_calendar_of_google_is_read() {
    assert_eq!(
        told(GOOGLE).unwrap(),
        [
            "2027-03-15T08:00:00Z 2027-03-15T08:30:00Z",
            "2027-03-29T12:00:00Z 2027-03-29T13:00:00Z",
            "2027-03-31T22:00:00Z 2027-04-02T22:00:00Z",
            "2027-04-05T07:00:00Z 2027-04-05T07:30:00Z",
            "2027-04-12T07:00:00Z 2027-04-12T07:30:00Z",
        ]
    );
}

#[test]
fn the_calendar_of_exchange_is_read_with_its_windows_zone() {
    assert_eq!(
        told(OUTLOOK).unwrap(),
        [
            "2027-03-26T12:00:00Z 2027-03-26T12:45:00Z",
            "2027-03-27T12:00:00Z 2027-03-27T12:45:00Z",
            "2027-03-28T11:00:00Z 2027-03-28T11:45:00Z",
            "2027-03-29T11:00:00Z 2027-03-29T11:45:00Z",
            "2027-03-30T11:00:00Z 2027-03-30T11:45:00Z",
        ]
    );
}

#[test]
fn shifts_of_pagerduty_are_read() {
    assert_eq!(
        told(PAGERDUTY).unwrap(),
        [
            "2027-03-15T08:00:00Z 2027-03-22T08:00:00Z",
            "2027-03-29T07:00:00Z 2027-03-30T09:00:00Z",
        ]
    );
}

#[test]
fn times_without_a_zone_are_the_persons_own() {
    // Lisbon has summer time from 28 March on.
    let days = event("DTSTART:20270327T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2");
    assert_eq!(
        told(&days).unwrap(),
        [
            "2027-03-27T09:00:00Z 2027-03-27T10:00:00Z",
            "2027-03-28T08:00:00Z 2027-03-28T09:00:00Z",
        ]
    );
    let whole = event("DTSTART;VALUE=DATE:20270328");
    assert_eq!(
        told(&whole).unwrap(),
        ["2027-03-28T00:00:00Z 2027-03-28T23:00:00Z"]
    );
}

#[test]
fn spans_are_merged_and_cut_to_the_window() {
    let spans = event(
        "DTSTART:20270309T220000Z\nDTEND:20270310T020000Z\nRDATE:20270310T000000Z,20270310T020000Z,20270430T230000Z",
    );
    assert_eq!(
        told(&spans).unwrap(),
        [
            "2027-03-10T00:00:00Z 2027-03-10T06:00:00Z",
            "2027-04-30T23:00:00Z 2027-05-01T00:00:00Z",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_refused_in_words() {
    for (raw, refused) in [
        (
            b"<!doctype html><title>Sign in</title>".to_vec(),
            Refused::NoCalendar,
        ),
        (Vec::new(), Refused::NoCalendar),
        (vec![b'x'; MOST_BYTES + 1], Refused::Large),
        ("BEGIN:A\n".repeat(100_000).into_bytes(), Refused::Large),
        // An end that is none: folded away, of something else, in a text of the old format; a beginning in two lines.
        (
            "BEGIN:A\n END:A\n".repeat(90_000).into_bytes(),
            Refused::Large,
        ),
        (
            "BEGIN:A\nEND:B\n".repeat(90_000).into_bytes(),
            Refused::Large,
        ),
        ("BE\n GIN:A\n".repeat(90_000).into_bytes(), Refused::Large),
        (
            "BEGIN:A\nX;ENCODING=QUOTED-PRINTABLE:a=\nEND:A\n"
                .repeat(30_000)
                .into_bytes(),
            Refused::Large,
        ),
        (
            "BEGIN:A\r".repeat(100_000).into_bytes(),
            Refused::NoCalendar,
        ),
        (
            " BEGIN : A\n".repeat(100_000).into_bytes(),
            Refused::NoCalendar,
        ),
        (
            event("DTSTART;TZID=Mars/Olympus:20270315T090000\nDURATION:PT1H"),
            Refused::Zone("Mars/Olympus".into()),
        ),
        (
            event("DTSTART:20270315T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"),
            Refused::Rule("FREQ=SECONDLY".into()),
        ),
        (
            event(
                "DTSTART:20270315T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXRULE:FREQ=SECONDLY",
            ),
            Refused::Rule("EXRULE".into()),
        ),
        (
            event(&format!(
                "DTSTART:20270315T090000Z{}",
                "\nRRULE:FREQ=DAILY".repeat(5)
            )),
            Refused::Rule("FREQ=DAILY".into()),
        ),
        (
            event(&format!(
                "DTSTART:00010315T090000Z\nDURATION:PT1H{}",
                "\nRRULE:FREQ=DAILY".repeat(4)
            )),
            Refused::TooMany,
        ),
    ] {
        assert_eq!(told(&raw), Err(refused));
    }
}

#[test]
fn many_rules_that_yield_nothing_are_counted_before_they_are_walked() {
    let dead: String = (0..2_000)
        .map(|n| {
            format!(
                "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:19000101T090000Z\r\nDTEND:19000101T100000Z\r\n\
                 RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31\r\nEND:VEVENT\r\n"
            )
        })
        .collect();
    let raw = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{dead}END:VCALENDAR\r\n");
    let window = (at("2026-11-23T00:00:00Z"), at("2026-12-23T00:00:00Z"));
    assert_eq!(
        busy(raw.as_bytes(), &TimeZone::UTC, window),
        Err(Refused::TooMany)
    );
}

#[test]
fn rules_that_yield_nothing_end() {
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=4294967295",
        "FREQ=WEEKLY;INTERVAL=4294967295;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
        "FREQ=DAILY;BYSETPOS=9;COUNT=100000",
    ] {
        let raw = event(&format!(
            "DTSTART:20270315T090000Z\nDURATION:PT1H\nRRULE:{rule}"
        ));
        if let Ok(spans) = told(&raw) {
            assert!(spans.len() <= 8, "{rule}: {spans:?}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_a_calendar_says_it_is_read_or_refused(
        lines in prop::collection::vec(
            ("(DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|UID|SEQUENCE|STATUS|BEGIN|END|X-WR-TIMEZONE)",
             "(;TZID=Europe/Berlin|;VALUE=DATE|;TZID=\"|;RANGE=THISANDFUTURE|)",
             "(20270328T023000|20270328|99991231T235959Z|00000000|PT1H|P99999D|-PT5M|FREQ=DAILY|FREQ=WEEKLY;BYDAY=MO,FR|FREQ=YEARLY;UNTIL=20280101|VEVENT|VCALENDAR|a|7|\\PC{0,12})"),
            0..25),
    ) {
        let mut raw = String::from("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n");
        for (name, param, value) in lines {
            raw.push_str(&format!("{name}{param}:{value}\r\n"));
        }
        if let Ok(spans) = busy(raw.as_bytes(), &lisbon(), window()) {
            let (from, until) = window();
            prop_assert!(spans.iter().all(|s| from <= s.from && s.from < s.to && s.to <= until));
            prop_assert!(spans.windows(2).all(|two| two[0].to < two[1].from));
        }
    }
}
