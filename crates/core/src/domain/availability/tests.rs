use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::free::{Side, Span, next_free};
use super::*;
use crate::db::types::UtcTime;
use crate::sample::{at, day};

fn week(monday: &str) -> Result<Week> {
    Week::parse(|name| if name == "Monday" { monday } else { "" })
}

#[test]
fn hours_are_read_as_people_write_them() {
    for (typed, text) in [
        ("09:00-12:00, 13:00-17:00", "09:00-12:00, 13:00-17:00"),
        ("13–17,9-12:30", "09:00-12:30, 13:00-17:00"),
        ("0:00-24:00", "00:00-24:00"),
        ("9-10,10-11", "09:00-10:00, 10:00-11:00"),
    ] {
        assert_eq!(week(typed).unwrap().text(1), text, "{typed}");
    }
    for (typed, sentence) in [
        ("all day", "Enter hours such as"),
        ("9", "Enter hours such as"),
        ("9:5-10", "Enter hours such as"),
        ("9-25", "Enter hours such as"),
        ("9-24:30", "Enter hours such as"),
        ("+9-10", "Enter hours such as"),
        ("17-9", "17-9 ends before it begins."),
        ("9-9", "9-9 ends before it begins."),
        ("9-12,11-13", "These hours overlap."),
        ("0-1,2-3,4-5,6-7,8-9,10-11,12-13", "Enter at most 6"),
        ("", "Enter hours for at least one day."),
    ] {
        let Err(Error::Invalid(errors)) = week(typed) else {
            panic!("{typed} was taken")
        };
        let said = errors.get("Monday").unwrap();
        assert!(said.starts_with(sentence), "{typed}: {said}");
    }
}

#[test]
fn a_week_that_nobody_set_is_the_usual_one() {
    let usual = Week::stored(Vec::new());
    assert_eq!(usual, Week::usual());
    assert_eq!(usual.text(5), "09:00-17:00");
    assert_eq!(usual.text(6), "");
    assert_eq!(week("9-12").unwrap().line(), "Monday 09:00-12:00");
}

#[test]
fn an_absence_is_ahead_and_within_a_year() {
    let today = day("2026-11-29");
    let read = |first: &str, last: &str| Absence::parse(first, last, today);
    let one = read("2026-12-24", "").unwrap();
    assert_eq!(
        (one.first_on, one.last_on),
        (day("2026-12-24"), day("2026-12-24"))
    );
    // One that began already still counts.
    assert!(read("2026-11-20", "2026-11-29").is_ok());
    for (first, last, field) in [
        ("", "", "first_on"),
        ("soon", "2026-12-01", "first_on"),
        ("2026-12-01", "later", "last_on"),
        ("2026-12-02", "2026-12-01", "last_on"),
        ("2026-11-01", "2026-11-28", "last_on"),
        ("2027-12-01", "", "first_on"),
        ("2026-12-01", "2028-12-01", "last_on"),
    ] {
        let Err(Error::Invalid(errors)) = read(first, last) else {
            panic!("{first} {last} was taken")
        };
        assert!(errors.get(field).is_some(), "{first} {last}: {errors:?}");
    }
}

#[test]
fn somebody_is_away_from_the_first_day_through_the_last_one() {
    let away = [Absence {
        first_on: day("2026-12-24"),
        last_on: day("2026-12-26"),
    }];
    let on = |text: &str| is_absent(&away, day(text));
    assert!(!on("2026-12-23") && on("2026-12-24") && on("2026-12-26") && !on("2026-12-27"));
    let next = |today: &str, days| next_absence(&away, day(today), days);
    assert_eq!(next("2026-12-26", 14), Some(away[0]));
    assert_eq!(next("2026-12-10", 14), Some(away[0]));
    assert_eq!(next("2026-12-09", 14), None);
    assert_eq!(next("2026-12-27", 14), None);
}

fn side(zone: &str) -> Side {
    Side {
        zone: zone.into(),
        week: Week::usual(),
        absences: Vec::new(),
        busy: Vec::new(),
    }
}

