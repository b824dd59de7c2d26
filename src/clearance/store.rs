//! SQL of clearances.

use diesel::prelude::*;

use super::ClearanceState;
use crate::db::Conn;
use crate::db::schema::clearances;
use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};

/// A row of `clearances`. The latest of a person and area is the one that holds.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = clearances)]
pub struct Clearance {
    /// Row; a higher one is later.
    pub id: i64,
    /// Who.
    pub person_id: i64,
    /// For what.
    pub area_id: i64,
    /// Since when.
    pub granted_at: UtcTime,
    /// Last day, inclusive.
    pub ends_on: Day,
    /// The sign-off that granted it; `None` when it was taken over from before Checkride.
    pub signoff_id: Option<i64>,
    /// What was said of it since.
    pub state: ClearanceState,
}

/// The clearance of that row.
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
    let rows = clearances::table
        .order((
            clearances::person_id,
            clearances::area_id,
            clearances::id.desc(),
        ))
        .select(Clearance::as_select())
        .load(c)?;
    Ok(keep_latest(rows))
}

/// The latest clearance of every person in an area.
pub fn latest_in_area(c: &mut Conn, area_id: i64) -> Result<Vec<Clearance>> {
    let rows = clearances::table
        .filter(clearances::area_id.eq(area_id))
        .order((
            clearances::person_id,
            clearances::area_id,
            clearances::id.desc(),
        ))
        .select(Clearance::as_select())
        .load(c)?;
    Ok(keep_latest(rows))
}

/// Every clearance a person ever had, newest first.
pub fn of_person(c: &mut Conn, person_id: i64) -> Result<Vec<Clearance>> {
    Ok(clearances::table
        .filter(clearances::person_id.eq(person_id))
        .order(clearances::id.desc())
        .select(Clearance::as_select())
        .load(c)?)
}

/// Adds a clearance.
pub fn insert(
    c: &mut Conn,
    (person_id, area_id): (i64, i64),
    granted_at: UtcTime,
    ends_on: Day,
    signoff_id: Option<i64>,
) -> Result<i64> {
    Ok(diesel::insert_into(clearances::table)
        .values((
            clearances::person_id.eq(person_id),
            clearances::area_id.eq(area_id),
            clearances::granted_at.eq(granted_at),
            clearances::ends_on.eq(ends_on),
            clearances::signoff_id.eq(signoff_id),
        ))
        .returning(clearances::id)
        .get_result(c)?)
}

fn keep_latest(mut rows: Vec<Clearance>) -> Vec<Clearance> {
    rows.dedup_by(|older, kept| older.person_id == kept.person_id && older.area_id == kept.area_id);
    rows
}
