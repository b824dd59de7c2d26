//! SQL of assessments.

use crate::domain::assessment::model::Assessment;
use diesel::prelude::*;

use super::{Judged, Stream};
use crate::db::Conn;
use crate::db::schema::assessments;
use crate::db::types::UtcTime;
use crate::domain::assessment::evidence::Source;
use crate::domain::standard::Strength;
use crate::error::Result;

/// Whether a judgement rests on an incident.
pub fn rests_on_activity(c: &mut Conn, activity_id: i64) -> Result<bool> {
    let resting = assessments::table.filter(assessments::evidence_activity_id.eq(activity_id));
    Ok(diesel::select(diesel::dsl::exists(resting)).get_result(c)?)
}

/// Every assessment of a ramp, oldest first.
pub fn of_ramp(c: &mut Conn, ramp_id: i64) -> Result<Vec<Assessment>> {
    Ok(assessments::table
        .filter(assessments::ramp_id.eq(ramp_id))
        .order(assessments::id)
        .select(Assessment::as_select())
        .load(c)?)
}

pub fn insert(
    c: &mut Conn,
    ramp_id: i64,
    code: &str,
    stream: Stream,
    (judged, strength): (&Judged, Strength),
    by_id: i64,
    now: UtcTime,
) -> Result<()> {
    let of = |id: fn(Source) -> Option<i64>| judged.source.and_then(id);
    diesel::insert_into(assessments::table)
        .values((
            assessments::ramp_id.eq(ramp_id),
            assessments::competency_code.eq(code),
            assessments::stream.eq(stream),
            assessments::level.eq(judged.level),
            assessments::by_id.eq(by_id),
            assessments::at.eq(now),
            assessments::evidence.eq(judged.evidence.as_str()),
            assessments::evidence_session_id.eq(of(|s| match s {
                Source::Session(id) => Some(id),
                _ => None,
            })),
            assessments::evidence_shift_id.eq(of(|s| match s {
                Source::Shift(id) => Some(id),
                _ => None,
            })),
            assessments::evidence_drill_id.eq(of(|s| match s {
                Source::Drill(id) => Some(id),
                _ => None,
            })),
            assessments::evidence_activity_id.eq(of(|s| match s {
                Source::Incident(id) => Some(id),
                _ => None,
            })),
            assessments::evidence_asked_id.eq(of(|s| match s {
                Source::Asked(id) => Some(id),
                _ => None,
            })),
            assessments::strength.eq(strength),
        ))
        .execute(c)?;
    Ok(())
}
