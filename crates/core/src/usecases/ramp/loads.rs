//! The load of mentors, over all their ramps.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{pairings, people, ramps, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::ramp::load::{Load, WEEKS};
use crate::domain::ramp::{PairingRole, RampState};
use crate::domain::session;
use crate::error::Result;

/// The load of those people: pairings of running and of proposed ramps, minutes of sessions held in the last four weeks, and the agreed
/// capacity. Three queries for any number of people.
pub fn loads(c: &mut Conn, ids: &[i64], now: UtcTime) -> Result<HashMap<i64, Load>> {
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let agreed: Vec<(i64, Option<i32>, Option<i32>)> = people::table
        .filter(id_in(people::id, ids))
        .select((people::id, people::mentees_agreed, people::hours_agreed))
        .load(c)?;
    let mut loads: HashMap<i64, Load> = agreed
        .into_iter()
        .map(|(id, mentees, hours)| {
            let load = Load {
                mentees_agreed: mentees.map(|n| number(i64::from(n))),
                hours_agreed: hours.map(|n| number(i64::from(n))),
                ..Load::default()
            };
            (id, load)
        })
        .collect();
    let pairs: Vec<(i64, PairingRole, RampState)> = pairings::table
        .inner_join(ramps::table)
        .filter(
            id_in(pairings::mentor_id, ids)
                .and(pairings::until.is_null())
                .and(ramps::closed_at.is_null()),
        )
        .select((pairings::mentor_id, pairings::role, ramps::state))
        .load(c)?;
    for (id, role, state) in pairs {
        let load = loads.entry(id).or_default();
        match (state, role) {
            (RampState::Proposed, role) => load.promised += role.halves(),
            (state, PairingRole::Primary) if state.is_running() => load.primary += 1,
            (state, PairingRole::Secondary) if state.is_running() => load.secondary += 1,
            _ => (),
        }
    }
    let held: Vec<(i64, i32)> = sessions::table
        .filter(
            id_in(sessions::mentor_id, ids)
                .and(session::store::counts())
                .and(sessions::starts_at.gt(now.plus_hours(-WEEKS * 7 * 24))),
        )
        .select((sessions::mentor_id, sessions::minutes))
        .load(c)?;
    for (id, minutes) in held {
        loads.entry(id).or_default().minutes += number(i64::from(minutes));
    }
    Ok(loads)
}
