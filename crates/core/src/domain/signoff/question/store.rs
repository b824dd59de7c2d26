//! SQL of questions and answers.

use crate::domain::signoff::question::model::Message;
use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::signoff_messages;
use crate::db::types::UtcTime;
use crate::error::Result;

/// Questions and answers on a sign-off, in the order they were written.
pub fn of_signoff(c: &mut Conn, signoff_id: i64) -> Result<Vec<Message>> {
    Ok(signoff_messages::table
        .filter(signoff_messages::signoff_id.eq(signoff_id))
        .order(signoff_messages::id)
        .select(Message::as_select())
        .load(c)?)
}

/// Adds a question, or an answer to one; returns its row.
pub fn insert(
    c: &mut Conn,
    signoff_id: i64,
    answers_id: Option<i64>,
    body: &str,
    by_id: i64,
    at: UtcTime,
) -> Result<i64> {
    Ok(diesel::insert_into(signoff_messages::table)
        .values((
            signoff_messages::signoff_id.eq(signoff_id),
            signoff_messages::answers_id.eq(answers_id),
            signoff_messages::body.eq(body),
            signoff_messages::by_id.eq(by_id),
            signoff_messages::at.eq(at),
        ))
        .returning(signoff_messages::id)
        .get_result(c)?)
}
