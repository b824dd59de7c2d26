//! Rows as stored.

use super::{MarkKind, PairingRole, RampState};
use crate::db::schema::{item_marks, pairings, ramps};
use crate::db::types::{Day, UtcTime};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ramps)]
pub struct Ramp {
    pub id: i64,
    pub mentee_id: i64,
    pub area_id: i64,
    /// The pinned version.
    pub standard_id: i64,
    pub state: RampState,
    /// First day.
    pub starts_on: Day,
    /// The target day.
    pub target_on: Day,
    pub created_at: UtcTime,
    /// When it was cleared or ended; `None` while it is open.
    pub closed_at: Option<UtcTime>,
    /// The clearance it renews.
    pub renews_id: Option<i64>,
}

impl Ramp {
    /// Its target is past.
    pub fn is_late(&self, today: Day) -> bool {
        self.target_on < today
    }
}

/// A row of `pairings`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pairings)]
pub struct Pairing {
    pub ramp_id: i64,
    pub mentor_id: i64,
    pub role: PairingRole,
    /// Agreed days from one session to the next.
    pub interval_days: i32,
    pub since: UtcTime,
    /// Until when; `None` while it lasts.
    pub until: Option<UtcTime>,
}

/// A row of `item_marks`: how far a checklist item is.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = item_marks)]
pub struct Mark {
    /// Row; a higher one is later.
    pub id: i64,
    pub ramp_id: i64,
    pub item_code: String,
    pub mark: MarkKind,
    pub by_id: i64,
    pub at: UtcTime,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = ramps)]
pub struct NewRamp {
    pub mentee_id: i64,
    pub area_id: i64,
    pub standard_id: i64,
    pub state: RampState,
    /// First day.
    pub starts_on: Day,
    /// The target day.
    pub target_on: Day,
    pub started_by: i64,
    pub created_at: UtcTime,
}
