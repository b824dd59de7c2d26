//! How sessions to come are told: when, with whom, and what the others' clocks show then.

use crate::db::types::UtcTime;
use crate::domain::session::plan::Plan;
use crate::pages::status::first_name;
use crate::time::{LocalTime, TimeText};

/// Somebody by name and time zone.
pub type Person<'a> = (&'a str, &'a str);

/// What the clocks of those people show when the viewer's shows something else: `10:00 for Ingrid (Europe/Oslo)`.
pub fn elsewhere(local: &LocalTime, at: UtcTime, people: &[Person<'_>]) -> String {
    let others = people.iter().filter_map(|(name, zone)| {
        let there = local.elsewhere(at, zone)?;
        Some(format!("{there} for {} ({zone})", first_name(name)))
    });
    others.collect::<Vec<_>>().join(", ")
}

/// A session to come as a link beside what it covers: `Thu 26 Nov, 09:00 with Ingrid Solberg`.
pub fn booked(local: &LocalTime, plan: &Plan, mentor: &str) -> String {
    format!("{} with {mentor}", local.moment(plan.starts_at).text)
}

/// A session to come, wherever it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedView {
    pub id: i64,
    pub when: TimeText,
    /// What the others' clocks show then; may be empty.
    pub elsewhere: String,
    pub kind: &'static str,
    pub mentor: String,
    /// Codes of what it is to cover.
    pub topics: Vec<String>,
    /// Its time went by.
    pub is_due: bool,
}

impl PlannedView {
    /// A plan for the viewer behind the dial.
    pub fn of(local: &LocalTime, plan: &Plan, mentor: Person<'_>, mentee: Person<'_>) -> Self {
        Self {
            id: plan.id,
            when: local.moment(plan.starts_at),
            elsewhere: elsewhere(local, plan.starts_at, &[mentee, mentor]),
            kind: plan.kind.label(),
            mentor: mentor.0.to_owned(),
            topics: plan.topics.clone(),
            is_due: plan.is_due(local.now()),
        }
    }
}
