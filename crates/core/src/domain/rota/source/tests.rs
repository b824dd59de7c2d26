use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::sample::at;

fn window(from: &str, until: &str) -> Window {
    Window {
        from: at(from),
        until: at(until),
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    }
}

fn spring() -> Window {
    window("2027-03-20T00:00:00Z", "2027-04-20T00:00:00Z")
}

fn told(raw: &[u8], window: &Window) -> Result<Vec<String>, String> {
    let entries = Source::of(raw).read(raw, window)?;
    let text = |e: &Entry| {
        let (from, to) = (e.starts_at.iso(), e.ends_at.iso());
        format!("{from} {to} {} <{}> {}", e.name, e.email, e.duty.word())
    };
    Ok(entries.iter().map(text).collect())
}

#[test]
fn calendars_of_opsgenie_name_people_in_the_title() {
    let raw = include_bytes!("fixtures/opsgenie.ics");
    let window = window("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(
        told(raw, &window).unwrap(),
        [
            "2026-12-07T08:00:00Z 2026-12-14T08:00:00Z Amara Okafor - Payments_schedule <> primary",
            "2026-12-14T08:00:00Z 2026-12-21T08:00:00Z  <bo@ride.example> secondary",
        ]
    );
}

// Berlin has summer time from 28 March on: the second one begins an hour later than it was, the third is left out.
#[test]
fn calendars_of_grafana_repeat_with_changes_and_exceptions() {
    assert_eq!(
        told(include_bytes!("fixtures/grafana.ics"), &spring()).unwrap(),
        [
            "2027-03-24T08:00:00Z 2027-03-24T16:00:00Z  <noor@ride.example> primary",
            "2027-03-31T08:00:00Z 2027-03-31T16:00:00Z [L1] Amara Okafor <> primary",
        ]
    );
}

// A day has 23 hours when summer time begins; a free one is a shift as well.
#[test]
fn calendars_of_google_have_days_and_guests() {
    assert_eq!(
        told(include_bytes!("fixtures/google.ics"), &spring()).unwrap(),
        [
            "2027-03-27T00:00:00Z 2027-03-28T23:00:00Z On call: Amara Okafor <> primary",
            "2027-03-30T09:00:00Z 2027-03-30T17:00:00Z Bo Li <bo@ride.example> shadow",
            "2027-03-30T09:00:00Z 2027-03-30T17:00:00Z Noor Haddad <noor@ride.example> shadow",
            "2027-03-31T09:00:00Z 2027-03-31T17:00:00Z Noor Haddad <noor@ride.example> primary",
        ]
    );
}

#[test]
fn calendars_of_pagerduty_invite_by_address() {
    let raw = include_bytes!("../../calendar/read/fixtures/pagerduty.ics");
    assert_eq!(
        told(raw, &spring()).unwrap(),
        [
            "2027-03-15T08:00:00Z 2027-03-22T08:00:00Z  <noor@ride.example> primary",
            "2027-03-29T07:00:00Z 2027-03-30T09:00:00Z On Call - Payments <> primary",
        ]
    );
}

#[test]
fn answers_of_tools_are_told_apart_by_their_shape() {
    for (raw, source, shifts) in [
        (
            &include_bytes!("fixtures/pagerduty.json")[..],
            Source::PagerDuty,
            vec![
                "2027-03-22T07:00:00Z 2027-03-29T06:00:00Z Amara Okafor <> primary",
                "2027-03-29T06:00:00Z 2027-04-05T06:00:00Z Bo Li <> primary",
            ],
        ),
        (
            include_bytes!("fixtures/oncalls.json"),
            Source::PagerDuty,
            vec![
                "2027-03-22T07:00:00Z 2027-03-29T06:00:00Z Amara Okafor <> secondary",
                "2027-03-22T07:00:00Z 2027-03-29T06:00:00Z Bo Li <bo@ride.example> shadow",
            ],
        ),
        (
            include_bytes!("fixtures/incident_io.json"),
            Source::IncidentIo,
            vec![
                "2027-03-22T08:00:00Z 2027-03-29T08:00:00Z Amara Okafor <amara@ride.example> primary",
                "2027-03-22T08:00:00Z 2027-03-29T08:00:00Z Bo Li <bo@ride.example> shadow",
            ],
        ),
        (
            include_bytes!("fixtures/rootly.json"),
            Source::Rootly,
            vec![
                "2027-03-22T07:30:00Z 2027-03-22T15:30:00Z Rootly user 1009 <> primary",
                "2027-03-23T07:30:00Z 2027-03-23T15:30:00Z Bo Li <bo@ride.example> shadow",
                "2027-03-24T07:30:00Z 2027-03-24T15:30:00Z Noor Haddad <noor@ride.example> primary",
            ],
        ),
        (
            include_bytes!("fixtures/grafana.json"),
            Source::Grafana,
            vec![
                "2027-03-22T09:00:00Z 2027-03-22T17:00:00Z amara <amara@ride.example> primary",
                "2027-03-23T09:00:00Z 2027-03-23T17:00:00Z bo <bo@ride.example> primary",
            ],
        ),
    ] {
        assert_eq!(Source::of(raw), source);
        assert_eq!(told(raw, &spring()).unwrap(), shifts, "{source:?}");
    }
}

