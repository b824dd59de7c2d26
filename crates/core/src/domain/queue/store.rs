//! SQL of the ramp queue. What became of a request never changes again.

use diesel::prelude::*;

use super::Outcome;
use super::model::RampRequest;
use crate::db::schema::ramp_requests;
use crate::db::types::UtcTime;
use crate::db::{Conn, is_unique_violation};
use crate::error::{Error, Result};

/// Closed requests that a page shows of a person.
const SHOWN: i64 = 5;

pub fn by_id(c: &mut Conn, id: i64) -> Result<RampRequest> {
    let row = ramp_requests::table
        .find(id)
        .select(RampRequest::as_select());
    row.get_result(c)
        .optional()?
        .ok_or(Error::NotFound("request"))
}

/// Who waits in an area, the longest first.
pub fn waiting(c: &mut Conn, area_id: i64) -> Result<Vec<RampRequest>> {
    Ok(ramp_requests::table
        .filter(
            ramp_requests::area_id
                .eq(area_id)
                .and(ramp_requests::closed_at.is_null()),
        )
        .order(ramp_requests::id)
        .select(RampRequest::as_select())
        .load(c)?)
}

/// The latest closed requests of a person in an area, the newest first.
pub fn closed_of(c: &mut Conn, person_id: i64, area_id: i64) -> Result<Vec<RampRequest>> {
    Ok(ramp_requests::table
        .filter(
            ramp_requests::person_id
                .eq(person_id)
                .and(ramp_requests::area_id.eq(area_id))
                .and(ramp_requests::closed_at.is_not_null()),
        )
        .order(ramp_requests::id.desc())
        .limit(SHOWN)
        .select(RampRequest::as_select())
        .load(c)?)
}

/// Adds a request; returns its row.
///
/// Errors: [`Error::Conflict`] when one of that person waits there.
pub fn insert(
    c: &mut Conn,
    (person_id, area_id): (i64, i64),
    why: &str,
    now: UtcTime,
) -> Result<i64> {
    diesel::insert_into(ramp_requests::table)
        .values((
            ramp_requests::person_id.eq(person_id),
            ramp_requests::area_id.eq(area_id),
            ramp_requests::why.eq(why),
            ramp_requests::asked_at.eq(now),
            ramp_requests::words.eq(""),
        ))
        .returning(ramp_requests::id)
        .get_result(c)
        .map_err(|e| match is_unique_violation(&e, "ramp_requests") {
            true => Error::Conflict("You asked already.".into()),
            false => e.into(),
        })
}

/// What a person asks for, in every area.
pub fn open_of(c: &mut Conn, person_id: i64) -> Result<Vec<RampRequest>> {
    Ok(ramp_requests::table
        .filter(
            ramp_requests::person_id
                .eq(person_id)
                .and(ramp_requests::closed_at.is_null()),
        )
        .order(ramp_requests::id)
        .select(RampRequest::as_select())
        .load(c)?)
}

/// What became of a request: the outcome, why it was declined, and the ramp that began.
pub type Answer<'a> = (Outcome, &'a str, Option<i64>);

/// Closes a request; how many were open.
pub fn close(
    c: &mut Conn,
    id: i64,
    (outcome, words, ramp_id): Answer<'_>,
    (by, now): (Option<i64>, UtcTime),
) -> Result<usize> {
    let open = ramp_requests::table.filter(
        ramp_requests::id
            .eq(id)
            .and(ramp_requests::closed_at.is_null()),
    );
    Ok(diesel::update(open)
        .set((
            ramp_requests::outcome.eq(Some(outcome)),
            ramp_requests::closed_at.eq(Some(now)),
            ramp_requests::closed_by.eq(by),
            ramp_requests::words.eq(words),
            ramp_requests::ramp_id.eq(ramp_id),
        ))
        .execute(c)?)
}
