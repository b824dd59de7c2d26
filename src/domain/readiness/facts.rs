//! What the engine is handed: all that is known of a ramp and matters to the gates.

use std::collections::BTreeSet;

use crate::db::types::Day;
use crate::domain::assessment::Stream;
use crate::domain::ramp::MarkKind;
use crate::domain::standard::{Level, Strength};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Place in the order of judgements; a higher one is later. Places are given while the ramp is locked, so the
    /// order holds whatever the clocks of two machines say.
    pub id: i64,
    pub code: String,
    pub stream: Stream,
    /// `None` is "not observed": it counts neither way.
    pub level: Option<Level>,
    /// How strong the evidence is that backs it.
    pub strength: Strength,
}

/// All that is known of a ramp and matters to the gates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub judgements: Vec<Judgement>,
    /// The latest mark of each item that has one.
    pub marks: Vec<(String, MarkKind)>,
    /// Sessions that were held.
    pub held: Held,
    /// What returned sign-offs named as missing, open and closed, in the order it was named.
    pub gaps: Vec<Gap>,
    pub practice: Practice,
    /// Waivers that were granted and not revoked; each excuses until its last day.
    pub waivers: Vec<Waiver>,
    /// Full clearances of the mentee in other areas that were not taken away.
    pub cleared: Vec<ClearedIn>,
}

/// What a mentee practised in the area, as far as it counts: shifts and drills that were debriefed, post-mortems that
/// were discussed with others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Practice {
    /// Whom each shadow shift was with.
    pub shadowed: Vec<i64>,
    /// Alerts of reverse-shadow shifts and of drills, oldest first.
    pub alerts: Vec<Alert>,
    /// Drills in which the mentee acted; whether as primary.
    pub drills: Vec<bool>,
    /// Teachable post-mortems, each once.
    pub discussed: BTreeSet<i64>,
}

/// One line of the alert ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// The mentee took it.
    pub acknowledged: bool,
    /// And knew what it meant.
    pub understood: bool,
    /// It was an inject of a drill.
    pub in_drill: bool,
}

/// What a waiver excuses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Excused {
    /// A checklist item; its code.
    Item(String),
    /// A gate; its kind.
    Gate(String),
}

/// An item or gate excused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub excused: Excused,
    /// Its last day, inclusive.
    pub until: Day,
}

/// A full clearance in another area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearedIn {
    /// Code of the area.
    pub area: String,
    /// The last day it holds, inclusive.
    pub until: Day,
}

/// Sessions that were held, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    pub sessions: u32,
    /// Minutes they took together.
    pub minutes: u32,
}

impl Held {
    /// Counts sessions by the minutes of each.
    pub fn of(minutes: impl IntoIterator<Item = u32>) -> Self {
        minutes.into_iter().fold(Self::default(), |sum, m| Self {
            sessions: sum.sessions.saturating_add(1),
            minutes: sum.minutes.saturating_add(m),
        })
    }
}

/// Something that a returned sign-off named as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub id: i64,
    /// The competency or checklist item it is about; the code.
    pub about: Option<String>,
    pub what: String,
    /// A mentor has seen to it.
    pub is_closed: bool,
}
