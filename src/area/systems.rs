//! SQL of the systems an area covers, and their links.

use diesel::prelude::*;

use crate::db::schema::{system_links, systems};
use crate::db::{Conn, one_of};
use crate::error::Result;

/// A system with its links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Name.
    pub name: String,
    /// What it is called elsewhere.
    pub reference: Option<String>,
    /// Title and address of runbooks, dashboards and the like.
    pub links: Vec<(String, String)>,
}

/// The systems of an area, in order.
pub fn of_area(c: &mut Conn, area_id: i64) -> Result<Vec<System>> {
    let rows: Vec<(i64, String, Option<String>)> = systems::table
        .filter(systems::area_id.eq(area_id))
        .order(systems::position)
        .select((systems::id, systems::name, systems::reference))
        .load(c)?;
    let links: Vec<(i64, String, String)> = system_links::table
        .inner_join(systems::table)
        .filter(systems::area_id.eq(area_id))
        .order((system_links::system_id, system_links::position))
        .select((
            system_links::system_id,
            system_links::title,
            system_links::url,
        ))
        .load(c)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, reference)| System {
            name,
            reference,
            links: links
                .iter()
                .filter(|l| l.0 == id)
                .map(|l| (l.1.clone(), l.2.clone()))
                .collect(),
        })
        .collect())
}

/// Makes the systems of an area those given. A system that keeps its name keeps its row.
pub fn write(c: &mut Conn, area_id: i64, wanted: &[System]) -> Result<()> {
    let present: Vec<(i64, String)> = systems::table
        .filter(systems::area_id.eq(area_id))
        .select((systems::id, systems::name))
        .load(c)?;
    let ids: Vec<i64> = present.iter().map(|(id, _)| *id).collect();
    diesel::delete(system_links::table.filter(one_of(system_links::system_id, &ids))).execute(c)?;
    for (id, _) in present
        .iter()
        .filter(|(_, name)| wanted.iter().all(|system| system.name != *name))
    {
        diesel::delete(systems::table.find(id)).execute(c)?;
    }
    for (position, system) in (0..).zip(wanted) {
        let columns = (
            systems::position.eq(position),
            systems::reference.eq(system.reference.as_deref()),
        );
        let id = match present.iter().find(|(_, name)| *name == system.name) {
            Some((id, _)) => {
                // A reference taken out of the file becomes NULL: a pair of columns is set as it is.
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
