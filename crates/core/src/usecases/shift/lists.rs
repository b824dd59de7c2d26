//! Lists of shifts, read in the same statement as a row of another table.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::people;
use crate::db::types::UtcTime;
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;

/// A shift of a ramp, with the figures of its ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: i64,
    /// The mentee.
    pub kind: ShiftKind,
    pub state: ShiftState,
    pub with_id: i64,
    pub starts_at: UtcTime,
    pub ends_at: UtcTime,
    pub acknowledged: usize,
    /// How many of the acknowledged alerts were understood.
    pub understood: usize,
}

impl Line {
    pub fn is_ahead(&self, now: UtcTime) -> bool {
        self.state == ShiftState::Planned && self.ends_at > now
    }

    pub fn is_due(&self, now: UtcTime) -> bool {
        self.state == ShiftState::Planned && self.ends_at <= now
    }
}

pub fn of_ramp() -> Listed {
    let counted = "(SELECT count(*) FROM alerts l WHERE l.shift_id = f.id AND l.undone_at IS NULL AND l.acknowledged";
    let (acknowledged, understood) = (
        format!("{counted})"),
        format!("{counted} AND l.understood)"),
    );
    listed(
        &[
            "f.id",
            "f.kind",
            "f.state",
            "f.with_id",
            "f.starts_at",
            "f.ends_at",
            &acknowledged,
            &understood,
        ],
        "shifts f WHERE f.ramp_id = ramps.id",
    )
}

/// Reads [`of_ramp`]: the latest first.
pub fn lines(list: List) -> Result<Vec<Line>> {
    let mut lines = entries(list, |parts| {
        let [
            id,
            kind,
            state,
            with,
            starts,
            ends,
            acknowledged,
            understood,
        ] = parts
        else {
            return None;
        };
        Some(Line {
            id: id.parse().ok()?,
            kind: ShiftKind::parse(kind)?,
            state: ShiftState::parse(state)?,
            with_id: with.parse().ok()?,
            starts_at: UtcTime::stored(starts)?,
            ends_at: UtcTime::stored(ends)?,
            acknowledged: acknowledged.parse().ok()?,
            understood: understood.parse().ok()?,
        })
    })?;
    lines.sort_by_key(|line| std::cmp::Reverse((line.starts_at, line.id)));
    Ok(lines)
}

/// A planned shift, as home shows it to everyone who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedShift {
    pub id: i64,
    /// The mentee.
    pub kind: ShiftKind,
    /// The mentee.
    pub mentee_id: i64,
    pub mentee: String,
    pub with_id: i64,
    pub with: String,
    /// The time zone of the debrief's due date.
    pub zone: String,
    pub area: String,
    pub starts_at: UtcTime,
    pub ends_at: UtcTime,
}

/// The planned shifts of a row of `people`: those they shadow or take, those they are on call on, and those of ramps
/// they mentor.
pub fn of_person() -> Listed {
    let (area, mentee, with) = (plain("x.name"), plain("e.name"), plain("v.name"));
    listed(
        &[
            "f.id",
            "f.kind",
            "f.mentee_id",
            &mentee,
            "f.with_id",
            &with,
            "v.time_zone",
            &area,
            "f.starts_at",
            "f.ends_at",
        ],
        "shifts f JOIN areas x ON x.id = f.area_id JOIN people e ON e.id = f.mentee_id \
         JOIN people v ON v.id = f.with_id WHERE f.id IN ( \
         SELECT w.id FROM shifts w WHERE w.with_id = people.id AND w.state = 'planned' \
         UNION SELECT w.id FROM shifts w WHERE w.mentee_id = people.id AND w.state = 'planned' \
         UNION SELECT w.id FROM pairings q JOIN shifts w ON w.ramp_id = q.ramp_id \
         WHERE q.mentor_id = people.id AND q.until IS NULL AND w.state = 'planned')",
    )
}

/// The planned shifts of one person, the first to end first.
pub fn planned_of(c: &mut Conn, person_id: i64) -> Result<Vec<PlannedShift>> {
    let list = people::table.find(person_id).select(of_person()).first(c)?;
    planned_shifts(list)
}

/// Reads [`of_person`]: the first to end comes first.
pub fn planned_shifts(list: List) -> Result<Vec<PlannedShift>> {
    let mut parts = entries(list, |parts| {
        let [
            id,
            kind,
            mentee_id,
            mentee,
            with_id,
            with,
            zone,
            area,
            starts,
            ends,
        ] = parts
        else {
            return None;
        };
        Some(PlannedShift {
            id: id.parse().ok()?,
            kind: ShiftKind::parse(kind)?,
            mentee_id: mentee_id.parse().ok()?,
            mentee: (*mentee).to_owned(),
            with_id: with_id.parse().ok()?,
            with: (*with).to_owned(),
            zone: (*zone).to_owned(),
            area: (*area).to_owned(),
            starts_at: UtcTime::stored(starts)?,
            ends_at: UtcTime::stored(ends)?,
        })
    })?;
    parts.sort_by_key(|part| (part.ends_at, part.id));
    Ok(parts)
}
