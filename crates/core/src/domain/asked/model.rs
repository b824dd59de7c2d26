//! Rows as stored.

use super::{Outcome, Seen};
use crate::db::schema::asked_observations;
use crate::db::types::{Day, UtcTime};
use crate::domain::standard::Level;
use diesel::prelude::*;

/// A row of `asked_observations`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = asked_observations)]
pub struct Asked {
    pub id: i64,
    pub ramp_id: i64,
    pub competency_code: String,
    pub asked_id: i64,
    /// The day (UTC) of the work.
    pub worked_on: Day,
    /// What the mentee did.
    pub work: String,
    pub asked_at: UtcTime,
    pub expires_at: UtcTime,
    /// `None` while nobody answered or declined.
    pub outcome: Option<Outcome>,
    pub closed_at: Option<UtcTime>,
    /// How they know; only of an answer.
    pub seen: Option<Seen>,
    /// How much help it needed; only of an answer.
    pub help_level: Option<Level>,
    /// What they saw, or why they declined; may be empty.
    pub words: String,
}
