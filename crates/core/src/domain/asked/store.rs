//! SQL of observations on request. What was answered or declined never changes again.

use diesel::prelude::*;

use super::model::Asked;
use super::{Answer, NewAsk, OPEN_DAYS, Outcome};
use crate::db::Conn;
use crate::db::schema::asked_observations;
use crate::db::types::UtcTime;
use crate::error::{Error, Result};

pub fn by_id(c: &mut Conn, id: i64) -> Result<Asked> {
    let row = asked_observations::table
        .find(id)
        .select(Asked::as_select());
    row.get_result(c)
        .optional()?
        .ok_or(Error::NotFound("observation"))
}

/// Every request of a ramp, newest first.
pub fn of_ramp(c: &mut Conn, ramp_id: i64) -> Result<Vec<Asked>> {
    Ok(asked_observations::table
        .filter(asked_observations::ramp_id.eq(ramp_id))
        .order(asked_observations::id.desc())
        .select(Asked::as_select())
        .load(c)?)
}

/// The request to that person about that competency that is still open.
pub fn open_of(
    c: &mut Conn,
    (ramp_id, code, asked_id): (i64, &str, i64),
    now: UtcTime,
) -> Result<Option<Asked>> {
    let open = asked_observations::table
        .filter(
            asked_observations::ramp_id
                .eq(ramp_id)
                .and(asked_observations::competency_code.eq(code))
                .and(asked_observations::asked_id.eq(asked_id))
                .and(asked_observations::outcome.is_null())
                .and(asked_observations::expires_at.gt(now)),
        )
        .select(Asked::as_select());
    Ok(open.first(c).optional()?)
}

pub fn insert(c: &mut Conn, ramp_id: i64, code: &str, new: &NewAsk, now: UtcTime) -> Result<Asked> {
    let id = diesel::insert_into(asked_observations::table)
        .values((
            asked_observations::ramp_id.eq(ramp_id),
            asked_observations::competency_code.eq(code),
            asked_observations::asked_id.eq(new.asked_id),
            asked_observations::worked_on.eq(new.worked_on),
            asked_observations::work.eq(new.work.as_str()),
            asked_observations::asked_at.eq(now),
            asked_observations::expires_at.eq(now.plus_hours(24 * OPEN_DAYS)),
            asked_observations::words.eq(""),
        ))
        .returning(asked_observations::id)
        .get_result(c)?;
    by_id(c, id)
}

#[diesel::dsl::auto_type]
fn open(id: i64) -> _ {
    asked_observations::table.filter(
        asked_observations::id
            .eq(id)
            .and(asked_observations::outcome.is_null()),
    )
}

/// Stores the answer; false when it is no longer open.
pub fn answer(c: &mut Conn, id: i64, answer: &Answer, now: UtcTime) -> Result<bool> {
    let changed = diesel::update(open(id))
        .set((
            asked_observations::outcome.eq(Some(Outcome::Answered)),
            asked_observations::closed_at.eq(Some(now)),
            asked_observations::seen.eq(Some(answer.seen)),
            asked_observations::help_level.eq(Some(answer.help)),
            asked_observations::words.eq(answer.words.as_str()),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// Stores that the person declined; false when it is no longer open.
pub fn decline(c: &mut Conn, id: i64, why: &str, now: UtcTime) -> Result<bool> {
    let changed = diesel::update(open(id))
        .set((
            asked_observations::outcome.eq(Some(Outcome::Declined)),
            asked_observations::closed_at.eq(Some(now)),
            asked_observations::words.eq(why),
        ))
        .execute(c)?;
    Ok(changed == 1)
}