#[test]
fn half_an_answer_is_refused() {
    for raw in [
        &br#"{"oncalls":[],"more":true}"#[..],
        br#"{"count":200,"next":"https://x.example/?page=2","results":[]}"#,
        br#"{"data":[],"links":{"next":"https://x.example/?page=2"}}"#,
        br#"{"schedule_entries":{"final":[]},"pagination_meta":{"after":"01E9"}}"#,
    ] {
        let why = told(raw, &spring()).unwrap_err();
        assert!(why.contains("more than one page"), "{why}");
    }
}

#[test]
fn tables_are_read_with_any_separator() {
    let expected = [
        "2027-03-26T08:00:00Z 2027-03-26T16:00:00Z Amara Okafor <> primary",
        "2027-03-27T23:00:00Z 2027-03-28T22:00:00Z Bo Li <> shadow",
        "2027-03-29T09:00:00Z 2027-03-29T17:00:00Z  <noor@ride.example> secondary",
    ];
    for mark in [",", ";", "\t", "|"] {
        let table = "Start,End,Person,Kind\n\
            2027-03-26 09:00,2027-03-26T17:00,Amara Okafor,primary\n\
            2027-03-28,2027-03-28,Bo Li,shadow layer\n\n\
            2027-03-29T09:00:00Z,2027-03-29T17:00:00Z,noor@ride.example,Secondary\n"
            .replace(',', mark);
        let marked = format!("\u{feff}{table}");
        for raw in [table, marked] {
            assert_eq!(told(raw.as_bytes(), &spring()).unwrap(), expected, "{mark}");
        }
    }
}

#[test]
fn a_wrong_table_is_refused_with_its_lines() {
    for (table, sentence) in [
        ("", "name the columns"),
        ("a,b\n1,2\n", "name the columns"),
        (
            "start,end,person\nsoon,2027-03-29,Bo Li\n",
            "Line 2: the start “soon” is no time",
        ),
        (
            "start,end,person\n2027-03-29,2027-03-30,\n",
            "Line 2: nobody is named.",
        ),
        (
            "start,end,person\n2027-03-29 09:00,2027-03-29 08:00,Bo Li\n2027-03-29,x,Bo\n",
            "Line 2: the shift ends before it begins. Line 3: the end “x”",
        ),
        ("start,end,person\n\u{0},\u{0}\n", "Line 2:"),
    ] {
        let why = told(table.as_bytes(), &spring()).unwrap_err();
        assert!(why.contains(sentence), "{why}");
    }
    let why = told(b"start,end,person\n\xff\xfe,x,y\n", &spring()).unwrap_err();
    assert!(why.contains("UTF-8"), "{why}");
}

