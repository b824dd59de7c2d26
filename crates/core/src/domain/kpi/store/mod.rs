//! SQL of targets, notes, goals, and of the figures that were computed before.

mod days;
mod owned;

use diesel::prelude::*;
use diesel::sql_types::Bool;

pub use days::*;
pub use owned::*;

use super::note::{NewNote, Note};
use super::target::{Target, ends, goal};
use super::{Goal, Kpi};
use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{kpi_notes, kpi_pins, kpi_targets};
use crate::db::types::UtcTime;
use crate::error::Result;

/// Every target that a scope ever had, in the order in which they were set. What this version does not know is left out.
pub fn targets(c: &mut Conn, scope: &str) -> Result<Vec<Target>> {
    type Row = (
        i64,
        String,
        Option<f64>,
        Option<f64>,
        i64,
        Option<i64>,
        UtcTime,
    );
    let rows: Vec<Row> = kpi_targets::table
        .filter(kpi_targets::scope.eq(scope))
        .order(kpi_targets::id)
        .select((
            kpi_targets::id,
            kpi_targets::kpi,
            kpi_targets::at_least,
            kpi_targets::at_most,
            kpi_targets::owner_id,
            kpi_targets::set_by,
            kpi_targets::set_at,
        ))
        .load(c)?;
    let read = |(id, kpi, low, high, owner_id, set_by, set_at): Row| {
        Some(Target {
            id,
            kpi: Kpi::parse(&kpi)?,
            goal: goal(low, high)?,
            owner_id,
            set_by,
            set_at,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

pub fn insert_target(
    c: &mut Conn,
    (scope, kpi): (&str, Kpi),
    (goal, owner_id): (Goal, i64),
    by: Option<i64>,
    now: UtcTime,
) -> Result<()> {
    let (low, high) = ends(goal);
    diesel::insert_into(kpi_targets::table)
        .values((
            kpi_targets::scope.eq(scope),
            kpi_targets::kpi.eq(kpi.word()),
            kpi_targets::at_least.eq(low),
            kpi_targets::at_most.eq(high),
            kpi_targets::owner_id.eq(owner_id),
            kpi_targets::set_by.eq(by),
            kpi_targets::set_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// The latest notes of a figure, the last one first.
pub fn notes(c: &mut Conn, scope: &str, kpi: Kpi, most: i64) -> Result<Vec<Note>> {
    let rows: Vec<(String, String, i64, UtcTime)> = kpi_notes::table
        .filter(
            kpi_notes::scope
                .eq(scope)
                .and(kpi_notes::kpi.eq(kpi.word())),
        )
        .order(kpi_notes::id.desc())
        .limit(most)
        .select((
            kpi_notes::why,
            kpi_notes::next,
            kpi_notes::by_id,
            kpi_notes::at,
        ))
        .load(c)?;
    let note = |(why, next, by_id, at)| Note {
        kpi,
        why,
        next,
        by_id,
        at,
    };
    Ok(rows.into_iter().map(note).collect())
}

/// The last note of each figure of a scope.
pub fn last_notes(c: &mut Conn, scope: &str) -> Result<Vec<Note>> {
    let is_last = fixed::<Bool>(
        "NOT EXISTS (SELECT 1 FROM kpi_notes n WHERE n.scope = kpi_notes.scope AND n.kpi = kpi_notes.kpi \
         AND n.id > kpi_notes.id)",
    );
    let rows: Vec<(String, String, String, i64, UtcTime)> = kpi_notes::table
        .filter(kpi_notes::scope.eq(scope))
        .filter(is_last)
        .select((
            kpi_notes::kpi,
            kpi_notes::why,
            kpi_notes::next,
            kpi_notes::by_id,
            kpi_notes::at,
        ))
        .load(c)?;
    let note = |(kpi, why, next, by_id, at): (String, String, String, i64, UtcTime)| {
        Some(Note {
            kpi: Kpi::parse(&kpi)?,
            why,
            next,
            by_id,
            at,
        })
    };
    Ok(rows.into_iter().filter_map(note).collect())
}

pub fn insert_note(
    c: &mut Conn,
    (scope, kpi): (&str, Kpi),
    note: &NewNote,
    by: i64,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(kpi_notes::table)
        .values((
            kpi_notes::scope.eq(scope),
            kpi_notes::kpi.eq(kpi.word()),
            kpi_notes::why.eq(note.why.as_str()),
            kpi_notes::next.eq(note.next.as_str()),
            kpi_notes::by_id.eq(by),
            kpi_notes::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// The goals of a team, in the order in which they were pinned.
pub fn pins(c: &mut Conn, team_id: i64) -> Result<Vec<Kpi>> {
    let words: Vec<String> = kpi_pins::table
        .filter(kpi_pins::team_id.eq(team_id).and(kpi_pins::until.is_null()))
        .order(kpi_pins::id)
        .select(kpi_pins::kpi)
        .load(c)?;
    Ok(words.iter().filter_map(|w| Kpi::parse(w)).collect())
}

pub fn pin(c: &mut Conn, (team_id, kpi): (i64, Kpi), by: Option<i64>, now: UtcTime) -> Result<()> {
    diesel::insert_into(kpi_pins::table)
        .values((
            kpi_pins::team_id.eq(team_id),
            kpi_pins::kpi.eq(kpi.word()),
            kpi_pins::since.eq(now),
            kpi_pins::by_id.eq(by),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends a goal; false when it was none.
pub fn unpin(
    c: &mut Conn,
    (team_id, kpi): (i64, Kpi),
    by: Option<i64>,
    now: UtcTime,
) -> Result<bool> {
    let now_pinned = kpi_pins::team_id
        .eq(team_id)
        .and(kpi_pins::kpi.eq(kpi.word()))
        .and(kpi_pins::until.is_null());
    let ended = diesel::update(kpi_pins::table.filter(now_pinned))
        .set((kpi_pins::until.eq(now), kpi_pins::ended_by.eq(by)))
        .execute(c)?;
    Ok(ended == 1)
}
