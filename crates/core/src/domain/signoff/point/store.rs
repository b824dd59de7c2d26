//! SQL of gaps and conditions.

use crate::domain::signoff::point::model::Point;
use diesel::prelude::*;

use super::{Closing, PointKind};
use crate::db::schema::signoff_points;
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::{Error, Result};

pub fn by_id(c: &mut Conn, id: i64) -> Result<Point> {
    signoff_points::table
        .find(id)
        .select(Point::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("gap or condition"))
}

/// Points of one kind on those ramps, in the order they were named.
pub fn of_ramps(c: &mut Conn, kind: PointKind, ramp_ids: &[i64]) -> Result<Vec<Point>> {
    Ok(signoff_points::table
        .filter(signoff_points::kind.eq(kind))
        .filter(id_in(signoff_points::ramp_id, ramp_ids))
        .order(signoff_points::id)
        .select(Point::as_select())
        .load(c)?)
}

/// Points of one kind from the decisions on those sign-offs, in order.
pub fn of_signoffs(c: &mut Conn, kind: PointKind, signoff_ids: &[i64]) -> Result<Vec<Point>> {
    Ok(signoff_points::table
        .filter(signoff_points::kind.eq(kind))
        .filter(id_in(signoff_points::signoff_id, signoff_ids))
        .order(signoff_points::id)
        .select(Point::as_select())
        .load(c)?)
}

#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = signoff_points)]
pub struct NewPoint<'a> {
    /// The sign-off whose decision names it.
    pub signoff_id: i64,
    pub ramp_id: i64,
    pub kind: PointKind,
    /// The competency or checklist item it is about.
    pub code: Option<String>,
    pub body: &'a str,
    pub by_id: i64,
    pub at: UtcTime,
}

pub fn insert(c: &mut Conn, new: NewPoint<'_>) -> Result<()> {
    diesel::insert_into(signoff_points::table)
        .values(new)
        .execute(c)?;
    Ok(())
}

/// Closes a point; false when it is already closed.
pub fn close(c: &mut Conn, id: i64, closing: Closing<'_>) -> Result<bool> {
    let changed = diesel::update(
        signoff_points::table.filter(
            signoff_points::id
                .eq(id)
                .and(signoff_points::closed_at.is_null()),
        ),
    )
    .set((
        signoff_points::closed_by.eq(closing.by_id),
        signoff_points::closed_at.eq(closing.at),
        signoff_points::closing_note.eq(closing.note),
    ))
    .execute(c)?;
    Ok(changed == 1)
}
