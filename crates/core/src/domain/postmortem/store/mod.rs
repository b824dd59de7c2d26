//! SQL of post-mortems: the document with its versions, and its search index.

pub mod discussed;
pub mod import;
pub mod index;
pub mod search;

use crate::domain::area::store::designated;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{Document, OfArea, Postmortem, Severity, State};
use crate::db::fixed::fixed;
use crate::db::list::{List, Listed, entries, listed, row_id};
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{areas, postmortem_areas, postmortem_versions, postmortems};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, id_in};
use crate::error::{Error, Result};
use crate::text;

/// Most versions in a list, the newest.
const VERSIONS: i64 = 30;

/// A row of `postmortems`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = postmortems)]
struct Row {
    id: i64,
    slug: String,
    state: State,
    revision: i32,
    content: String,
    created_by: Option<i64>,
    created_at: UtcTime,
    edited_by: Option<i64>,
    edited_at: UtcTime,
    teachable_since: Option<UtcTime>,
}

/// Everyone who edited a post-mortem since it was last teachable. A transition also stores a version, in another state
/// than the one before; the person who makes it has edited nothing.
fn writers() -> Listed {
    listed(
        &["CAST(w.by_id AS TEXT)"],
        "postmortem_versions w WHERE w.postmortem_id = postmortems.id AND w.by_id IS NOT NULL \
         AND w.revision > COALESCE((SELECT MAX(t.revision) FROM postmortem_versions t \
         WHERE t.postmortem_id = w.postmortem_id AND t.state = 'teachable'), -1) \
         AND (w.revision = 0 OR w.state = (SELECT u.state FROM postmortem_versions u \
         WHERE u.postmortem_id = w.postmortem_id AND u.revision = w.revision - 1))",
    )
}

/// The post-mortem with that name in URLs, or that row; no name is a number.
pub fn named(c: &mut Conn, name: &str) -> Result<Postmortem> {
    let all = postmortems::table.select((Row::as_select(), writers()));
    let found = match name.parse::<i64>() {
        Ok(id) => all.filter(postmortems::id.eq(id)).first(c),
        Err(_) => all.filter(postmortems::slug.eq(name)).first(c),
    };
    let found: Option<(Row, List)> = found.optional()?;
    let (row, writers) = found.ok_or(Error::NotFound("post-mortem"))?;
    let document = serde_json::from_str(&row.content).map_err(Error::fault)?;
    Ok(Postmortem {
        areas: areas_of(c, row.id)?,
        id: row.id,
        slug: row.slug,
        state: row.state,
        revision: row.revision,
        document,
        created_by: row.created_by,
        created_at: row.created_at,
        edited_by: row.edited_by,
        edited_at: row.edited_at,
        teachable_since: row.teachable_since,
        writers: entries(writers, row_id)?,
    })
}

/// The same, locked until the transaction ends; read after the lock, so that nothing in it is older.
pub fn lock(c: &mut Conn, name: &str) -> Result<Postmortem> {
    let all = postmortems::table.select(postmortems::id);
    let id: Option<i64> = match name.parse::<i64>() {
        Ok(id) => ForUpdate(all.filter(postmortems::id.eq(id))).get_result(c),
        Err(_) => ForUpdate(all.filter(postmortems::slug.eq(name))).get_result(c),
    }
    .optional()?;
    let id = id.ok_or(Error::NotFound("post-mortem"))?;
    locks::take(Order::Postmortem, id);
    named(c, &id.to_string())
}

type AreaRow = (i64, String, String, String, i64, List);

type AreaColumns = (
    areas::id,
    areas::slug,
    areas::code,
    areas::name,
    areas::owner_team_id,
    Listed,
);

fn area_columns() -> AreaColumns {
    let signers = designated("areas.id");
    (
        areas::id,
        areas::slug,
        areas::code,
        areas::name,
        areas::owner_team_id,
        signers,
    )
}

