//! SQL of people and teams.

use std::collections::BTreeSet;

use crate::db::list::{Listed, listed};
use crate::domain::people::model::{Membership, Person, Team};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{Actor, Name, NewPerson, team_of};
use crate::db::fixed::{Fixed, fixed};
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{departures, membership_spells, memberships, people, person_names, teams};
use crate::db::types::UtcTime;
use crate::db::{Conn, Each, id_in};
use crate::error::{Error, Result};
use crate::text;

/// The person with that e-mail key.
pub fn by_email(c: &mut Conn, email_key: &str) -> Result<Option<Person>> {
    Ok(people::table
        .filter(people::email_key.eq(email_key))
        .select(Person::as_select())
        .first(c)
        .optional()?)
}

/// The person with that handle or e-mail address.
pub fn by_handle_or_email(c: &mut Conn, typed: &str) -> Result<Option<Person>> {
    let handle = people::handle.eq(text::key(typed));
    Ok(people::table
        .filter(handle.or(people::email_key.eq(text::email::email_key(typed))))
        .order(people::id)
        .select(Person::as_select())
        .first(c)
        .optional()?)
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Person>> {
    Ok(people::table
        .find(id)
        .select(Person::as_select())
        .first(c)
        .optional()?)
}

/// The name of a person; "the command line" for `None`.
pub fn name_of(c: &mut Conn, id: Option<i64>) -> Result<String> {
    let person = match id {
        Some(id) => by_id(c, id)?,
        None => None,
    };
    Ok(person.map_or_else(|| "Someone at the command line".to_owned(), |p| p.name))
}

/// The teams of the person with the row `person`.
pub fn teams_of(person: &str) -> Listed {
    listed(
        &["CAST(m.team_id AS TEXT)"],
        &format!("memberships m WHERE m.person_id = {person}"),
    )
}

/// The people of those rows.
pub fn by_ids(c: &mut Conn, ids: &[i64]) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(id_in(people::id, ids))
        .select(Person::as_select())
        .load(c)?)
}

/// The leads of those teams who have not left.
pub fn leads_of(c: &mut Conn, teams: &[i64]) -> Result<Vec<i64>> {
    Ok(memberships::table
        .inner_join(people::table)
        .filter(id_in(memberships::team_id, teams).and(memberships::is_lead))
        .filter(people::deactivated_at.is_null())
        .select(memberships::person_id)
        .load(c)?)
}

/// Who leads those teams, with those who left.
pub fn leads_in(c: &mut Conn, teams: &[i64]) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(id_in(memberships::team_id, teams).and(memberships::is_lead))
        .select(Membership::as_select())
        .load(c)?)
}

/// The name of a team.
pub fn team_name(c: &mut Conn, id: i64) -> Result<String> {
    let name = teams::table.find(id).select(teams::name).first(c);
    name.optional()?.ok_or(Error::NotFound("team"))
}

/// The members of a team who have not left.
pub fn members(c: &mut Conn, team_id: i64) -> Result<Vec<Person>> {
    Ok(people::table
        .inner_join(memberships::table)
        .filter(memberships::team_id.eq(team_id))
        .filter(people::deactivated_at.is_null())
        .select(Person::as_select())
        .load(c)?)
}

/// The administrators who have not left.
pub fn administrators(c: &mut Conn) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(people::is_admin.eq(true))
        .filter(people::deactivated_at.is_null())
        .select(Person::as_select())
        .load(c)?)
}

/// Locks people until the transaction ends, so that none of them leaves, signs out, changes teams or gets more mentees
/// meanwhile. Those who act call [`crate::domain::audit::Act::hold`], which locks them too.
pub fn lock(c: &mut Conn, ids: &[i64]) -> Result<()> {
    locks::lock(c, Order::Person, ids)
}

/// Everyone who has not left, by name.
pub fn active(c: &mut Conn) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(people::deactivated_at.is_null())
        .order((people::sort_key, people::id))
        .select(Person::as_select())
        .load(c)?)
}

/// Everyone, also those who left.
pub fn everybody(c: &mut Conn) -> Result<Vec<Person>> {
    Ok(people::table
        .select(Person::as_select())
        .order(people::id)
        .load(c)?)
}

