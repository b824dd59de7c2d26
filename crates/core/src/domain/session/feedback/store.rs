//! SQL of feedback. A correction is a row of its own.

use diesel::prelude::*;

use super::{NewFeedback, Side};
use crate::db::Conn;
use crate::db::schema::session_feedback;
use crate::db::types::UtcTime;
use crate::error::Result;

/// A row of `session_feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = session_feedback)]
pub struct Row {
    /// A higher one is later.
    pub id: i64,
    pub session_id: i64,
    pub by_id: i64,
    pub side: Side,
    pub first: String,
    pub second: String,
    pub at: UtcTime,
}

/// Everything that was said of these records, oldest first.
pub fn of_sessions(c: &mut Conn, ids: &[i64]) -> Result<Vec<Row>> {
    Ok(session_feedback::table
        .filter(session_feedback::session_id.eq_any(ids.to_vec()))
        .order(session_feedback::id)
        .select(Row::as_select())
        .load(c)?)
}

pub fn insert(
    c: &mut Conn,
    (session_id, by_id, side): (i64, i64, Side),
    new: &NewFeedback,
    now: UtcTime,
) -> Result<i64> {
    Ok(diesel::insert_into(session_feedback::table)
        .values((
            session_feedback::session_id.eq(session_id),
            session_feedback::by_id.eq(by_id),
            session_feedback::side.eq(side),
            session_feedback::first.eq(new.first.as_str()),
            session_feedback::second.eq(new.second.as_str()),
            session_feedback::at.eq(now),
        ))
        .returning(session_feedback::id)
        .get_result(c)?)
}
