//! Working sessions: planned, held, corrected; their observations, and next actions.

pub mod difference;
pub mod feedback;
pub mod lifecycle;
pub mod model;
pub mod next;
pub mod plan;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use crate::db::types::UtcTime;
use crate::domain::ramp::DAYS_BEFORE_RAMP;
use crate::domain::standard::{Competency, Level, Strength};
use crate::text_enum;
use crate::words::Words;
use next::NextWords;

/// A start this many seconds ahead is a clock that runs fast, not a future session.
const GRACE_SECONDS: i64 = 300;

text_enum! {
    pub enum SessionKind {
        Pairing = "pairing" / "Pairing on real work",
        Transfer = "transfer" / "Knowledge transfer",
        /// Whiteboard walk-through: explain it back.
        Walkthrough = "walkthrough" / "Walk-through",
        Lab = "lab" / "Guided lab",
        PostMortem = "post_mortem" / "Post-mortem discussion",
        ReadingClub = "reading_club" / "Reading club",
        ShadowDebrief = "shadow_debrief" / "Shadow debrief",
        ReverseShadowDebrief = "reverse_shadow_debrief" / "Reverse-shadow debrief",
        AssessmentTalk = "assessment_talk" / "Assessment talk",
        CheckIn = "check_in" / "Check-in",
    }
}

text_enum! {
    pub enum SessionState {
        /// Agreed for a later time.
        Planned = "planned" / "Planned",
        Held = "held" / "Held",
        Cancelled = "cancelled" / "Cancelled",
        /// Someone did not come.
        NoShow = "no_show" / "No-show",
    }
}

impl SessionKind {
    /// How strong an observation in a session of that kind is, by where it was made. On real work a mentor was there;
    /// what was only discussed is "talked through".
    pub fn strength(self) -> Strength {
        match self {
            Self::Pairing => Strength::Shadowed,
            Self::Lab => Strength::Lab,
            Self::Transfer
            | Self::Walkthrough
            | Self::PostMortem
            | Self::ReadingClub
            | Self::ShadowDebrief
            | Self::ReverseShadowDebrief
            | Self::AssessmentTalk
            | Self::CheckIn => Strength::TalkedThrough,
        }
    }

    /// Discusses a post-mortem, and may say which.
    pub fn discusses(self) -> bool {
        matches!(self, Self::PostMortem | Self::ReadingClub)
    }
}

/// How long a session lasted: 1 to 720 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes(i32);

impl Minutes {
    /// The usual length.
    pub const USUAL: Self = Self(45);
    /// The longest.
    pub const MOST: i32 = 720;

    /// `None` outside 1 to 720.
    pub fn new(minutes: i64) -> Option<Self> {
        i32::try_from(minutes)
            .ok()
            .filter(|m| (1..=Self::MOST).contains(m))
            .map(Self)
    }

    pub fn parse(text: &str) -> Result<Self, String> {
        let number = text.trim().parse().ok();
        number
            .and_then(Self::new)
            .ok_or_else(|| "Enter whole minutes between 1 and 720.".into())
    }

    pub fn number(self) -> i32 {
        self.0
    }
}

/// What was worked on: never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary(Words<2000>);

impl Summary {
    pub fn parse(text: &str) -> Result<Self, String> {
        match Words::parse(text)? {
            words if words.is_empty() => Err("Say in a sentence what you worked on.".into()),
            words => Ok(Self(words)),
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A session that was held, to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub kind: SessionKind,
    pub starts_at: UtcTime,
    /// How long it lasted.
    pub minutes: Minutes,
    /// What was worked on.
    pub summary: Summary,
    /// Next actions, a line each.
    pub next_actions: Vec<NextWords>,
    /// Earlier next actions that are done since.
    pub done: BTreeSet<i64>,
    /// The plan of this session.
    pub plan_id: Option<i64>,
    /// The post-mortem that was discussed.
    pub postmortem_id: Option<i64>,
    /// It is another session than one recorded for the same time.
    pub another: bool,
    /// How much help each practised competency needed, by its code.
    pub observations: BTreeMap<String, Level>,
}

/// Whether a session may have begun then.
pub fn check_start(starts_at: UtcTime, now: UtcTime, ramp_since: UtcTime) -> Result<(), String> {
    if starts_at > now.plus_seconds(GRACE_SECONDS) {
        Err("This start is in the future. Record a session once it was held.".into())
    } else if starts_at < ramp_since.plus_hours(-24 * DAYS_BEFORE_RAMP) {
        Err(format!(
            "This ramp was set up on {}. Sessions up to {DAYS_BEFORE_RAMP} days before that belong to it, earlier ones do not.",
            ramp_since.day()
        ))
    } else {
        Ok(())
    }
}

/// The start of a session that has just ended, rounded down to five minutes.
pub fn usual_start(now: UtcTime, minutes: Minutes) -> UtcTime {
    let start = now.plus_seconds(-60 * i64::from(minutes.number()));
    start.rounded_down(300)
}

/// Competencies below their level first, critical ones in front; the rest in the standard's order.
pub fn open_first(
    all: &[Competency],
    is_met: impl Fn(&str) -> bool,
) -> (Vec<&Competency>, Vec<&Competency>) {
    let (met, mut open): (Vec<_>, Vec<_>) = all.iter().partition(|c| is_met(&c.code));
    open.sort_by_key(|c| !c.critical);
    (open, met)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn minutes_are_whole_and_between_1_and_720() {
        for bad in [
            "",
            "0",
            "-5",
            "721",
            "4.5",
            "an hour",
            "99999999999999999999",
        ] {
            assert!(Minutes::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Minutes::parse(" 720 ").map(Minutes::number), Ok(720));
    }

    #[test]
    fn a_summary_says_something() {
        assert!(Summary::parse(" \r\n ").is_err());
        assert!(Summary::parse(&"x".repeat(2001)).is_err());
        assert_eq!(
            Summary::parse(" Drained eu-west. ").unwrap().as_str(),
            "Drained eu-west."
        );
    }

    #[test]
    fn a_start_is_between_the_ramp_and_now() {
        let (now, ramp) = (at("2026-11-12T10:00:00Z"), at("2026-09-01T08:00:00Z"));
        let fits = |text: &str| check_start(at(text), now, ramp).is_ok();
        assert!(fits("2026-11-12T10:05:00Z"));
        assert!(!fits("2026-11-12T10:05:01Z"));
        assert!(fits("2026-08-02T08:00:00Z"));
        assert!(!fits("2026-08-02T07:59:59Z"));
    }

    #[test]
    fn a_session_that_just_ended_began_on_a_full_five_minutes() {
        let start = usual_start(at("2026-11-12T10:04:59Z"), Minutes::USUAL);
        assert_eq!(start.iso(), "2026-11-12T09:15:00Z");
    }
}
