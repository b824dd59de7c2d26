//! SQL of sign-offs.

use crate::domain::signoff::model::Signoff;
use diesel::prelude::*;

use super::SignoffState;
use crate::db::schema::signoffs;
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::error::{Error, Result};

pub fn by_id(c: &mut Conn, id: i64) -> Result<Signoff> {
    signoffs::table
        .find(id)
        .select(Signoff::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("sign-off"))
}

/// Sign-offs of those ramps, newest first.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Signoff>> {
    Ok(signoffs::table
        .filter(id_in(signoffs::ramp_id, ramp_ids))
        .order(signoffs::id.desc())
        .select(Signoff::as_select())
        .load(c)?)
}

/// Sign-offs that wait for a key, oldest first.
pub fn open(c: &mut Conn) -> Result<Vec<Signoff>> {
    Ok(signoffs::table
        .filter(signoffs::decided_at.is_null())
        .order(signoffs::id)
        .select(Signoff::as_select())
        .load(c)?)
}

/// A decided sign-off without its record, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Decided {
    pub id: i64,
    pub ramp_id: i64,
    pub state: SignoffState,
    /// Who decided; every decided one has someone.
    pub by: Option<i64>,
    pub at: Option<UtcTime>,
    /// Last day of the clearance it granted.
    pub ends_on: Option<Day>,
}

/// Sign-offs that are decided, the latest first.
pub fn decided(c: &mut Conn, limit: i64) -> Result<Vec<Decided>> {
    Ok(signoffs::table
        .filter(signoffs::decided_at.is_not_null())
        .order((signoffs::decided_at.desc(), signoffs::id.desc()))
        .limit(limit)
        .select((
            signoffs::id,
            signoffs::ramp_id,
            signoffs::state,
            signoffs::decided_by,
            signoffs::decided_at,
            signoffs::ends_on,
        ))
        .load(c)?)
}

/// Adds a sign-off. The database refuses a second open one of the same ramp.
pub fn insert(
    c: &mut Conn,
    ramp_id: i64,
    by_id: i64,
    note: &str,
    now: UtcTime,
) -> std::result::Result<i64, diesel::result::Error> {
    diesel::insert_into(signoffs::table)
        .values((
            signoffs::ramp_id.eq(ramp_id),
            signoffs::state.eq(SignoffState::Requested),
            signoffs::requested_by.eq(by_id),
            signoffs::requested_at.eq(now),
            signoffs::request_note.eq(note),
        ))
        .returning(signoffs::id)
        .get_result(c)
}

/// Turns the first key; false when it was no longer due.
pub fn turn_first_key(c: &mut Conn, id: i64, by_id: i64, note: &str, now: UtcTime) -> Result<bool> {
    let changed = diesel::update(
        signoffs::table.filter(
            signoffs::id
                .eq(id)
                .and(signoffs::state.eq(SignoffState::Requested)),
        ),
    )
    .set((
        signoffs::state.eq(SignoffState::FirstKey),
        signoffs::first_key_by.eq(by_id),
        signoffs::first_key_at.eq(now),
        signoffs::first_key_note.eq(note),
    ))
    .execute(c)?;
    Ok(changed == 1)
}

/// Decides a sign-off in state `from`, and freezes its record; false when it was no longer in that state.
pub fn decide(c: &mut Conn, from: SignoffState, decided: &Signoff) -> Result<bool> {
    let changed = diesel::update(
        signoffs::table.filter(signoffs::id.eq(decided.id).and(signoffs::state.eq(from))),
    )
    .set((
        signoffs::state.eq(decided.state),
        signoffs::decided_by.eq(decided.decided_by),
        signoffs::decided_at.eq(decided.decided_at),
        signoffs::decision_note.eq(&decided.decision_note),
        signoffs::ends_on.eq(decided.ends_on),
        signoffs::record.eq(&decided.record),
    ))
    .execute(c)?;
    Ok(changed == 1)
}