fn event(rule: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Bo Li\r\nDTSTART:20270320T000000Z\r\n\
         DTEND:20270320T010000Z\r\n{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// The bounds themselves are those of the reader of calendars: bytes, lines, layers, events, instances, steps of rules.
#[test]
fn bad_calendars_end_in_a_sentence() {
    let cut = include_bytes!("fixtures/google.ics");
    let cut = cut.get(..400).unwrap();
    let many: String = (0..100_000)
        .map(|n| format!("BEGIN:VEVENT\nUID:{n}\nDTSTART:20270322T000000Z\nEND:VEVENT\n"))
        .collect();
    let dates: String = (0..100_000)
        .map(|n| {
            format!(
                "202703{:02}T{:02}{:02}{:02}Z,",
                n % 28 + 1,
                n % 24,
                n % 60,
                n / 1680
            )
        })
        .collect();
    let zones = "BEGIN:VTIMEZONE\r\nTZID:A\r\nX-LIC-LOCATION:A\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n\
                 RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    for (raw, sentence) in [
        (cut.to_vec(), "is cut off"),
        (vec![b'x'; 50 << 20], "too large"),
        (
            format!("BEGIN:VCALENDAR\n{many}END:VCALENDAR\n").into_bytes(),
            "too",
        ),
        (
            event("RRULE:FREQ=SECONDLY").into_bytes(),
            "repeats an event",
        ),
        (
            event("RRULE:FREQ=MINUTELY;INTERVAL=1").into_bytes(),
            "repeats an event",
        ),
        (
            event("RRULE:FREQ=DAILY\r\nEXRULE:FREQ=SECONDLY").into_bytes(),
            "repeats an event",
        ),
        (
            event(&["RRULE:FREQ=DAILY"; 4].join("\r\n"))
                .replace("20270320T000000Z", "00010320T000000Z")
                .into_bytes(),
            "too many",
        ),
        (
            event(&format!("RDATE:{dates}")).into_bytes(),
            "The limit is 5000",
        ),
        (
            event("")
                .replace("DTSTART:", "DTSTART;TZID=A:")
                .replace("BEGIN:VEVENT", &format!("{zones}BEGIN:VEVENT"))
                .replace("0000Z", "0000")
                .into_bytes(),
            "unknown time zone",
        ),
        (b"BEGIN:VCALENDAR\n".repeat(100_000), "too large"),
        (b"{\"oncalls\":".repeat(10_000), "no rota of PagerDuty"),
        (b"{\"schedule\":{}}".to_vec(), "no rota of PagerDuty"),
    ] {
        let begun = std::time::Instant::now();
        let why = told(&raw, &spring()).unwrap_err();
        assert!(why.contains(sentence), "{sentence}: {why}");
        assert!(begun.elapsed().as_secs() < 20, "{sentence}");
    }
    // A rule without an end is read to the end of the window.
    let shifts = told(event("RRULE:FREQ=DAILY").as_bytes(), &spring()).unwrap();
    assert_eq!(shifts.len(), 31);
}

#[test]
fn a_request_has_the_window_and_the_token_of_its_tool() {
    let window = spring();
    for (source, address, header) in [
        (
            Source::PagerDuty,
            "https://api.pagerduty.com/schedules/P1?since=2027-03-20T00%3A00%3A00Z&until=2027-04-20T00%3A00%3A00Z&time_zone=UTC&overflow=true",
            "Token token=t0",
        ),
        (
            Source::IncidentIo,
            "https://api.pagerduty.com/schedules/P1?entry_window_start=2027-03-20T00%3A00%3A00Z&entry_window_end=2027-04-20T00%3A00%3A00Z",
            "Bearer t0",
        ),
        (
            Source::Rootly,
            "https://api.pagerduty.com/schedules/P1?from=2027-03-20T00%3A00%3A00Z&to=2027-04-20T00%3A00%3A00Z&include=user",
            "Bearer t0",
        ),
        (
            Source::Grafana,
            "https://api.pagerduty.com/schedules/P1?start_date=2027-03-20&end_date=2027-04-20&perpage=100",
            "t0",
        ),
        (
            Source::Calendar,
            "https://api.pagerduty.com/schedules/P1",
            "Bearer t0",
        ),
    ] {
        let request = source.request("https://api.pagerduty.com/schedules/P1", "t0", &window);
        assert_eq!(request.address, address);
        let sent = request
            .headers
            .iter()
            .find(|(name, _)| *name == "authorization");
        assert_eq!(sent.unwrap().1, header);
        let open = source.request(&request.address, "", &window);
        assert_eq!(open.address, address, "what was asked before is asked once");
        assert!(
            open.headers
                .iter()
                .all(|(name, _)| *name != "authorization")
        );
    }
}

#[test]
fn pagerduty_is_asked_for_more_on_call_than_it_gives_by_itself() {
    let address = "https://api.pagerduty.com/oncalls?schedule_ids[]=P1";
    let asked = Source::PagerDuty.request(address, "t0", &spring()).address;
    for part in ["schedule_ids%5B%5D=P1", "limit=100", "include%5B%5D=users"] {
        assert!(asked.contains(part), "{asked}");
    }
}

#[test]
fn a_shift_is_told_from_the_others_by_what_its_tool_calls_it() {
    let uids = |raw: &[u8], window: &Window| -> Vec<String> {
        let entries = Source::of(raw).read(raw, window).unwrap();
        entries.into_iter().map(|entry| entry.uid).collect()
    };
    // One of a series is called by when it begins by the rule, wherever it was moved.
    assert_eq!(
        uids(include_bytes!("fixtures/grafana.ics"), &spring()),
        ["gf-1 20270324T090000", "gf-1 20270331T090000"]
    );
    assert_eq!(
        uids(include_bytes!("fixtures/google.ics"), &spring()),
        [
            "g1@google.com",
            "g2@google.com",
            "g2@google.com",
            "g3@google.com"
        ]
    );
    assert_eq!(
        uids(include_bytes!("fixtures/incident_io.json"), &spring()),
        ["01E1", "01E2"]
    );
    assert_eq!(
        uids(include_bytes!("fixtures/rootly.json"), &spring()),
        ["7a19133d", "88f1bb65", "99a1bb65"]
    );
    assert_eq!(
        uids(include_bytes!("fixtures/grafana.json"), &spring()),
        ["", ""]
    );
}

#[test]
fn a_calendar_may_name_several_people_in_a_title() {
    let with = |title: &str| event("").replace("SUMMARY:Bo Li", &format!("SUMMARY:{title}"));
    for (title, expected) in [
        (
            "ada@ride.example\\, bo@ride.example",
            vec![" <ada@ride.example> primary", " <bo@ride.example> primary"],
        ),
        ("Ada Park\\, Bo Li", vec!["Ada Park, Bo Li <> primary"]),
        (
            "Backup: ada@ride.example",
            vec![" <ada@ride.example> secondary"],
        ),
    ] {
        let found = told(with(title).as_bytes(), &spring()).unwrap();
        let found: Vec<&str> = found.iter().map(|line| &line[42..]).collect();
        assert_eq!(found, expected, "{title}");
    }
}

#[test]
fn daylight_saving_exceptions_and_cancelled_days_of_a_series_hold() {
    // A night shift of Berlin every day over the end of summer time, without one day, and with one called off.
    let raw = "BEGIN:VCALENDAR\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:n\r\nSUMMARY:Bo Li\r\n\
        DTSTART;TZID=Europe/Berlin:20271029T220000\r\nDTEND;TZID=Europe/Berlin:20271030T060000\r\n\
        RRULE:FREQ=DAILY;COUNT=5\r\nEXDATE;TZID=Europe/Berlin:20271101T220000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:n\r\nRECURRENCE-ID;TZID=Europe/Berlin:20271102T220000\r\nSTATUS:CANCELLED\r\n\
        DTSTART;TZID=Europe/Berlin:20271102T220000\r\nDTEND;TZID=Europe/Berlin:20271103T060000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:d\r\nSUMMARY:Shadow: Ada Park\r\nDTSTART;VALUE=DATE:20271031\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    let autumn = window("2027-10-29T00:00:00Z", "2027-11-10T00:00:00Z");
    assert_eq!(
        told(raw.as_bytes(), &autumn).unwrap(),
        [
            "2027-10-29T20:00:00Z 2027-10-30T04:00:00Z Bo Li <> primary",
            "2027-10-30T20:00:00Z 2027-10-31T04:00:00Z Bo Li <> primary",
            // The day has 25 hours.
            "2027-10-30T22:00:00Z 2027-10-31T23:00:00Z Shadow: Ada Park <> shadow",
            "2027-10-31T21:00:00Z 2027-11-01T05:00:00Z Bo Li <> primary",
        ]
    );
}

proptest! {
    #[test]
    fn whatever_it_is_it_is_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = told(&raw, &spring());
        for source in Source::ALL {
            if let Ok(entries) = source.read(&raw, &spring()) {
                prop_assert!(entries.windows(2).all(|two| two[0] < two[1]));
            }
        }
    }

    #[test]
    fn tables_never_yield_a_shift_outside_the_window(
        days in prop::collection::vec((1i8..=28, 1i8..=12, 0i8..24, 0i64..100), 0..20)
    ) {
        let mut table = String::from("start;end;person\n");
        for (day, month, hour, hours) in days {
            let start = jiff::civil::date(2027, month, day).at(hour, 0, 0, 0);
            let end = start + jiff::SignedDuration::from_hours(hours);
            table.push_str(&format!("{start};{end};Bo Li\n"));
        }
        let window = spring();
        if let Ok(entries) = Source::Csv.read(table.as_bytes(), &window) {
            prop_assert!(entries.iter().all(|e| e.starts_at < window.until && e.ends_at > window.from));
        }
    }
}
