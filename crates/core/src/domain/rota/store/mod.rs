//! SQL of rotas: their rows here; what they say, who that is, what was found, and what they did on ramps in the files beside.

mod entries;
mod findings;
mod names;
mod steps;

use diesel::prelude::*;

use super::form::{From, NewRota};
use super::model::Rota;
use crate::db::schema::{areas, rotas};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::Result;
use crate::text;

pub use entries::{author, changed_at, entries, keep, source_of, sources, told, unsigned};
pub use findings::{accept, accepted, settle};
pub use names::{people_of, rename, said, say};
pub use steps::{Done, note_step, steps_since};

/// A rota is read again after that.
const SECONDS_BETWEEN: i64 = 3600;
/// The longest wait after failures.
const LONGEST_WAIT: i64 = 24 * 3600;
/// Longest problem kept.
pub const PROBLEM_CHARS: usize = 300;

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Rota>> {
    Ok(rotas::table
        .find(id)
        .select(Rota::as_select())
        .first(c)
        .optional()?)
}

/// The rotas of those areas that are not removed, by name.
pub fn of_areas(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Rota>> {
    let mut all: Vec<Rota> = rotas::table
        .filter(id_in(rotas::area_id, area_ids))
        .filter(rotas::removed_at.is_null())
        .select(Rota::as_select())
        .load(c)?;
    all.sort_by_cached_key(|rota| (text::sort_key(&rota.name), rota.id));
    Ok(all)
}

pub fn insert(
    c: &mut Conn,
    area_id: i64,
    new: &NewRota,
    (by, zone, now): (Option<i64>, &str, UtcTime),
) -> Result<i64> {
    let (address, token) = match &new.from {
        From::Address { address, token } => (address.as_str(), token.as_str()),
        From::Text(_) => ("", ""),
    };
    Ok(diesel::insert_into(rotas::table)
        .values((
            rotas::area_id.eq(area_id),
            rotas::name.eq(&new.name),
            rotas::source.eq(new.source),
            rotas::address.eq(address),
            rotas::token.eq(token),
            rotas::time_zone.eq(zone),
            rotas::made_by.eq(by),
            rotas::made_at.eq(now),
            rotas::due_at.eq(now),
        ))
        .returning(rotas::id)
        .get_result(c)?)
}

/// An upload takes the place of the one before.
pub fn set_source(c: &mut Conn, id: i64, source: super::source::Source, zone: &str) -> Result<()> {
    diesel::update(rotas::table.find(id))
        .set((rotas::source.eq(source), rotas::time_zone.eq(zone)))
        .execute(c)?;
    Ok(())
}

/// Has the rotas of an area looked at soon: what they say, or who that is, is new.
pub fn hurry(c: &mut Conn, area_id: i64, now: UtcTime) -> Result<()> {
    let uploads = rotas::address.eq("").and(rotas::removed_at.is_null());
    diesel::update(rotas::table.filter(rotas::area_id.eq(area_id).and(uploads)))
        .set(rotas::due_at.eq(now))
        .execute(c)?;
    Ok(())
}

/// Has a rota looked at in the next pass: this one left something to do.
pub fn again(c: &mut Conn, id: i64, now: UtcTime) -> Result<()> {
    let open = rotas::table.filter(rotas::id.eq(id).and(rotas::removed_at.is_null()));
    diesel::update(open).set(rotas::due_at.eq(now)).execute(c)?;
    Ok(())
}

/// Removes it, with its address and token; false when it is removed.
pub fn remove(c: &mut Conn, id: i64, (by, now): (Option<i64>, UtcTime)) -> Result<bool> {
    let open = rotas::table.filter(rotas::id.eq(id).and(rotas::removed_at.is_null()));
    let set = (
        rotas::removed_at.eq(now),
        rotas::removed_by.eq(by),
        rotas::address.eq(""),
        rotas::token.eq(""),
    );
    Ok(diesel::update(open).set(set).execute(c)? == 1)
}

/// Takes a rota that is due, so that nobody else reads it meanwhile; the longest due first. Uploads are due as well:
/// what is wrong with them changes with the clearances. Those of an archived area wait until it is back.
pub fn take(c: &mut Conn, now: UtcTime) -> Result<Option<Rota>> {
    let due: Vec<Rota> = rotas::table
        .inner_join(areas::table)
        .filter(rotas::due_at.le(now).and(rotas::removed_at.is_null()))
        .filter(areas::archived_at.is_null())
        .order((rotas::due_at, rotas::id))
        .limit(1)
        .select(Rota::as_select())
        .load(c)?;
    let Some(rota) = due.into_iter().next() else {
        return Ok(None);
    };
    let still = rotas::table.filter(rotas::id.eq(rota.id).and(rotas::due_at.eq(rota.due_at)));
    let next = now.plus_seconds(wait(rota.failures));
    let is_ours = diesel::update(still)
        .set(rotas::due_at.eq(next))
        .execute(c)?
        == 1;
    Ok(is_ours.then_some(rota))
}

/// Seconds until a rota is read again: longer after each failure.
fn wait(failures: i32) -> i64 {
    let doubled = u32::try_from(failures).unwrap_or_default().min(10);
    (SECONDS_BETWEEN << doubled).min(LONGEST_WAIT)
}

/// Notes what came of a reading, and when the next one is.
pub fn note(c: &mut Conn, of: &Rota, problem: &str, now: UtcTime) -> Result<()> {
    let failures = match problem {
        "" => 0,
        _ => of.failures.saturating_add(1),
    };
    diesel::update(rotas::table.find(of.id))
        .set((
            rotas::looked_at.eq(now),
            rotas::failures.eq(failures),
            rotas::problem.eq(problem),
            rotas::due_at.eq(now.plus_seconds(wait(failures))),
        ))
        .execute(c)?;
    Ok(())
}
