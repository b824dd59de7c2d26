//! Rows as they are kept.

use super::Subject;
use crate::db::schema::waivers;
use crate::db::types::{Day, UtcTime};
use crate::domain::readiness::Excused;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = waivers)]
pub struct Waiver {
    /// Row; a higher one was asked for later.
    pub id: i64,
    pub ramp_id: i64,
    /// An item or a gate.
    pub subject: Subject,
    /// The item's code, or the gate's kind.
    pub code: String,
    /// Why it is asked for.
    pub reason: String,
    /// The last day that was asked for.
    pub asked_until: Day,
    /// The last day it excuses, inclusive; whoever granted it may have chosen a sooner one.
    pub ends_on: Day,
    pub asked_by: i64,
    pub asked_at: UtcTime,
    /// Whether it was granted; `None` while nobody has decided.
    pub granted: Option<bool>,
    pub decided_by: Option<i64>,
    pub decided_at: Option<UtcTime>,
    pub decision_note: String,
    /// Who took it back.
    pub revoked_by: Option<i64>,
    pub revoked_at: Option<UtcTime>,
    pub revoke_reason: String,
}

impl Waiver {
    pub fn excused(&self) -> Excused {
        match self.subject {
            Subject::Item => Excused::Item(self.code.clone()),
            Subject::Gate => Excused::Gate(self.code.clone()),
        }
    }
}

/// A waiver that was neither refused nor revoked, as it is shown beside what it excuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Row of `waivers`.
    pub id: i64,
    pub excused: Excused,
    /// Why it was asked for.
    pub reason: String,
    /// Its last day.
    pub ends_on: Day,
    pub asked_by: i64,
    /// Who granted it; `None` while nobody has decided.
    pub decided_by: Option<i64>,
}
