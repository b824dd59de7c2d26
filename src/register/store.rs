//! What the board is built from, read in one go.

use super::Rows;
use crate::db::Conn;
use crate::error::Result;
use crate::{area, clearance, people, ramp, signoff};

/// Everybody, every area, every clearance that holds, every open ramp with its pairings and sign-off: nine queries,
/// however many there are.
///
/// # Errors
/// A database fault.
pub fn rows(c: &mut Conn) -> Result<Rows> {
    let ramps = ramp::store::open(c)?;
    let ramp_ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
    Ok(Rows {
        people: people::store::everybody(c)?,
        teams: people::store::teams(c)?,
        memberships: people::store::memberships(c)?,
        areas: area::store::all(c)?,
        qualifiers: area::store::qualifiers(c)?,
        clearances: clearance::store::latest(c)?,
        pairings: ramp::store::pairings(c, &ramp_ids)?,
        signoffs: signoff::store::open(c)?,
        ramps,
    })
}
