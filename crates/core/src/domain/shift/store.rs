//! SQL of shifts, their debriefs, and their ledgers.

use std::collections::HashMap;

use crate::domain::shift::model::{Alert, Debrief, Shift};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::lifecycle::ChangeKind;
use super::{Brief, Hours, NewAlert, NewDebrief, NewShift, ShiftState};
use crate::db::list::{List, entries, listed};
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{alerts, shift_changes, shift_debriefs, shift_observations, shifts};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, found_by, id_in, ids};
use crate::domain::ramp::model::Ramp;
use crate::domain::standard::Level;
use crate::error::{Error, Result};

/// A row of `shift_changes`: a step in the life of a shift.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = shift_changes)]
pub struct Change {
    pub kind: ChangeKind,
    /// Why; may be empty.
    pub reason: String,
    /// Who took the step.
    pub by_id: i64,
    pub at: UtcTime,
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Shift> {
    shifts::table
        .find(id)
        .select(Shift::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("shift"))
}

/// The same, locked until the transaction ends, so that a shift is not closed while a line is added.
pub fn lock(c: &mut Conn, id: i64) -> Result<Shift> {
    locks::take(Order::Shift, id);
    let shift = shifts::table.filter(shifts::id.eq(id));
    ForUpdate(shift.select(Shift::as_select()))
        .get_result(c)
        .optional()?
        .ok_or(Error::NotFound("shift"))
}

/// The shifts of a ramp, the next ones first.
pub fn of_ramp(c: &mut Conn, ramp_id: i64) -> Result<Vec<Shift>> {
    Ok(shifts::table
        .filter(shifts::ramp_id.eq(ramp_id))
        .order((shifts::starts_at.desc(), shifts::id.desc()))
        .select(Shift::as_select())
        .load(c)?)
}

/// The shifts of those ramps, the earliest first.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Shift>> {
    Ok(shifts::table
        .filter(id_in(shifts::ramp_id, ramp_ids))
        .order((shifts::starts_at, shifts::id))
        .select(Shift::as_select())
        .load(c)?)
}

/// The first other shift that overlaps those hours, is not cancelled, and has one of the two people as mentee or on
/// call. One shift may begin when another ends.
pub fn during(
    c: &mut Conn,
    (a, b): (i64, i64),
    hours: Hours,
    except: Option<i64>,
) -> Result<Option<Shift>> {
    let theirs = (shifts::mentee_id.eq(a).or(shifts::mentee_id.eq(b)))
        .or(shifts::with_id.eq(a).or(shifts::with_id.eq(b)));
    let then = shifts::starts_at
        .lt(hours.ends_at())
        .and(shifts::ends_at.gt(hours.starts_at()));
    Ok(shifts::table
        .filter(
            theirs
                .and(then)
                .and(shifts::state.ne(ShiftState::Cancelled)),
        )
        .filter(shifts::id.ne(except.unwrap_or_default()))
        .order((shifts::starts_at, shifts::id))
        .select(Shift::as_select())
        .first(c)
        .optional()?)
}

pub fn by_ids(c: &mut Conn, ids: &[i64]) -> Result<Vec<Shift>> {
    Ok(shifts::table
        .filter(id_in(shifts::id, ids))
        .order(shifts::id)
        .select(Shift::as_select())
        .load(c)?)
}

/// The shifts of those people, as mentee or on call, that are not cancelled and overlap that time.
pub fn around(
    c: &mut Conn,
    people: &[i64],
    (from, until): (UtcTime, UtcTime),
) -> Result<Vec<Shift>> {
    let theirs =
        found_by(shifts::mentee_id, ids(people)).or(found_by(shifts::with_id, ids(people)));
    Ok(shifts::table
        .filter(theirs)
        .filter(shifts::starts_at.lt(until).and(shifts::ends_at.gt(from)))
        .filter(shifts::state.ne(ShiftState::Cancelled))
        .order(shifts::id)
        .select(Shift::as_select())
        .load(c)?)
}

