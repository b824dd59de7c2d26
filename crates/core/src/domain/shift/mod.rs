//! On-call shifts of a ramp: shadow and reverse shadow. Each has a brief and a debrief; a reverse shadow has an alert
//! ledger.

pub mod lifecycle;
pub mod model;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use crate::db::types::UtcTime;
use crate::domain::standard::Level;
use crate::text_enum;
use crate::words::{Title, Words};

/// Longest shift.
pub const MAX_DAYS: i64 = 14;
/// A shift is planned at most that many days ahead.
const AHEAD_DAYS: i64 = 366;

text_enum! {
    /// Who takes the pages.
    pub enum ShiftKind {
        /// The person on call; the mentee watches.
        Shadow = "shadow" / "Shadow shift",
        /// The mentee, first; the person on call watches.
        ReverseShadow = "reverse_shadow" / "Reverse-shadow shift",
    }
}

text_enum! {
    pub enum ShiftState {
        /// Agreed: in the future, under way, or waiting for its debrief.
        Planned = "planned" / "Planned",
        Cancelled = "cancelled" / "Cancelled",
        /// From then on it counts.
        Debriefed = "debriefed" / "Debriefed",
    }
}

/// The reason of a change.
pub type Reason = Words<500>;

/// Begin and end of a shift: at most [`MAX_DAYS`] days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    starts_at: UtcTime,
    ends_at: UtcTime,
}

impl Hours {
    pub fn new(starts_at: UtcTime, ends_at: UtcTime) -> Result<Self, String> {
        let seconds = ends_at.seconds_since(starts_at);
        if seconds <= 0 {
            Err("A shift ends after it begins.".into())
        } else if seconds > MAX_DAYS * 86_400 {
            Err(format!("A shift is at most {MAX_DAYS} days long."))
        } else {
            Ok(Self { starts_at, ends_at })
        }
    }

    pub fn starts_at(self) -> UtcTime {
        self.starts_at
    }

    pub fn ends_at(self) -> UtcTime {
        self.ends_at
    }

    /// Whether a shift may be planned for these hours: not when they are over. One that is under way may be recorded
    /// late.
    pub fn check_ahead(self, now: UtcTime) -> Result<(), (&'static str, String)> {
        if self.ends_at <= now {
            let sentence = "This shift has ended. Plan a shift, with its brief, before it ends.";
            Err(("ends_at", sentence.into()))
        } else if self.starts_at > now.plus_hours(24 * AHEAD_DAYS) {
            Err(("starts_at", "This is more than a year ahead.".into()))
        } else {
            Ok(())
        }
    }
}

/// What everyone knows before a shift begins. No field is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub may_page: Words<2000>,
    /// Where the runbooks are.
    pub runbooks: Words<2000>,
    /// What the mentee does.
    pub learner_job: Words<2000>,
    /// Who may change what in production.
    pub who_may_touch: Words<2000>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShift {
    pub kind: ShiftKind,
    /// Who is on call.
    pub with_id: i64,
    pub hours: Hours,
    pub brief: Brief,
}

/// An alert, recorded during the shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// What it said; may be empty.
    pub title: Title<200>,
    /// The mentee took it.
    pub acknowledged: bool,
    /// There was something to do.
    pub actionable: bool,
    /// The mentee knew what it meant.
    pub understood: bool,
    /// Someone else was called.
    pub escalated: bool,
}

text_enum! {
    /// The verdict of a debrief on a line of the ledger.
    pub enum Verdict {
        /// The line counts as it was written.
        Stands = "stands" / "Keep",
        /// The mentee took it and did not know what it meant: a new line replaces it.
        NotUnderstood = "not_understood" / "Not understood after all",
        /// It was wrong: it no longer counts.
        Out = "out" / "Remove",
    }
}

/// The debrief of a shift, by the person who was with the mentee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDebrief {
    /// What went well; never empty.
    pub went_well: Words<2000>,
    /// What went badly; never empty.
    pub went_badly: Words<2000>,
    /// How much help each competency needed, by its code.
    pub observations: BTreeMap<String, Level>,
    /// The reviewed lines of the ledger, each with its verdict.
    pub lines: BTreeMap<i64, Verdict>,
    /// The debrief it corrects; none for the first.
    pub corrects: Option<i64>,
}

impl NewDebrief {
    /// Whether exactly these lines of the ledger were reviewed.
    pub fn has_seen(&self, standing: impl Iterator<Item = i64>) -> bool {
        let standing: BTreeSet<i64> = standing.collect();
        self.lines.keys().copied().eq(standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    fn hours(from: &str, to: &str) -> Result<Hours, String> {
        Hours::new(at(from), at(to))
    }

    #[test]
    fn a_shift_is_an_afternoon_or_two_weeks_and_ends_after_it_begins() {
        let from = "2026-11-23T12:00:00Z";
        for (to, fits) in [
            ("2026-11-23T16:00:00Z", true),
            ("2026-12-07T12:00:00Z", true),
            ("2026-12-07T12:00:01Z", false),
            ("2026-11-23T12:00:00Z", false),
            ("2026-11-22T12:00:00Z", false),
        ] {
            assert_eq!(hours(from, to).is_ok(), fits, "{to}");
        }
    }

    #[test]
    fn a_shift_is_planned_before_it_is_over() {
        let shift = hours("2026-11-23T12:00:00Z", "2026-11-23T16:00:00Z").unwrap();
        let field = |now: &str| shift.check_ahead(at(now)).err().map(|(field, _)| field);
        assert_eq!(field("2026-11-20T09:00:00Z"), None);
        assert_eq!(field("2026-11-23T15:59:59Z"), None, "it runs");
        assert_eq!(field("2026-11-23T16:00:00Z"), Some("ends_at"));
        assert_eq!(field("2025-11-20T09:00:00Z"), Some("starts_at"));
    }
}