#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// A part of the name; empty for any.
    pub q: &'a str,
    /// In that team; `None` for any.
    pub team: Option<i64>,
    /// The handle of the last person on the page before; empty for the first page.
    pub after: &'a str,
}

/// People who have not left, by name; one more than `limit` when there are more.
pub fn page(c: &mut Conn, search: &Search<'_>, limit: usize) -> Result<Vec<Person>> {
    let mut all = people::table
        .filter(people::deactivated_at.is_null())
        .order((people::sort_key, people::id))
        .limit(i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX))
        .select(Person::as_select())
        .into_boxed();
    if !search.q.is_empty() {
        let (name, handle) = patterns(search.q);
        let is_named = people::search_key.like(name).escape('!');
        all = all.filter(is_named.or(people::handle.like(handle).escape('!')));
    }
    if let Some(team) = search.team {
        let members = memberships::table
            .filter(memberships::team_id.eq(team))
            .select(memberships::person_id);
        all = all.filter(people::id.eq_any(members));
    }
    if !search.after.is_empty() {
        let later = sql::<Bool>(
            "(people.sort_key, people.id) > (SELECT p.sort_key, p.id FROM people p WHERE p.handle = ",
        );
        all = all.filter(later.bind::<Text, _>(search.after).sql(")"));
    }
    Ok(all.load(c)?)
}

/// Patterns of a search, with `!` as their escape: for `search_key`, and for columns whose keys keep their marks. Whoever
/// is no administrator finds by name and handle alone, because e-mail addresses are not open.
pub fn patterns(words: &str) -> (String, String) {
    let words = text::wanted(words);
    let of = |key: String| text::anywhere(&key).unwrap_or_default();
    (of(text::search_key(words)), of(text::key(words)))
}

/// True when no person was ever added.
pub fn is_empty(c: &mut Conn) -> Result<bool> {
    Ok(people::table
        .select(people::id)
        .first::<i64>(c)
        .optional()?
        .is_none())
}

/// All teams, by name.
pub fn teams(c: &mut Conn) -> Result<Vec<Team>> {
    Ok(by_name(teams::table.select(Team::as_select()).load(c)?))
}

/// The teams of those rows, by name.
pub fn teams_by_ids(c: &mut Conn, ids: &[i64]) -> Result<Vec<Team>> {
    let those = teams::table.filter(id_in(teams::id, ids));
    Ok(by_name(those.select(Team::as_select()).load(c)?))
}

/// The team of a word in a URL: see [`team_of`].
pub fn team_by_word(c: &mut Conn, word: &str) -> Result<Option<Team>> {
    let number = word.parse::<i64>().unwrap_or_default();
    let found = teams_called(c, word, &[number])?;
    let id = team_of(word, &found);
    Ok(found.into_iter().find(|t| Some(t.id) == id))
}

/// The team of that name.
pub fn team_called(c: &mut Conn, name: &str) -> Result<Option<Team>> {
    Ok(teams_called(c, name, &[])?.pop())
}

/// The team of that name, and those of the rows `more`.
fn teams_called(c: &mut Conn, name: &str, more: &[i64]) -> Result<Vec<Team>> {
    let called = teams::name_key.eq(text::key(name));
    Ok(teams::table
        .filter(called.or(id_in(teams::id, more)))
        .select(Team::as_select())
        .load(c)?)
}

/// More teams than these are no list to choose from.
const TEAM_LIST: usize = 100;

/// All teams by name, and whether they are too many for a list. In that case only those of `own`, and the one of that name.
pub fn teams_to_choose(c: &mut Conn, name: &str, own: &[i64]) -> Result<(Vec<Team>, bool)> {
    let most = i64::try_from(TEAM_LIST).unwrap_or(i64::MAX);
    let first = teams::table.order(teams::name_key).limit(most + 1);
    let all: Vec<Team> = first.select(Team::as_select()).load(c)?;
    Ok(match all.len() > TEAM_LIST {
        true => (by_name(teams_called(c, name, own)?), true),
        false => (by_name(all), false),
    })
}

