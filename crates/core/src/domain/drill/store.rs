//! SQL of drills: plans, ticks, observations. One guarded statement changes each row.

use crate::domain::drill::model::{Drill, Line, Observation};
use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{DrillState, NewDrill, NewLine, Reply, Role};
use crate::db::ForUpdateAndShare;
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{alerts, areas, drill_lines, drill_observations, drill_roles, drills};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::session::Minutes;
use crate::domain::standard::Level;
use crate::error::{Error, Result};

/// That drill, locked until the transaction ends. Everything that writes to a drill takes this lock first. Until then
/// nobody changes its area's qualifiers or owner team either.
pub fn lock(c: &mut Conn, id: i64) -> Result<Drill> {
    locks::take(Order::Drill, id);
    let both = drills::table
        .inner_join(areas::table.on(areas::id.eq(drills::area_id)))
        .filter(drills::id.eq(id))
        .select(Drill::as_select());
    let drill: Drill = ForUpdateAndShare(both, "drills", "areas")
        .get_result(c)
        .optional()?
        .ok_or(Error::NotFound("drill"))?;
    locks::take(Order::Area, drill.area_id);
    Ok(drill)
}

/// The lines of a sheet, in order.
pub fn lines(c: &mut Conn, id: i64) -> Result<Vec<Line>> {
    Ok(drill_lines::table
        .filter(drill_lines::drill_id.eq(id))
        .order((drill_lines::position, drill_lines::id))
        .select(Line::as_select())
        .load(c)?)
}

/// A drill that one of these people plays or leads and that is not cancelled, at that time: its row, and who.
pub fn at_that_time(
    c: &mut Conn,
    people: &[i64],
    (from, until): (UtcTime, UtcTime),
    except: Option<i64>,
) -> Result<Option<(Drill, i64)>> {
    let longest = 60 * i64::from(Minutes::MOST);
    let rows: Vec<(Drill, i64)> = drills::table
        .inner_join(drill_roles::table)
        .filter(
            id_in(drill_roles::person_id, people)
                .and(drill_roles::role.ne(Role::Observer))
                .and(drills::state.ne(DrillState::Cancelled))
                .and(drills::starts_at.lt(until))
                .and(drills::starts_at.gt(from.plus_seconds(-longest)))
                .and(drills::id.ne(except.unwrap_or_default())),
        )
        .order((drills::starts_at, drills::id, drill_roles::person_id))
        .select((Drill::as_select(), drill_roles::person_id))
        .load(c)?;
    let ends_at = |d: &Drill| d.starts_at.plus_seconds(60 * i64::from(d.minutes));
    Ok(rows.into_iter().find(|(drill, _)| ends_at(drill) > from))
}

/// Observations of each person.
pub fn observations(c: &mut Conn, id: i64) -> Result<Vec<Observation>> {
    Ok(drill_observations::table
        .filter(drill_observations::drill_id.eq(id))
        .order((
            drill_observations::person_id,
            drill_observations::competency_code,
        ))
        .select(Observation::as_select())
        .load(c)?)
}

/// Plans a drill; returns its row.
pub fn insert(
    c: &mut Conn,
    area_id: i64,
    new: &NewDrill,
    lines: &[NewLine],
    (by_id, now): (i64, UtcTime),
) -> Result<i64> {
    let id = diesel::insert_into(drills::table)
        .values((
            drills::area_id.eq(area_id),
            drills::kind.eq(new.kind),
            drills::title.eq(new.title.as_str()),
            drills::scenario.eq(new.scenario.as_str()),
            drills::postmortem_id.eq(new.postmortem_id),
            drills::state.eq(DrillState::Planned),
            drills::starts_at.eq(new.starts_at),
            drills::minutes.eq(new.minutes.number()),
            drills::planned_by.eq(by_id),
            drills::planned_at.eq(now),
            drills::changed_by.eq(by_id),
            drills::changed_at.eq(now),
        ))
        .returning(drills::id)
        .get_result(c)?;
    insert_sheet(c, id, new, lines)?;
    Ok(id)
}

/// Plans a drill again; false when it no longer has that revision.
pub fn rewrite(
    c: &mut Conn,
    (id, revision): (i64, i32),
    new: &NewDrill,
    lines: &[NewLine],
    (by_id, now): (i64, UtcTime),
) -> Result<bool> {
    let seen = drills::table.filter(
        drills::id
            .eq(id)
            .and(drills::revision.eq(revision))
            .and(drills::state.eq(DrillState::Planned)),
    );
    let changed = diesel::update(seen)
        .set((
            drills::kind.eq(new.kind),
            drills::title.eq(new.title.as_str()),
            drills::scenario.eq(new.scenario.as_str()),
            drills::starts_at.eq(new.starts_at),
            drills::minutes.eq(new.minutes.number()),
            drills::revision.eq(drills::revision + 1),
            drills::changed_by.eq(by_id),
            drills::changed_at.eq(now),
        ))
        .execute(c)?;
    if changed != 1 {
        return Ok(false);
    }
    // Nothing has happened on this sheet yet; the audit log keeps its old text.
    diesel::delete(drill_lines::table.filter(drill_lines::drill_id.eq(id))).execute(c)?;
    diesel::delete(drill_roles::table.filter(drill_roles::drill_id.eq(id))).execute(c)?;
    insert_sheet(c, id, new, lines)?;
    Ok(true)
}

