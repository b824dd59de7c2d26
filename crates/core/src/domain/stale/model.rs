//! Rows as stored.

use super::Part;
use crate::db::schema::stale_flags;
use crate::db::types::UtcTime;
use diesel::prelude::*;

/// A row of `stale_flags`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = stale_flags)]
pub struct Flag {
    pub id: i64,
    pub area_id: i64,
    /// The version with the flagged line.
    pub standard_id: i64,
    /// The ramp of the person who flagged it.
    pub ramp_id: i64,
    pub item_code: String,
    pub part: Part,
    pub note: String,
    pub by_id: i64,
    pub at: UtcTime,
    /// The draft or version that answers it.
    pub answered_in: Option<i64>,
    pub closed_by: Option<i64>,
    /// `None` while it is open.
    pub closed_at: Option<UtcTime>,
    /// Why it was closed without a change; empty when a version answered it.
    pub closing_note: String,
}
