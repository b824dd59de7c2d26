//! SQL of a ramp's history: its states, its targets, and who accepted it.

use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text};

use crate::db::schema::{ramp_acceptances, ramp_changes, ramp_targets, ramps};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, Each, id_in};
use crate::domain::ramp::RampState;
use crate::domain::ramp::arrange::Acceptance;
use crate::error::Result;

/// A row of `ramp_changes`: a ramp entered a state.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ramp_changes)]
pub struct Change {
    pub ramp_id: i64,
    pub state: RampState,
    /// Why; may be empty.
    pub reason: String,
    pub by_id: i64,
    pub at: UtcTime,
}

impl Change {
    /// The state and the day, for the clock.
    pub fn step(&self) -> (RampState, Day) {
        (self.state, self.at.day())
    }
}

/// A row of `ramp_targets`: a ramp's target was moved.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ramp_targets)]
pub struct Target {
    pub target_on: Day,
    pub reason: String,
    pub by_id: i64,
    pub at: UtcTime,
}

/// The states of those ramps, in order.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Change>> {
    Ok(ramp_changes::table
        .filter(id_in(ramp_changes::ramp_id, ramp_ids))
        .order(ramp_changes::id)
        .select(Change::as_select())
        .load(c)?)
}

/// The targets of a ramp after its first, in order.
pub fn targets(c: &mut Conn, ramp_id: i64) -> Result<Vec<Target>> {
    Ok(ramp_targets::table
        .filter(ramp_targets::ramp_id.eq(ramp_id))
        .order(ramp_targets::id)
        .select(Target::as_select())
        .load(c)?)
}

/// The states of a ramp and its targets after the first, each in order.
pub fn history(c: &mut Conn, ramp_id: i64) -> Result<(Vec<Change>, Vec<Target>)> {
    type Row = (i64, Option<RampState>, Option<Day>, String, i64, UtcTime);
    let states = ramp_changes::table
        .filter(ramp_changes::ramp_id.eq(ramp_id))
        .select((
            ramp_changes::id,
            ramp_changes::state.nullable(),
            None::<Day>.into_sql::<Nullable<Date>>(),
            ramp_changes::reason,
            ramp_changes::by_id,
            ramp_changes::at,
        ));
    let moves = ramp_targets::table
        .filter(ramp_targets::ramp_id.eq(ramp_id))
        .select((
            ramp_targets::id,
            None::<RampState>.into_sql::<Nullable<Text>>(),
            ramp_targets::target_on.nullable(),
            ramp_targets::reason,
            ramp_targets::by_id,
            ramp_targets::at,
        ));
    let mut rows: Vec<Row> = Each(states.union_all(moves)).load(c)?;
    rows.sort_by_key(|(id, ..)| *id);
    let (mut changes, mut targets) = (Vec::new(), Vec::new());
    for (_, state, target, reason, by_id, at) in rows {
        if let Some(state) = state {
            changes.push(Change {
                ramp_id,
                state,
                reason,
                by_id,
                at,
            });
        } else if let Some(target_on) = target {
            targets.push(Target {
                target_on,
                reason,
                by_id,
                at,
            });
        }
    }
    Ok((changes, targets))
}

/// Moves a ramp's target and stores the change. The ramp must be locked.
pub fn set_target(
    c: &mut Conn,
    ramp_id: i64,
    target_on: Day,
    reason: &str,
    by_id: i64,
    now: UtcTime,
) -> Result<()> {
    let from_on: Day = ramps::table
        .find(ramp_id)
        .select(ramps::target_on)
        .first(c)?;
    diesel::update(ramps::table.find(ramp_id))
        .set(ramps::target_on.eq(target_on))
        .execute(c)?;
    diesel::insert_into(ramp_targets::table)
        .values((
            ramp_targets::ramp_id.eq(ramp_id),
            ramp_targets::from_on.eq(from_on),
            ramp_targets::target_on.eq(target_on),
            ramp_targets::reason.eq(reason),
            ramp_targets::by_id.eq(by_id),
            ramp_targets::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Who accepted a ramp.
pub fn acceptances(c: &mut Conn, ramp_id: i64) -> Result<Vec<Acceptance>> {
    let rows: Vec<(i64, UtcTime)> = ramp_acceptances::table
        .filter(ramp_acceptances::ramp_id.eq(ramp_id))
        .order(ramp_acceptances::at)
        .select((ramp_acceptances::person_id, ramp_acceptances::at))
        .load(c)?;
    let acceptances = rows.into_iter();
    Ok(acceptances
        .map(|(person_id, at)| Acceptance { person_id, at })
        .collect())
}

/// Stores that someone accepted a ramp.
pub fn insert_acceptance(c: &mut Conn, ramp_id: i64, person_id: i64, now: UtcTime) -> Result<()> {
    diesel::insert_into(ramp_acceptances::table)
        .values((
            ramp_acceptances::ramp_id.eq(ramp_id),
            ramp_acceptances::person_id.eq(person_id),
            ramp_acceptances::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}
