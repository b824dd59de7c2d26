//! Future sessions: when one may be, what it covers, and which ones are overdue.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{DateTime, Weekday};

use super::model::{Session, Topic};
use super::{Minutes, SessionKind};
use crate::db::types::UtcTime;
use crate::domain::readiness::{Obstacle, ObstacleKind, TickedBy};
use crate::text_enum;
use crate::words::Words;

/// A session is planned at most that many days ahead.
const DAYS_AHEAD: i64 = 366;
/// How many topics are suggested for a session; nobody can cover more.
const SUGGESTED: usize = 3;
/// The suggested hour when nobody has met yet.
const FIRST_HOUR: i8 = 10;

text_enum! {
    /// Who did not come.
    pub enum Absent {
        Mentee = "mentee" / "the mentee",
        Mentor = "mentor" / "the mentor",
        Both = "both" / "both",
    }
}

/// A session to plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    pub starts_at: UtcTime,
    /// Planned length.
    pub minutes: Minutes,
    pub kind: SessionKind,
    /// The mentor; without one, the planner or the primary mentor.
    pub mentor_id: Option<i64>,
    /// What to discuss; may be empty.
    pub agenda: Words<2000>,
    /// Codes of the competencies and checklist items to cover.
    pub topics: BTreeSet<String>,
    /// The post-mortem to discuss.
    pub postmortem_id: Option<i64>,
}

/// A planned session that was not held yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: i64,
    pub starts_at: UtcTime,
    pub ends_at: UtcTime,
    pub kind: SessionKind,
    pub mentor_id: i64,
    pub topics: Vec<String>,
}

impl Plan {
    /// Its time is over: someone must record or cancel it.
    pub fn is_due(&self, now: UtcTime) -> bool {
        self.ends_at <= now
    }
}

/// The plans among some sessions, the next one first.
pub fn plans<'a>(sessions: impl IntoIterator<Item = &'a Session>, topics: &[Topic]) -> Vec<Plan> {
    let open = sessions.into_iter().filter(|s| s.is_plan());
    let mut plans: Vec<Plan> = open
        .map(|s| Plan {
            id: s.id,
            starts_at: s.starts_at,
            ends_at: s.ends_at(),
            kind: s.kind,
            mentor_id: s.mentor_id,
            topics: topics
                .iter()
                .filter(|t| t.session_id == s.id)
                .map(|t| t.code.clone())
                .collect(),
        })
        .collect();
    plans.sort_by_key(|p| (p.starts_at, p.id));
    plans
}

/// The next plan; one that is under way is still the next.
pub fn next(plans: &[Plan], now: UtcTime) -> Option<&Plan> {
    plans.iter().find(|p| !p.is_due(now))
}

/// The first future session that covers an obstacle: the code is one of its topics. For missing sessions, any session
/// does.
pub fn covering<'a>(kind: &ObstacleKind, plans: &'a [Plan], now: UtcTime) -> Option<&'a Plan> {
    let is_covered_by = |p: &Plan| match kind {
        ObstacleKind::Sessions => true,
        _ => code_of(kind).is_some_and(|code| p.topics.iter().any(|topic| topic == code)),
    };
    plans.iter().find(|p| !p.is_due(now) && is_covered_by(p))
}

/// The code of an obstacle, if it has one; for a gap, the code it is about.
pub fn code_of(kind: &ObstacleKind) -> Option<&str> {
    match kind {
        ObstacleKind::Competency(code) | ObstacleKind::Item(code) => Some(code),
        ObstacleKind::Gap { about, .. } => about.as_deref(),
        ObstacleKind::Sessions | ObstacleKind::Practice(_) => None,
    }
}

/// What a new session could cover: the first obstacles that a mentor ticks off, in the engine's order, that no future
/// session covers. What the mentee does alone needs no session.
pub fn suggested<'a>(obstacles: &'a [Obstacle], plans: &[Plan], now: UtcTime) -> Vec<&'a str> {
    let open = obstacles
        .iter()
        .filter(|o| o.ticked_by == TickedBy::Mentor)
        .filter(|o| covering(&o.kind, plans, now).is_none())
        .filter_map(|o| code_of(&o.kind));
    let mut first = Vec::new();
    for code in open {
        // A gap may be about a competency that is open anyway.
        if first.len() < SUGGESTED && !first.contains(&code) {
            first.push(code);
        }
    }
    first
}

