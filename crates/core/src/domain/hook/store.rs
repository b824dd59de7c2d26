//! SQL of chat hooks.

use diesel::prelude::*;

use super::form::{NewHook, joined};
use super::model::Hook;
use super::{Kind, Owner};
use crate::db::schema::{areas, hooks};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::Result;

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Hook>> {
    Ok(hooks::table
        .find(id)
        .select(Hook::as_select())
        .first(c)
        .optional()?)
}

/// The hooks of these teams and areas that are not removed, by name.
pub fn of(c: &mut Conn, teams: &[i64], areas: &[i64]) -> Result<Vec<Hook>> {
    Ok(hooks::table
        .filter(hooks::removed_at.is_null())
        .filter(
            id_in(hooks::team_id.assume_not_null(), teams)
                .or(id_in(hooks::area_id.assume_not_null(), areas)),
        )
        .order((hooks::name, hooks::id))
        .select(Hook::as_select())
        .load(c)?)
}

/// Those that listen to that kind now: of these teams, of the area, and of the team that owns it.
pub fn listening(
    c: &mut Conn,
    kind: Kind,
    teams: &[i64],
    area_id: Option<i64>,
) -> Result<Vec<Hook>> {
    let area_id = area_id.unwrap_or_default();
    let owner = areas::table
        .filter(areas::id.eq(area_id))
        .select(areas::owner_team_id.nullable());
    let mut all: Vec<Hook> = hooks::table
        .filter(hooks::removed_at.is_null())
        .filter(
            id_in(hooks::team_id.assume_not_null(), teams)
                .or(hooks::area_id.eq(area_id).assume_not_null())
                .or(hooks::team_id.eq_any(owner).assume_not_null()),
        )
        .order((hooks::name, hooks::id))
        .select(Hook::as_select())
        .load(c)?;
    all.retain(|hook| hook.paused_at.is_none() && hook.kinds().contains(&kind));
    Ok(all)
}

pub fn insert(
    c: &mut Conn,
    new: &NewHook,
    secret: &str,
    (by, now): (Option<i64>, UtcTime),
) -> Result<i64> {
    let (team_id, area_id) = match new.owner {
        Owner::Team(id) => (Some(id), None),
        Owner::Area(id) => (None, Some(id)),
    };
    Ok(diesel::insert_into(hooks::table)
        .values((
            hooks::team_id.eq(team_id),
            hooks::area_id.eq(area_id),
            hooks::name.eq(&new.name),
            hooks::dialect.eq(new.dialect),
            hooks::address.eq(new.address.as_str()),
            hooks::secret.eq(secret),
            hooks::kinds.eq(joined(&new.kinds)),
            hooks::made_by.eq(by),
            hooks::made_at.eq(now),
        ))
        .returning(hooks::id)
        .get_result(c)?)
}

/// Pauses a hook; false when it is paused or removed.
pub fn pause(
    c: &mut Conn,
    id: i64,
    (by, because): (Option<i64>, &str),
    now: UtcTime,
) -> Result<bool> {
    let active = hooks::table.filter(
        hooks::id
            .eq(id)
            .and(hooks::paused_at.is_null())
            .and(hooks::removed_at.is_null()),
    );
    let set = (
        hooks::paused_at.eq(now),
        hooks::paused_by.eq(by),
        hooks::paused_because.eq(because),
    );
    Ok(diesel::update(active).set(set).execute(c)? == 1)
}

/// Resumes it; false when it is not paused, or removed.
pub fn resume(c: &mut Conn, id: i64) -> Result<bool> {
    let paused = hooks::table.filter(
        hooks::id
            .eq(id)
            .and(hooks::paused_at.is_not_null())
            .and(hooks::removed_at.is_null()),
    );
    let set = (
        hooks::paused_at.eq(None::<UtcTime>),
        hooks::paused_by.eq(None::<i64>),
        hooks::paused_because.eq(""),
    );
    Ok(diesel::update(paused).set(set).execute(c)? == 1)
}

/// Removes it, with its address and secret; false when it is removed.
pub fn remove(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    let open = hooks::table.filter(hooks::id.eq(id).and(hooks::removed_at.is_null()));
    let set = (
        hooks::removed_at.eq(now),
        hooks::address.eq(""),
        hooks::secret.eq(""),
    );
    Ok(diesel::update(open).set(set).execute(c)? == 1)
}
