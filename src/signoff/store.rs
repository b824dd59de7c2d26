//! SQL of sign-offs.

use diesel::prelude::*;

use super::SignoffState;
use crate::db::Conn;
use crate::db::schema::signoffs;
use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};

/// A row of `signoffs`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signoffs)]
pub struct Signoff {
    /// Row.
    pub id: i64,
    /// The ramp it is about.
    pub ramp_id: i64,
    /// Where it stands.
    pub state: SignoffState,
    /// Who asked.
    pub requested_by: i64,
    /// When.
    pub requested_at: UtcTime,
    /// With which words.
    pub request_note: String,
    /// The mentor who turned the first key.
    pub first_key_by: Option<i64>,
    /// When.
    pub first_key_at: Option<UtcTime>,
    /// With which words.
    pub first_key_note: Option<String>,
    /// Who granted, returned or withdrew it.
    pub decided_by: Option<i64>,
    /// When.
    pub decided_at: Option<UtcTime>,
    /// With which words.
    pub decision_note: Option<String>,
    /// Last day of the clearance it grants.
    pub ends_on: Option<Day>,
    /// The frozen record of what it was decided on (JSON).
    pub record: Option<String>,
}

/// The sign-off of that row.
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
        .filter(signoffs::ramp_id.eq_any(ramp_ids.to_vec()))
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
