//! Finding people in an organisation that is too large for a list.

use diesel::prelude::*;

use crate::db::schema::{memberships, people};
use crate::db::{Conn, id_in};
use crate::domain::people::model::Person;
use crate::error::Result;

/// People who have not left and whose name or e-mail contains these words, by name; the first `limit` of them by row.
pub fn by_words(c: &mut Conn, words: &str, limit: i64) -> Result<Vec<Person>> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    // The databases fold letters other than ASCII differently, so the query has the usual spellings.
    let spellings = [words.to_owned(), words.to_lowercase(), capital(words)].map(|s| pattern(&s));
    let [typed, lower, capital] = &spellings;
    let mut found: Vec<Person> = people::table
        .filter(
            people::deactivated_at.is_null().and(
                people::email_key
                    .like(lower)
                    .escape('!')
                    .or(people::name.like(typed).escape('!'))
                    .or(people::name.like(lower).escape('!'))
                    .or(people::name.like(capital).escape('!')),
            ),
        )
        .order(people::id)
        .limit(limit)
        .select(Person::as_select())
        .load(c)?;
    sort(&mut found);
    Ok(found)
}

/// The first people by name: all of a small organisation, where a list needs no search.
pub fn first(c: &mut Conn, limit: i64) -> Result<Vec<Person>> {
    Ok(people::table
        .filter(people::deactivated_at.is_null())
        .order((people::name_key, people::id))
        .limit(limit)
        .select(Person::as_select())
        .load(c)?)
}

/// People of those teams who have not left, by name.
pub fn of_teams(c: &mut Conn, team_ids: &[i64]) -> Result<Vec<Person>> {
    let mut found: Vec<Person> = people::table
        .inner_join(memberships::table)
        .filter(id_in(memberships::team_id, team_ids).and(people::deactivated_at.is_null()))
        .select(Person::as_select())
        .load(c)?;
    sort(&mut found);
    found.dedup_by_key(|p| p.id);
    Ok(found)
}

fn sort(people: &mut [Person]) {
    people.sort_by_cached_key(|p| (p.name.to_lowercase(), p.id));
}

/// A pattern for anywhere in the text; wildcards in the words are escaped.
fn pattern(words: &str) -> String {
    let escaped = words
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{escaped}%")
}

/// Every word with a capital, as in names.
fn capital(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first
                .to_uppercase()
                .chain(letters.flat_map(char::to_lowercase))
                .collect()
        })
    };
    words.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_are_escaped() {
        assert_eq!(pattern("50%_!"), "%50!%!_!!%");
        assert_eq!(capital("änna de la CRUZ"), "Änna De La Cruz");
    }
}
