//! Currency: what keeps a clearance alive. Computed from dates, never by a job.

pub mod store;

use crate::db::types::Day;
use crate::domain::people::Actor;
use crate::text_enum;
use crate::words::Words;

/// How many days late a real incident may be logged, and how long it can be taken back.
pub const LATE_DAYS: i64 = 14;

text_enum! {
    /// What counts as practice.
    pub enum ActivityKind {
        Shift = "shift" / "On-call shift",
        /// A drill as primary or secondary.
        Drill = "drill" / "Drill",
        Incident = "incident" / "Real incident",
        /// A drill led for others.
        DrillLed = "drill_led" / "Drill led",
    }
}

/// The last practice that kept a full clearance alive. Practice after it lapsed does not bring it back.
pub fn last_practice(from: Day, recency_days: i32, days: &[Day]) -> Day {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.into_iter().fold(from, |last, day| {
        if day > last && day <= last.plus_days(recency_days.into()) {
            day
        } else {
            last
        }
    })
}

/// A real incident that someone handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub area_id: i64,
    /// The day (UTC) it happened.
    pub day: Day,
    /// What they did, in a sentence; may be empty.
    pub note: Words<300>,
    /// A link to its record.
    pub link: String,
    /// It is another incident than one logged with that link.
    pub another: bool,
}

/// Whether two links lead to the same record. Scheme, case of the host, a slash at the end, and a place on the page make
/// no difference. A path is as typed, and a route of an application (`#/…`, `#!…`) is part of it.
pub fn same_link(one: &str, other: &str) -> bool {
    place(one) == place(other)
}

/// Host, path and route.
fn place(link: &str) -> (String, &str, &str) {
    let link = link.trim();
    let address = link.split_once("://").map_or(link, |(_, rest)| rest);
    let (page, fragment) = address.split_once('#').unwrap_or((address, ""));
    let (host, path) = page.split_at(page.find(['/', '?']).unwrap_or(page.len()));
    let route = match fragment.starts_with(['/', '!']) {
        true => fragment.trim_end_matches('/'),
        false => "",
    };
    (host.to_lowercase(), path.trim_end_matches('/'), route)
}

/// Whether practice was logged in time to keep a clearance alive. Later entries stay on record and revive nothing.
pub fn is_logged_in_time(day: Day, logged_on: Day) -> bool {
    logged_on.days_since(day) <= LATE_DAYS
}

/// An incident is logged on its day or soon after.
pub fn check_day(day: Day, today: Day) -> Result<(), String> {
    match today.days_since(day) {
        ..0 => Err("This day has not come yet (days are counted in UTC).".into()),
        _ if is_logged_in_time(day, today) => Ok(()),
        _ => Err(format!(
            "Log an incident within {LATE_DAYS} days. An older one does not keep a clearance alive."
        )),
    }
}

/// Who sees what someone practised: the person, leads of their teams, administrators (rule 9). How long a clearance
/// holds is open to everyone.
pub fn may_see(actor: &Actor, person_id: i64, teams: &[i64]) -> bool {
    actor.is(person_id) || actor.leads_any(teams) || actor.is_admin
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clearance::{ClearanceKind, holds_until};
    use crate::sample::day;
    use proptest::prelude::*;

    #[test]
    fn a_clearance_holds_through_exactly_n_days_without_practice() {
        let full =
            |ends, practised, n| holds_until(ClearanceKind::Full, day(ends), day(practised), n);
        // ends on, practised on, recency, holds until
        let table = [
            ("2027-06-30", "2026-11-23", 90, "2027-02-21"),
            ("2027-01-31", "2026-11-23", 90, "2027-01-31"),
            // over a leap day, and not
            ("2029-01-01", "2028-02-28", 2, "2028-03-01"),
            ("2028-01-01", "2027-02-28", 2, "2027-03-02"),
        ];
        for (ends, practised, n, holds) in table {
            assert_eq!(
                full(ends, practised, n),
                day(holds),
                "{practised} and {n} days"
            );
        }
        let interim = holds_until(
            ClearanceKind::Interim,
            day("2027-01-22"),
            day("2026-01-01"),
            90,
        );
        assert_eq!(interim, day("2027-01-22"));
    }

    #[test]
    fn links_are_the_same_when_they_lead_to_one_record() {
        let table = [
            (
                "https://app/#/incidents/5",
                "https://app/#/incidents/6",
                false,
            ),
            (
                "https://app/#/incidents/5",
                "http://app#/incidents/5/",
                true,
            ),
            ("https://app/#!/5", "https://app/#!/6", false),
            ("https://app/p/aB3", "https://app/p/Ab3", false),
            ("HTTPS://App.Example/p/1", "http://app.example/p/1/", true),
            ("https://app/p/1#timeline", "https://app/p/1", true),
            ("https://app/?id=1", "https://app/?id=2", false),
            ("https://app", "https://app/", true),
        ];
        for (one, other, same) in table {
            assert_eq!(same_link(one, other), same, "{one} and {other}");
            assert_eq!(same_link(other, one), same, "{other} and {one}");
        }
    }

    #[test]
    fn an_incident_is_logged_on_its_day_or_within_two_weeks() {
        let today = day("2028-03-10");
        for (on, fits) in [
            ("2028-03-11", false),
            ("2028-03-10", true),
            ("2028-02-25", true),
            ("2028-02-24", false),
        ] {
            assert_eq!(check_day(day(on), today).is_ok(), fits, "{on}");
        }
    }

    #[test]
    fn practice_on_the_last_day_counts_and_on_the_day_after_it_does_not() {
        let from = day("2026-01-01");
        assert_eq!(
            last_practice(from, 90, &[day("2026-04-01")]),
            day("2026-04-01")
        );
        assert_eq!(last_practice(from, 90, &[day("2026-04-02")]), from);
        let logged_late = [day("2026-06-20"), day("2026-03-31")];
        assert_eq!(last_practice(from, 90, &logged_late), day("2026-06-20"));
        assert_eq!(last_practice(from, 90, &[]), from);
    }

    proptest! {
        #[test]
        fn no_gap_is_longer_than_the_recency(offsets in prop::collection::vec(-50..800_i64, 0..20), n in 1..200_i32) {
            let from = day("2026-01-01");
            let days: Vec<Day> = offsets.iter().map(|o| from.plus_days(*o)).collect();
            let last = last_practice(from, n, &days);
            prop_assert!(last >= from);
            let mut alive: Vec<Day> = days.iter().copied().filter(|d| *d >= from && *d <= last).collect();
            alive.extend([from, last]);
            alive.sort_unstable();
            for pair in alive.windows(2) {
                prop_assert!(pair[1].days_since(pair[0]) <= i64::from(n));
            }
            let beyond = last.plus_days(n.into());
            prop_assert!(days.iter().all(|d| *d <= last || *d > beyond));
        }
    }
}
