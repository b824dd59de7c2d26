//! Times for people: in the viewer's zone, absolute and relative.

mod field;

use jiff::tz::TimeZone;

use crate::db::types::{Day, NO_END, UtcTime};
pub use field::{MomentField, Time};

/// A time as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeText {
    /// For `datetime=`: a moment, or a UTC day; empty for no day. A page that stays open counts from now or from the UTC day by it.
    pub iso: String,
    /// `Thu 12 Nov, 09:00`; with the year when it is not the current one.
    pub text: String,
    /// `in 9 days`, `yesterday`.
    pub relative: String,
}

/// Shows times in one person's zone, relative to one moment.
#[derive(Debug, Clone)]
pub struct LocalTime {
    zone: TimeZone,
    now: UtcTime,
}

impl LocalTime {
    /// Times in that IANA zone; UTC when the name is unknown.
    pub fn new(zone: &str, now: UtcTime) -> Self {
        Self {
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            now,
        }
    }

    /// The moment that relative times count from.
    pub fn now(&self) -> UtcTime {
        self.now
    }

    /// Today, in the person's zone.
    pub fn today(&self) -> Day {
        self.local_day(self.now)
    }

    /// The day a moment falls on, in the person's zone.
    pub fn local_day(&self, at: UtcTime) -> Day {
        self.zone.to_datetime(at.timestamp()).date().into()
    }

    /// A moment with its time of day: `Thu 12 Nov, 09:00`.
    pub fn moment(&self, at: UtcTime) -> TimeText {
        let civil = self.zone.to_datetime(at.timestamp());
        let day = self.local_day(at);
        let format = if same_year(day, self.today()) {
            "%a %-d %b, %H:%M"
        } else {
            "%a %-d %b %Y, %H:%M"
        };
        TimeText {
            iso: at.iso(),
            text: civil.strftime(format).to_string(),
            relative: relative(day, self.today()),
        }
    }

    /// What day it is in UTC, where the person's clock shows another one: `29 Nov`. Days of validity are UTC days.
    pub fn utc_day(&self) -> Option<String> {
        let day = self.now.day();
        (day != self.today()).then(|| self.day(day).text)
    }

    /// Now, to the minute, for a page that also shows days of validity: `Sat 28 Nov, 21:16 (29 Nov in UTC)`.
    pub fn as_of(&self) -> TimeText {
        let mut now = self.moment(self.now.rounded_down(60));
        if let Some(day) = self.utc_day() {
            now.text = format!("{} ({day} in UTC)", now.text);
        }
        now
    }

    /// The same moment in another zone: `10:00`, with the day if it differs; `None` when both zones show the same.
    pub fn elsewhere(&self, at: UtcTime, zone: &str) -> Option<String> {
        let there = TimeZone::get(zone).ok()?.to_datetime(at.timestamp());
        let here = self.zone.to_datetime(at.timestamp());
        match there.date() == here.date() {
            _ if there == here => None,
            true => Some(there.strftime("%H:%M").to_string()),
            false => Some(there.strftime("%a %-d %b, %H:%M").to_string()),
        }
    }

    pub fn civil(&self, at: UtcTime) -> jiff::civil::DateTime {
        self.zone.to_datetime(at.timestamp())
    }

    /// The day a moment falls on, in the person's zone: `12 Nov`.
    pub fn day_of(&self, at: UtcTime) -> TimeText {
        TimeText {
            iso: at.iso(),
            ..seen_on(self.today(), self.local_day(at))
        }
    }

    /// A day of validity: `12 Nov`, `12 Nov 2027`. These are UTC days, so what ends "today" ends today for everyone.
    /// [`Day::NEVER`] has no day to show.
    pub fn day(&self, day: Day) -> TimeText {
        match day == Day::NEVER {
            true => TimeText {
                iso: String::new(),
                text: NO_END.into(),
                relative: String::new(),
            },
            false => seen_on(self.now.day(), day),
        }
    }

