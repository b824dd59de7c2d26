//! Rows as stored.

use super::{DrillKind, DrillState, LineKind, Reply};
use crate::db::schema::{drill_lines, drill_observations, drills};
use crate::db::types::UtcTime;
use crate::domain::standard::Level;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = drills)]
pub struct Drill {
    pub id: i64,
    /// The area it is about.
    pub area_id: i64,
    pub kind: DrillKind,
    /// A title that gives nothing away.
    pub title: String,
    pub scenario: String,
    /// The post-mortem it comes from.
    pub postmortem_id: Option<i64>,
    pub state: DrillState,
    /// Planned start.
    pub starts_at: UtcTime,
    /// Planned length.
    pub minutes: i32,
    pub planned_by: i64,
    pub begun_at: Option<UtcTime>,
    pub ended_at: Option<UtcTime>,
    pub debriefed_by: Option<i64>,
    pub debriefed_at: Option<UtcTime>,
    /// What went well; empty before the debrief.
    pub went_well: String,
    /// What went badly; empty before the debrief.
    pub went_badly: String,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// How often it was planned again. A form sends it, so that two people who edit at once notice each other.
    pub revision: i32,
    /// Who took the last step.
    pub changed_by: i64,
    pub changed_at: UtcTime,
}

/// A row of `drill_lines`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = drill_lines)]
pub struct Line {
    pub id: i64,
    pub kind: LineKind,
    pub body: String,
    /// Code of the competency that it shows.
    pub competency_code: Option<String>,
    /// When it was given or observed; `None` while it is not ticked.
    pub happened_at: Option<UtcTime>,
    /// Who ticked or unticked it last.
    pub ticked_by: Option<i64>,
    /// Who was observed.
    pub person_id: Option<i64>,
    /// How much help they needed.
    pub help_level: Option<Level>,
    /// How the primary reacted.
    pub reply: Reply,
    pub note: String,
    /// How often it was ticked or unticked, so that two people who do so at once notice each other.
    pub revision: i32,
}

/// A row of `drill_observations`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = drill_observations)]
pub struct Observation {
    pub person_id: i64,
    pub competency_code: String,
    /// How much help they needed that time.
    pub help_level: Level,
}
