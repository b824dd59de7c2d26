//! Rows as stored.

use super::Outcome;
use crate::db::schema::ramp_requests;
use crate::db::types::UtcTime;
use diesel::prelude::*;

/// A row of `ramp_requests`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ramp_requests)]
pub struct RampRequest {
    pub id: i64,
    pub person_id: i64,
    pub area_id: i64,
    pub why: String,
    pub asked_at: UtcTime,
    /// `None` while it waits.
    pub outcome: Option<Outcome>,
    pub closed_at: Option<UtcTime>,
    /// `None` for the operator.
    pub closed_by: Option<i64>,
    /// Why it was declined; else empty.
    pub words: String,
    pub ramp_id: Option<i64>,
}