/// The first names of teams with these words in them.
pub fn team_names_like(c: &mut Conn, words: &str, most: i64) -> Result<Vec<String>> {
    let Some(pattern) = text::anywhere(&text::key(words)) else {
        return Ok(Vec::new());
    };
    Ok(teams::table
        .filter(teams::name_key.like(pattern).escape('!'))
        .order(teams::name_key)
        .limit(most)
        .select(teams::name)
        .load(c)?)
}

/// Teams by name.
pub fn by_name(mut teams: Vec<Team>) -> Vec<Team> {
    teams.sort_by_cached_key(|t| (text::sort_key(&t.name), t.id));
    teams
}

pub fn memberships(c: &mut Conn) -> Result<Vec<Membership>> {
    Ok(memberships::table.select(Membership::as_select()).load(c)?)
}

/// The teams of one person.
pub fn memberships_of(c: &mut Conn, person_id: i64) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(memberships::person_id.eq(person_id))
        .select(Membership::as_select())
        .load(c)?)
}

/// The teams of those people.
pub fn memberships_among(c: &mut Conn, ids: &[i64]) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(id_in(memberships::person_id, ids))
        .select(Membership::as_select())
        .load(c)?)
}

/// The people who have one of those handles.
pub fn by_handles(c: &mut Conn, handles: &BTreeSet<String>) -> Result<Vec<Person>> {
    if handles.is_empty() {
        return Ok(Vec::new());
    }
    Ok(people::table
        .filter(people::handle.eq_any(handles))
        .order(people::id)
        .select(Person::as_select())
        .load(c)?)
}

/// A person with their teams.
pub fn actor(c: &mut Conn, person: Person) -> Result<Actor> {
    let memberships = memberships_of(c, person.id)?;
    Ok(Actor::of(person, &memberships))
}

/// Adds a person under the first free handle; returns the row.
pub fn insert_person(c: &mut Conn, new: &NewPerson, is_admin: bool, now: UtcTime) -> Result<i64> {
    let wanted = new.email.handle();
    let taken: Vec<String> = people::table
        .filter(people::handle.like(format!("{wanted}%")))
        .select(people::handle)
        .load(c)?;
    let handle = std::iter::once(wanted.clone())
        .chain((2..).map(|n| format!("{wanted}-{n}")))
        .find(|h| !taken.contains(h))
        .unwrap_or(wanted);
    let id = diesel::insert_into(people::table)
        .values((
            people::handle.eq(handle),
            people::name.eq(new.name.as_str()),
            people::name_key.eq(new.name.key()),
            people::sort_key.eq(new.name.sort_key()),
            people::search_key.eq(new.name.search_key()),
            people::email.eq(new.email.as_str()),
            people::email_key.eq(new.email.key()),
            people::time_zone.eq(new.time_zone.as_str()),
            people::is_admin.eq(is_admin),
            people::created_at.eq(now),
        ))
        .returning(people::id)
        .get_result(c)?;
    locks::made(Order::Person, id);
    Ok(id)
}

