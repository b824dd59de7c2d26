//! Keys of texts, made anew after the migrations when the way they are made has changed: SQL cannot fold letters as
//! [`crate::text`] does.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::exists;
use diesel::prelude::*;

use super::conn::{Conn, Purpose, transaction};
use super::locks::{Order, lock};
use super::schema::{people, person_names, postmortem_systems, postmortems, teams, text_keys};
use crate::error::Result;
use crate::text;

/// Counted up whenever [`crate::text`] makes another key of the same text.
const VERSION: i32 = 3;

/// Makes all keys anew, unless they are all made this way already. A row whose new key another row has too keeps its old
/// one, and [`meeting`] names it.
pub fn renew(c: &mut Conn) -> Result<()> {
    if !is_due(c)? {
        return Ok(());
    }
    transaction(c, Purpose::Write, |c| {
        if !is_due(c)? {
            return Ok(());
        }
        renew_teams(c)?;
        renew_library(c)?;
        renew_people(c)?;
        diesel::update(text_keys::table)
            .set(text_keys::version.eq(VERSION))
            .execute(c)?;
        for sentence in meeting(c)? {
            tracing::warn!("{sentence}");
        }
        Ok(())
    })
}

/// A sentence for all people with one e-mail address, and all teams with one name, by the keys of today.
pub fn meeting(c: &mut Conn) -> Result<Vec<String>> {
    let people: Vec<(String, String, String)> = people::table
        .order(people::id)
        .select((people::email, people::name, people::handle))
        .load(c)?;
    let people = people.into_iter().map(|(email, name, handle)| {
        let who = format!("{name} (/people/{handle})");
        (text::email::email_key(&email), who)
    });
    let teams: Vec<(i64, String)> = teams::table
        .order(teams::id)
        .select((teams::id, teams::name))
        .load(c)?;
    let teams = teams
        .into_iter()
        .map(|(id, name)| (text::key(&name), format!("{name} (/admin/teams/{id})")));
    let same = |all: BTreeMap<String, Vec<String>>, end: &'static str| {
        let shared = all.into_values().filter(|who| who.len() > 1);
        shared.map(move |who| format!("{} {end}", who.join(" and ")))
    };
    let addresses = same(
        grouped(people),
        "have the same e-mail address. Change all but one.",
    );
    let names = same(
        grouped(teams),
        "are teams of the same name. Rename all but one.",
    );
    Ok(addresses.chain(names).collect())
}

fn grouped(all: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, who) in all {
        groups.entry(key).or_default().push(who);
    }
    groups
}

fn version(c: &mut Conn) -> Result<i32> {
    Ok(text_keys::table.select(text_keys::version).first(c)?)
}

/// Whether keys are made in another way, or are missing: an older process that ran on beside this version left them out.
fn is_due(c: &mut Conn) -> Result<bool> {
    let without = people::table.filter(people::sort_key.eq(""));
    let some_are_missing: bool = diesel::select(exists(without)).get_result(c)?;
    Ok(some_are_missing || version(c)? != VERSION)
}

/// A row with the key it has and the key it would get.
struct Keyed {
    id: i64,
    was: String,
    is: String,
}

/// The rows that get their new key: no other row has it, or will.
fn free(rows: Vec<Keyed>) -> Vec<Keyed> {
    let mut stay = BTreeSet::new();
    loop {
        let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            let key = if stay.contains(&row.id) {
                &row.was
            } else {
                &row.is
            };
            *wanted.entry(key).or_default() += 1;
        }
        let clash = |row: &&Keyed| wanted.get(row.is.as_str()).is_some_and(|n| *n > 1);
        let before = stay.len();
        stay.extend(rows.iter().filter(clash).map(|row| row.id));
        if stay.len() == before {
            break;
        }
    }
    let mut rows = rows;
    rows.retain(|row| row.was != row.is && !stay.contains(&row.id));
    rows
}

