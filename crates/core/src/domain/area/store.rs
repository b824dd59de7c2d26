//! SQL of areas, systems and qualifiers.

use std::collections::HashMap;

use crate::db::list::{Listed, listed};
use crate::domain::area::model::{Area, Fields, Qualifier};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::Timestamp;

use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{area_versions, areas, qualifiers, teams};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, id_in};
use crate::error::{Error, Result};
use crate::text;

/// Areas in use, most critical first, then by name.
pub fn all(c: &mut Conn) -> Result<Vec<Area>> {
    let mut all = all_with_archived(c)?;
    all.retain(|a| a.archived_at.is_none());
    Ok(all)
}

/// All areas, also archived ones, most critical first, then by name.
pub fn all_with_archived(c: &mut Conn) -> Result<Vec<Area>> {
    let mut all: Vec<Area> = areas::table
        .inner_join(teams::table)
        .select(Area::as_select())
        .load(c)?;
    // In Rust, because the two databases sort names differently.
    all.sort_by_cached_key(|a| (a.tier, text::sort_key(&a.name), a.id));
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

/// The area with that name in URLs, locked until the transaction ends.
pub fn lock_by_slug(c: &mut Conn, slug: &str) -> Result<Area> {
    let id = id_of(c, slug)?;
    lock(c, id)
}

/// Lets nobody change the area of that name in URLs, its owner team or its qualifiers until the transaction ends.
pub fn share_by_slug(c: &mut Conn, slug: &str) -> Result<()> {
    let id = id_of(c, slug)?;
    locks::share(c, Order::Area, id)
}

fn id_of(c: &mut Conn, slug: &str) -> Result<i64> {
    areas::table
        .filter(areas::slug.eq(slug))
        .select(areas::id)
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("area"))
}

/// The area of that row, locked until the transaction ends.
pub fn lock(c: &mut Conn, id: i64) -> Result<Area> {
    locks::take(Order::Area, id);
    ForUpdate(areas::table.filter(areas::id.eq(id)).select(areas::id))
        .get_result::<i64>(c)
        .optional()?
        .ok_or(Error::NotFound("area"))?;
    by_id(c, id)
}

