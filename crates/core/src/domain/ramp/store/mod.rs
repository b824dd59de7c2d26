//! SQL of ramps, pairings and checklist marks.

pub mod changes;
pub mod pairs;

use std::collections::HashSet;

use crate::domain::ramp::model::{Mark, NewRamp, Pairing, Ramp};
use diesel::dsl::max;
use diesel::prelude::*;

use super::{MarkKind, RampState};
use crate::db::ForUpdateAndShare;
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{areas, item_marks, pairings, ramp_changes, ramps};
use crate::db::types::UtcTime;
use crate::db::{Conn, Each, id_in};
use crate::domain::ramp::DAYS_BEFORE_RAMP;
use crate::error::{Error, Result};

/// Whether somebody may read a ramp, who answers for those areas: the same as [`crate::domain::ramp::Parties::may_read`].
/// Lists and the search are made of nothing else. It names the tables and `id_in` of its place.
macro_rules! may_read_ramp {
    ($actor:expr, $answers_for:expr) => {{
        let me = $actor.id.unwrap_or_default();
        let mentored = pairings::table
            .filter(pairings::mentor_id.eq(me))
            .select(pairings::ramp_id);
        let led = memberships::table
            .filter(id_in(memberships::team_id, &$actor.leads))
            .select(memberships::person_id);
        ramps::mentee_id
            .eq(me)
            .or(ramps::id.eq_any(mentored))
            .or(ramps::mentee_id.eq_any(led))
            .or(id_in(ramps::area_id, &$answers_for))
            .or($actor.is_admin.into_sql::<Bool>())
    }};
}
pub(crate) use may_read_ramp;

