//! Rows as stored.

use super::{ShiftKind, ShiftState};
use crate::db::schema::{alerts, shift_debriefs, shifts};
use crate::db::types::UtcTime;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = shifts)]
pub struct Shift {
    pub id: i64,
    pub ramp_id: i64,
    pub area_id: i64,
    /// Whose ramp it is.
    pub mentee_id: i64,
    pub kind: ShiftKind,
    /// Who is on call.
    pub with_id: i64,
    pub state: ShiftState,
    /// Start, planned or real.
    pub starts_at: UtcTime,
    /// End, planned or real.
    pub ends_at: UtcTime,
    pub may_page: String,
    /// Where the runbooks are.
    pub runbooks: String,
    /// What the mentee does.
    pub learner_job: String,
    /// Who may change what in production.
    pub who_may_touch: String,
    pub planned_by: i64,
    pub planned_at: UtcTime,
    pub debriefed_at: Option<UtcTime>,
}

/// A row of `shift_debriefs`; the latest of a shift counts.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = shift_debriefs)]
pub struct Debrief {
    /// Row; a higher one is later.
    pub id: i64,
    pub went_well: String,
    pub went_badly: String,
    pub by_id: i64,
    pub at: UtcTime,
}

/// A row of `alerts`: a line of a shift's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub struct Alert {
    /// Row; a higher one is later.
    pub id: i64,
    pub at: UtcTime,
    /// What it said; may be empty.
    pub title: String,
    /// The mentee took it.
    pub acknowledged: bool,
    /// There was something to do.
    pub actionable: bool,
    /// The mentee knew what it meant.
    pub understood: bool,
    /// Someone else was called.
    pub escalated: bool,
    /// Who wrote the line.
    pub by_id: i64,
    /// Who undid it.
    pub undone_by: Option<i64>,
    pub undone_at: Option<UtcTime>,
}
