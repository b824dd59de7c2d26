//! Proposing the same ramp for several people at once.

use super::{StartRamp, begin, permit_start_any};
use crate::db::Conn;
use crate::db::locks;
use crate::db::locks::Order;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::people::Names;
use crate::domain::{area, clearance};
use crate::error::{Error, FieldErrors, Result};

/// Ramps that are proposed at a time.
pub const MOST: usize = 20;

/// Proposes a ramp for the mentee of `input` and for each of `also`, with the same area, mentors and days: all of them,
/// or none.
///
/// Errors: Those of [`super::start`] for any of them, by name; [`Error::Invalid`] where there are too many.
pub fn start_all(c: &mut Conn, act: &Act, input: &StartRamp, also: &[i64]) -> Result<Vec<i64>> {
    permit_start_any(&act.actor)?;
    let mut others = also.to_vec();
    others.sort_unstable();
    others.dedup();
    others.retain(|id| *id != input.mentee_id);
    if others.len() >= MOST {
        let sentence = format!("Start at most {MOST} ramps at a time.");
        return Err(Error::field("also", sentence));
    }
    let mentees: Vec<i64> = [input.mentee_id].into_iter().chain(others).collect();
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
    let names = Names::load(c, mentees.iter().copied())?;
    let is_one = mentees.len() == 1;
    let mut begun = Vec::with_capacity(mentees.len());
    for mentee_id in mentees {
        let one = StartRamp {
            mentee_id,
            ..input.clone()
        };
        begun.push(begin(c, act, &one).map_err(|error| match is_one {
            true => error,
            false => of(names.name(mentee_id), error),
        })?);
    }
    let mut ids = Vec::with_capacity(begun.len());
    for (id, entry) in begun {
        audit::record(c, act, entry)?;
        ids.push(id);
    }
    Ok(ids)
}

/// Says whose ramp is refused.
fn of(name: &str, error: Error) -> Error {
    match error {
        Error::Invalid(errors) => {
            let mut told = FieldErrors::default();
            for (field, sentence) in errors.iter() {
                told.add(field, format!("{name}: {sentence}"));
            }
            Error::Invalid(told)
        }
        Error::Forbidden(sentence) => Error::Forbidden(format!("{name}: {sentence}")),
        Error::Conflict(sentence) => Error::Conflict(format!("{name}: {sentence}")),
        other => other,
    }
}
