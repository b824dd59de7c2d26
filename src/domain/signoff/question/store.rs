//! SQL of questions and answers.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::signoff_messages;
use crate::db::types::UtcTime;
use crate::error::Result;

/// A row of `signoff_messages`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signoff_messages)]
pub struct Message {
    /// Row; a higher one was written later.
    pub id: i64,
    /// The sign-off it is about.
    pub signoff_id: i64,
    /// The question it answers; `None` for a question.
    pub answers_id: Option<i64>,
    pub body: String,
    pub by_id: i64,
    pub at: UtcTime,
}

/// Questions and answers on a sign-off, in the order they were written.
pub fn of_signoff(c: &mut Conn, signoff_id: i64) -> Result<Vec<Message>> {
    Ok(signoff_messages::table
        .filter(signoff_messages::signoff_id.eq(signoff_id))
        .order(signoff_messages::id)
        .select(Message::as_select())
        .load(c)?)
}

/// Adds a question, or an answer to one; gives back its row.
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
