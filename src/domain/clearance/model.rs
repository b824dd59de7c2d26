//! Rows as they are kept.

use super::{ClearanceKind, ClearanceState};
use crate::db::schema::clearances;
use crate::db::types::{Day, UtcTime};
use diesel::prelude::*;

/// A row of `clearances`. The latest of a person and area is the one that holds.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = clearances)]
pub struct Clearance {
    /// Row; a higher one is later.
    pub id: i64,
    pub person_id: i64,
    pub area_id: i64,
    pub granted_at: UtcTime,
    /// The last day it was granted for, inclusive.
    pub ends_on: Day,
    /// The sign-off that granted it; `None` when it was taken over from before Checkride.
    pub signoff_id: Option<i64>,
    /// What was said of it since.
    pub state: ClearanceState,
    pub kind: ClearanceKind,
    /// Under whom, if it is interim.
    pub supervisor_id: Option<i64>,
    /// When its last day was moved, if it is interim; it is once at most.
    pub extended_at: Option<UtcTime>,
    /// How long it holds without practice, in days.
    pub recency_days: i32,
    /// From when practice is asked for.
    pub practice_from: Day,
    /// The last practice that kept it alive, or the day from which it is asked for.
    pub practised_on: Day,
    /// The last day it holds unless something is practised: see [`super::holds_until`].
    pub holds_until: Day,
}

/// A clearance to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClearance {
    pub key: (i64, i64),
    pub kind: ClearanceKind,
    pub granted_at: UtcTime,
    /// When it was written down; the same, unless it was taken over from before Checkride.
    pub recorded_at: UtcTime,
    /// The last day it is granted for, inclusive.
    pub ends_on: Day,
    /// The sign-off that grants it.
    pub signoff_id: Option<i64>,
    /// The version it was judged by.
    pub standard_id: Option<i64>,
    /// Under whom, if it is interim.
    pub supervisor_id: Option<i64>,
}

impl NewClearance {
    /// A full clearance, recorded as it is granted.
    pub fn full(key: (i64, i64), granted_at: UtcTime, ends_on: Day) -> Self {
        Self {
            key,
            kind: ClearanceKind::Full,
            granted_at,
            recorded_at: granted_at,
            ends_on,
            signoff_id: None,
            standard_id: None,
            supervisor_id: None,
        }
    }
}
