//! Rows as stored.

use super::{Closing, PointKind};
use crate::db::schema::signoff_points;
use crate::db::types::UtcTime;
use diesel::prelude::*;

/// A row of `signoff_points`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signoff_points)]
pub struct Point {
    /// Row; a higher one was named later.
    pub id: i64,
    /// The sign-off whose decision named it.
    pub signoff_id: i64,
    pub ramp_id: i64,
    pub kind: PointKind,
    /// The competency or checklist item it is about.
    pub code: Option<String>,
    pub body: String,
    pub by_id: i64,
    pub at: UtcTime,
    pub closed_by: Option<i64>,
    pub closed_at: Option<UtcTime>,
    pub closing_note: String,
}

impl Point {
    /// `None` while it is open.
    pub fn closing(&self) -> Option<Closing<'_>> {
        Some(Closing {
            by_id: self.closed_by?,
            at: self.closed_at?,
            note: &self.closing_note,
        })
    }

    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}