/// Keeps what a person is called and reached by, for past days, before it changes.
pub fn keep_names(c: &mut Conn, id: i64, now: UtcTime) -> diesel::QueryResult<()> {
    let current = people::table
        .find(id)
        .select((
            people::id,
            people::name,
            people::name_key,
            people::email,
            people::email_key,
        ))
        .first::<(i64, String, String, String, String)>(c)?;
    let (person_id, name, name_key, email, email_key) = current;
    diesel::insert_into(person_names::table)
        .values((
            person_names::person_id.eq(person_id),
            person_names::name.eq(name),
            person_names::name_key.eq(name_key),
            person_names::email.eq(email),
            person_names::email_key.eq(email_key),
            person_names::until.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Stores it, and keeps the name before for past days.
pub fn set_name(c: &mut Conn, id: i64, name: &Name, now: UtcTime) -> Result<()> {
    keep_names(c, id, now)?;
    diesel::update(people::table.find(id))
        .set((
            people::name.eq(name.as_str()),
            people::name_key.eq(name.key()),
            people::sort_key.eq(name.sort_key()),
            people::search_key.eq(name.search_key()),
        ))
        .execute(c)?;
    Ok(())
}

pub fn set_time_zone(c: &mut Conn, id: i64, time_zone: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::time_zone.eq(time_zone))
        .execute(c)?;
    Ok(())
}

/// The parts whose first steps a person has put away, as stored.
pub fn welcomed(c: &mut Conn, id: i64) -> Result<String> {
    Ok(people::table.find(id).select(people::welcomed).first(c)?)
}

pub fn set_welcomed(c: &mut Conn, id: i64, words: &str) -> Result<()> {
    diesel::update(people::table.find(id))
        .set(people::welcomed.eq(words))
        .execute(c)?;
    Ok(())
}

/// SQL that is true where the column names a person who has not left. It reads those who left, not everybody, also of a
/// past day: there PostgreSQL expects one person for `deactivated_at IS NULL`, and plans as if nobody else were asked for.
pub fn here(column: &str) -> String {
    format!(
        "{column} NOT IN (SELECT departures.person_id FROM departures WHERE departures.back_at IS NULL)"
    )
}

/// The same for the query builder.
pub fn is_here(column: &str) -> Fixed<Bool> {
    fixed(here(column))
}

/// Marks a person as having left; false when they had left before.
pub fn deactivate(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    let changed = diesel::update(
        people::table
            .find(id)
            .filter(people::deactivated_at.is_null()),
    )
    .set(people::deactivated_at.eq(now))
    .execute(c)?;
    if changed == 1 {
        diesel::insert_into(departures::table)
            .values((departures::person_id.eq(id), departures::left_at.eq(now)))
            .execute(c)?;
    }
    Ok(changed == 1)
}

/// The team with that name; true when it was added.
pub fn team_named(c: &mut Conn, name: &Name, now: UtcTime) -> Result<(i64, bool)> {
    let found = teams::table
        .filter(teams::name_key.eq(name.key()))
        .select(teams::id)
        .first(c)
        .optional()?;
    if let Some(id) = found {
        return Ok((id, false));
    }
    let id = diesel::insert_into(teams::table)
        .values((
            teams::name.eq(name.as_str()),
            teams::name_key.eq(name.key()),
            teams::created_at.eq(now),
        ))
        .returning(teams::id)
        .get_result(c)?;
    Ok((id, true))
}

/// Adds a person to a team, or changes whether they lead it.
pub fn put_membership(
    c: &mut Conn,
    (team_id, person_id): (i64, i64),
    is_lead: bool,
    now: UtcTime,
) -> Result<()> {
    let was: Option<bool> = memberships::table
        .find((team_id, person_id))
        .select(memberships::is_lead)
        .first(c)
        .optional()?;
    if was == Some(is_lead) {
        return Ok(());
    }
    Each(
        diesel::insert_into(memberships::table)
            .values((
                memberships::team_id.eq(team_id),
                memberships::person_id.eq(person_id),
                memberships::is_lead.eq(is_lead),
            ))
            .on_conflict((memberships::team_id, memberships::person_id))
            .do_update()
            .set(memberships::is_lead.eq(is_lead)),
    )
    .execute(c)?;
    end_spell(c, (team_id, person_id), now)?;
    diesel::insert_into(membership_spells::table)
        .values((
            membership_spells::team_id.eq(team_id),
            membership_spells::person_id.eq(person_id),
            membership_spells::is_lead.eq(is_lead),
            membership_spells::since.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

pub fn end_membership(c: &mut Conn, (team_id, person_id): (i64, i64), now: UtcTime) -> Result<()> {
    diesel::delete(memberships::table.find((team_id, person_id))).execute(c)?;
    end_spell(c, (team_id, person_id), now)
}

/// Stores in the history that someone was in a team until now.
fn end_spell(c: &mut Conn, (team_id, person_id): (i64, i64), now: UtcTime) -> Result<()> {
    let lasting = membership_spells::team_id
        .eq(team_id)
        .and(membership_spells::person_id.eq(person_id))
        .and(membership_spells::until.is_null());
    diesel::update(membership_spells::table.filter(lasting))
        .set(membership_spells::until.eq(now))
        .execute(c)?;
    Ok(())
}
