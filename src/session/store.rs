//! SQL of sessions and observations.

use diesel::prelude::*;

use super::{SessionKind, SessionState};
use crate::db::Conn;
use crate::db::schema::{observations, sessions};
use crate::db::types::UtcTime;
use crate::error::Result;
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

/// Sessions of those ramps, newest first.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::ramp_id.eq_any(ramp_ids.to_vec()))
        .order((sessions::starts_at.desc(), sessions::id.desc()))
        .select(Session::as_select())
        .load(c)?)
}

/// Observations of those sessions.
pub fn observations(c: &mut Conn, session_ids: &[i64]) -> Result<Vec<Observation>> {
    Ok(observations::table
        .filter(observations::session_id.eq_any(session_ids.to_vec()))
        .order((observations::session_id, observations::competency_code))
        .select(Observation::as_select())
        .load(c)?)
}
