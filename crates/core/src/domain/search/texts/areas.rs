//! Areas, their systems, and the competencies of their published standards.

use diesel::prelude::*;

use super::joined;
use crate::db::schema::{areas, standards, systems};
use crate::db::{Conn, id_in};
use crate::domain::search::store::Entry;
use crate::domain::standard;
use crate::domain::standard::StandardState;
use crate::error::Result;

pub(super) fn areas(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    let rows: Vec<(i64, String, String, String, String)> = areas::table
        .filter(id_in(areas::id, ids))
        .select((
            areas::id,
            areas::name,
            areas::summary,
            areas::code,
            areas::slug,
        ))
        .load(c)?;
    let entry = |(ref_id, title, body, code, slug): (i64, _, _, String, String)| Entry {
        ref_id,
        title,
        body,
        address: format!("/areas/{slug}"),
        also: joined([&code, &slug]),
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The systems of these areas.
pub(super) fn systems(c: &mut Conn, areas: &[i64]) -> Result<Vec<Entry>> {
    let rows: Vec<(i64, i64, String, Option<String>, String, String)> = systems::table
        .inner_join(areas::table)
        .filter(id_in(systems::area_id, areas))
        .select((
            systems::id,
            systems::area_id,
            systems::name,
            systems::reference,
            areas::name,
            areas::slug,
        ))
        .load(c)?;
    let entries = rows
        .into_iter()
        .map(|(id, ref_id, title, reference, context, slug)| Entry {
            ref_id,
            code: id.to_string(),
            title,
            body: reference.unwrap_or_default(),
            context,
            address: format!("/areas/{slug}#sy"),
            ..Entry::default()
        });
    Ok(entries.collect())
}

/// The competencies of the published standards of these areas.
pub(super) fn competencies(c: &mut Conn, of: &[i64]) -> Result<Vec<Entry>> {
    let rows: Vec<(standard::store::Row, String, String)> = standards::table
        .inner_join(areas::table)
        .filter(id_in(standards::area_id, of))
        .filter(standards::state.eq(StandardState::Published))
        .select((standard::store::Row::as_select(), areas::name, areas::slug))
        .load(c)?;
    let mut all = Vec::new();
    for (row, area, slug) in rows {
        let version = row.read()?;
        for competency in &version.content.competencies {
            let code = &competency.code;
            all.push(Entry {
                ref_id: version.area_id,
                code: code.clone(),
                title: format!("{code} {}", competency.statement),
                body: joined(&competency.behaviours),
                context: area.clone(),
                address: format!("/areas/{slug}/standard/v/{}#{code}", version.version),
                also: competency.group.label().to_owned(),
                ..Entry::default()
            });
        }
    }
    Ok(all)
}
