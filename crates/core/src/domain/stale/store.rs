//! SQL of stale flags. A closed one never changes again.

use crate::domain::stale::model::Flag;
use diesel::prelude::*;

use super::Part;
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::stale_flags;
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, is_unique_violation};
use crate::error::{Error, Result};

#[derive(Debug, Insertable)]
#[diesel(table_name = stale_flags)]
pub struct NewFlag<'a> {
    pub area_id: i64,
    pub standard_id: i64,
    pub ramp_id: i64,
    pub item_code: &'a str,
    pub part: Part,
    pub note: &'a str,
    pub by_id: i64,
    pub at: UtcTime,
}

/// Adds a flag and returns its row; `None` when this person already has an open flag on this part of the line.
pub fn insert(c: &mut Conn, new: &NewFlag<'_>) -> Result<Option<i64>> {
    let inserted = diesel::insert_into(stale_flags::table)
        .values(new)
        .returning(stale_flags::id)
        .get_result(c);
    match inserted {
        Ok(id) => Ok(Some(id)),
        Err(e) if is_unique_violation(&e, "stale_flags") => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// A flag of an area, locked until the transaction ends.
pub fn lock(c: &mut Conn, area_id: i64, id: i64) -> Result<Flag> {
    locks::take(Order::Flag, id);
    let flag = stale_flags::table
        .filter(stale_flags::id.eq(id).and(stale_flags::area_id.eq(area_id)))
        .select(Flag::as_select());
    ForUpdate(flag)
        .get_result(c)
        .optional()?
        .ok_or(Error::NotFound("stale flag"))
}

/// Open flags of an area, oldest first.
pub fn open_of_area(c: &mut Conn, area_id: i64) -> Result<Vec<Flag>> {
    Ok(stale_flags::table
        .filter(
            stale_flags::area_id
                .eq(area_id)
                .and(stale_flags::closed_at.is_null()),
        )
        .order(stale_flags::id)
        .select(Flag::as_select())
        .load(c)?)
}

/// Flags that versions of an area have answered, oldest first.
pub fn answered_in_area(c: &mut Conn, area_id: i64) -> Result<Vec<Flag>> {
    Ok(stale_flags::table
        .filter(
            stale_flags::area_id
                .eq(area_id)
                .and(stale_flags::closed_at.is_not_null())
                .and(stale_flags::answered_in.is_not_null()),
        )
        .order(stale_flags::id)
        .select(Flag::as_select())
        .load(c)?)
}

/// Flags that versions of an area answered recently, the latest first.
pub fn answered_lately(c: &mut Conn, area_id: i64, most: i64) -> Result<Vec<Flag>> {
    Ok(stale_flags::table
        .filter(
            stale_flags::area_id
                .eq(area_id)
                .and(stale_flags::closed_at.is_not_null())
                .and(stale_flags::answered_in.is_not_null()),
        )
        .order((stale_flags::closed_at.desc(), stale_flags::id.desc()))
        .limit(most)
        .select(Flag::as_select())
        .load(c)?)
}

/// Stores which draft answers open flags; `None` for no draft.
pub fn set_answer(c: &mut Conn, ids: &[i64], draft_id: Option<i64>) -> Result<()> {
    let open = stale_flags::table.filter(
        stale_flags::id
            .eq_any(ids.to_vec())
            .and(stale_flags::closed_at.is_null()),
    );
    diesel::update(open)
        .set(stale_flags::answered_in.eq(draft_id))
        .execute(c)?;
    Ok(())
}

/// Closes a flag; false when it was closed before.
pub fn close(c: &mut Conn, id: i64, by: Option<i64>, note: &str, now: UtcTime) -> Result<bool> {
    let open =
        stale_flags::table.filter(stale_flags::id.eq(id).and(stale_flags::closed_at.is_null()));
    let changed = diesel::update(open)
        .set((
            stale_flags::closed_by.eq(by),
            stale_flags::closed_at.eq(now),
            stale_flags::closing_note.eq(note),
        ))
        .execute(c)?;
    Ok(changed == 1)
}
