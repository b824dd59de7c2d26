//! Currency: what keeps a clearance alive. Computed from dates, never by a job.

pub mod store;

use crate::db::types::Day;
use crate::domain::people::Actor;
use crate::words::Words;

/// How many days late a real incident may be logged, and how long it can be taken back.
pub const LATE_DAYS: i64 = 14;

use crate::domain::area::practice::{Need, Practised};

pub use crate::domain::area::practice::ActivityKind;

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
    /// How long they worked on it, if they say.
    pub minutes: Option<i32>,
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

/// Why practice keeps no clearance with that need alive, if so.
pub fn why_not(need: &Need, practised: &Practised, logged_on: Day) -> Option<String> {
    match is_logged_in_time(practised.day, logged_on) {
        true => need.why_not(practised.kind, practised.minutes),
        false => Some(format!("recorded after {LATE_DAYS} days")),
    }
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
    use crate::sample::day;

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
    fn what_is_recorded_too_late_says_so() {
        let practised = Practised {
            day: day("2026-11-01"),
            kind: ActivityKind::Drill,
            minutes: Some(60),
        };
        let why = |on: &str| why_not(&Need::ONE, &practised, day(on));
        assert_eq!(why("2026-11-15"), None);
        assert_eq!(why("2026-11-16"), Some("recorded after 14 days".into()));
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
}