/// Whether a session may be planned for then.
pub fn check_ahead(starts_at: UtcTime, now: UtcTime) -> Result<(), String> {
    if starts_at <= now {
        Err(
            "This start is in the past. Plan a future time, or record a session that was held."
                .into(),
        )
    } else if starts_at > now.plus_hours(24 * DAYS_AHEAD) {
        Err("Plan a session within a year.".into())
    } else {
        Ok(())
    }
}

/// The plan that such a session would overlap with; `except` is the plan being moved.
pub fn overlapping(
    plans: &[Plan],
    starts_at: UtcTime,
    minutes: i32,
    except: Option<i64>,
) -> Option<&Plan> {
    let ends_at = starts_at.plus_seconds(60 * i64::from(minutes));
    plans
        .iter()
        .find(|p| Some(p.id) != except && p.starts_at < ends_at && starts_at < p.ends_at)
}

/// The mentor of a plan: the one it was made with; after a hand-over, the first of the current mentors.
pub fn holder(planned_with: i64, mentors: &[i64]) -> i64 {
    match mentors.first() {
        Some(first) if !mentors.contains(&planned_with) => *first,
        _ => planned_with,
    }
}

/// The usual time of the next session: at the time of day of the last one, after the agreed interval, as often as
/// needed to be in the future, and not on a weekend. In the planner's own time.
pub fn usual_slot(last: Option<DateTime>, interval_days: i32, now: DateTime) -> DateTime {
    let first = now.date().at(FIRST_HOUR, 0, 0, 0);
    let mut slot = last.unwrap_or(first);
    let interval = i64::from(interval_days.max(1));
    let behind = i64::from((now.date() - slot.date()).get_days()).max(0);
    // Jump to the last slot that may still be in the past, however long ago the last session was.
    slot = slot.saturating_add(((behind / interval) * interval).days());
    while slot <= now {
        slot = slot.saturating_add(interval.days());
        if slot == DateTime::MAX {
            return slot;
        }
    }
    match slot.weekday() {
        Weekday::Saturday => slot.saturating_add(2.days()),
        Weekday::Sunday => slot.saturating_add(1.day()),
        _ => slot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;
    use proptest::prelude::*;

    fn plan(id: i64, start: &str, topics: &[&str]) -> Plan {
        let starts_at = at(start);
        Plan {
            id,
            starts_at,
            ends_at: starts_at.plus_seconds(3600),
            kind: SessionKind::Pairing,
            mentor_id: 2,
            topics: topics.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    fn obstacle(kind: ObstacleKind) -> Obstacle {
        Obstacle {
            kind,
            what: String::new(),
            detail: String::new(),
            ticked_by: TickedBy::Mentor,
        }
    }

    #[test]
    fn the_first_session_to_come_with_the_code_covers_it() {
        let plans = [
            plan(1, "2026-11-09T09:00:00Z", &["A"]),
            plan(2, "2026-11-12T09:30:00Z", &["B"]),
            plan(3, "2026-11-19T09:00:00Z", &["A", "B", "K"]),
        ];
        let now = at("2026-11-12T10:00:00Z");
        let covers = |kind| covering(&kind, &plans, now).map(|p| p.id);
        // The first one is over; the second one is under way.
        assert_eq!(covers(ObstacleKind::Competency("A".into())), Some(3));
        assert_eq!(covers(ObstacleKind::Competency("B".into())), Some(2));
        assert_eq!(covers(ObstacleKind::Item("K".into())), Some(3));
        assert_eq!(covers(ObstacleKind::Item("X".into())), None);
        assert_eq!(covers(ObstacleKind::Sessions), Some(2));
        let gap = |about: Option<&str>| ObstacleKind::Gap {
            id: 1,
            about: about.map(str::to_owned),
        };
        assert_eq!(covers(gap(Some("B"))), Some(2));
        assert_eq!(covers(gap(Some("K"))), Some(3));
        assert_eq!(covers(gap(Some("X"))), None);
        assert_eq!(
            covers(gap(None)),
            None,
            "it is about nothing a session covers"
        );
        assert_eq!(next(&plans, now).map(|p| p.id), Some(2));
        assert!(plans[0].is_due(now) && !plans[1].is_due(now));
    }

    #[test]
    fn suggestions_are_open_and_not_covered_yet() {
        let codes = ["A", "B", "C", "D", "E"];
        let mut all: Vec<_> = codes
            .iter()
            .map(|c| obstacle(ObstacleKind::Competency((*c).into())))
            .collect();
        all.insert(0, obstacle(ObstacleKind::Sessions));
        let plans = [plan(1, "2026-11-19T09:00:00Z", &["B"])];
        let now = at("2026-11-12T10:00:00Z");
        assert_eq!(suggested(&all, &plans, now), ["A", "C", "D"]);
        assert_eq!(suggested(&[], &plans, now), Vec::<&str>::new());
        // What a review named comes first, and once.
        for about in ["B", "C", "C", "Z"] {
            let (id, about) = (1, Some(about.to_owned()));
            all.insert(0, obstacle(ObstacleKind::Gap { id, about }));
        }
        assert_eq!(suggested(&all, &plans, now), ["Z", "C", "A"]);
    }

    #[test]
    fn two_sessions_are_not_at_the_same_time() {
        let plans = [plan(1, "2026-11-19T09:00:00Z", &[])];
        let hits = |start: &str, minutes, except| {
            overlapping(&plans, at(start), minutes, except).map(|p| p.id)
        };
        assert_eq!(hits("2026-11-19T09:59:00Z", 30, None), Some(1));
        assert_eq!(hits("2026-11-19T08:00:00Z", 61, None), Some(1));
        assert_eq!(hits("2026-11-19T08:00:00Z", 60, None), None);
        assert_eq!(hits("2026-11-19T10:00:00Z", 60, None), None);
        assert_eq!(hits("2026-11-19T09:30:00Z", 60, Some(1)), None);
    }

    #[test]
    fn a_plan_is_in_the_future_within_a_year() {
        let now = at("2026-11-12T10:00:00Z");
        assert!(check_ahead(now, now).is_err());
        assert!(check_ahead(now.plus_seconds(1), now).is_ok());
        assert!(check_ahead(now.plus_hours(24 * 366), now).is_ok());
        assert!(check_ahead(now.plus_hours(24 * 367), now).is_err());
    }

    #[test]
    fn a_habit_is_kept_and_weekends_are_not_worked() {
        let slot = |last: Option<&str>, interval, now: &str| {
            let read = |text: &str| text.parse::<DateTime>().unwrap();
            usual_slot(last.map(read), interval, read(now)).to_string()
        };
        let last = Some("2026-11-09T15:30:00");
        assert_eq!(slot(last, 7, "2026-11-12T10:00:00"), "2026-11-16T15:30:00");
        assert_eq!(slot(last, 7, "2026-11-16T15:30:00"), "2026-11-23T15:30:00");
        assert_eq!(slot(last, 7, "2027-02-05T12:00:00"), "2027-02-08T15:30:00");
        // Five days after a Monday is a Saturday.
        assert_eq!(slot(last, 5, "2026-11-12T10:00:00"), "2026-11-16T15:30:00");
        assert_eq!(slot(None, 7, "2026-11-12T09:00:00"), "2026-11-12T10:00:00");
        assert_eq!(slot(None, 7, "2026-11-12T10:00:00"), "2026-11-19T10:00:00");
    }

    proptest! {
        #[test]
        fn a_suggested_slot_is_in_the_future_on_a_working_day(
            last in prop::option::of(-4000_i64..400), hour in 0_i8..24, interval in -1_i32..80, minute in 0_i8..60,
        ) {
            let now = jiff::civil::date(2026, 11, 12).at(10, 5, 0, 0);
            let last = last.map(|days| now.date().saturating_add(days.days()).at(hour, minute, 0, 0));
            let slot = usual_slot(last, interval, now);
            prop_assert!(slot > now);
            prop_assert!(!matches!(slot.weekday(), Weekday::Saturday | Weekday::Sunday));
        }
    }
}
