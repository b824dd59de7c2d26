//! Sessions to come: when one may be, what it covers, and what waits because its time went by.

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
/// So many things are suggested for a session: more than one can cover helps nobody.
const SUGGESTED: usize = 3;
/// When nobody has met yet, a session is suggested for that hour.
const FIRST_HOUR: i8 = 10;

text_enum! {
    /// Who did not come.
    pub enum Absent {
        Mentee = "mentee" / "the mentee",
        Mentor = "mentor" / "the mentor",
        Both = "both" / "both",
    }
}

/// A session about to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    pub starts_at: UtcTime,
    /// How long it is to last.
    pub minutes: Minutes,
    pub kind: SessionKind,
    /// With which mentor of the ramp; left out, the planner or the primary mentor.
    pub mentor_id: Option<i64>,
    /// What is to be talked about; may be empty.
    pub agenda: Words<2000>,
    /// Codes of the competencies and checklist items it is to cover.
    pub topics: BTreeSet<String>,
    /// The post-mortem it is to discuss.
    pub postmortem_id: Option<i64>,
}

/// A session that is agreed and was not held yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: i64,
    pub starts_at: UtcTime,
    pub ends_at: UtcTime,
    pub kind: SessionKind,
    pub mentor_id: i64,
    /// Codes of what it is to cover.
    pub topics: Vec<String>,
}

impl Plan {
    /// Its time went by: somebody records it or calls it off.
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

/// The plan that comes next; one that is under way is still the next.
pub fn next(plans: &[Plan], now: UtcTime) -> Option<&Plan> {
    plans.iter().find(|p| !p.is_due(now))
}

/// The first session to come that covers what stands in the way: its topics hold the code; any session brings those
/// that must be held nearer.
pub fn covering<'a>(kind: &ObstacleKind, plans: &'a [Plan], now: UtcTime) -> Option<&'a Plan> {
    let is_covered_by = |p: &Plan| match kind {
        ObstacleKind::Sessions => true,
        _ => code_of(kind).is_some_and(|code| p.topics.iter().any(|topic| topic == code)),
    };
    plans.iter().find(|p| !p.is_due(now) && is_covered_by(p))
}

/// The code of what stands in the way, if it has one: of a gap the code it is about.
pub fn code_of(kind: &ObstacleKind) -> Option<&str> {
    match kind {
        ObstacleKind::Competency(code) | ObstacleKind::Item(code) => Some(code),
        ObstacleKind::Gap { about, .. } => about.as_deref(),
        ObstacleKind::Sessions | ObstacleKind::Practice(_) => None,
    }
}

/// What a new session could cover: the first things a mentor has to tick off, in the engine's order, that no session to
/// come covers. What the mentee does alone needs no session.
pub fn suggested<'a>(obstacles: &'a [Obstacle], plans: &[Plan], now: UtcTime) -> Vec<&'a str> {
    let open = obstacles
        .iter()
        .filter(|o| o.ticked_by == TickedBy::Mentor)
        .filter(|o| covering(&o.kind, plans, now).is_none())
        .filter_map(|o| code_of(&o.kind));
    let mut first = Vec::new();
    for code in open {
        // A gap may be about a competency that is open by itself.
        if first.len() < SUGGESTED && !first.contains(&code) {
            first.push(code);
        }
    }
    first
}

/// Whether a session may be planned for then.
pub fn check_ahead(starts_at: UtcTime, now: UtcTime) -> Result<(), String> {
    if starts_at <= now {
        Err("This start is past. Plan a time ahead; what was held already is recorded.".into())
    } else if starts_at > now.plus_hours(24 * DAYS_AHEAD) {
        Err("Plan a session within a year.".into())
    } else {
        Ok(())
    }
}

/// The plan that such a session would run into; `but` is the one being moved.
pub fn in_the_way(
    plans: &[Plan],
    starts_at: UtcTime,
    minutes: i32,
    but: Option<i64>,
) -> Option<&Plan> {
    let ends_at = starts_at.plus_seconds(60 * i64::from(minutes));
    plans
        .iter()
        .find(|p| Some(p.id) != but && p.starts_at < ends_at && starts_at < p.ends_at)
}

/// Who holds a plan: the mentor it was made with, or after a hand-over the first of those who mentor now.
pub fn holder(planned_with: i64, mentors: &[i64]) -> i64 {
    match mentors.first() {
        Some(first) if !mentors.contains(&planned_with) => *first,
        _ => planned_with,
    }
}

/// When the next session would be by habit: at the time of day of the last one, an agreed interval later, as often as
/// needed to lie ahead, and not on a weekend. All in the planner's own time.
pub fn usual_slot(last: Option<DateTime>, interval_days: i32, now: DateTime) -> DateTime {
    let first = now.date().at(FIRST_HOUR, 0, 0, 0);
    let mut slot = last.unwrap_or(first);
    let interval = i64::from(interval_days.max(1));
    let behind = i64::from((now.date() - slot.date()).get_days()).max(0);
    // Straight to the last slot that may still be behind, however long ago the last session was.
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
        // The first one went by; the second one is under way.
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
    fn what_is_suggested_is_open_and_not_covered_yet() {
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
        let hits =
            |start: &str, minutes, but| in_the_way(&plans, at(start), minutes, but).map(|p| p.id);
        assert_eq!(hits("2026-11-19T09:59:00Z", 30, None), Some(1));
        assert_eq!(hits("2026-11-19T08:00:00Z", 61, None), Some(1));
        assert_eq!(hits("2026-11-19T08:00:00Z", 60, None), None);
        assert_eq!(hits("2026-11-19T10:00:00Z", 60, None), None);
        assert_eq!(hits("2026-11-19T09:30:00Z", 60, Some(1)), None);
    }

    #[test]
    fn a_plan_lies_ahead_but_not_far() {
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
        fn a_suggested_slot_lies_ahead_on_a_working_day(
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