    /// Until when something is valid: `until 12 Nov 2027`, `with no end date`.
    pub fn until(&self, day: Day) -> String {
        match day == Day::NEVER {
            true => format!("with {NO_END}"),
            false => format!("until {}", self.day(day).text),
        }
    }

    /// How long ago a moment was, in the largest unit that is exact enough: `5 weeks`, `14 months`.
    pub fn age(&self, at: UtcTime) -> String {
        let (from, today) = (self.local_day(at), self.today());
        let days = today.days_since(from);
        let months = from.date().until((jiff::Unit::Month, today.date()));
        let months = months.map_or(0, |span| span.get_months());
        let words = |n: i64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        match days {
            ..1 => "less than a day".into(),
            1..14 => words(days, "day"),
            14..63 => words(days / 7, "week"),
            _ if months < 36 => words(months.into(), "month"),
            _ => words((months / 12).into(), "year"),
        }
    }

    /// A day in full, for a heading: `Thursday 12 November 2026`.
    pub fn heading(&self, day: Day) -> String {
        day.date().strftime("%A %-d %B %Y").to_string()
    }

    /// The time of day of a moment, to the second: `09:00:12`.
    pub fn clock(&self, at: UtcTime) -> String {
        let civil = self.zone.to_datetime(at.timestamp());
        civil.strftime("%H:%M:%S").to_string()
    }

