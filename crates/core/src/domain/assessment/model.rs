//! Rows as stored.

use super::Stream;
use crate::db::schema::assessments;
use crate::db::types::UtcTime;
use crate::domain::assessment::evidence::Source;
use crate::domain::standard::{Level, Strength};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = assessments)]
pub struct Assessment {
    /// Row; a higher one is later.
    pub id: i64,
    pub ramp_id: i64,
    pub competency_code: String,
    pub stream: Stream,
    /// The judgement; `None` is "not observed" and counts neither way.
    pub level: Option<Level>,
    pub by_id: i64,
    pub at: UtcTime,
    /// What it rests on, in words; may be empty.
    pub evidence: String,
    /// The session it rests on.
    pub evidence_session_id: Option<i64>,
    /// The shift it rests on.
    pub evidence_shift_id: Option<i64>,
    /// The drill it rests on.
    pub evidence_drill_id: Option<i64>,
    /// The real incident it rests on.
    pub evidence_activity_id: Option<i64>,
    /// The observation on request it rests on.
    pub evidence_asked_id: Option<i64>,
    /// How strong its evidence is.
    pub strength: Strength,
}

impl Assessment {
    /// The record it rests on, if any.
    pub fn source(&self) -> Option<Source> {
        let session = self.evidence_session_id.map(Source::Session);
        session
            .or(self.evidence_shift_id.map(Source::Shift))
            .or(self.evidence_drill_id.map(Source::Drill))
            .or(self.evidence_activity_id.map(Source::Incident))
            .or(self.evidence_asked_id.map(Source::Asked))
    }
}
