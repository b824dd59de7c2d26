//! A person's logbook, like a pilot's: what happened, month by month of a year, with totals.

pub mod load;
pub mod store;
pub mod taken;

use std::cmp::Reverse;

use crate::db::types::{Day, UtcTime};
use crate::time::LocalTime;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// How many were held.
    pub sessions: i64,
    /// Their minutes together.
    pub minutes: i64,
}

impl Total {
    pub fn and(self, other: Self) -> Self {
        Self {
            sessions: self.sessions.saturating_add(other.sessions),
            minutes: self.minutes.saturating_add(other.minutes),
        }
    }

    /// In words: `1 session, 45 min`, `12 sessions, 9 h 30 min`.
    pub fn words(self) -> String {
        let word = if self.sessions == 1 {
            "session"
        } else {
            "sessions"
        };
        match (self.sessions, self.minutes / 60, self.minutes % 60) {
            (0, ..) => "no session".into(),
            (n, 0, minutes) => format!("{n} {word}, {minutes} min"),
            (n, hours, 0) => format!("{n} {word}, {hours} h"),
            (n, hours, minutes) => format!("{n} {word}, {hours} h {minutes} min"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub at: UtcTime,
    /// `Pairing on real work`, `Cleared`.
    pub what: String,
    /// In which area, and with whom.
    pub about: String,
    /// Empty when the viewer may not see the page.
    pub href: String,
    /// What it adds to the totals.
    pub counts: Total,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `November`.
    pub name: String,
    /// Latest first.
    pub entries: Vec<Entry>,
    pub total: Total,
}

/// The first moment of a year in the viewer's zone, and of the year after it; `None` outside the four-digit years.
pub fn bounds(year: i16, local: &LocalTime) -> Option<(UtcTime, UtcTime)> {
    let start = |year: i16| Some(local.start_of(Day::parse(&format!("{year:04}-01-01"))?));
    Some((start(year)?, start(year.checked_add(1)?)?))
}

/// Entries by month of the viewer's zone, the latest first.
pub fn months(mut entries: Vec<Entry>, local: &LocalTime) -> Vec<Month> {
    entries.sort_by_key(|e| Reverse(e.at));
    let mut months: Vec<Month> = Vec::new();
    for entry in entries {
        let name = local.local_day(entry.at).date().strftime("%B").to_string();
        match months.last_mut().filter(|m| m.name == name) {
            Some(month) => {
                month.total = month.total.and(entry.counts);
                month.entries.push(entry);
            }
            None => months.push(Month {
                name,
                total: entry.counts,
                entries: vec![entry],
            }),
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;
    use proptest::prelude::*;

    fn held(at: UtcTime, minutes: i64) -> Entry {
        Entry {
            at,
            what: "Pairing".into(),
            about: String::new(),
            href: String::new(),
            counts: Total {
                sessions: 1,
                minutes,
            },
        }
    }

    #[test]
    fn totals_show_hours_and_minutes() {
        let words = |sessions, minutes| Total { sessions, minutes }.words();
        assert_eq!(words(0, 0), "no session");
        assert_eq!(words(1, 45), "1 session, 45 min");
        assert_eq!(words(2, 120), "2 sessions, 2 h");
        assert_eq!(words(12, 570), "12 sessions, 9 h 30 min");
    }

    #[test]
    fn months_are_in_the_zone_of_the_viewer_and_the_latest_comes_first() {
        let local = LocalTime::new("Asia/Singapore", at("2026-11-22T09:00:00Z"));
        let entries = vec![
            held(at("2026-10-31T15:00:00Z"), 30),
            held(at("2026-10-31T17:00:00Z"), 60),
            held(at("2026-11-02T01:00:00Z"), 15),
        ];
        let months: Vec<_> = months(entries, &local)
            .into_iter()
            .map(|m| (m.name, m.total.minutes))
            .collect();
        assert_eq!(
            months,
            [("November".to_owned(), 75), ("October".to_owned(), 30)]
        );
        let (from, to) = bounds(2026, &local).unwrap();
        assert_eq!(from, at("2025-12-31T16:00:00Z"));
        assert_eq!(to, at("2026-12-31T16:00:00Z"));
    }

    proptest! {
        #[test]
        fn months_lose_nothing_and_their_totals_add_up(hours in prop::collection::vec(0_i64..8760, 0..30)) {
            let start = at("2026-01-01T00:00:00Z");
            let entries: Vec<Entry> = hours.iter().map(|h| held(start.plus_hours(*h), *h % 90)).collect();
            let all = entries.iter().fold(Total::default(), |sum, e| sum.and(e.counts));
            let months = months(entries, &LocalTime::new("UTC", start));
            let sum = months.iter().fold(Total::default(), |sum, m| sum.and(m.total));
            prop_assert_eq!(sum, all);
            let names: std::collections::HashSet<_> = months.iter().map(|m| &m.name).collect();
            prop_assert_eq!(names.len(), months.len());
        }
    }
}