/// How many steps each of those shifts has had.
pub fn count_changes(c: &mut Conn, shift_ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = shift_changes::table
        .filter(id_in(shift_changes::shift_id, shift_ids))
        .group_by(shift_changes::shift_id)
        .select((shift_changes::shift_id, count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// Plans a shift; returns its row.
pub fn insert(c: &mut Conn, ramp: &Ramp, new: &NewShift, by_id: i64, now: UtcTime) -> Result<i64> {
    let brief = &new.brief;
    Ok(diesel::insert_into(shifts::table)
        .values((
            shifts::ramp_id.eq(ramp.id),
            shifts::area_id.eq(ramp.area_id),
            shifts::mentee_id.eq(ramp.mentee_id),
            shifts::kind.eq(new.kind),
            shifts::with_id.eq(new.with_id),
            shifts::state.eq(ShiftState::Planned),
            shifts::starts_at.eq(new.hours.starts_at()),
            shifts::ends_at.eq(new.hours.ends_at()),
            shifts::may_page.eq(brief.may_page.as_str()),
            shifts::runbooks.eq(brief.runbooks.as_str()),
            shifts::learner_job.eq(brief.learner_job.as_str()),
            shifts::who_may_touch.eq(brief.who_may_touch.as_str()),
            shifts::planned_by.eq(by_id),
            shifts::planned_at.eq(now),
        ))
        .returning(shifts::id)
        .get_result(c)?)
}

/// Moves a planned shift from the hours `from` to other hours; false when it no longer has `from`.
pub fn set_hours(c: &mut Conn, id: i64, from: Hours, to: Hours) -> Result<bool> {
    let planned = shifts::table.filter(
        shifts::id
            .eq(id)
            .and(shifts::state.eq(ShiftState::Planned))
            .and(shifts::starts_at.eq(from.starts_at()))
            .and(shifts::ends_at.eq(from.ends_at())),
    );
    let moved = diesel::update(planned)
        .set((
            shifts::starts_at.eq(to.starts_at()),
            shifts::ends_at.eq(to.ends_at()),
        ))
        .execute(c)?;
    Ok(moved == 1)
}

/// Changes the brief of a planned shift; false when it is no longer planned.
pub fn set_brief(c: &mut Conn, id: i64, brief: &Brief) -> Result<bool> {
    let planned =
        shifts::table.filter(shifts::id.eq(id).and(shifts::state.eq(ShiftState::Planned)));
    let changed = diesel::update(planned)
        .set((
            shifts::may_page.eq(brief.may_page.as_str()),
            shifts::runbooks.eq(brief.runbooks.as_str()),
            shifts::learner_job.eq(brief.learner_job.as_str()),
            shifts::who_may_touch.eq(brief.who_may_touch.as_str()),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// Cancels a planned shift; false when it is no longer planned.
pub fn cancel(c: &mut Conn, id: i64) -> Result<bool> {
    close(c, id, ShiftState::Cancelled, None)
}

/// Closes a planned shift; false when it is no longer planned.
pub fn set_debriefed(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    close(c, id, ShiftState::Debriefed, Some(now))
}

fn close(c: &mut Conn, id: i64, state: ShiftState, debriefed_at: Option<UtcTime>) -> Result<bool> {
    let planned =
        shifts::table.filter(shifts::id.eq(id).and(shifts::state.eq(ShiftState::Planned)));
    let closed = diesel::update(planned)
        .set((
            shifts::state.eq(state),
            shifts::debriefed_at.eq(debriefed_at),
        ))
        .execute(c)?;
    Ok(closed == 1)
}

pub fn insert_change(c: &mut Conn, shift_id: i64, change: &Change) -> Result<()> {
    diesel::insert_into(shift_changes::table)
        .values((shift_changes::shift_id.eq(shift_id), change))
        .execute(c)?;
    Ok(())
}

/// The steps of a shift, oldest first.
pub fn changes(c: &mut Conn, shift_id: i64) -> Result<Vec<Change>> {
    Ok(shift_changes::table
        .filter(shift_changes::shift_id.eq(shift_id))
        .order(shift_changes::id)
        .select(Change::as_select())
        .load(c)?)
}

/// Adds a debrief with its observations; returns its row.
pub fn insert_debrief(
    c: &mut Conn,
    shift_id: i64,
    new: &NewDebrief,
    by_id: i64,
    now: UtcTime,
) -> Result<i64> {
    let id: i64 = diesel::insert_into(shift_debriefs::table)
        .values((
            shift_debriefs::shift_id.eq(shift_id),
            shift_debriefs::went_well.eq(new.went_well.as_str()),
            shift_debriefs::went_badly.eq(new.went_badly.as_str()),
            shift_debriefs::by_id.eq(by_id),
            shift_debriefs::at.eq(now),
        ))
        .returning(shift_debriefs::id)
        .get_result(c)?;
    for (code, help) in &new.observations {
        diesel::insert_into(shift_observations::table)
            .values((
                shift_observations::debrief_id.eq(id),
                shift_observations::competency_code.eq(code),
                shift_observations::help_level.eq(*help),
            ))
            .execute(c)?;
    }
    Ok(id)
}

/// How much help competencies needed, by their codes.
pub type Observed = Vec<(String, Level)>;

/// The debriefs of a shift with their observations, the current one first.
pub fn debriefs(c: &mut Conn, shift_id: i64) -> Result<Vec<(Debrief, Observed)>> {
    let observed = listed(
        &["o.competency_code", "o.help_level"],
        "shift_observations o WHERE o.debrief_id = shift_debriefs.id",
    );
    let rows: Vec<(Debrief, List)> = shift_debriefs::table
        .filter(shift_debriefs::shift_id.eq(shift_id))
        .order(shift_debriefs::id.desc())
        .select((Debrief::as_select(), observed))
        .load(c)?;
    rows.into_iter()
        .map(|(debrief, observed)| {
            let mut observed = entries(observed, observation)?;
            observed.sort_by(|a, b| a.0.cmp(&b.0));
            Ok((debrief, observed))
        })
        .collect()
}

fn observation(parts: &[&str]) -> Option<(String, Level)> {
    let [code, help] = parts else { return None };
    Some(((*code).to_owned(), Level::new(help.parse().ok()?)?))
}

/// The ledger of a shift, newest line first; also undone lines.
pub fn alerts(c: &mut Conn, shift_id: i64) -> Result<Vec<Alert>> {
    Ok(alerts::table
        .filter(alerts::shift_id.eq(shift_id))
        .order(alerts::id.desc())
        .select(Alert::as_select())
        .load(c)?)
}

/// Adds a line to the ledger of a locked shift; returns its row.
pub fn insert_alert(
    c: &mut Conn,
    shift: &Shift,
    new: &NewAlert,
    (at, now): (UtcTime, UtcTime),
    by_id: i64,
) -> Result<i64> {
    Ok(diesel::insert_into(alerts::table)
        .values((
            alerts::area_id.eq(shift.area_id),
            alerts::person_id.eq(shift.mentee_id),
            alerts::shift_id.eq(shift.id),
            alerts::at.eq(at),
            alerts::title.eq(new.title.as_str()),
            alerts::acknowledged.eq(new.acknowledged),
            alerts::actionable.eq(new.actionable),
            alerts::understood.eq(new.understood),
            alerts::escalated.eq(new.escalated),
            alerts::by_id.eq(by_id),
            alerts::recorded_at.eq(now),
        ))
        .returning(alerts::id)
        .get_result(c)?)
}

/// Undoes a line of the ledger; false when it was already undone.
pub fn undo_alert(c: &mut Conn, shift_id: i64, id: i64, by_id: i64, now: UtcTime) -> Result<bool> {
    let standing = alerts::table.filter(
        alerts::id
            .eq(id)
            .and(alerts::shift_id.eq(shift_id))
            .and(alerts::undone_at.is_null()),
    );
    let undone = diesel::update(standing)
        .set((alerts::undone_by.eq(by_id), alerts::undone_at.eq(now)))
        .execute(c)?;
    Ok(undone == 1)
}
