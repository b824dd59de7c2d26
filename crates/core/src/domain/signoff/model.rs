//! Rows as stored.

use super::SignoffState;
use super::store::first_key_until;
use crate::db::fixed::Fixed;
use crate::db::schema::signoffs;
use crate::db::types::{Day, UtcTime};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable};

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
    /// The last day on which the first key counts while the second one is due. `None` when its holder left, or was
    /// suspended or revoked, or their designation ended, since they turned it.
    #[diesel(select_expression = first_key_until(), select_expression_type = Fixed<Nullable<Date>>)]
    pub first_key_until: Option<Day>,
}