/// The names of those areas; no query for none.
pub fn names(c: &mut Conn, ids: impl IntoIterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let ids: Vec<i64> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> = areas::table
        .filter(id_in(areas::id, &ids))
        .select((areas::id, areas::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// Those areas, in no order.
pub fn by_ids(c: &mut Conn, ids: &[i64]) -> Result<Vec<Area>> {
    Ok(areas::table
        .inner_join(teams::table)
        .filter(id_in(areas::id, ids))
        .select(Area::as_select())
        .load(c)?)
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Area> {
    areas::table
        .inner_join(teams::table)
        .filter(areas::id.eq(id))
        .select(Area::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("area"))
}

/// Qualifiers who are designated now.
#[auto_type]
pub fn is_designated() -> _ {
    qualifiers::until.is_null()
}

/// The people designated now in the area with the row `area`.
pub fn designated(area: &str) -> Listed {
    listed(
        &["CAST(q.person_id AS TEXT)"],
        &format!("qualifiers q WHERE q.area_id = {area} AND q.until IS NULL"),
    )
}

/// All designations of now, in all areas.
pub fn qualifiers(c: &mut Conn) -> Result<Vec<Qualifier>> {
    Ok(qualifiers::table
        .filter(is_designated())
        .select(Qualifier::as_select())
        .load(c)?)
}

/// All designations of now, in those areas.
pub fn qualifiers_in(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Qualifier>> {
    Ok(qualifiers::table
        .filter(is_designated().and(id_in(qualifiers::area_id, area_ids)))
        .select(Qualifier::as_select())
        .load(c)?)
}

/// All designations of now, in one area.
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

/// Adds an area and returns its row. The database refuses a name in URLs or a code that is taken.
pub fn insert(
    c: &mut Conn,
    slug: &str,
    fields: &Fields,
    owner_team_id: i64,
    now: UtcTime,
) -> std::result::Result<i64, diesel::result::Error> {
    let id = diesel::insert_into(areas::table)
        .values((
            fields,
            areas::slug.eq(slug),
            areas::owner_team_id.eq(owner_team_id),
            areas::created_at.eq(now),
        ))
        .returning(areas::id)
        .get_result(c)?;
    locks::made(Order::Area, id);
    keep(c, id, now)?;
    Ok(id)
}

/// Stores the new state of an area in its history.
fn keep(c: &mut Conn, id: i64, now: UtcTime) -> diesel::QueryResult<()> {
    use area_versions as v;
    let says = areas::table.find(id).select((
        areas::id,
        now.into_sql::<Timestamp>(),
        areas::code,
        areas::name,
        areas::summary,
        areas::tier,
        areas::owner_team_id,
        areas::minimum_cover,
        areas::target_weeks,
        areas::validity_months,
        areas::recency_days,
        areas::practice,
        areas::ends,
        areas::archived_at,
        areas::labels,
    ));
    says.insert_into(v::table)
        .into_columns((
            v::area_id,
            v::at,
            v::code,
            v::name,
            v::summary,
            v::tier,
            v::owner_team_id,
            v::minimum_cover,
            v::target_weeks,
            v::validity_months,
            v::recency_days,
            v::practice,
            v::ends,
            v::archived_at,
            v::labels,
        ))
        .execute(c)?;
    Ok(())
}

/// Writes all values of an area except its name in URLs.
pub fn update(
    c: &mut Conn,
    id: i64,
    fields: &Fields,
    owner_team_id: i64,
    now: UtcTime,
) -> Result<()> {
    diesel::update(areas::table.find(id))
        .set((
            fields,
            areas::owner_team_id.eq(owner_team_id),
            areas::revision.eq(areas::revision + 1),
        ))
        .execute(c)?;
    Ok(keep(c, id, now)?)
}

/// Raises the revision of an area; false when someone changed it since that revision.
pub fn take_revision(c: &mut Conn, id: i64, revision: i32) -> Result<bool> {
    let changed =
        diesel::update(areas::table.filter(areas::id.eq(id).and(areas::revision.eq(revision))))
            .set(areas::revision.eq(areas::revision + 1))
            .execute(c)?;
    Ok(changed == 1)
}

/// Archives an area, or takes it into use again.
pub fn set_archived(c: &mut Conn, id: i64, away: bool, now: UtcTime) -> Result<()> {
    diesel::update(areas::table.find(id))
        .set(areas::archived_at.eq(away.then_some(now)))
        .execute(c)?;
    Ok(keep(c, id, now)?)
}

pub fn designate(
    c: &mut Conn,
    area_id: i64,
    person_id: i64,
    by_id: Option<i64>,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(qualifiers::table)
        .values((
            qualifiers::area_id.eq(area_id),
            qualifiers::person_id.eq(person_id),
            qualifiers::since.eq(now),
            qualifiers::designated_by.eq(by_id),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends a designation; false when there was none.
pub fn end_designation(
    c: &mut Conn,
    area_id: i64,
    person_id: i64,
    by_id: Option<i64>,
    now: UtcTime,
) -> Result<bool> {
    let current = qualifiers::area_id
        .eq(area_id)
        .and(qualifiers::person_id.eq(person_id));
    let changed = diesel::update(qualifiers::table.filter(current.and(is_designated())))
        .set((qualifiers::until.eq(now), qualifiers::ended_by.eq(by_id)))
        .execute(c)?;
    Ok(changed == 1)
}

/// A period in which someone was designated.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = qualifiers)]
pub struct Designation {
    pub person_id: i64,
    pub since: UtcTime,
    /// Until when; `None` while it lasts.
    pub until: Option<UtcTime>,
    /// Who designated them; unknown for the command line and for designations from before this was stored.
    pub designated_by: Option<i64>,
    pub ended_by: Option<i64>,
}

/// Everyone who was designated in an area at any time, the latest first.
pub fn designations(c: &mut Conn, area_id: i64) -> Result<Vec<Designation>> {
    Ok(qualifiers::table
        .filter(qualifiers::area_id.eq(area_id))
        .order((qualifiers::since.desc(), qualifiers::id.desc()))
        .select(Designation::as_select())
        .load(c)?)
}
