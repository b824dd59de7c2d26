//! Rows as stored.

use crate::db::schema::signoff_messages;
use crate::db::types::UtcTime;
use diesel::prelude::*;

/// A row of `signoff_messages`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signoff_messages)]
pub struct Message {
    /// Row; a higher one was written later.
    pub id: i64,
    pub signoff_id: i64,
    /// The question it answers; `None` for a question.
    pub answers_id: Option<i64>,
    pub body: String,
    pub by_id: i64,
    pub at: UtcTime,
}
