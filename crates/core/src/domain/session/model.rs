//! Rows as stored.

use super::{SessionKind, SessionState};
use crate::db::schema::{observations, session_topics, sessions};
use crate::db::types::UtcTime;
use crate::domain::standard::Level;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: i64,
    pub ramp_id: i64,
    /// The mentor who holds or held it.
    pub mentor_id: i64,
    pub kind: SessionKind,
    pub state: SessionState,
    /// Start, planned or real.
    pub starts_at: UtcTime,
    /// Length, planned or real.
    pub minutes: i32,
    /// What was worked on; empty while it is planned.
    pub summary: String,
    /// What was planned to be discussed; may be empty.
    pub agenda: String,
    /// When it was recorded.
    pub recorded_at: UtcTime,
    /// Who recorded it.
    pub recorded_by: Option<i64>,
    /// The plan of this record, or the record it corrects.
    pub supersedes_id: Option<i64>,
    /// When another row replaced it.
    pub superseded_at: Option<UtcTime>,
    /// When its record was undone.
    pub undone_at: Option<UtcTime>,
    /// The post-mortem to discuss, or discussed.
    pub postmortem_id: Option<i64>,
}

/// A row of `session_topics`: something that a session should cover.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = session_topics)]
pub struct Topic {
    pub session_id: i64,
    /// Code of the competency or checklist item.
    pub code: String,
}

/// A row of `observations`: how much help a competency needed that time.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = observations)]
pub struct Observation {
    pub session_id: i64,
    pub competency_code: String,
    /// How much help, on the supervision scale.
    pub help_level: Level,
}
