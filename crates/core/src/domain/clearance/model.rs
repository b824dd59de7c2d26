//! Rows as stored.

use super::{ClearanceKind, ClearanceState};
use crate::db::schema::clearances;
use crate::db::types::{Day, UtcTime};
use crate::domain::area::practice::{Need, Rule};
use diesel::prelude::*;

/// A row of `clearances`. The latest of a person and area counts.
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
    /// The sign-off that granted it; `None` for one from before Checkride.
    pub signoff_id: Option<i64>,
    /// The latest decision about it.
    pub state: ClearanceState,
    pub kind: ClearanceKind,
    /// The supervisor of an interim one.
    pub supervisor_id: Option<i64>,
    /// When the last day of an interim one was moved; at most once.
    pub extended_at: Option<UtcTime>,
    /// The window of its practice rule.
    pub recency_days: i32,
    /// From when practice is required.
    pub practice_from: Day,
    /// The last practice that kept it alive, or the day from which practice is required.
    pub practised_on: Day,
    /// The last day it holds without new practice: see [`super::holds_until`].
    pub holds_until: Day,
    /// How much practice within the window keeps it alive.
    pub practice: Need,
    /// How much of that is left on the day after practice ends it.
    pub practice_left: i32,
}

impl Clearance {
    /// The rule it was granted with.
    pub fn rule(&self) -> Rule {
        Rule {
            need: self.practice.clone(),
            days: self.recency_days,
        }
    }

    /// What is missing of the practice that it needs on the day after practice ends it: `1 more practice`. None where one
    /// practice is enough.
    pub fn missing_words(&self) -> Option<String> {
        let missing = || self.practice.missing_words(self.practice_left);
        (self.practice.amount() > 1).then(missing)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClearance {
    pub key: (i64, i64),
    pub kind: ClearanceKind,
    pub granted_at: UtcTime,
    /// When it was recorded; later than `granted_at` for one from before Checkride.
    pub recorded_at: UtcTime,
    /// The last day it is granted for, inclusive.
    pub ends_on: Day,
    /// The sign-off that grants it.
    pub signoff_id: Option<i64>,
    /// The version it was judged by.
    pub standard_id: Option<i64>,
    /// The supervisor of an interim one.
    pub supervisor_id: Option<i64>,
}

impl NewClearance {
    /// A full clearance, recorded when it is granted.
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
