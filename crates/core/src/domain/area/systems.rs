//! SQL of the systems an area covers, and their links.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::db::schema::{system_links, systems};
use crate::db::{Conn, id_in};
use crate::error::Result;

/// A system with its links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    pub name: String,
    /// Its name in other tools.
    pub reference: Option<String>,
    /// Title and address of runbooks, dashboards and the like.
    pub links: Vec<(String, String)>,
}

/// The systems of an area with their links, in order.
pub fn of_area(c: &mut Conn, area_id: i64) -> Result<Vec<System>> {
    type Row = (i64, String, Option<String>, Option<(String, String)>);
    let rows: Vec<Row> = systems::table
        .left_join(system_links::table)
        .filter(systems::area_id.eq(area_id))
        .order((systems::position, systems::id, system_links::position))
        .select((
            systems::id,
            systems::name,
            systems::reference,
            (system_links::title, system_links::url).nullable(),
        ))
        .load(c)?;
    let mut found: Vec<System> = Vec::new();
    let mut last = None;
    for (id, name, reference, link) in rows {
        if last != Some(id) {
            last = Some(id);
            found.push(System {
                name,
                reference,
                links: Vec::new(),
            });
        }
        if let Some(system) = found.last_mut() {
            system.links.extend(link);
        }
    }
    Ok(found)
}

/// Replaces the systems of an area. A system that keeps its name keeps its row.
pub fn write(c: &mut Conn, area_id: i64, wanted: &[System]) -> Result<()> {
    let present: Vec<(i64, String)> = systems::table
        .filter(systems::area_id.eq(area_id))
        .select((systems::id, systems::name))
        .load(c)?;
    let ids: Vec<i64> = present.iter().map(|(id, _)| *id).collect();
    diesel::delete(system_links::table.filter(id_in(system_links::system_id, &ids))).execute(c)?;
    let kept: HashSet<&str> = wanted.iter().map(|system| system.name.as_str()).collect();
    let known: HashMap<&str, i64> = present.iter().map(|(id, n)| (n.as_str(), *id)).collect();
    for (id, _) in present
        .iter()
        .filter(|(_, name)| !kept.contains(name.as_str()))
    {
        diesel::delete(systems::table.find(id)).execute(c)?;
    }
    for (position, system) in (0..).zip(wanted) {
        let columns = (
            systems::position.eq(position),
            systems::reference.eq(system.reference.as_deref()),
        );
        let id = match known.get(system.name.as_str()) {
            Some(id) => {
                // A reference that the file no longer has becomes NULL, because the pair of columns is written as
                // given.
                diesel::update(systems::table.find(id))
                    .set(columns)
                    .execute(c)?;
                *id
            }
            None => diesel::insert_into(systems::table)
                .values((
                    columns,
                    systems::area_id.eq(area_id),
                    systems::name.eq(&system.name),
                ))
                .returning(systems::id)
                .get_result(c)?,
        };
        for (position, (title, url)) in (0..).zip(&system.links) {
            diesel::insert_into(system_links::table)
                .values((
                    system_links::system_id.eq(id),
                    system_links::position.eq(position),
                    system_links::title.eq(title),
                    system_links::url.eq(url),
                ))
                .execute(c)?;
        }
    }
    Ok(())
}
