//! The input of the engine: everything about a ramp that matters to the gates.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::types::{Day, UtcTime};
use crate::domain::assessment::Stream;
use crate::domain::ramp::MarkKind;
use crate::domain::standard::{Level, Strength};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Position in the order of judgements; a higher one is later. Positions are given while the ramp is locked, so the
    /// order is right even when the clocks of two machines differ.
    pub id: i64,
    pub code: String,
    pub stream: Stream,
    /// `None` is "not observed": it counts neither way.
    pub level: Option<Level>,
    /// How strong its evidence is.
    pub strength: Strength,
}

/// Everything about a ramp that matters to the gates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub judgements: Vec<Judgement>,
    /// The latest mark of each item that has one.
    pub marks: Vec<(String, MarkKind)>,
    pub held: Held,
    /// Gaps of returned sign-offs, open and closed, in the order they were named.
    pub gaps: Vec<Gap>,
    pub practice: Practice,
    /// Waivers that were granted and not revoked; each excuses until its last day.
    pub waivers: Vec<Waiver>,
    /// Full clearances of the mentee in other areas, without revoked ones.
    pub cleared: Vec<ClearedIn>,
}

/// A mentee's practice in the area that counts: debriefed shifts and drills, and post-mortems discussed with others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Practice {
    /// The person on call in each shadow shift.
    pub shadowed: Vec<i64>,
    /// Alerts of reverse-shadow shifts and of drills, oldest first.
    pub alerts: Vec<Alert>,
    /// Drills in which the mentee was primary (`true`) or secondary.
    pub drills: Vec<bool>,
    /// Teachable post-mortems, each once.
    pub discussed: BTreeSet<i64>,
}

/// One line of the alert ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// The mentee took it.
    pub acknowledged: bool,
    /// The mentee knew what it meant.
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

/// A waived item or gate.
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

/// Sessions that were held, counted. Nobody is in two sessions at once: a minute counts once, and a session without a
/// minute of its own is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    pub sessions: u32,
    /// Their minutes together.
    pub minutes: u32,
}

/// When a session began, and how many minutes it took.
pub type Span = (UtcTime, u32);

/// A row about a session that was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub id: i64,
    /// The row it came after: one that it corrects, or its plan.
    pub supersedes: Option<i64>,
    /// `None` when it no longer counts.
    pub span: Option<Span>,
}

/// What counts, in the order in which it was first recorded: a correction keeps the place of what it corrects.
pub fn in_order(rows: &[Recorded]) -> Vec<Span> {
    let mut rows = rows.to_vec();
    rows.sort_unstable_by_key(|row| row.id);
    let mut first: BTreeMap<i64, i64> = BTreeMap::new();
    let mut counting = Vec::new();
    for row in rows {
        let before = row.supersedes.and_then(|id| first.get(&id).copied());
        let place = before.unwrap_or(row.id);
        first.insert(row.id, place);
        counting.extend(row.span.map(|span| (place, row.id, span)));
    }
    counting.sort_unstable_by_key(|(place, id, _)| (*place, *id));
    counting.into_iter().map(|(.., span)| span).collect()
}

impl Held {
    /// Sessions in the order in which they were recorded.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        // What is covered so far: second of each begin, and of its end. They never touch.
        let mut covered: BTreeMap<i64, i64> = BTreeMap::new();
        let (mut sessions, mut seconds) = (0_u32, 0_i64);
        for (starts_at, minutes) in spans {
            let begin = starts_at.timestamp().as_second();
            let (mut from, mut to) = (begin, begin + 60 * i64::from(minutes));
            let mut added = to - from;
            let touched: Vec<(i64, i64)> = covered
                .range(..=to)
                .map(|(b, e)| (*b, *e))
                .filter(|(_, e)| *e >= from)
                .collect();
            for (b, e) in touched {
                added -= (e.min(begin + 60 * i64::from(minutes)) - b.max(begin)).max(0);
                covered.remove(&b);
                (from, to) = (from.min(b), to.max(e));
            }
            covered.insert(from, to);
            sessions = sessions.saturating_add(u32::from(added > 0));
            seconds += added;
        }
        Self {
            sessions,
            minutes: u32::try_from(seconds / 60).unwrap_or(u32::MAX),
        }
    }
}

/// Something that a returned sign-off named as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub id: i64,
    /// The competency or checklist item it is about; the code.
    pub about: Option<String>,
    pub what: String,
    /// A mentor has closed it.
    pub is_closed: bool,
}
