//! People who may read a place: whom a comment can mention, and who hears of it.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::db::Conn;
use crate::domain::discussion::{Place, mentions};
use crate::domain::people::model::{Membership, Person};
use crate::domain::people::{Actor, store};
use crate::error::{Error, Result};

/// Most people in the list of those who can be mentioned.
pub const LISTED: usize = 300;

/// People who may read a place, by name, with their handles.
pub fn readers(c: &mut Conn, place: &Place) -> Result<Vec<(String, String)>> {
    let people = store::active(c)?;
    let all = match place.readers.is_everyone() {
        true => people,
        false => {
            let memberships = store::memberships(c)?;
            reading(place, people, &memberships)
        }
    };
    let named = all.into_iter().map(|p| (p.handle, p.name));
    Ok(named.take(LISTED).collect())
}

fn reading(place: &Place, people: Vec<Person>, memberships: &[Membership]) -> Vec<Person> {
    let mut of: HashMap<i64, Vec<Membership>> = HashMap::new();
    for membership in memberships {
        of.entry(membership.person_id)
            .or_default()
            .push(membership.clone());
    }
    let may_read = |person: &Person| {
        let teams = of.get(&person.id).map_or(&[][..], Vec::as_slice);
        place.readers.may_read(&Actor::of(person.clone(), teams))
    };
    people.into_iter().filter(may_read).collect()
}

/// Those of these people who are here and may read a place.
pub fn among(c: &mut Conn, place: &Place, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut people = store::by_ids(c, ids)?;
    people.retain(|p| p.deactivated_at.is_none());
    let memberships = store::memberships_among(c, ids)?;
    let all = reading(place, people, &memberships);
    Ok(all.into_iter().map(|p| p.id).collect())
}

/// The people whom these handles mention. Those in `before` were mentioned already and are not asked about again; a handle
/// that nobody has is a word.
///
/// Errors: [`Error::Invalid`] at `body` when one of them may not read the place, or there are too many.
pub fn mentioned(
    c: &mut Conn,
    place: &Place,
    handles: &BTreeSet<String>,
    before: &[i64],
) -> Result<Vec<i64>> {
    let people = store::by_handles(c, handles)?;
    if people.len() > mentions::MOST {
        let sentence = format!(
            "This mentions {} people. The limit is {}.",
            people.len(),
            mentions::MOST
        );
        return Err(Error::field("body", sentence));
    }
    let ids: Vec<i64> = people.iter().map(|p| p.id).collect();
    let may_read = among(c, place, &ids)?;
    let blind = |p: &&Person| !may_read.contains(&p.id) && !before.contains(&p.id);
    let blind: Vec<String> = people
        .iter()
        .filter(blind)
        .map(|p| format!("{} (@{})", p.name, p.handle))
        .collect();
    if blind.is_empty() {
        return Ok(ids);
    }
    Err(Error::field(
        "body",
        format!(
            "{} cannot read this page, so a mention would not reach them. Remove the @ to name them.",
            blind.join(", ")
        ),
    ))
}