fn read_area((id, slug, code, name, owner_team_id, signers): AreaRow) -> Result<OfArea> {
    Ok(OfArea {
        id,
        slug,
        code,
        name,
        owner_team_id,
        qualifiers: entries(signers, row_id)?,
    })
}

fn areas_of(c: &mut Conn, id: i64) -> Result<Vec<OfArea>> {
    let rows: Vec<(i32, AreaRow)> = areas::table
        .inner_join(postmortem_areas::table.on(postmortem_areas::area_id.eq(areas::id)))
        .filter(postmortem_areas::postmortem_id.eq(id))
        .select((areas::tier, area_columns()))
        .load(c)?;
    in_order(rows)
}

/// Areas by their names in URLs, and who answers for them; also archived ones, because post-mortems keep their areas.
pub fn areas_named(c: &mut Conn, slugs: &[String]) -> Result<Vec<OfArea>> {
    let rows: Vec<(i32, AreaRow)> = areas::table
        .filter(areas::slug.eq_any(slugs.to_vec()))
        .select((areas::tier, area_columns()))
        .load(c)?;
    in_order(rows)
}

/// The areas of rows with their tiers: most critical first, then by name.
fn in_order(mut rows: Vec<(i32, AreaRow)>) -> Result<Vec<OfArea>> {
    rows.sort_by_cached_key(|(tier, row)| (*tier, text::sort_key(&row.3)));
    rows.into_iter().map(|(_, row)| read_area(row)).collect()
}

/// Names of the systems of those areas.
pub fn systems_of(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<String>> {
    use crate::db::schema::systems;
    let mut names: Vec<String> = systems::table
        .filter(id_in(systems::area_id, area_ids))
        .order(systems::id)
        .select(systems::name)
        .load(c)?;
    names.sort_by_cached_key(|name| text::sort_key(name));
    Ok(names)
}

/// Names in URLs that begin with `start`.
pub fn slugs_like(c: &mut Conn, start: &str) -> Result<Vec<String>> {
    // A slug has no character that a pattern treats specially.
    Ok(postmortems::table
        .filter(postmortems::slug.like(format!("{start}%")))
        .select(postmortems::slug)
        .load(c)?)
}

/// The slug of what a person wrote with that title and start.
pub fn same_of(c: &mut Conn, author: Option<i64>, document: &Document) -> Result<Option<String>> {
    Ok(postmortems::table
        .filter(
            postmortems::created_by
                .eq(author)
                .and(postmortems::title.eq(&document.title))
                .and(postmortems::occurred_at.eq(document.occurred_at)),
        )
        .order(postmortems::id.desc())
        .select(postmortems::slug)
        .first(c)
        .optional()?)
}

/// The written values of a post-mortem.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    pub document: &'a Document,
    pub areas: &'a [i64],
    pub by: Option<i64>,
    pub at: UtcTime,
}

fn written(document: &Document) -> Result<String> {
    serde_json::to_string(document).map_err(Error::fault)
}

/// Adds a draft and returns its row.
pub fn insert(c: &mut Conn, slug: &str, new: Written<'_>) -> Result<i64> {
    let document = new.document;
    let content = written(document)?;
    let id: i64 = diesel::insert_into(postmortems::table)
        .values((
            postmortems::slug.eq(slug),
            postmortems::title.eq(&document.title),
            postmortems::state.eq(State::Draft),
            postmortems::severity.eq(document.severity),
            postmortems::occurred_at.eq(document.occurred_at),
            postmortems::minutes.eq(document.minutes),
            postmortems::link.eq(document.link.as_deref()),
            postmortems::content.eq(&content),
            postmortems::search_key.eq(document.search_key()),
            postmortems::created_by.eq(new.by),
            postmortems::created_at.eq(new.at),
            postmortems::edited_by.eq(new.by),
            postmortems::edited_at.eq(new.at),
        ))
        .returning(postmortems::id)
        .get_result(c)?;
    keep_version(c, id, 0, State::Draft, &content, new)?;
    crate::domain::postmortem::store::index::write_index(c, id, new)?;
    Ok(id)
}