fn insert_sheet(c: &mut Conn, id: i64, new: &NewDrill, lines: &[NewLine]) -> Result<()> {
    for (person_id, role) in new.participants.parts() {
        diesel::insert_into(drill_roles::table)
            .values((
                drill_roles::drill_id.eq(id),
                drill_roles::person_id.eq(person_id),
                drill_roles::role.eq(*role),
            ))
            .execute(c)?;
    }
    for (position, line) in (0..).zip(lines) {
        diesel::insert_into(drill_lines::table)
            .values((
                drill_lines::drill_id.eq(id),
                drill_lines::position.eq(position),
                drill_lines::kind.eq(line.kind),
                drill_lines::body.eq(&line.body),
                drill_lines::competency_code.eq(&line.code),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// What a step writes with the state.
#[derive(Debug, Clone, Copy, Default, AsChangeset)]
#[diesel(table_name = drills)]
pub struct Stamp<'a> {
    pub begun_at: Option<UtcTime>,
    /// `Some(None)` clears the end.
    pub ended_at: Option<Option<UtcTime>>,
    pub cancel_reason: Option<&'a str>,
    pub debriefed_by: Option<i64>,
    pub debriefed_at: Option<UtcTime>,
    pub went_well: Option<&'a str>,
    pub went_badly: Option<&'a str>,
}

/// Moves a drill from one state to the next; false when it is already in another one.
pub fn advance(
    c: &mut Conn,
    id: i64,
    (from, to): (DrillState, DrillState),
    stamp: &Stamp<'_>,
    (by_id, now): (i64, UtcTime),
) -> Result<bool> {
    let there = drills::table.filter(drills::id.eq(id).and(drills::state.eq(from)));
    let changed = diesel::update(there)
        .set((
            drills::state.eq(to),
            drills::changed_by.eq(by_id),
            drills::changed_at.eq(now),
            stamp,
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// What a tick writes on a line.
#[derive(Debug, Clone, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = drill_lines, treat_none_as_null = true)]
pub struct Ticked {
    /// When it happened; `None` unticks it.
    pub happened_at: Option<UtcTime>,
    pub ticked_by: Option<i64>,
    /// Who was observed.
    pub person_id: Option<i64>,
    /// How much help they needed.
    pub help_level: Option<Level>,
    /// How the primary reacted.
    pub reply: Reply,
    pub note: String,
}

/// Ticks a line that still has that revision; false when someone changed it meanwhile.
pub fn tick(c: &mut Conn, (id, revision): (i64, i32), ticked: &Ticked) -> Result<bool> {
    let seen = drill_lines::table.filter(
        drill_lines::id
            .eq(id)
            .and(drill_lines::revision.eq(revision)),
    );
    let changed = diesel::update(seen)
        .set((ticked, drill_lines::revision.eq(drill_lines::revision + 1)))
        .execute(c)?;
    Ok(changed == 1)
}

/// Stores observations.
pub fn observe(
    c: &mut Conn,
    id: i64,
    all: &[Observation],
    (by_id, now): (i64, UtcTime),
) -> Result<()> {
    for one in all {
        diesel::insert_into(drill_observations::table)
            .values((
                drill_observations::drill_id.eq(id),
                drill_observations::person_id.eq(one.person_id),
                drill_observations::competency_code.eq(&one.competency_code),
                drill_observations::help_level.eq(one.help_level),
                drill_observations::by_id.eq(by_id),
                drill_observations::at.eq(now),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Stores who did not come.
pub fn set_absent(c: &mut Conn, id: i64, absent: &BTreeSet<i64>) -> Result<()> {
    let absent: Vec<i64> = absent.iter().copied().collect();
    let parts = drill_roles::table.filter(
        drill_roles::drill_id
            .eq(id)
            .and(id_in(drill_roles::person_id, &absent)),
    );
    diesel::update(parts)
        .set(drill_roles::was_absent.eq(true))
        .execute(c)?;
    Ok(())
}

/// Writes the given injects into the primary's alert ledger.
pub fn keep_alerts(
    c: &mut Conn,
    drill: &Drill,
    primary_id: i64,
    given: &[(UtcTime, &Line)],
    (by_id, now): (i64, UtcTime),
) -> Result<()> {
    for (at, line) in given {
        diesel::insert_into(alerts::table)
            .values((
                alerts::area_id.eq(drill.area_id),
                alerts::person_id.eq(primary_id),
                alerts::drill_id.eq(drill.id),
                alerts::at.eq(at),
                alerts::title.eq(&line.body),
                alerts::acknowledged.eq(line.reply != Reply::None),
                // Every inject is actionable.
                alerts::actionable.eq(true),
                alerts::understood.eq(line.reply == Reply::Understood),
                alerts::escalated.eq(false),
                alerts::by_id.eq(by_id),
                alerts::recorded_at.eq(now),
            ))
            .execute(c)?;
    }
    Ok(())
}
