//! On-call shifts of a ramp: shadow and reverse shadow. Each has a brief, a debrief, and the reverse ones an alert
//! ledger.

pub mod lifecycle;
pub mod model;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use crate::db::types::UtcTime;
use crate::domain::standard::Level;
use crate::text_enum;
use crate::words::Words;

/// A shift is at most that many days long.
pub const MOST_DAYS: i64 = 14;
/// A shift is planned at most that many days ahead.
const AHEAD_DAYS: i64 = 366;

text_enum! {
    /// Who takes the pages.
    pub enum ShiftKind {
        /// The person on call does; the mentee watches.
        Shadow = "shadow" / "Shadow shift",
        /// The mentee does, first; the person on call watches.
        ReverseShadow = "reverse_shadow" / "Reverse-shadow shift",
    }
}

text_enum! {
    /// Where a shift stands.
    pub enum ShiftState {
        /// Agreed; it lies ahead, runs, or waits for its debrief.
        Planned = "planned" / "Planned",
        Cancelled = "cancelled" / "Cancelled",
        /// Closed: from then on it counts.
        Debriefed = "debriefed" / "Debriefed",
    }
}

/// Words that say why, kept with a change.
pub type Reason = Words<500>;

/// From when to when a shift is: an afternoon or a week, at most [`MOST_DAYS`] days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    starts_at: UtcTime,
    ends_at: UtcTime,
}

impl Hours {
    /// Those hours.
    pub fn new(starts_at: UtcTime, ends_at: UtcTime) -> Result<Self, String> {
        let seconds = ends_at.seconds_since(starts_at);
        if seconds <= 0 {
            Err("A shift ends after it begins.".into())
        } else if seconds > MOST_DAYS * 86_400 {
            Err(format!("A shift is at most {MOST_DAYS} days long."))
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

    /// Whether a shift may be planned for then: not once it is over. One that runs already may be written down late.
    pub fn check_ahead(self, now: UtcTime) -> Result<(), (&'static str, String)> {
        if self.ends_at <= now {
            let sentence =
                "This shift is over already. A shift is agreed, with its brief, before it ends.";
            Err(("ends_at", sentence.into()))
        } else if self.starts_at > now.plus_hours(24 * AHEAD_DAYS) {
            Err(("starts_at", "This is more than a year ahead.".into()))
        } else {
            Ok(())
        }
    }
}

/// What everybody knows before a shift begins. Nothing of it is empty.
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

/// A shift about to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShift {
    /// Who takes the pages.
    pub kind: ShiftKind,
    /// Who is on call.
    pub with_id: i64,
    /// From when to when.
    pub hours: Hours,
    pub brief: Brief,
}

/// One alert as it is written down on the spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// What it said; may be empty.
    pub title: Words<200>,
    /// The mentee took it.
    pub acknowledged: bool,
    /// There was something to do.
    pub actionable: bool,
    /// The mentee knew what it meant.
    pub understood: bool,
    /// Somebody else was called in.
    pub escalated: bool,
}

text_enum! {
    /// What a debrief says of a line of the ledger.
    pub enum Verdict {
        /// It was so: it counts as it was written.
        Stands = "stands" / "It was so",
        /// The mentee took it and did not know what it meant: a new line says so in its place.
        NotUnderstood = "not_understood" / "Not understood after all",
        /// It was not so: it counts no more.
        Out = "out" / "Take it out",
    }
}

/// What a shift was like, as whoever was with the mentee tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDebrief {
    /// What went well; never empty.
    pub went_well: Words<2000>,
    /// What went badly; never empty.
    pub went_badly: Words<2000>,
    /// How much help each competency needed, by its code.
    pub observations: BTreeMap<String, Level>,
    /// The lines of the ledger that were looked at, and what is said of each.
    pub lines: BTreeMap<i64, Verdict>,
    /// The debrief it corrects; none for the first.
    pub corrects: Option<i64>,
}

impl NewDebrief {
    /// Whether exactly these lines of the ledger were looked at.
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
