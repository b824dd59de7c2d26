//! Proposing the same ramp for several people at once.

use super::{StartRamp, permit_start_any, start};
use crate::db::Conn;
use crate::db::locks;
use crate::db::locks::Order;
use crate::domain::audit::Act;
use crate::domain::{area, clearance};
use crate::error::{Error, Result};

/// Ramps that are proposed at a time.
pub const MOST: usize = 20;

/// Proposes a ramp for the mentee of `input` and for each of `also`, with the same area, mentors and days: all of them,
/// or none.
///
/// Errors: Those of [`start`] for any of them, by name; [`Error::Invalid`] where there are too many.
pub fn start_all(c: &mut Conn, act: &Act, input: &StartRamp, also: &[i64]) -> Result<Vec<i64>> {
    permit_start_any(&act.actor)?;
    let mut mentees = vec![input.mentee_id];
    for id in also {
        if !mentees.contains(id) {
            mentees.push(*id);
        }
    }
    if mentees.len() > MOST {
        let sentence = format!("Start at most {MOST} ramps at a time.");
        return Err(Error::field("also", sentence));
    }
    // What every one of them locks, in one order. Where there is no such area, the first one says so.
    if area::store::lock(c, input.area_id).is_ok() {
        let held = clearance::store::latest_in_area(c, input.area_id)?;
        let theirs = held.iter().filter(|held| mentees.contains(&held.person_id));
        let ids: Vec<i64> = theirs.map(|held| held.id).collect();
        locks::lock(c, Order::Clearance, &ids)?;
    }
    let mentors = [input.primary_id].into_iter().chain(input.secondary_id);
    let people: Vec<i64> = mentees.iter().copied().chain(mentors).collect();
    act.hold(c, &people)?;
    mentees
        .into_iter()
        .map(|mentee_id| {
            let one = StartRamp {
                mentee_id,
                ..input.clone()
            };
            start(c, act, &one)
        })
        .collect()
}
