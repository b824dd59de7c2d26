//! SQL of clearances.

use crate::domain::clearance::model::{Clearance, NewClearance};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamp};

use super::effect::{Coverage, ENDING_READ, Ending};
use super::oversight::Transition;
use super::{ClearanceKind, ClearanceState, EXPIRING_DAYS};
use crate::db::fixed::fixed;
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{
    areas, clearance_changes, clearance_versions, clearances, memberships, people,
};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in, is_unique_violation};
use crate::domain::area::practice::{Need, Rule};
use crate::error::{Error, Result};

/// SQL that is true for the clearances in `row` that are full and not replaced by a later one: they cover until
/// `holds_until`. [`super::standing`] says the same.
pub fn covering(row: &str) -> String {
    format!("{row}.replaced_at IS NULL AND {row}.state = 'valid' AND {row}.kind = 'full'")
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Clearance> {
    clearances::table
        .find(id)
        .select(Clearance::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("clearance"))
}

/// The latest clearance of every person and area.
pub fn latest(c: &mut Conn) -> Result<Vec<Clearance>> {
    Ok(clearances::table
        .filter(clearances::replaced_at.is_null())
        .select(Clearance::as_select())
        .load(c)?)
}

/// The latest clearance of every person in an area.
pub fn latest_in_area(c: &mut Conn, area_id: i64) -> Result<Vec<Clearance>> {
    latest_in_areas(c, &[area_id])
}

/// The latest clearance of every person in each of those areas.
pub fn latest_in_areas(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Clearance>> {
    Ok(clearances::table
        .filter(id_in(clearances::area_id, area_ids))
        .filter(clearances::replaced_at.is_null())
        .select(Clearance::as_select())
        .load(c)?)
}

/// The latest clearance of each of those people in each of those areas.
pub fn latest_among(c: &mut Conn, area_ids: &[i64], person_ids: &[i64]) -> Result<Vec<Clearance>> {
    Ok(clearances::table
        .filter(id_in(clearances::person_id, person_ids))
        .filter(clearances::replaced_at.is_null())
        .filter(id_in(clearances::area_id, area_ids))
        .select(Clearance::as_select())
        .load(c)?)
}

/// Who covers an area on a day, of those who have not left.
pub fn coverage(c: &mut Conn, area_id: i64, today: Day) -> Result<Coverage> {
    let covering = || {
        clearances::table
            .inner_join(people::table.on(people::id.eq(clearances::person_id)))
            .filter(clearances::area_id.eq(area_id))
            .filter(fixed::<Bool>(covering("clearances")))
            .filter(clearances::holds_until.ge(today))
            .filter(people::deactivated_at.is_null())
    };
    let soon = clearances::holds_until.le(today.plus_days(EXPIRING_DAYS));
    let first: Vec<(i64, String, Day)> = covering()
        .filter(soon)
        .order((clearances::holds_until, clearances::person_id))
        .limit(ENDING_READ)
        .select((clearances::person_id, people::name, clearances::holds_until))
        .load(c)?;
    let first = first.into_iter().map(|(person_id, name, on)| Ending {
        person_id,
        name,
        on,
    });
    Ok(Coverage {
        cleared: covering().count().get_result(c)?,
        ending: covering().filter(soon).count().get_result(c)?,
        first: first.collect(),
    })
}

/// Of whom a list is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Among {
    /// Of all, but at most so many, whichever they are.
    Any(usize),
    /// Of the members of a team.
    Team(i64),
}

/// Row and name of those who cover an area on a day and have not left.
pub fn covering_people(
    c: &mut Conn,
    area_id: i64,
    today: Day,
    among: Among,
) -> Result<Vec<(i64, String)>> {
    let mut found = clearances::table
        .inner_join(people::table.on(people::id.eq(clearances::person_id)))
        .filter(clearances::area_id.eq(area_id))
        .filter(fixed::<Bool>(covering("clearances")))
        .filter(clearances::holds_until.ge(today))
        .filter(people::deactivated_at.is_null())
        .select((people::id, people::name))
        .into_boxed();
    found = match among {
        Among::Any(most) => found.limit(i64::try_from(most).unwrap_or(i64::MAX)),
        Among::Team(id) => {
            let members = memberships::table
                .filter(memberships::team_id.eq(id))
                .select(memberships::person_id);
            found.filter(people::id.eq_any(members))
        }
    };
    Ok(found.load(c)?)
}

pub fn latest_of(c: &mut Conn, (person_id, area_id): (i64, i64)) -> Result<Option<Clearance>> {
    let latest = clearances::person_id
        .eq(person_id)
        .and(clearances::area_id.eq(area_id))
        .and(clearances::replaced_at.is_null());
    Ok(clearances::table
        .filter(latest)
        .select(Clearance::as_select())
        .first(c)
        .optional()?)
}

/// Every clearance a person had at any time, newest first.
pub fn of_person(c: &mut Conn, person_id: i64) -> Result<Vec<Clearance>> {
    Ok(clearances::table
        .filter(clearances::person_id.eq(person_id))
        .order(clearances::id.desc())
        .select(Clearance::as_select())
        .load(c)?)
}

/// Locks the current clearances of people, in every area, until the transaction ends, so that nobody suspends or
/// replaces one meanwhile; then gives them back.
pub fn lock_latest(c: &mut Conn, person_ids: &[i64]) -> Result<Vec<Clearance>> {
    let current = || {
        clearances::table
            .filter(id_in(clearances::person_id, person_ids))
            .filter(clearances::replaced_at.is_null())
    };
    let mut ids: Vec<i64> = current().select(clearances::id).load(c)?;
    loop {
        locks::lock(c, Order::Clearance, &ids)?;
        let all: Vec<Clearance> = current().select(Clearance::as_select()).load(c)?;
        if all.iter().all(|held| ids.contains(&held.id)) {
            return Ok(all);
        }
        // One that replaced another while this waited is locked too.
        ids = all.iter().map(|held| held.id).collect();
    }
}

/// The same for one person in one area.
pub fn lock_latest_of(c: &mut Conn, key: (i64, i64)) -> Result<Option<Clearance>> {
    if let Some(held) = latest_of(c, key)? {
        locks::lock(c, Order::Clearance, &[held.id])?;
    }
    latest_of(c, key)
}

/// Locks the current full clearances without an end date in those areas, and gives them back: no sign-off renews them.
pub fn lock_unending(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Clearance>> {
    let unending = || {
        clearances::table
            .filter(id_in(clearances::area_id, area_ids))
            .filter(clearances::replaced_at.is_null())
            .filter(clearances::kind.eq(ClearanceKind::Full))
            .filter(clearances::ends_on.eq(Day::NEVER))
    };
    let ids: Vec<i64> = unending().select(clearances::id).load(c)?;
    locks::lock(c, Order::Clearance, &ids)?;
    Ok(unending()
        .filter(id_in(clearances::id, &ids))
        .order(clearances::id)
        .select(Clearance::as_select())
        .load(c)?)
}

/// Adds a clearance with the area's practice rule; it replaces the one before it. The database refuses two at once.
pub fn insert(c: &mut Conn, new: &NewClearance) -> Result<i64> {
    let (person_id, area_id) = new.key;
    let before = clearances::person_id
        .eq(person_id)
        .and(clearances::area_id.eq(area_id))
        .and(clearances::replaced_at.is_null());
    diesel::update(clearances::table.filter(before))
        .set(clearances::replaced_at.eq(new.recorded_at))
        .execute(c)?;
    let (need, days): (Need, i32) = areas::table
        .find(area_id)
        .select((areas::practice, areas::recency_days))
        .first(c)?;
    let rule = Rule { need, days };
    let practised_on = new.recorded_at.day();
    let kept = rule.kept(practised_on, &[]);
    let added = diesel::insert_into(clearances::table)
        .values((
            clearances::person_id.eq(person_id),
            clearances::area_id.eq(area_id),
            clearances::kind.eq(new.kind),
            clearances::granted_at.eq(new.granted_at),
            clearances::recorded_at.eq(new.recorded_at),
            clearances::ends_on.eq(new.ends_on),
            clearances::signoff_id.eq(new.signoff_id),
            clearances::standard_id.eq(new.standard_id),
            clearances::supervisor_id.eq(new.supervisor_id),
            clearances::recency_days.eq(rule.days),
            clearances::practice.eq(rule.need),
            clearances::practice_left.eq(kept.left),
            clearances::practice_from.eq(practised_on),
            clearances::practised_on.eq(practised_on),
            clearances::holds_until.eq(super::holds_until(new.kind, new.ends_on, kept.until)),
        ))
        .returning(clearances::id)
        .get_result(c);
    let id = added.map_err(|e| {
        if is_unique_violation(&e, "clearances") {
            let sentence =
                "Someone recorded a clearance of that person and area just now. Look at it first.";
            Error::Conflict(sentence.into())
        } else {
            Error::from(e)
        }
    })?;
    locks::made(Order::Clearance, id);
    keep(c, id, new.recorded_at)?;
    Ok(id)
}

/// Stores the new state of a clearance in its history; call it after every change of one.
pub fn keep(c: &mut Conn, id: i64, now: UtcTime) -> Result<()> {
    use clearance_versions as v;
    let stands = clearances::table.find(id).select((
        clearances::id,
        now.into_sql::<Timestamp>(),
        clearances::state,
        clearances::standard_id,
        clearances::supervisor_id,
        clearances::extended_at,
        clearances::ends_on,
        clearances::practised_on,
        clearances::holds_until,
        clearances::practice_left,
        clearances::recency_days,
        clearances::practice,
        clearances::practice_from,
    ));
    stands
        .insert_into(v::table)
        .into_columns((
            v::clearance_id,
            v::at,
            v::state,
            v::standard_id,
            v::supervisor_id,
            v::extended_at,
            v::ends_on,
            v::practised_on,
            v::holds_until,
            v::practice_left,
            v::recency_days,
            v::practice,
            v::practice_from,
        ))
        .execute(c)?;
    Ok(())
}

/// Moves the current clearance from one state to another; false when it was no longer in the first, or a later one
/// replaced it.
pub fn set_state(
    c: &mut Conn,
    id: i64,
    (from, to): (ClearanceState, ClearanceState),
    now: UtcTime,
) -> Result<bool> {
    let changed = diesel::update(
        clearances::table.filter(
            clearances::id
                .eq(id)
                .and(clearances::state.eq(from))
                .and(clearances::replaced_at.is_null()),
        ),
    )
    .set(clearances::state.eq(to))
    .execute(c)?;
    keep(c, id, now)?;
    Ok(changed == 1)
}

/// Moves the last day of a valid interim clearance, once; false when it was moved before, or is no longer valid.
pub fn extend(c: &mut Conn, id: i64, ends_on: Day, at: UtcTime) -> Result<bool> {
    let open = clearances::table.filter(
        clearances::id
            .eq(id)
            .and(clearances::kind.eq(ClearanceKind::Interim))
            .and(clearances::state.eq(ClearanceState::Valid))
            .and(clearances::extended_at.is_null())
            .and(clearances::replaced_at.is_null()),
    );
    let changed = diesel::update(open)
        .set((
            clearances::ends_on.eq(ends_on),
            clearances::holds_until.eq(ends_on),
            clearances::extended_at.eq(Some(at)),
        ))
        .execute(c)?;
    keep(c, id, at)?;
    Ok(changed == 1)
}

/// Changes the supervisor of a valid interim clearance; false when it no longer has the first one, or is no longer
/// valid.
pub fn set_supervisor(c: &mut Conn, id: i64, (from, to): (i64, i64), now: UtcTime) -> Result<bool> {
    let open = clearances::table.filter(
        clearances::id
            .eq(id)
            .and(clearances::kind.eq(ClearanceKind::Interim))
            .and(clearances::state.eq(ClearanceState::Valid))
            .and(clearances::supervisor_id.eq(from))
            .and(clearances::replaced_at.is_null()),
    );
    let changed = diesel::update(open)
        .set(clearances::supervisor_id.eq(Some(to)))
        .execute(c)?;
    keep(c, id, now)?;
    Ok(changed == 1)
}

/// A row of `clearance_changes`: a decision about a clearance after it was granted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = clearance_changes)]
pub struct Change {
    /// The state it led to.
    pub state: ClearanceState,
    pub reason: String,
    pub by_id: i64,
    pub at: UtcTime,
    /// The new last day of an interim clearance, or the one with which a full one was taken over.
    pub ends_on: Option<Day>,
    /// The new supervisor of an interim clearance.
    pub supervisor_id: Option<i64>,
}

impl Change {
    /// What someone did with a clearance of that kind, as words before "this clearance".
    pub fn done(&self, kind: ClearanceKind) -> &'static str {
        match (self.ends_on, self.supervisor_id, kind) {
            (Some(_), Some(_), _) => "granted",
            (Some(_), None, ClearanceKind::Interim) => "extended",
            (Some(_), None, ClearanceKind::Full) => "took over",
            (None, Some(_), _) => "named another supervisor of",
            (None, None, _) => Transition::done(self.state),
        }
    }
}

/// The decisions about a clearance, oldest first.
pub fn changes(c: &mut Conn, clearance_id: i64) -> Result<Vec<Change>> {
    Ok(clearance_changes::table
        .filter(clearance_changes::clearance_id.eq(clearance_id))
        .order(clearance_changes::id)
        .select(Change::as_select())
        .load(c)?)
}

pub fn insert_change(c: &mut Conn, clearance_id: i64, change: &Change) -> Result<()> {
    diesel::insert_into(clearance_changes::table)
        .values((clearance_changes::clearance_id.eq(clearance_id), change))
        .execute(c)?;
    Ok(())
}
