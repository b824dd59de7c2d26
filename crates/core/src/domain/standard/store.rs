//! SQL of standards. A published version is never updated; only its state moves to retired.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use diesel::prelude::*;

use super::{Content, Standard, StandardState};
use crate::db::schema::{areas, standards};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, id_in, is_unique_violation};
use crate::error::{Error, Result};

/// A row of `standards`, its content as text.
#[derive(Queryable, Selectable)]
#[diesel(table_name = standards)]
pub struct Row {
    pub id: i64,
    area_id: i64,
    version: i32,
    state: StandardState,
    note: String,
    material: bool,
    revision: i32,
    created_at: UtcTime,
    edited_by: Option<i64>,
    edited_at: Option<UtcTime>,
    published_by: Option<i64>,
    published_at: Option<UtcTime>,
    content: String,
}

impl Row {
    /// The version in this row.
    ///
    /// Errors: A fault when its text is not a standard.
    pub fn read(self) -> Result<Standard> {
        Ok(Standard {
            content: read(self.content, self.state)?,
            id: self.id,
            area_id: self.area_id,
            version: self.version,
            state: self.state,
            note: self.note,
            material: self.material,
            revision: self.revision,
            created_at: self.created_at,
            edited_by: self.edited_by,
            edited_at: self.edited_at,
            published_by: self.published_by,
            published_at: self.published_at,
        })
    }
}

/// How many versions are cached; beyond that they are read again.
const CACHE_SIZE: usize = 128;
/// Parsed texts of all versions but drafts. Parsing JSON took most of the time of a board, and every ramp on a version
/// needs the same one. The key is the text itself, so the cache never gets out of step with the database.
static CACHE: LazyLock<Mutex<HashMap<String, Arc<Content>>>> = LazyLock::new(Mutex::default);

fn read(text: String, state: StandardState) -> Result<Arc<Content>> {
    let parse = |text: &str| {
        serde_json::from_str(text)
            .map(Arc::new)
            .map_err(Error::fault)
    };
    if state == StandardState::Draft {
        return parse(&text);
    }
    let mut known = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(content) = known.get(&text) {
        return Ok(Arc::clone(content));
    }
    let content = parse(&text)?;
    if known.len() >= CACHE_SIZE {
        known.clear();
    }
    known.insert(text, Arc::clone(&content));
    Ok(content)
}

/// Those versions with their content.
pub fn load(c: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Standard>> {
    standards::table
        .filter(id_in(standards::id, ids))
        .select(Row::as_select())
        .load(c)?
        .into_iter()
        .map(|row| Ok((row.id, row.read()?)))
        .collect()
}

pub fn load_one(c: &mut Conn, id: i64) -> Result<Standard> {
    standards::table
        .find(id)
        .select(Row::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("standard"))?
        .read()
}

/// All versions of an area with their content, newest first.
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
        .filter(id_in(standards::id, ids))
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

/// The published version of an area, if there is one: new ramps pin it.
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

/// The published versions of those areas.
pub fn published(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Standard>> {
    standards::table
        .filter(
            id_in(standards::area_id, area_ids).and(standards::state.eq(StandardState::Published)),
        )
        .order(standards::area_id)
        .select(Row::as_select())
        .load(c)?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// The draft of an area, locked until the transaction ends.
pub fn lock_draft(c: &mut Conn, area_id: i64) -> Result<Option<Standard>> {
    let draft = standards::table
        .filter(
            standards::area_id
                .eq(area_id)
                .and(standards::state.eq(StandardState::Draft)),
        )
        .select(Row::as_select());
    ForUpdate(draft)
        .get_result(c)
        .optional()?
        .map(Row::read)
        .transpose()
}

pub struct NewVersion<'a> {
    pub area_id: i64,
    pub version: i32,
    pub state: StandardState,
    pub note: &'a str,
    pub content: &'a Content,
    /// `None` at the command line.
    pub by: Option<i64>,
    pub now: UtcTime,
}

/// Adds a version and returns its row; a unique violation when two begin a draft at once.
pub fn insert(c: &mut Conn, new: &NewVersion<'_>) -> Result<i64> {
    let is_published = new.state == StandardState::Published;
    let inserted = diesel::insert_into(standards::table)
        .values((
            standards::area_id.eq(new.area_id),
            standards::version.eq(new.version),
            standards::state.eq(new.state),
            standards::note.eq(new.note),
            standards::content.eq(written(new.content)?),
            standards::created_at.eq(new.now),
            standards::edited_by.eq(new.by.filter(|_| !is_published)),
            standards::edited_at.eq((!is_published).then_some(new.now)),
            standards::published_by.eq(new.by.filter(|_| is_published)),
            standards::published_at.eq(is_published.then_some(new.now)),
        ))
        .returning(standards::id)
        .get_result(c);
    inserted.map_err(|e| {
        if is_unique_violation(&e, "standards") {
            Error::Conflict(
                "Someone added a version of this standard at the same moment. Look at it first."
                    .into(),
            )
        } else {
            e.into()
        }
    })
}

/// Saves the content of a draft at that revision; false when it has another one, or is no longer a draft.
pub fn save_draft(
    c: &mut Conn,
    (id, revision): (i64, i32),
    content: &Content,
    by: Option<i64>,
    now: UtcTime,
) -> Result<bool> {
    let draft = standards::table.filter(
        standards::id
            .eq(id)
            .and(standards::state.eq(StandardState::Draft))
            .and(standards::revision.eq(revision)),
    );
    let changed = diesel::update(draft)
        .set((
            standards::content.eq(written(content)?),
            standards::revision.eq(revision + 1),
            standards::edited_by.eq(by),
            standards::edited_at.eq(now),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

pub fn set_note(c: &mut Conn, id: i64, note: &str) -> Result<()> {
    let draft = standards::table.filter(
        standards::id
            .eq(id)
            .and(standards::state.eq(StandardState::Draft)),
    );
    diesel::update(draft)
        .set(standards::note.eq(note))
        .execute(c)?;
    Ok(())
}

/// The details of a publication.
pub struct Publication<'a> {
    pub note: &'a str,
    /// Whether it changes what cleared people were judged by.
    pub material: bool,
    /// `None` at the command line.
    pub by: Option<i64>,
    pub now: UtcTime,
}

/// Publishes a draft and retires the version published before; false when it was no longer a draft.
pub fn publish(c: &mut Conn, draft: &Standard, how: &Publication<'_>) -> Result<bool> {
    let before = standards::table.filter(
        standards::area_id
            .eq(draft.area_id)
            .and(standards::state.eq(StandardState::Published)),
    );
    diesel::update(before)
        .set(standards::state.eq(StandardState::Retired))
        .execute(c)?;
    let still = standards::table.filter(
        standards::id
            .eq(draft.id)
            .and(standards::state.eq(StandardState::Draft))
            .and(standards::revision.eq(draft.revision)),
    );
    let changed = diesel::update(still)
        .set((
            standards::state.eq(StandardState::Published),
            standards::note.eq(how.note),
            standards::material.eq(how.material),
            standards::published_by.eq(how.by),
            standards::published_at.eq(how.now),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

fn written(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(Error::fault)
}