    /// The first moment of a day in the person's zone.
    pub fn start_of(&self, day: Day) -> UtcTime {
        day.date()
            .to_zoned(self.zone.clone())
            .map_or_else(|_| day.start(), |z| UtcTime::from(z.timestamp()))
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// IANA name of the zone.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }
}

fn seen_on(today: Day, day: Day) -> TimeText {
    let format = if same_year(day, today) {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    TimeText {
        iso: day.to_string(),
        text: day.date().strftime(format).to_string(),
        relative: relative(day, today),
    }
}

fn same_year(day: Day, today: Day) -> bool {
    day.date().year() == today.date().year()
}

fn relative(day: Day, today: Day) -> String {
    match day.days_since(today) {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        n if n > 0 => format!("in {n} days"),
        n => format!("{} days ago", -n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn a_moment_is_shown_in_the_zone_of_the_viewer() {
        let local = LocalTime::new("Asia/Singapore", at("2026-11-12T20:00:00Z"));
        let shown = local.moment(at("2026-11-12T01:30:00Z"));
        assert_eq!(shown.text, "Thu 12 Nov, 09:30");
        assert_eq!(shown.relative, "yesterday");
        assert_eq!(shown.iso, "2026-11-12T01:30:00Z");
    }

    #[test]
    fn now_names_the_utc_day_where_it_is_another_one() {
        let as_of = |zone: &str, now: &str| LocalTime::new(zone, at(now)).as_of().text;
        for (zone, now, text) in [
            (
                "America/Toronto",
                "2026-11-29T02:16:00Z",
                "Sat 28 Nov, 21:16 (29 Nov in UTC)",
            ),
            (
                "America/Toronto",
                "2026-11-29T12:16:00Z",
                "Sun 29 Nov, 07:16",
            ),
            (
                "Asia/Tokyo",
                "2026-12-31T22:00:00Z",
                "Fri 1 Jan, 07:00 (31 Dec in UTC)",
            ),
            ("UTC", "2026-11-29T23:59:59Z", "Sun 29 Nov, 23:59"),
        ] {
            assert_eq!(as_of(zone, now), text, "{zone}");
        }
    }

    #[test]
    fn another_clock_is_named_only_where_it_differs() {
        let local = LocalTime::new("Europe/London", at("2026-11-12T20:00:00Z"));
        let there = |zone: &str, moment: &str| local.elsewhere(at(moment), zone);
        let morning = "2026-11-13T09:00:00Z";
        assert_eq!(there("Europe/Lisbon", morning), None);
        assert_eq!(there("Europe/Stockholm", morning).unwrap(), "10:00");
        assert_eq!(
            there("Asia/Tokyo", "2026-11-13T16:00:00Z").unwrap(),
            "Sat 14 Nov, 01:00"
        );
        assert_eq!(there("Mars/Olympus", morning), None);
    }

    #[test]
    fn an_age_is_in_the_largest_exact_enough_unit() {
        let local = LocalTime::new("UTC", at("2026-11-12T20:00:00Z"));
        for (since, words) in [
            ("2026-11-12T01:00:00Z", "less than a day"),
            ("2026-11-11T23:00:00Z", "1 day"),
            ("2026-10-30T09:00:00Z", "13 days"),
            ("2026-10-29T09:00:00Z", "2 weeks"),
            ("2026-09-11T09:00:00Z", "8 weeks"),
            ("2026-09-10T09:00:00Z", "2 months"),
            ("2025-09-12T09:00:00Z", "14 months"),
            ("2023-11-13T09:00:00Z", "35 months"),
            ("2023-11-12T09:00:00Z", "3 years"),
        ] {
            assert_eq!(local.age(at(since)), words, "{since}");
        }
    }

    #[test]
    fn a_utc_day_has_no_clock_and_the_day_of_a_moment_has_one() {
        let local = LocalTime::new("Asia/Tokyo", at("2026-11-12T20:00:00Z"));
        let moment = at("2026-11-12T19:00:00Z");
        let (day, day_of) = (local.day(moment.day()), local.day_of(moment));
        assert_eq!(
            (day.iso.as_str(), day.text.as_str()),
            ("2026-11-12", "12 Nov")
        );
        assert_eq!(
            (day_of.iso.as_str(), day_of.text.as_str()),
            ("2026-11-12T19:00:00Z", "13 Nov")
        );
        assert_eq!(
            (day.relative, day_of.relative),
            ("today".into(), "today".into())
        );
    }

    #[test]
    fn another_year_is_named() {
        let local = LocalTime::new("UTC", at("2026-11-12T20:00:00Z"));
        assert_eq!(
            local.day(Day::parse("2027-03-01").unwrap()).text,
            "1 Mar 2027"
        );
        assert_eq!(
            local.day(Day::parse("2026-11-14").unwrap()).relative,
            "in 2 days"
        );
    }

    #[test]
    fn a_day_of_validity_is_the_same_for_everyone_and_a_moment_is_not() {
        // 14 hours east of UTC, and 11 hours west of it.
        let (east, west) = ("Pacific/Kiritimati", "Pacific/Pago_Pago");
        // (zone, now, a day and its words, a moment and its words)
        let cases = [
            (
                east,
                "2026-11-12T20:00:00Z",
                "2026-11-12",
                "today",
                "2026-11-12T09:00:00Z",
                "yesterday",
            ),
            (
                east,
                "2026-11-12T20:00:00Z",
                "2026-11-13",
                "tomorrow",
                "2026-11-12T10:00:00Z",
                "today",
            ),
            (
                east,
                "2026-11-12T05:00:00Z",
                "2026-11-12",
                "today",
                "2026-11-11T20:00:00Z",
                "today",
            ),
            (
                west,
                "2026-11-12T05:00:00Z",
                "2026-11-12",
                "today",
                "2026-11-11T12:00:00Z",
                "today",
            ),
            (
                west,
                "2026-11-12T05:00:00Z",
                "2026-11-11",
                "yesterday",
                "2026-11-11T10:00:00Z",
                "yesterday",
            ),
            (
                west,
                "2026-11-12T20:00:00Z",
                "2026-11-14",
                "in 2 days",
                "2026-11-12T05:00:00Z",
                "yesterday",
            ),
        ];
        for (zone, now, day, day_words, moment, moment_words) in cases {
            let local = LocalTime::new(zone, at(now));
            let day = Day::parse(day).unwrap();
            assert_eq!(local.day(day).relative, day_words, "{zone} {now} {day}");
            assert_eq!(
                local.day_of(at(moment)).relative,
                moment_words,
                "{zone} {now} {moment}"
            );
            assert_eq!(
                local.moment(at(moment)).relative,
                moment_words,
                "{zone} {now} {moment}"
            );
        }
    }
}
