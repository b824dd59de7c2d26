//! Reading the audit log. Reading adds no entry.

use std::collections::HashSet;

use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::area::store as areas;
use crate::domain::audit::filter::{Filter, FilterForm, Who, matching};
use crate::domain::audit::sealed;
use crate::domain::audit::sentences::Kind;
use crate::domain::audit::store;
use crate::domain::audit::store::{Place, Row};
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::people::store as people;
use crate::domain::ramp;
use crate::error::{Error, FieldErrors, Result};
use crate::time::LocalTime;

/// Only administrators: the log shows when everyone signed in, and from which address.
fn permit(actor: &Actor) -> Result<()> {
    if actor.is_admin {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "The audit log is open to administrators only.".into(),
        ))
    }
}

/// The person that the search text names.
#[derive(Debug, Clone)]
pub enum PersonMatch {
    Everyone,
    One(Person),
    /// The operator at the command line.
    Operator,
    /// More than one person matches.
    Several(Vec<Person>),
    NoMatch,
}

/// The parsed search.
#[derive(Debug, Clone)]
pub struct Search {
    pub filter: Filter,
    pub person: PersonMatch,
    /// All areas, for the choice.
    pub areas: Vec<Area>,
    /// Input that has no meaning.
    pub errors: FieldErrors,
}

impl Search {
    /// False when a part of the search was not understood. The page then shows no entries instead of too many.
    pub fn is_understood(&self) -> bool {
        self.errors.is_empty()
            && !matches!(self.person, PersonMatch::Several(_) | PersonMatch::NoMatch)
    }
}

/// Parses the search of an administrator.
pub fn parse_search(
    c: &mut Conn,
    actor: &Actor,
    local: &LocalTime,
    asked: &FilterForm,
) -> Result<Search> {
    permit(actor)?;
    let areas = areas::all_with_archived(c)?;
    let (mut filter, errors) = asked.parse(&areas, local);
    let person = person(c, asked)?;
    filter.who = match &person {
        PersonMatch::One(person) => Some(Who::Person(person.id)),
        PersonMatch::Operator => Some(Who::Operator),
        PersonMatch::Everyone | PersonMatch::Several(_) | PersonMatch::NoMatch => None,
    };
    Ok(Search {
        filter,
        person,
        areas,
        errors,
    })
}

fn person(c: &mut Conn, asked: &FilterForm) -> Result<PersonMatch> {
    if asked.who.is_empty() {
        return Ok(PersonMatch::Everyone);
    }
    if asked.includes_operator() {
        return Ok(PersonMatch::Operator);
    }
    // Links of the page carry the handle; one query finds it.
    if let Some(person) = people::by_handle_or_email(c, &asked.who)? {
        return Ok(PersonMatch::One(person));
    }
    let everybody = people::everybody(c)?;
    let mut found = matching(&asked.who, everybody);
    Ok(match found.len() {
        0 => PersonMatch::NoMatch,
        1 => found.pop().map_or(PersonMatch::NoMatch, PersonMatch::One),
        _ => PersonMatch::Several(found),
    })
}

/// At most `limit` matching entries after `before`, newest first; and the position of the last one when there are more.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::NotFound`] when there is no entry at
/// `before`.
pub fn page(
    c: &mut Conn,
    actor: &Actor,
    filter: &Filter,
    before: Option<i64>,
    limit: usize,
) -> Result<(Vec<Row>, Option<i64>)> {
    permit(actor)?;
    let place: Option<Place> = match before {
        Some(seq) => {
            let row = store::entry(c, seq)?.ok_or(Error::NotFound("entry"))?;
            Some((row.at, row.seq))
        }
        None => None,
    };
    let mut rows = store::newest(c, filter, place, limit.saturating_add(1))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(|row| row.seq);
    seal(c, actor, &mut rows)?;
    Ok((rows, last))
}

/// Takes out of the details what their own pages keep from the actor.
fn seal(c: &mut Conn, actor: &Actor, rows: &mut [Row]) -> Result<()> {
    let is_judged =
        |row: &Row| Kind::of(&row.action) == Some(Kind::Assessment) && row.actor_id != actor.id;
    let own_ramps = match actor.id.filter(|_| rows.iter().any(is_judged)) {
        Some(id) => ramp::store::with_part_of(c, id)?,
        None => HashSet::new(),
    };
    for row in rows {
        let ramp = row
            .object
            .strip_prefix("ramp:")
            .and_then(|id| id.parse().ok());
        let is_other_side = is_judged(row) && ramp.is_some_and(|id: i64| own_ramps.contains(&id));
        row.details = sealed::shown(&row.action, &row.details, is_other_side);
    }
    Ok(())
}

/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::NotFound`].
pub fn entry(c: &mut Conn, actor: &Actor, seq: i64) -> Result<Row> {
    permit(actor)?;
    let mut row = store::entry(c, seq)?.ok_or(Error::NotFound("entry"))?;
    seal(c, actor, std::slice::from_mut(&mut row))?;
    Ok(row)
}
