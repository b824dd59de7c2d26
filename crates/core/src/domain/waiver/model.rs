//! Rows as stored.

use super::Subject;
use crate::db::schema::waivers;
use crate::db::types::{Day, UtcTime};
use crate::domain::readiness::Excused;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = waivers)]
pub struct Waiver {
    /// Row; a higher one was requested later.
    pub id: i64,
    pub ramp_id: i64,
    pub subject: Subject,
    /// The item's code, or the gate's kind.
    pub code: String,
    pub reason: String,
    /// The requested last day.
    pub asked_until: Day,
    /// The last day it excuses, inclusive; the approver may have chosen an earlier one.
    pub ends_on: Day,
    pub asked_by: i64,
    pub asked_at: UtcTime,
    /// `None` while nobody has decided.
    pub granted: Option<bool>,
    pub decided_by: Option<i64>,
    pub decided_at: Option<UtcTime>,
    pub decision_note: String,
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

/// A waiver that was neither refused nor revoked, to show with what it excuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Row of `waivers`.
    pub id: i64,
    pub excused: Excused,
    pub reason: String,
    pub ends_on: Day,
    pub asked_by: i64,
    /// `None` while nobody has decided.
    pub decided_by: Option<i64>,
}
