//! SQL of what is booked for ramps, and of what mentors judged in an area.

use diesel::prelude::*;

use crate::db::schema::{assessments, drill_roles, drills, ramps, shifts};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::assessment::Stream;
use crate::domain::assessment::blind::open_before;
use crate::domain::drill::{DrillState, Role};
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::domain::standard::Level;
use crate::error::Result;

/// A shift of a ramp that is planned for later.
#[derive(Debug, Clone, Queryable)]
pub struct ShiftAhead {
    pub ramp_id: i64,
    pub kind: ShiftKind,
    /// Who is on call.
    pub with_id: i64,
    pub starts_at: UtcTime,
}

pub fn shifts_ahead(c: &mut Conn, ramp_ids: &[i64], now: UtcTime) -> Result<Vec<ShiftAhead>> {
    Ok(shifts::table
        .filter(id_in(shifts::ramp_id, ramp_ids))
        .filter(shifts::state.eq(ShiftState::Planned))
        .filter(shifts::starts_at.gt(now))
        .select((
            shifts::ramp_id,
            shifts::kind,
            shifts::with_id,
            shifts::starts_at,
        ))
        .load(c)?)
}

/// Who plays in drills that are planned for later in an area, once for each drill, with the role and its begin.
pub fn drills_ahead(c: &mut Conn, area_id: i64, now: UtcTime) -> Result<Vec<(i64, Role, UtcTime)>> {
    Ok(drill_roles::table
        .inner_join(drills::table)
        .filter(drills::area_id.eq(area_id))
        .filter(drills::state.eq(DrillState::Planned))
        .filter(drills::starts_at.gt(now))
        .filter(drill_roles::role.eq_any([Role::Primary, Role::Secondary]))
        .select((drill_roles::person_id, drill_roles::role, drills::starts_at))
        .load(c)?)
}

/// What mentors judged in an area and cannot be sealed any more on that day: person, competency and level, the latest
/// last. Everyone reads what is counted from it.
pub fn judged(c: &mut Conn, area_id: i64, today: Day) -> Result<Vec<(i64, String, u8)>> {
    let rows: Vec<(i64, String, Option<Level>)> = assessments::table
        .inner_join(ramps::table)
        .filter(ramps::area_id.eq(area_id))
        .filter(assessments::stream.eq(Stream::Mentor))
        .filter(assessments::level.is_not_null())
        .filter(assessments::at.lt(open_before(today)))
        .order(assessments::id)
        .select((
            ramps::mentee_id,
            assessments::competency_code,
            assessments::level,
        ))
        .load(c)?;
    let rows = rows.into_iter();
    Ok(rows
        .filter_map(|(person, code, level)| Some((person, code, level?.number())))
        .collect())
}
