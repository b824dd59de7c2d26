//! The open ramps in which somebody has a part.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::Conn;
use crate::db::fixed::varying;
use crate::db::schema::{areas, people, ramps};
use crate::domain::ramp::{Parties, RampState};
use crate::error::Result;
use crate::text;

/// An open ramp that somebody mentors or is on.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Own {
    pub id: i64,
    pub state: RampState,
    pub mentee_id: i64,
    pub mentee: String,
    pub area: String,
}

impl Own {
    /// Its parties as far as it is theirs: they are the mentee, or mentor it now.
    pub fn parties(&self, me: i64) -> Parties {
        Parties {
            mentee_id: self.mentee_id,
            mentors: vec![me],
            ..Parties::default()
        }
    }
}

/// Theirs, by the name of the mentee.
pub fn own_ramps(c: &mut Conn, me: i64) -> Result<Vec<Own>> {
    // One list: of two, joined by OR, PostgreSQL would read every open ramp.
    let theirs = format!(
        "ramps.id IN (SELECT o.id FROM ramps o WHERE o.mentee_id = {me} \
         UNION SELECT g.ramp_id FROM pairings g WHERE g.mentor_id = {me} AND g.until IS NULL)"
    );
    let mut own: Vec<Own> = ramps::table
        .inner_join(areas::table)
        .inner_join(people::table.on(people::id.eq(ramps::mentee_id)))
        .filter(ramps::closed_at.is_null())
        .filter(varying::<Bool>(theirs))
        .select((
            ramps::id,
            ramps::state,
            ramps::mentee_id,
            people::name,
            areas::name,
        ))
        .load(c)?;
    own.sort_by_cached_key(|r| (text::sort_key(&r.mentee), text::sort_key(&r.area), r.id));
    Ok(own)
}
