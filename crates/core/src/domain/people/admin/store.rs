//! SQL of the administration of people and teams.

use diesel::prelude::*;

use super::{Details, Show};
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{areas, departures, memberships, people, person_names, teams};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, id_in};
use crate::domain::people::Name;
use crate::domain::people::model::{Person, Team};
use crate::domain::people::store::{keep_names, patterns};
use crate::error::{Error, Result};
use crate::text;

/// A person as the list shows them.
#[derive(Debug, Clone)]
pub struct Line {
    pub person: Person,
    /// Whether anyone ever set a password for them.
    pub has_password: bool,
}

/// The next people by name, after the person with row `after`, whose name, handle or e-mail contains `q`; at most `most`.
pub fn page(c: &mut Conn, q: &str, show: Show, after: Option<i64>, most: i64) -> Result<Vec<Line>> {
    let mut query = people::table
        .select((Person::as_select(), people::password_hash.is_not_null()))
        .order((people::sort_key, people::id))
        .limit(most)
        .into_boxed();
    query = match show {
        Show::Here => query.filter(people::deactivated_at.is_null()),
        Show::Left => query.filter(people::deactivated_at.is_not_null()),
        Show::Waiting => query.filter(
            people::deactivated_at
                .is_null()
                .and(people::password_hash.is_null()),
        ),
    };
    if !q.trim().is_empty() {
        let (name, other) = patterns(q);
        query = query.filter(
            people::search_key
                .like(name)
                .escape('!')
                .or(people::handle.like(other.clone()).escape('!'))
                .or(people::email_key.like(other).escape('!')),
        );
    }
    if let Some(id) = after {
        let key: Option<String> = people::table
            .find(id)
            .select(people::sort_key)
            .first(c)
            .optional()?;
        if let Some(key) = key {
            query = query.filter(
                people::sort_key
                    .gt(key.clone())
                    .or(people::sort_key.eq(key).and(people::id.gt(id))),
            );
        }
    }
    let rows: Vec<(Person, bool)> = query.load(c)?;
    let line = |(person, has_password)| Line {
        person,
        has_password,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The teams of people: person, team's row and name, and whether they lead it; by name.
pub fn teams_of(c: &mut Conn, person_ids: &[i64]) -> Result<Vec<(i64, i64, String, bool)>> {
    let mut all: Vec<(i64, i64, String, bool)> = memberships::table
        .inner_join(teams::table)
        .filter(id_in(memberships::person_id, person_ids))
        .select((
            memberships::person_id,
            teams::id,
            teams::name,
            memberships::is_lead,
        ))
        .load(c)?;
    all.sort_by_cached_key(|(_, id, name, _)| (text::sort_key(name), *id));
    Ok(all)
}

/// The person with that handle, and whether they have a password.
pub fn by_handle(c: &mut Conn, handle: &str) -> Result<Line> {
    let found: Option<(Person, bool)> = people::table
        .filter(people::handle.eq(handle))
        .select((Person::as_select(), people::password_hash.is_not_null()))
        .first(c)
        .optional()?;
    let (person, has_password) = found.ok_or(Error::NotFound("person"))?;
    Ok(Line {
        person,
        has_password,
    })
}

/// Administrators who have not left, except that person.
pub fn other_administrators(c: &mut Conn, person_id: i64) -> Result<i64> {
    Ok(people::table
        .filter(
            people::is_admin
                .eq(true)
                .and(people::deactivated_at.is_null())
                .and(people::id.ne(person_id)),
        )
        .count()
        .get_result(c)?)
}

/// Stores it, and keeps name and address before for past days where one of them changes.
pub fn update(
    c: &mut Conn,
    id: i64,
    details: &Details,
    now: UtcTime,
) -> diesel::QueryResult<usize> {
    let named: (String, String) = people::table
        .find(id)
        .select((people::name, people::email))
        .first(c)?;
    if (named.0.as_str(), named.1.as_str()) != (details.name.as_str(), details.email.as_str()) {
        keep_names(c, id, now)?;
    }
    diesel::update(people::table.find(id))
        .set((
            people::name.eq(details.name.as_str()),
            people::name_key.eq(details.name.key()),
            people::sort_key.eq(details.name.sort_key()),
            people::search_key.eq(details.name.search_key()),
            people::email.eq(details.email.as_str()),
            people::email_key.eq(details.email.key()),
            people::time_zone.eq(details.time_zone.as_str()),
            people::is_admin.eq(details.is_admin),
        ))
        .execute(c)
}

/// Forgets what somebody who asked to be erased was called before.
pub fn forget_names(c: &mut Conn, id: i64) -> Result<()> {
    let names = person_names::table.filter(person_names::person_id.eq(id));
    diesel::delete(names).execute(c)?;
    Ok(())
}

pub fn set_handle(c: &mut Conn, id: i64, handle: &str) -> diesel::QueryResult<usize> {
    diesel::update(people::table.find(id))
        .set(people::handle.eq(handle))
        .execute(c)
}

/// Brings back a person who left; false when they had not left.
pub fn reactivate(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    let left = people::table
        .find(id)
        .filter(people::deactivated_at.is_not_null());
    let changed = diesel::update(left)
        .set(people::deactivated_at.eq(None::<UtcTime>))
        .execute(c)?;
    let away = departures::table.filter(
        departures::person_id
            .eq(id)
            .and(departures::back_at.is_null()),
    );
    diesel::update(away)
        .set(departures::back_at.eq(now))
        .execute(c)?;
    Ok(changed == 1)
}

pub fn team(c: &mut Conn, id: i64) -> Result<Team> {
    let found = teams::table
        .find(id)
        .select(Team::as_select())
        .first(c)
        .optional()?;
    found.ok_or(Error::NotFound("team"))
}

/// The same, locked until the transaction ends.
pub fn lock_team(c: &mut Conn, id: i64) -> Result<Team> {
    locks::take(Order::Team, id);
    let found = ForUpdate(
        teams::table
            .filter(teams::id.eq(id))
            .select(Team::as_select()),
    )
    .get_result(c)
    .optional()?;
    found.ok_or(Error::NotFound("team"))
}

pub fn insert_team(c: &mut Conn, name: &Name, now: UtcTime) -> diesel::QueryResult<i64> {
    diesel::insert_into(teams::table)
        .values((
            teams::name.eq(name.as_str()),
            teams::name_key.eq(name.key()),
            teams::created_at.eq(now),
        ))
        .returning(teams::id)
        .get_result(c)
}

pub fn rename_team(c: &mut Conn, id: i64, to: &Name) -> diesel::QueryResult<usize> {
    diesel::update(teams::table.find(id))
        .set((teams::name.eq(to.as_str()), teams::name_key.eq(to.key())))
        .execute(c)
}

/// Whether someone is in a team, and leads it.
pub fn leads(c: &mut Conn, team_id: i64, person_id: i64) -> Result<Option<bool>> {
    Ok(memberships::table
        .find((team_id, person_id))
        .select(memberships::is_lead)
        .first(c)
        .optional()?)
}

/// Everyone in a team, by name, and whether they lead it; also people who left.
pub fn members(c: &mut Conn, team_id: i64) -> Result<Vec<(Person, bool)>> {
    Ok(memberships::table
        .inner_join(people::table)
        .filter(memberships::team_id.eq(team_id))
        .select((Person::as_select(), memberships::is_lead))
        .order((people::sort_key, people::id))
        .load(c)?)
}

/// How many people who have not left each team has, and how many of them lead it.
pub fn sizes(c: &mut Conn) -> Result<Vec<(i64, bool, i64)>> {
    use diesel::dsl::count_star;
    Ok(memberships::table
        .inner_join(people::table)
        .filter(people::deactivated_at.is_null())
        .group_by((memberships::team_id, memberships::is_lead))
        .select((memberships::team_id, memberships::is_lead, count_star()))
        .load(c)?)
}

/// The teams without another lead who is here, by name.
pub fn teams_without_other_lead(c: &mut Conn, person_id: i64) -> Result<Vec<String>> {
    let led: Vec<i64> = memberships::table
        .filter(
            memberships::person_id
                .eq(person_id)
                .and(memberships::is_lead.eq(true)),
        )
        .select(memberships::team_id)
        .load(c)?;
    let shared: Vec<i64> = memberships::table
        .inner_join(people::table)
        .filter(id_in(memberships::team_id, &led))
        .filter(
            memberships::is_lead
                .eq(true)
                .and(memberships::person_id.ne(person_id))
                .and(people::deactivated_at.is_null()),
        )
        .select(memberships::team_id)
        .load(c)?;
    let alone: Vec<i64> = led.into_iter().filter(|id| !shared.contains(id)).collect();
    let mut names: Vec<String> = teams::table
        .filter(id_in(teams::id, &alone))
        .select(teams::name)
        .load(c)?;
    names.sort_by_cached_key(|name| text::sort_key(name));
    Ok(names)
}

/// The areas of each team: team, slug and name.
pub fn owned(c: &mut Conn) -> Result<Vec<(i64, String, String)>> {
    let mut all: Vec<(i64, String, String)> = areas::table
        .filter(areas::archived_at.is_null())
        .select((areas::owner_team_id, areas::slug, areas::name))
        .load(c)?;
    all.sort_by_cached_key(|(_, _, name)| text::sort_key(name));
    Ok(all)
}

/// Numbers of teams, of people who have not left, and of areas in use.
pub fn counts(c: &mut Conn) -> Result<(i64, i64, i64)> {
    let here = people::table.filter(people::deactivated_at.is_null());
    let in_use = areas::table.filter(areas::archived_at.is_null());
    Ok((
        teams::table.count().get_result(c)?,
        here.count().get_result(c)?,
        in_use.count().get_result(c)?,
    ))
}