fn iso(times: Vec<UtcTime>) -> Vec<String> {
    times.into_iter().map(UtcTime::iso).collect()
}

#[test]
fn a_mentor_in_berlin_and_a_mentee_in_new_york_meet_in_the_hours_of_both() {
    let both = [side("Europe/Berlin"), side("America/New_York")];
    // A Thursday. From 14 March to 28 March 2027 only New York has summer time.
    let before = next_free(&both, 60, at("2027-03-11T12:00:00Z"), 3);
    assert_eq!(
        iso(before),
        [
            "2027-03-11T14:00:00Z",
            "2027-03-12T14:00:00Z",
            "2027-03-15T13:00:00Z"
        ]
    );
    let after = next_free(&both, 60, at("2027-03-28T12:00:00Z"), 1);
    assert_eq!(iso(after), ["2027-03-29T13:00:00Z"]);
}

/// Hours of every day.
fn daily(zone: &str, hours: &str) -> Side {
    Side {
        week: Week::parse(|_| hours).unwrap(),
        ..side(zone)
    }
}

#[test]
fn a_meeting_may_go_over_midnight_in_either_zone() {
    // Midnight in Berlin is 15:00 in Los Angeles.
    let night = daily("Europe/Berlin", "0-2, 22-24");
    let noon = daily("America/Los_Angeles", "13-17");
    let now = at("2027-02-01T12:00:00Z");
    for both in [[night.clone(), noon.clone()], [noon, night]] {
        let found = iso(next_free(&both, 180, now, 1));
        assert_eq!(found, ["2027-02-01T21:00:00Z"]);
    }
    // Not over the midnight before a day away.
    let mut leaves = daily("Europe/Berlin", "22-24, 0-2");
    leaves.absences.push(Absence {
        first_on: day("2027-02-02"),
        last_on: day("2027-02-02"),
    });
    let found = iso(next_free(&[leaves], 180, now, 1));
    assert_eq!(found, ["2027-02-03T21:00:00Z"]);
}

#[test]
fn hours_are_those_of_the_clock_on_the_night_it_changes() {
    // In Berlin 02:00 becomes 03:00 on 28 March 2027, and 03:00 becomes 02:00 on 31 October.
    let first = |hours: &str, minutes, now: &str| {
        let sides = [
            daily("Europe/Berlin", hours),
            daily("America/New_York", "0-24"),
        ];
        iso(next_free(&sides, minutes, at(now), 1)).pop().unwrap()
    };
    let spring = "2027-03-27T22:45:00Z";
    // From 01:00 to 03:30 on the clock is an hour and a half that night.
    assert_eq!(first("1-3:30", 90, spring), "2027-03-28T00:00:00Z");
    assert_eq!(first("1-3:30", 105, spring), "2027-03-28T23:00:00Z");
    // What ends in the hour that is skipped ends with it.
    assert_eq!(first("1-2:30", 60, spring), "2027-03-28T00:00:00Z");
    assert_eq!(first("1-2:30", 75, spring), "2027-03-28T23:00:00Z");
    let autumn = "2027-10-30T20:45:00Z";
    // From 01:00 to 03:30 is three hours and a half.
    assert_eq!(first("1-3:30", 210, autumn), "2027-10-30T23:00:00Z");
    // 02:15 to 02:45 comes twice.
    assert_eq!(first("2:15-2:45", 30, autumn), "2027-10-31T00:15:00Z");
    assert_eq!(
        first("2:15-2:45", 30, "2027-10-30T23:30:00Z"),
        "2027-10-31T01:15:00Z"
    );
}

#[test]
fn what_is_taken_is_not_offered() {
    let mut mentor = side("UTC");
    mentor.absences.push(Absence {
        first_on: day("2026-11-30"),
        last_on: day("2026-12-01"),
    });
    let mut mentee = side("UTC");
    mentee.busy.push(Span {
        from: at("2026-12-02T08:00:00Z"),
        to: at("2026-12-02T10:20:00Z"),
    });
    let found = next_free(&[mentor, mentee], 45, at("2026-11-29T23:00:00Z"), 4);
    assert_eq!(
        iso(found),
        [
            "2026-12-02T10:30:00Z",
            "2026-12-02T12:30:00Z",
            "2026-12-03T09:00:00Z",
            "2026-12-03T11:00:00Z"
        ]
    );
}