/// Writes a new version over that revision; false when there is a newer one.
pub fn update(c: &mut Conn, was: &Postmortem, new: Written<'_>) -> Result<bool> {
    let document = new.document;
    let content = written(document)?;
    let seen = postmortems::table.filter(
        postmortems::id
            .eq(was.id)
            .and(postmortems::revision.eq(was.revision)),
    );
    let changed = diesel::update(seen)
        .set((
            postmortems::title.eq(&document.title),
            postmortems::severity.eq(document.severity),
            postmortems::occurred_at.eq(document.occurred_at),
            postmortems::minutes.eq(document.minutes),
            postmortems::link.eq(document.link.as_deref()),
            postmortems::content.eq(&content),
            postmortems::search_key.eq(document.search_key()),
            postmortems::revision.eq(was.revision + 1),
            postmortems::edited_by.eq(new.by),
            postmortems::edited_at.eq(new.at),
        ))
        .execute(c)?;
    if changed == 1 {
        keep_version(c, was.id, was.revision + 1, was.state, &content, new)?;
        crate::domain::postmortem::store::index::write_index(c, was.id, new)?;
    }
    Ok(changed == 1)
}

/// Moves it into another state; false when someone changed it since.
pub fn set_state(
    c: &mut Conn,
    was: &Postmortem,
    state: State,
    by: Option<i64>,
    at: UtcTime,
) -> Result<bool> {
    let seen = postmortems::table.filter(
        postmortems::id
            .eq(was.id)
            .and(postmortems::revision.eq(was.revision)),
    );
    let first = (state == State::Teachable).then_some(at);
    let changed = diesel::update(seen)
        .set((
            postmortems::state.eq(state),
            postmortems::teachable_since.eq(was.teachable_since.or(first)),
            postmortems::revision.eq(was.revision + 1),
            postmortems::edited_by.eq(by),
            postmortems::edited_at.eq(at),
        ))
        .execute(c)?;
    if changed == 1 {
        let content = written(&was.document)?;
        let same = Written {
            document: &was.document,
            areas: &[],
            by,
            at,
        };
        keep_version(c, was.id, was.revision + 1, state, &content, same)?;
    }
    Ok(changed == 1)
}

fn keep_version(
    c: &mut Conn,
    id: i64,
    revision: i32,
    state: State,
    content: &str,
    new: Written<'_>,
) -> Result<()> {
    diesel::insert_into(postmortem_versions::table)
        .values((
            postmortem_versions::postmortem_id.eq(id),
            postmortem_versions::revision.eq(revision),
            postmortem_versions::state.eq(state),
            postmortem_versions::title.eq(&new.document.title),
            postmortem_versions::content.eq(content),
            postmortem_versions::by_id.eq(new.by),
            postmortem_versions::at.eq(new.at),
        ))
        .execute(c)?;
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Version {
    pub revision: i32,
    /// The state of the post-mortem at that version.
    pub state: State,
    pub by: Option<String>,
    pub at: UtcTime,
}

/// The newest versions, the newest first, with their authors' names.
pub fn versions(c: &mut Conn, id: i64) -> Result<Vec<Version>> {
    let by = fixed::<Nullable<Text>>(
        "(SELECT p.name FROM people p WHERE p.id = postmortem_versions.by_id)",
    );
    Ok(postmortem_versions::table
        .filter(postmortem_versions::postmortem_id.eq(id))
        .order(postmortem_versions::revision.desc())
        .limit(VERSIONS)
        .select((
            postmortem_versions::revision,
            postmortem_versions::state,
            by,
            postmortem_versions::at,
        ))
        .load(c)?)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub state: State,
    pub severity: Severity,
    pub occurred_at: UtcTime,
    /// How long it lasted.
    pub minutes: i32,
    /// Names of its areas.
    pub areas: Vec<String>,
}
