//! SQL of pairings: who mentored from when to when and why, and what mentors carry.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{pairings, people, ramps, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, one_of};
use crate::domain::ramp::PairingRole;
use crate::domain::ramp::load::{Load, WEEKS};
use crate::domain::session::SessionState;
use crate::error::Result;

/// A row of `pairings` with the reasons given when it began and ended.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pairings)]
pub struct Told {
    pub mentor_id: i64,
    /// Primary or secondary.
    pub role: PairingRole,
    pub since: UtcTime,
    /// Until when; `None` while it lasts.
    pub until: Option<UtcTime>,
    /// Why it was begun over the mentor's capacity, where it was.
    pub over_capacity_reason: Option<String>,
    /// Why it ended, where somebody ended it.
    pub ended_reason: Option<String>,
    pub ended_by: Option<i64>,
}

/// A pairing about to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewPairing<'a> {
    pub ramp_id: i64,
    pub mentor_id: i64,
    /// Primary or secondary.
    pub role: PairingRole,
    /// Agreed days from one session to the next.
    pub interval_days: i32,
    /// Why it begins over the mentor's capacity, where it does.
    pub over_capacity_reason: Option<&'a str>,
}

pub fn begin(c: &mut Conn, new: NewPairing<'_>, now: UtcTime) -> Result<()> {
    diesel::insert_into(pairings::table)
        .values((
            pairings::ramp_id.eq(new.ramp_id),
            pairings::mentor_id.eq(new.mentor_id),
            pairings::role.eq(new.role),
            pairings::interval_days.eq(new.interval_days),
            pairings::since.eq(now),
            pairings::over_capacity_reason.eq(new.over_capacity_reason),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends a mentor's pairing of a ramp that lasts; false when there is none.
pub fn end(
    c: &mut Conn,
    (ramp_id, mentor_id): (i64, i64),
    reason: &str,
    by_id: i64,
    now: UtcTime,
) -> Result<bool> {
    let lasting = pairings::table.filter(
        pairings::ramp_id
            .eq(ramp_id)
            .and(pairings::mentor_id.eq(mentor_id))
            .and(pairings::until.is_null()),
    );
    let ended = diesel::update(lasting)
        .set((
            pairings::until.eq(now),
            pairings::ended_reason.eq(reason),
            pairings::ended_by.eq(by_id),
        ))
        .execute(c)?;
    Ok(ended == 1)
}

/// What those people carry: pairings of open ramps, minutes of sessions held in the last four weeks, and what was
/// agreed with them. Three queries, however many they are.
pub fn loads(c: &mut Conn, ids: &[i64], now: UtcTime) -> Result<HashMap<i64, Load>> {
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let agreed: Vec<(i64, Option<i32>, Option<i32>)> = people::table
        .filter(one_of(people::id, ids))
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
    let pairs: Vec<(i64, PairingRole)> = pairings::table
        .inner_join(ramps::table)
        .filter(
            one_of(pairings::mentor_id, ids)
                .and(pairings::until.is_null())
                .and(ramps::closed_at.is_null()),
        )
        .select((pairings::mentor_id, pairings::role))
        .load(c)?;
    for (id, role) in pairs {
        let load = loads.entry(id).or_default();
        match role {
            PairingRole::Primary => load.primary += 1,
            PairingRole::Secondary => load.secondary += 1,
        }
    }
    let held: Vec<(i64, i32)> = sessions::table
        .filter(
            one_of(sessions::mentor_id, ids)
                .and(sessions::state.eq(SessionState::Held))
                .and(sessions::superseded_at.is_null())
                .and(sessions::undone_at.is_null())
                .and(sessions::starts_at.gt(now.plus_hours(-WEEKS * 7 * 24))),
        )
        .select((sessions::mentor_id, sessions::minutes))
        .load(c)?;
    for (id, minutes) in held {
        loads.entry(id).or_default().minutes += number(i64::from(minutes));
    }
    Ok(loads)
}