const ZONES: [&str; 7] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
];

prop_compose! {
    fn sides()(
        zone in 0..ZONES.len(),
        hours in prop::collection::vec((1..=7, 0..1439, 1..700), 1..8),
        away in prop::collection::vec((0_i64..40, 0_i64..6), 0..3),
        busy in prop::collection::vec((0_i64..40 * 24 * 60, 1_i64..2000), 0..12),
        now in any::<prop::sample::Index>(),
    ) -> (Side, UtcTime) {
        // Around each change of clocks of these zones.
        let nows = ["2027-03-10T22:17:00Z", "2027-03-25T03:00:00Z", "2027-10-20T11:11:11Z", "2027-04-01T00:00:00Z"];
        let now = at(nows[now.index(nows.len())]);
        let mut week: Vec<Hours> = Vec::new();
        for (weekday, from, long) in hours {
            let (weekday, from, long): (i32, i32, i32) = (weekday, from, long);
            let new = Hours { weekday, from, to: (from + long).min(1440) };
            if week.iter().all(|h| h.weekday != weekday || h.to <= new.from || new.to <= h.from) {
                week.push(new);
            }
        }
        let absences = away.into_iter().map(|(after, long)| {
            let first_on = now.day().plus_days(after - 1);
            Absence { first_on, last_on: first_on.plus_days(long) }
        }).collect();
        let busy = busy.into_iter().map(|(after, long)| {
            let from = now.plus_seconds(60 * after);
            Span { from, to: from.plus_seconds(60 * long) }
        }).collect();
        (Side { zone: ZONES[zone].into(), week: Week::stored(week), absences, busy }, now)
    }
}

/// Said again, the slow way: whether a person can be there for the whole of it.
fn can(side: &Side, meeting: Span) -> bool {
    let zone = TimeZone::get(&side.zone).unwrap();
    let mut minute = meeting.from;
    while minute < meeting.to {
        let civil = zone.to_datetime(minute.timestamp());
        let of_day = i32::from(civil.hour()) * 60 + i32::from(civil.minute());
        let weekday = i32::from(civil.weekday().to_monday_one_offset());
        let open = side
            .week
            .of(weekday)
            .any(|h| (h.from..h.to).contains(&of_day));
        if !open || is_absent(&side.absences, civil.date().into()) {
            return false;
        }
        minute = minute.plus_seconds(60);
    }
    side.busy.iter().all(|taken| !taken.overlaps(&meeting))
}

proptest! {
    #[test]
    fn every_time_offered_is_free_for_both(
        (mentor, now) in sides(), (mentee, _) in sides(), quarters in 1..9,
    ) {
        let both = [mentor, mentee];
        let minutes = quarters * 15;
        let found = next_free(&both, minutes, now, 6);
        prop_assert!(found.len() <= 6);
        prop_assert!(found.is_sorted());
        for from in found {
            let meeting = Span { from, to: from.plus_seconds(i64::from(minutes) * 60) };
            prop_assert!(from > now);
            for side in &both {
                prop_assert!(can(side, meeting), "{} {:?}", from.iso(), side);
            }
        }
    }

    #[test]
    fn the_first_time_that_is_free_is_offered(
        (mentor, now) in sides(), (mentee, _) in sides(),
    ) {
        let both = [mentor, mentee];
        let first = next_free(&both, 30, now, 1).first().copied();
        let mut from = now.plus_hours(1);
        let last = first.unwrap_or(now.plus_hours(24 * 3));
        // Nothing earlier, on any quarter of an hour within three days.
        while from < last && from < now.plus_hours(24 * 3) {
            if from.rounded_down(900) == from {
                let meeting = Span { from, to: from.plus_seconds(1800) };
                let is_free = both.iter().all(|side| can(side, meeting));
                prop_assert!(!is_free, "{} is free and not offered", from.iso());
            }
            from = from.plus_seconds(60);
        }
    }
}