fn renew_people(c: &mut Conn) -> Result<()> {
    let ids: Vec<i64> = people::table.select(people::id).load(c)?;
    lock(c, Order::Person, &ids)?;
    let rows: Vec<(i64, String, String, String)> = people::table
        .order(people::id)
        .select((people::id, people::name, people::email, people::email_key))
        .load(c)?;
    for (id, name, ..) in &rows {
        diesel::update(people::table.find(id))
            .set((
                people::name_key.eq(text::key(name)),
                people::sort_key.eq(text::sort_key(name)),
                people::search_key.eq(text::search_key(name)),
            ))
            .execute(c)?;
    }
    let keyed = rows.into_iter().map(|(id, _, email, was)| Keyed {
        id,
        was,
        is: text::email::email_key(&email),
    });
    for row in free(keyed.collect()) {
        diesel::update(people::table.find(row.id))
            .set(people::email_key.eq(row.is))
            .execute(c)?;
    }
    let before: Vec<(i64, String, String)> = person_names::table
        .select((person_names::id, person_names::name, person_names::email))
        .load(c)?;
    for (id, name, email) in before {
        diesel::update(person_names::table.find(id))
            .set((
                person_names::name_key.eq(text::key(&name)),
                person_names::email_key.eq(text::email::email_key(&email)),
            ))
            .execute(c)?;
    }
    Ok(())
}

fn renew_teams(c: &mut Conn) -> Result<()> {
    let ids: Vec<i64> = teams::table.select(teams::id).load(c)?;
    lock(c, Order::Team, &ids)?;
    let rows: Vec<(i64, String, String)> = teams::table
        .order(teams::id)
        .select((teams::id, teams::name, teams::name_key))
        .load(c)?;
    let keyed = rows.into_iter().map(|(id, name, was)| Keyed {
        id,
        was,
        is: text::key(&name),
    });
    for row in free(keyed.collect()) {
        diesel::update(teams::table.find(row.id))
            .set(teams::name_key.eq(row.is))
            .execute(c)?;
    }
    Ok(())
}

/// What post-mortems are found by: their words, and the systems that were part of the incident.
fn renew_library(c: &mut Conn) -> Result<()> {
    let ids: Vec<i64> = postmortems::table.select(postmortems::id).load(c)?;
    lock(c, Order::Postmortem, &ids)?;
    let rows: Vec<(i64, String)> = postmortems::table
        .order(postmortems::id)
        .select((postmortems::id, postmortems::search_key))
        .load(c)?;
    for (id, was) in rows {
        let is = text::search_key(&was);
        if is != was {
            diesel::update(postmortems::table.find(id))
                .set(postmortems::search_key.eq(is))
                .execute(c)?;
        }
    }
    let rows: Vec<(i64, String)> = postmortem_systems::table
        .select((postmortem_systems::postmortem_id, postmortem_systems::name))
        .load(c)?;
    let mut known: BTreeSet<(i64, String)> = rows.iter().cloned().collect();
    for (id, was) in rows {
        let is = text::normal(&was).into_owned();
        if is == was {
            continue;
        }
        let row = postmortem_systems::table.find((id, was));
        if known.insert((id, is.clone())) {
            diesel::update(row)
                .set(postmortem_systems::name.eq(is))
                .execute(c)?;
        } else {
            diesel::delete(row).execute(c)?;
            tracing::warn!(
                "Post-mortem {id} had the system {is} in two spellings. Now it has it once."
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_two_rows_get_one_key_and_who_is_alone_gets_the_new_one(
            keys in prop::collection::btree_map("[a-e]", "[a-e]", 0..6),
        ) {
            let rows = (1..).zip(&keys).map(|(id, (was, is))| Keyed { id, was: was.clone(), is: is.clone() });
            let changed: BTreeMap<i64, String> = free(rows.collect()).into_iter().map(|row| (row.id, row.is)).collect();
            let after: Vec<&String> = (1..).zip(keys.keys()).map(|(id, was)| changed.get(&id).unwrap_or(was)).collect();
            let different: BTreeSet<&String> = after.iter().copied().collect();
            prop_assert_eq!(different.len(), after.len());
            for (id, (was, is)) in (1..).zip(&keys) {
                if keys.iter().all(|(w, i)| w == was || (w != is && i != is)) {
                    prop_assert!(was == is || changed.contains_key(&id));
                }
            }
        }
    }
}
