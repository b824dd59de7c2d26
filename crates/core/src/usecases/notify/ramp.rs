//! The ramp that something belongs to, so that mails about it hang under one thread.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{asked_observations, clearances, ramps, shifts, signoffs};
use crate::error::Result;

/// The ramp of `kind:id`; `None` where it belongs to none.
pub(super) fn of(c: &mut Conn, object: &str) -> Result<Option<i64>> {
    let Some((kind, id)) = object.split_once(':') else {
        return Ok(None);
    };
    let Ok(id) = id.parse::<i64>() else {
        return Ok(None);
    };
    let found = match kind {
        "ramp" => return Ok(Some(id)),
        "signoff" => signoffs::table.find(id).select(signoffs::ramp_id).first(c),
        "shift" => shifts::table.find(id).select(shifts::ramp_id).first(c),
        "asked" => asked_observations::table
            .find(id)
            .select(asked_observations::ramp_id)
            .first(c),
        "clearance" => return of_clearance(c, id),
        _ => return Ok(None),
    };
    Ok(found.optional()?)
}

/// The ramp whose sign-off granted it. An interim one is granted on the ramp that runs; one from before Checkride has
/// none.
fn of_clearance(c: &mut Conn, id: i64) -> Result<Option<i64>> {
    let signed: Option<i64> = clearances::table
        .inner_join(signoffs::table)
        .filter(clearances::id.eq(id))
        .select(signoffs::ramp_id)
        .first(c)
        .optional()?;
    if signed.is_some() {
        return Ok(signed);
    }
    let held = clearances::table.find(id).select((
        clearances::person_id,
        clearances::area_id,
        clearances::granted_at,
    ));
    let held: Option<(i64, i64, crate::db::types::UtcTime)> = held.first(c).optional()?;
    let Some((person_id, area_id, granted_at)) = held else {
        return Ok(None);
    };
    Ok(ramps::table
        .filter(
            ramps::mentee_id
                .eq(person_id)
                .and(ramps::area_id.eq(area_id))
                .and(ramps::created_at.le(granted_at)),
        )
        .order(ramps::id.desc())
        .select(ramps::id)
        .first(c)
        .optional()?)
}
