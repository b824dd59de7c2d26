//! SQL of standards. A published version is never updated; only its state moves to retired.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Competency, Content, Gate, Group, Item, ItemGroup, Level, Standard, StandardState};
use crate::db::Conn;
use crate::db::schema::{standard_competencies, standard_items, standards};
use crate::db::types::UtcTime;
use crate::error::{Error, Result};

#[derive(Queryable, Selectable)]
#[diesel(table_name = standards)]
struct Head {
    id: i64,
    area_id: i64,
    version: i32,
    state: StandardState,
    note: String,
    gates: String,
    published_at: Option<UtcTime>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = standard_competencies)]
struct CompetencyRow {
    standard_id: i64,
    code: String,
    grp: Group,
    statement: String,
    required_level: Level,
    critical: bool,
    behaviours: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = standard_items)]
struct ItemRow {
    standard_id: i64,
    code: String,
    grp: ItemGroup,
    body: String,
    link: Option<String>,
}

/// The versions of those rows with all they ask for: three queries, however many there are.
pub fn load(c: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Standard>> {
    let heads = standards::table
        .filter(standards::id.eq_any(ids.to_vec()))
        .select(Head::as_select())
        .load(c)?;
    complete(c, heads)
}

/// The version of that row.
pub fn load_one(c: &mut Conn, id: i64) -> Result<Standard> {
    load(c, &[id])?
        .remove(&id)
        .ok_or(Error::NotFound("standard"))
}

/// All versions of an area, newest first, with what they ask for.
pub fn of_area(c: &mut Conn, area_id: i64) -> Result<Vec<Standard>> {
    let heads = standards::table
        .filter(standards::area_id.eq(area_id))
        .select(Head::as_select())
        .load(c)?;
    let mut all: Vec<_> = complete(c, heads)?.into_values().collect();
    all.sort_by_key(|s| std::cmp::Reverse(s.version));
    Ok(all)
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

fn complete(c: &mut Conn, heads: Vec<Head>) -> Result<HashMap<i64, Standard>> {
    let ids: Vec<i64> = heads.iter().map(|h| h.id).collect();
    let competencies = standard_competencies::table
        .filter(standard_competencies::standard_id.eq_any(ids.clone()))
        .order((
            standard_competencies::standard_id,
            standard_competencies::position,
        ))
        .select(CompetencyRow::as_select())
        .load(c)?;
    let items = standard_items::table
        .filter(standard_items::standard_id.eq_any(ids))
        .order((standard_items::standard_id, standard_items::position))
        .select(ItemRow::as_select())
        .load(c)?;
    let mut all = HashMap::new();
    for head in heads {
        let gates: Vec<Gate> = serde_json::from_str(&head.gates).map_err(Error::fault)?;
        all.insert(
            head.id,
            Standard {
                id: head.id,
                area_id: head.area_id,
                version: head.version,
                state: head.state,
                note: head.note,
                published_at: head.published_at,
                content: Content {
                    gates,
                    ..Content::default()
                },
            },
        );
    }
    for row in competencies {
        if let Some(standard) = all.get_mut(&row.standard_id) {
            standard.content.competencies.push(Competency {
                code: row.code,
                group: row.grp,
                statement: row.statement,
                required_level: row.required_level,
                critical: row.critical,
                behaviours: serde_json::from_str(&row.behaviours).map_err(Error::fault)?,
            });
        }
    }
    for row in items {
        if let Some(standard) = all.get_mut(&row.standard_id) {
            standard.content.items.push(Item {
                code: row.code,
                group: row.grp,
                text: row.body,
                link: row.link,
            });
        }
    }
    Ok(all)
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
    let id: i64 = diesel::insert_into(standards::table)
        .values((
            standards::area_id.eq(area_id),
            standards::version.eq(version),
            standards::state.eq(state),
            standards::note.eq(note),
            standards::gates.eq(serde_json::to_string(&content.gates).map_err(Error::fault)?),
            standards::created_at.eq(now),
            standards::published_at.eq((state == StandardState::Published).then_some(now)),
        ))
        .returning(standards::id)
        .get_result(c)?;
    insert_content(c, id, content)?;
    Ok(id)
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
        standards::gates.eq(serde_json::to_string(&content.gates).map_err(Error::fault)?),
    ))
    .execute(c)?;
    diesel::delete(standard_competencies::table.filter(standard_competencies::standard_id.eq(id)))
        .execute(c)?;
    diesel::delete(standard_items::table.filter(standard_items::standard_id.eq(id))).execute(c)?;
    insert_content(c, id, content)
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

fn insert_content(c: &mut Conn, id: i64, content: &Content) -> Result<()> {
    for (position, competency) in (0..).zip(&content.competencies) {
        diesel::insert_into(standard_competencies::table)
            .values((
                standard_competencies::standard_id.eq(id),
                standard_competencies::code.eq(&competency.code),
                standard_competencies::position.eq(position),
                standard_competencies::grp.eq(competency.group),
                standard_competencies::statement.eq(&competency.statement),
                standard_competencies::required_level.eq(competency.required_level),
                standard_competencies::critical.eq(competency.critical),
                standard_competencies::behaviours
                    .eq(serde_json::to_string(&competency.behaviours).map_err(Error::fault)?),
            ))
            .execute(c)?;
    }
    for (position, item) in (0..).zip(&content.items) {
        diesel::insert_into(standard_items::table)
            .values((
                standard_items::standard_id.eq(id),
                standard_items::code.eq(&item.code),
                standard_items::position.eq(position),
                standard_items::grp.eq(item.group),
                standard_items::body.eq(&item.text),
                standard_items::link.eq(item.link.as_deref()),
            ))
            .execute(c)?;
    }
    Ok(())
}
