//! SQL of assessments.

use diesel::prelude::*;

use super::{Judged, Stream};
use crate::db::Conn;
use crate::db::schema::assessments;
use crate::db::types::UtcTime;
use crate::error::Result;
use crate::standard::{Level, Strength};

/// A row of `assessments`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = assessments)]
pub struct Assessment {
    /// Row; a higher one is later.
    pub id: i64,
    /// The ramp.
    pub ramp_id: i64,
    /// The competency.
    pub competency_code: String,
    /// Self or mentor.
    pub stream: Stream,
    /// The judgement; `None` is "not observed" and counts neither way.
    pub level: Option<Level>,
    /// Who judged.
    pub by_id: i64,
    /// When.
    pub at: UtcTime,
    /// What it rests on, in words; may be empty.
    pub evidence: String,
    /// The session it rests on.
    pub evidence_session_id: Option<i64>,
    /// How strong what it rests on is.
    pub strength: Strength,
}

/// Every assessment of a ramp, oldest first.
pub fn of_ramp(c: &mut Conn, ramp_id: i64) -> Result<Vec<Assessment>> {
    Ok(assessments::table
        .filter(assessments::ramp_id.eq(ramp_id))
        .order(assessments::id)
        .select(Assessment::as_select())
        .load(c)?)
}

/// Adds an assessment.
pub fn insert(
    c: &mut Conn,
    ramp_id: i64,
    code: &str,
    stream: Stream,
    judged: &Judged,
    by_id: i64,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(assessments::table)
        .values((
            assessments::ramp_id.eq(ramp_id),
            assessments::competency_code.eq(code),
            assessments::stream.eq(stream),
            assessments::level.eq(judged.level),
            assessments::by_id.eq(by_id),
            assessments::at.eq(now),
            assessments::evidence.eq(judged.evidence.as_str()),
            assessments::evidence_session_id.eq(judged.session_id),
        ))
        .execute(c)?;
    Ok(())
}
