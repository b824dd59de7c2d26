//! Rows as stored.

use super::SignoffState;
use crate::db::schema::signoffs;
use crate::db::types::{Day, UtcTime};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signoffs)]
pub struct Signoff {
    pub id: i64,
    pub ramp_id: i64,
    pub state: SignoffState,
    pub requested_by: i64,
    pub requested_at: UtcTime,
    pub request_note: String,
    /// The mentor who turned the first key.
    pub first_key_by: Option<i64>,
    pub first_key_at: Option<UtcTime>,
    pub first_key_note: Option<String>,
    /// Who granted, returned or withdrew it.
    pub decided_by: Option<i64>,
    pub decided_at: Option<UtcTime>,
    pub decision_note: Option<String>,
    /// Last day of the clearance it grants.
    pub ends_on: Option<Day>,
    /// The frozen record behind the decision (JSON).
    pub record: Option<String>,
}
