//! SQL of standards. A published version is never updated; only its state moves to retired.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Content, Standard, StandardState};
use crate::db::schema::{areas, standards};
use crate::db::types::UtcTime;
use crate::db::{Conn, one_of};
use crate::error::{Error, Result};

/// A row of `standards`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = standards)]
struct Row {
    id: i64,
    area_id: i64,
    version: i32,
    state: StandardState,
    note: String,
    material: bool,
    revision: i32,
    published_by: Option<i64>,
    published_at: Option<UtcTime>,
    content: String,
}

impl Row {
    fn read(self) -> Result<Standard> {
        Ok(Standard {
            content: serde_json::from_str(&self.content).map_err(Error::fault)?,
            id: self.id,
            area_id: self.area_id,
            version: self.version,
            state: self.state,
            note: self.note,
            material: self.material,
            revision: self.revision,
            published_by: self.published_by,
            published_at: self.published_at,
        })
    }
}

/// The versions of those rows with all they ask for.
pub fn load(c: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Standard>> {
    standards::table
        .filter(one_of(standards::id, ids))
        .select(Row::as_select())
        .load(c)?
        .into_iter()
        .map(|row| Ok((row.id, row.read()?)))
        .collect()
}

/// The version of that row.
pub fn load_one(c: &mut Conn, id: i64) -> Result<Standard> {
    standards::table
        .find(id)
        .select(Row::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("standard"))?
        .read()
}

/// All versions of an area, newest first, with what they ask for.
pub fn of_area(c: &mut Conn, area_id: i64) -> Result<Vec<Standard>> {
    standards::table
        .filter(standards::area_id.eq(area_id))
        .order(standards::version.desc())
        .select(Row::as_select())
        .load(c)?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// The area and version number of those rows.
pub fn versions(c: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, (i64, i32)>> {
    let rows: Vec<(i64, i64, i32)> = standards::table
        .filter(one_of(standards::id, ids))
        .select((standards::id, standards::area_id, standards::version))
        .load(c)?;
    Ok(rows
        .into_iter()
        .map(|(id, area_id, version)| (id, (area_id, version)))
        .collect())
}

/// The same, of the area with that name in URLs.
pub fn of_slug(c: &mut Conn, slug: &str) -> Result<Vec<Standard>> {
    standards::table
        .inner_join(areas::table)
        .filter(areas::slug.eq(slug))
        .order(standards::version.desc())
        .select(Row::as_select())
        .load(c)?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// The published version of an area, if it has one: new ramps pin it.
pub fn published_id(c: &mut Conn, area_id: i64) -> Result<Option<i64>> {
    Ok(standards::table
        .filter(
            standards::area_id
                .eq(area_id)
                .and(standards::state.eq(StandardState::Published)),
        )
        .select(standards::id)
        .first(c)
        .optional()?)
}

/// Adds a version and gives back its row.
pub fn insert(
    c: &mut Conn,
    area_id: i64,
    version: i32,
    state: StandardState,
    note: &str,
    content: &Content,
    now: UtcTime,
) -> Result<i64> {
    Ok(diesel::insert_into(standards::table)
        .values((
            standards::area_id.eq(area_id),
            standards::version.eq(version),
            standards::state.eq(state),
            standards::note.eq(note),
            standards::content.eq(written(content)?),
            standards::created_at.eq(now),
            standards::published_at.eq((state == StandardState::Published).then_some(now)),
        ))
        .returning(standards::id)
        .get_result(c)?)
}

/// Writes the content of a draft anew.
pub fn rewrite_draft(c: &mut Conn, id: i64, note: &str, content: &Content) -> Result<()> {
    diesel::update(
        standards::table.filter(
            standards::id
                .eq(id)
                .and(standards::state.eq(StandardState::Draft)),
        ),
    )
    .set((
        standards::note.eq(note),
        standards::content.eq(written(content)?),
        standards::revision.eq(standards::revision + 1),
    ))
    .execute(c)?;
    Ok(())
}

/// Publishes a draft and retires the version published before; false when it was no draft any more.
pub fn publish(c: &mut Conn, id: i64, area_id: i64, now: UtcTime) -> Result<bool> {
    diesel::update(
        standards::table.filter(
            standards::area_id
                .eq(area_id)
                .and(standards::state.eq(StandardState::Published)),
        ),
    )
    .set(standards::state.eq(StandardState::Retired))
    .execute(c)?;
    let changed = diesel::update(
        standards::table.filter(
            standards::id
                .eq(id)
                .and(standards::state.eq(StandardState::Draft)),
        ),
    )
    .set((
        standards::state.eq(StandardState::Published),
        standards::published_at.eq(now),
    ))
    .execute(c)?;
    Ok(changed == 1)
}

fn written(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(Error::fault)
}
