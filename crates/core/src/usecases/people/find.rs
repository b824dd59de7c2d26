//! Finding people in an organisation that is too large for a list.

use diesel::prelude::*;

use crate::db::schema::{memberships, people};
use crate::db::{Conn, id_in};
use crate::domain::people::model::Person;
use crate::domain::people::store::patterns;
use crate::error::Result;
use crate::text;
use crate::words::clipped;

/// The first `limit` people by name who have not left and whose name or handle contains these words.
pub fn by_words(c: &mut Conn, words: &str, limit: i64) -> Result<Vec<Person>> {
    if words.trim().is_empty() {
        return Ok(Vec::new());
    }
    let (name, handle) = patterns(words);
    let is_named = people::search_key.like(name).escape('!');
    Ok(people::table
        .filter(people::deactivated_at.is_null())
        .filter(is_named.or(people::handle.like(handle).escape('!')))
        .order((people::sort_key, people::id))
        .limit(limit)
        .select(Person::as_select())
        .load(c)?)
}

/// The one person who has not left and has that handle or, where nobody has, that whole name. Never by e-mail address:
/// a person who names someone could find out whose address exists.
pub fn called(c: &mut Conn, typed: &str) -> Result<std::result::Result<Person, String>> {
    let key = text::key(typed);
    let here = || people::table.filter(people::deactivated_at.is_null());
    let of_handle: Option<Person> = here()
        .filter(people::handle.eq(&key))
        .select(Person::as_select())
        .first(c)
        .optional()?;
    if let Some(person) = of_handle {
        return Ok(Ok(person));
    }
    let mut found: Vec<Person> = here()
        .filter(people::name_key.eq(&key))
        .order(people::id)
        .select(Person::as_select())
        .load(c)?;
    let handles: Vec<String> = found.iter().map(|p| p.handle.clone()).collect();
    Ok(match (found.pop(), handles.len()) {
        (Some(person), 1) => Ok(person),
        (None, _) => Err(format!(
            "There is nobody here with the name or handle “{}”.",
            clipped(typed.trim(), 80)
        )),
        _ => Err(format!(
            "Several people have this name. Write a handle: {}.",
            handles.join(", ")
        )),
    })
}

/// The first people by name: all of a small organisation, where a list needs no search.
pub fn first(c: &mut Conn, limit: i64) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(people::deactivated_at.is_null())
        .order((people::sort_key, people::id))
        .limit(limit)
        .select(Person::as_select())
        .load(c)?)
}

/// People of those teams who have not left, by name.
pub fn of_teams(c: &mut Conn, team_ids: &[i64]) -> Result<Vec<Person>> {
    let mut found: Vec<Person> = people::table
        .inner_join(memberships::table)
        .filter(id_in(memberships::team_id, team_ids).and(people::deactivated_at.is_null()))
        .order((people::sort_key, people::id))
        .select(Person::as_select())
        .load(c)?;
    found.dedup_by_key(|p| p.id);
    Ok(found)
}
