//! SQL of sessions and observations.

use diesel::prelude::*;

use super::{NewSession, SessionKind, SessionState};
use crate::db::schema::{observations, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, one_of};
use crate::error::{Error, Result};
use crate::standard::Level;

/// A row of `sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Row.
    pub id: i64,
    /// The ramp it belongs to.
    pub ramp_id: i64,
    /// The mentor who held and recorded it.
    pub mentor_id: i64,
    /// What kind of session it was.
    pub kind: SessionKind,
    /// Where it stands.
    pub state: SessionState,
    /// When it began.
    pub starts_at: UtcTime,
    /// How long it lasted.
    pub minutes: i32,
    /// What was worked on.
    pub summary: String,
    /// What comes next; may be empty.
    pub next_action: String,
    /// When it was written down.
    pub recorded_at: UtcTime,
}

/// A row of `observations`: how much help a competency needed that time.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = observations)]
pub struct Observation {
    /// The session.
    pub session_id: i64,
    /// The competency.
    pub competency_code: String,
    /// How much help, on the supervision scale.
    pub help_level: Level,
}

/// The session of that row.
pub fn by_id(c: &mut Conn, id: i64) -> Result<Session> {
    sessions::table
        .find(id)
        .select(Session::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("session"))
}

/// The one of those ramps for which a mentor recorded a session last.
pub fn last_recorded_for(c: &mut Conn, mentor_id: i64, ramp_ids: &[i64]) -> Result<Option<i64>> {
    Ok(sessions::table
        .filter(
            sessions::mentor_id
                .eq(mentor_id)
                .and(one_of(sessions::ramp_id, ramp_ids)),
        )
        .order(sessions::id.desc())
        .select(sessions::ramp_id)
        .first(c)
        .optional()?)
}

/// Sessions of those ramps, newest first.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(one_of(sessions::ramp_id, ramp_ids))
        .order((sessions::starts_at.desc(), sessions::id.desc()))
        .select(Session::as_select())
        .load(c)?)
}

/// Observations of those sessions.
pub fn observations(c: &mut Conn, session_ids: &[i64]) -> Result<Vec<Observation>> {
    Ok(observations::table
        .filter(one_of(observations::session_id, session_ids))
        .order((observations::session_id, observations::competency_code))
        .select(Observation::as_select())
        .load(c)?)
}

/// Adds a session that was held, with what was observed in it, and gives back its row.
pub fn insert_held(
    c: &mut Conn,
    ramp_id: i64,
    mentor_id: i64,
    new: &NewSession,
    now: UtcTime,
) -> Result<i64> {
    let id: i64 = diesel::insert_into(sessions::table)
        .values((
            sessions::ramp_id.eq(ramp_id),
            sessions::mentor_id.eq(mentor_id),
            sessions::kind.eq(new.kind),
            sessions::state.eq(SessionState::Held),
            sessions::starts_at.eq(new.starts_at),
            sessions::minutes.eq(new.minutes.number()),
            sessions::summary.eq(new.summary.as_str()),
            sessions::next_action.eq(new.next_action.as_str()),
            sessions::recorded_at.eq(now),
        ))
        .returning(sessions::id)
        .get_result(c)?;
    for (code, help) in &new.observations {
        diesel::insert_into(observations::table)
            .values((
                observations::session_id.eq(id),
                observations::competency_code.eq(code),
                observations::help_level.eq(*help),
            ))
            .execute(c)?;
    }
    Ok(id)
}