/// Ramps where a person is the mentee, or was ever a mentor.
pub fn with_part_of(c: &mut Conn, person_id: i64) -> Result<HashSet<i64>> {
    // Of two conditions, joined by OR, PostgreSQL would read every ramp.
    let own = ramps::table
        .filter(ramps::mentee_id.eq(person_id))
        .select(ramps::id);
    let mentored = pairings::table
        .filter(pairings::mentor_id.eq(person_id))
        .select(pairings::ramp_id);
    let ids: Vec<i64> = Each(own.union(mentored)).load(c)?;
    Ok(ids.into_iter().collect())
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Ramp> {
    ramps::table
        .find(id)
        .select(Ramp::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("ramp"))
}

/// Those ramps, unordered.
pub fn by_ids(c: &mut Conn, ids: &[i64]) -> Result<Vec<Ramp>> {
    Ok(ramps::table
        .filter(id_in(ramps::id, ids))
        .select(Ramp::as_select())
        .load(c)?)
}

/// That ramp, locked until the transaction ends. Everything that writes to a ramp takes this lock first, so that the
/// basis of a decision cannot change. Until then nobody changes its area's qualifiers or owner team either.
pub fn lock(c: &mut Conn, id: i64) -> Result<Ramp> {
    locks::take(Order::Ramp, id);
    let both = ramps::table
        .inner_join(areas::table.on(areas::id.eq(ramps::area_id)))
        .filter(ramps::id.eq(id))
        .select(Ramp::as_select());
    let ramp: Ramp = ForUpdateAndShare(both, "ramps", "areas")
        .get_result(c)
        .optional()?
        .ok_or(Error::NotFound("ramp"))?;
    locks::take(Order::Area, ramp.area_id);
    Ok(ramp)
}

/// Open ramps, all of them.
pub fn open(c: &mut Conn) -> Result<Vec<Ramp>> {
    Ok(ramps::table
        .filter(ramps::closed_at.is_null())
        .select(Ramp::as_select())
        .load(c)?)
}

/// The open ramps in an area.
pub fn all_open_in(c: &mut Conn, area_id: i64) -> Result<Vec<Ramp>> {
    Ok(ramps::table
        .filter(ramps::area_id.eq(area_id).and(ramps::closed_at.is_null()))
        .order(ramps::id)
        .select(Ramp::as_select())
        .load(c)?)
}

/// How many ramps are open in an area.
pub fn open_in(c: &mut Conn, area_id: i64) -> Result<i64> {
    Ok(ramps::table
        .filter(ramps::area_id.eq(area_id).and(ramps::closed_at.is_null()))
        .count()
        .get_result(c)?)
}

/// A person's ramps, open and closed, newest first.
pub fn of_mentee(c: &mut Conn, person_id: i64) -> Result<Vec<Ramp>> {
    Ok(ramps::table
        .filter(ramps::mentee_id.eq(person_id))
        .order(ramps::id.desc())
        .select(Ramp::as_select())
        .load(c)?)
}

/// Everyone who ramps, or ever ramped, in an area; not those whose proposed ramp was declined.
pub fn ever_ramped(c: &mut Conn, area_id: i64) -> Result<Vec<i64>> {
    let began = ramp_changes::table
        .filter(ramp_changes::ramp_id.eq(ramps::id))
        .filter(ramp_changes::state.eq(RampState::Active));
    Ok(ramps::table
        .filter(ramps::area_id.eq(area_id))
        .filter(
            ramps::state
                .ne(RampState::Ended)
                .or(diesel::dsl::exists(began)),
        )
        .select(ramps::mentee_id)
        .distinct()
        .load(c)?)
}

/// Open ramps that a person mentors now, without proposed ones.
pub fn mentored_by(c: &mut Conn, person_id: i64) -> Result<Vec<Ramp>> {
    Ok(ramps::table
        .inner_join(pairings::table)
        .filter(
            pairings::mentor_id
                .eq(person_id)
                .and(pairings::until.is_null())
                .and(ramps::closed_at.is_null())
                .and(ramps::state.ne(RampState::Proposed)),
        )
        .order((ramps::target_on, ramps::id))
        .select(Ramp::as_select())
        .load(c)?)
}

/// Pairings of those ramps, past and present.
pub fn pairings(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Pairing>> {
    Ok(pairings::table
        .filter(id_in(pairings::ramp_id, ramp_ids))
        .order((pairings::ramp_id, pairings::role, pairings::since))
        .select(Pairing::as_select())
        .load(c)?)
}

/// The latest mark of each item of a ramp.
pub fn marks(c: &mut Conn, ramp_id: i64) -> Result<Vec<Mark>> {
    let of_ramp = diesel::alias!(item_marks as of_ramp);
    let latest = of_ramp
        .filter(of_ramp.field(item_marks::ramp_id).eq(ramp_id))
        .group_by(of_ramp.field(item_marks::item_code))
        .select(max(of_ramp.field(item_marks::id)).assume_not_null());
    Ok(item_marks::table
        .filter(item_marks::id.eq_any(latest))
        .select(Mark::as_select())
        .load(c)?)
}

/// Adds a ramp. Shifts, drills and discussions count for it from the same day as sessions. The database refuses a
/// second open ramp of one person in one area.
pub fn insert(c: &mut Conn, new: &NewRamp) -> std::result::Result<i64, diesel::result::Error> {
    let id = diesel::insert_into(ramps::table)
        .values((
            new,
            ramps::counts_from.eq(new.starts_on.plus_days(-DAYS_BEFORE_RAMP)),
        ))
        .returning(ramps::id)
        .get_result(c)?;
    locks::made(Order::Ramp, id);
    Ok(id)
}

/// Moves a ramp from one state to another and stores the change; false when it was no longer in the first.
pub fn change_state(
    c: &mut Conn,
    id: i64,
    (from, to): (RampState, RampState),
    reason: &str,
    by_id: i64,
    now: UtcTime,
) -> Result<bool> {
    let closed = matches!(to, RampState::Cleared | RampState::Ended).then_some(now);
    let changed = diesel::update(ramps::table.filter(ramps::id.eq(id).and(ramps::state.eq(from))))
        .set((ramps::state.eq(to), ramps::closed_at.eq(closed)))
        .execute(c)?;
    if changed == 1 {
        insert_change(c, id, to, reason, by_id, now)?;
    }
    Ok(changed == 1)
}

/// Stores that a ramp entered a state.
pub fn insert_change(
    c: &mut Conn,
    id: i64,
    state: RampState,
    reason: &str,
    by_id: i64,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(ramp_changes::table)
        .values((
            ramp_changes::ramp_id.eq(id),
            ramp_changes::state.eq(state),
            ramp_changes::reason.eq(reason),
            ramp_changes::by_id.eq(by_id),
            ramp_changes::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

pub fn insert_mark(
    c: &mut Conn,
    ramp_id: i64,
    item_code: &str,
    mark: MarkKind,
    by_id: i64,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(item_marks::table)
        .values((
            item_marks::ramp_id.eq(ramp_id),
            item_marks::item_code.eq(item_code),
            item_marks::mark.eq(mark),
            item_marks::by_id.eq(by_id),
            item_marks::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Whether any ramp exists.
pub fn any(c: &mut Conn) -> Result<bool> {
    let first = ramps::table.select(ramps::id).first::<i64>(c).optional()?;
    Ok(first.is_some())
}
