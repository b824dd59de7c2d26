//! SQL of areas, systems and qualifiers.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{areas, qualifiers, system_links, systems, teams};
use crate::db::types::UtcTime;
use crate::error::{Error, Result};

/// A row of `areas` with its owner team's name.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = areas)]
pub struct Area {
    /// Row.
    pub id: i64,
    /// Name in URLs.
    pub slug: String,
    /// Prefix of every code in the area.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it covers, in a sentence or two.
    pub summary: String,
    /// 1 (most critical) to 3.
    pub tier: i32,
    /// The team that owns it.
    pub owner_team_id: i64,
    /// Its name.
    #[diesel(select_expression = teams::name)]
    pub owner_team: String,
    /// People who must be cleared, at least.
    pub minimum_cover: i32,
    /// How long a ramp should take.
    pub target_weeks: i32,
    /// How long a clearance lasts.
    pub validity_months: i32,
    /// Practise at least once in that many days.
    pub recency_days: i32,
}

/// What is written of an area, beside its name in URLs and its owner.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = areas)]
pub struct Fields {
    /// Prefix of every code in the area.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it covers, in a sentence or two.
    pub summary: String,
    /// 1 (most critical) to 3.
    pub tier: i32,
    /// People who must be cleared, at least.
    pub minimum_cover: i32,
    /// How long a ramp should take.
    pub target_weeks: i32,
    /// How long a clearance lasts.
    pub validity_months: i32,
    /// Practise at least once in that many days.
    pub recency_days: i32,
}

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

/// A designated signer. Being designated is not enough: who signs must be cleared as well.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = qualifiers)]
pub struct Qualifier {
    /// The area.
    pub area_id: i64,
    /// The person.
    pub person_id: i64,
    /// Since when.
    pub since: UtcTime,
}

/// All areas, most critical first, then by name.
pub fn all(c: &mut Conn) -> Result<Vec<Area>> {
    let mut all: Vec<Area> = areas::table
        .inner_join(teams::table)
        .select(Area::as_select())
        .load(c)?;
    // In Rust, because the two databases sort names differently.
    all.sort_by_cached_key(|a| (a.tier, a.name.to_lowercase(), a.id));
    Ok(all)
}

/// The area with that name in URLs.
pub fn by_slug(c: &mut Conn, slug: &str) -> Result<Option<Area>> {
    Ok(areas::table
        .inner_join(teams::table)
        .filter(areas::slug.eq(slug))
        .select(Area::as_select())
        .first(c)
        .optional()?)
}

/// The area of that row.
pub fn by_id(c: &mut Conn, id: i64) -> Result<Area> {
    areas::table
        .inner_join(teams::table)
        .filter(areas::id.eq(id))
        .select(Area::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("area"))
}

/// The systems of an area, in order.
pub fn systems(c: &mut Conn, area_id: i64) -> Result<Vec<System>> {
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

/// Everybody designated now, in all areas.
pub fn qualifiers(c: &mut Conn) -> Result<Vec<Qualifier>> {
    Ok(qualifiers::table
        .filter(qualifiers::until.is_null())
        .select(Qualifier::as_select())
        .load(c)?)
}

/// Everybody designated now, in one area.
pub fn qualifiers_of(c: &mut Conn, area_id: i64) -> Result<Vec<Qualifier>> {
    Ok(qualifiers::table
        .filter(
            qualifiers::until
                .is_null()
                .and(qualifiers::area_id.eq(area_id)),
        )
        .select(Qualifier::as_select())
        .load(c)?)
}

/// Adds an area and gives back its row.
pub fn insert(
    c: &mut Conn,
    slug: &str,
    fields: &Fields,
    owner_team_id: i64,
    now: UtcTime,
) -> Result<i64> {
    Ok(diesel::insert_into(areas::table)
        .values((
            fields,
            areas::slug.eq(slug),
            areas::owner_team_id.eq(owner_team_id),
            areas::created_at.eq(now),
        ))
        .returning(areas::id)
        .get_result(c)?)
}

/// Writes an area anew, all but its name in URLs.
pub fn update(c: &mut Conn, id: i64, fields: &Fields, owner_team_id: i64) -> Result<()> {
    diesel::update(areas::table.find(id))
        .set((fields, areas::owner_team_id.eq(owner_team_id)))
        .execute(c)?;
    Ok(())
}

/// Makes the systems of an area those given. A system that keeps its name keeps its row.
pub fn write_systems(c: &mut Conn, area_id: i64, wanted: &[System]) -> Result<()> {
    let present: Vec<(i64, String)> = systems::table
        .filter(systems::area_id.eq(area_id))
        .select((systems::id, systems::name))
        .load(c)?;
    let ids: Vec<i64> = present.iter().map(|(id, _)| *id).collect();
    diesel::delete(system_links::table.filter(system_links::system_id.eq_any(ids))).execute(c)?;
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

/// Designates somebody who may sign for an area once cleared.
pub fn designate(c: &mut Conn, area_id: i64, person_id: i64, now: UtcTime) -> Result<()> {
    diesel::insert_into(qualifiers::table)
        .values((
            qualifiers::area_id.eq(area_id),
            qualifiers::person_id.eq(person_id),
            qualifiers::since.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends a designation; false when there was none.
pub fn end_designation(c: &mut Conn, area_id: i64, person_id: i64, now: UtcTime) -> Result<bool> {
    let current = qualifiers::area_id
        .eq(area_id)
        .and(qualifiers::person_id.eq(person_id));
    let changed =
        diesel::update(qualifiers::table.filter(current.and(qualifiers::until.is_null())))
            .set(qualifiers::until.eq(now))
            .execute(c)?;
    Ok(changed == 1)
}
