//! SQL of rotas.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::Bool;
use sha2::{Digest, Sha256};

use super::finding::{Identity, Kind, Who};
use super::form::{From, NewRota};
use super::model::{Acceptance, Rota};
use super::{Duty, Entry};
use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{
    people, rota_acceptances, rota_entries, rota_fetches, rota_findings, rota_names, rotas,
};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::people::model::Person;
use crate::error::Result;
use crate::text;
use crate::text::email::email_key;

/// A rota is read again after that.
const SECONDS_BETWEEN: i64 = 3600;
/// The longest wait after failures.
const LONGEST_WAIT: i64 = 24 * 3600;
/// Longest problem kept.
pub const PROBLEM_CHARS: usize = 300;

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Rota>> {
    Ok(rotas::table
        .find(id)
        .select(Rota::as_select())
        .first(c)
        .optional()?)
}

/// The rotas of those areas that are not removed, by name.
pub fn of_areas(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Rota>> {
    let mut all: Vec<Rota> = rotas::table
        .filter(id_in(rotas::area_id, area_ids))
        .filter(rotas::removed_at.is_null())
        .select(Rota::as_select())
        .load(c)?;
    all.sort_by_cached_key(|rota| (text::sort_key(&rota.name), rota.id));
    Ok(all)
}

pub fn insert(
    c: &mut Conn,
    area_id: i64,
    new: &NewRota,
    (by, zone, now): (Option<i64>, &str, UtcTime),
) -> Result<i64> {
    let (address, token) = match &new.from {
        From::Address { address, token } => (address.as_str(), token.as_str()),
        From::Text(_) => ("", ""),
    };
    Ok(diesel::insert_into(rotas::table)
        .values((
            rotas::area_id.eq(area_id),
            rotas::name.eq(&new.name),
            rotas::source.eq(new.source),
            rotas::address.eq(address),
            rotas::token.eq(token),
            rotas::time_zone.eq(zone),
            rotas::made_by.eq(by),
            rotas::made_at.eq(now),
            rotas::due_at.eq(now),
        ))
        .returning(rotas::id)
        .get_result(c)?)
}

/// An upload takes the place of the one before.
pub fn set_source(c: &mut Conn, id: i64, source: super::source::Source, zone: &str) -> Result<()> {
    diesel::update(rotas::table.find(id))
        .set((rotas::source.eq(source), rotas::time_zone.eq(zone)))
        .execute(c)?;
    Ok(())
}

/// Removes it, with its address and token; false when it is removed.
pub fn remove(c: &mut Conn, id: i64, (by, now): (Option<i64>, UtcTime)) -> Result<bool> {
    let open = rotas::table.filter(rotas::id.eq(id).and(rotas::removed_at.is_null()));
    let set = (
        rotas::removed_at.eq(now),
        rotas::removed_by.eq(by),
        rotas::address.eq(""),
        rotas::token.eq(""),
    );
    Ok(diesel::update(open).set(set).execute(c)? == 1)
}

/// Takes a rota that is due, so that nobody else reads it meanwhile; the longest due first. Uploads are due as well:
/// what is wrong with them changes with the clearances.
pub fn take(c: &mut Conn, now: UtcTime) -> Result<Option<Rota>> {
    let due: Vec<Rota> = rotas::table
        .filter(rotas::due_at.le(now).and(rotas::removed_at.is_null()))
        .order((rotas::due_at, rotas::id))
        .limit(1)
        .select(Rota::as_select())
        .load(c)?;
    let Some(rota) = due.into_iter().next() else {
        return Ok(None);
    };
    let still = rotas::table.filter(rotas::id.eq(rota.id).and(rotas::due_at.eq(rota.due_at)));
    let next = now.plus_seconds(wait(rota.failures));
    let is_ours = diesel::update(still)
        .set(rotas::due_at.eq(next))
        .execute(c)?
        == 1;
    Ok(is_ours.then_some(rota))
}

/// Seconds until a rota is read again: longer after each failure.
fn wait(failures: i32) -> i64 {
    let doubled = u32::try_from(failures).unwrap_or_default().min(10);
    (SECONDS_BETWEEN << doubled).min(LONGEST_WAIT)
}

/// Notes what came of a reading, and when the next one is.
pub fn note(c: &mut Conn, of: &Rota, problem: &str, now: UtcTime) -> Result<()> {
    let failures = match problem {
        "" => 0,
        _ => of.failures.saturating_add(1),
    };
    diesel::update(rotas::table.find(of.id))
        .set((
            rotas::looked_at.eq(now),
            rotas::failures.eq(failures),
            rotas::problem.eq(problem),
            rotas::due_at.eq(now.plus_seconds(wait(failures))),
        ))
        .execute(c)?;
    Ok(())
}

/// What tells two contents of a rota apart.
fn digest(entries: &[Entry]) -> String {
    let mut hash = Sha256::new();
    for entry in entries {
        let times = format!(
            "{} {}",
            entry.starts_at.iso_micros(),
            entry.ends_at.iso_micros()
        );
        for part in [&times, &entry.name, &entry.email, entry.duty.word()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    hex::encode(hash.finalize())
}

/// Keeps what a rota says, where it says something new; returns whether it does. Lock the area first.
pub fn keep(
    c: &mut Conn,
    rota_id: i64,
    entries: &[Entry],
    (by, now): (Option<i64>, UtcTime),
) -> Result<bool> {
    let digest = digest(entries);
    let last: Option<String> = rota_fetches::table
        .filter(rota_fetches::rota_id.eq(rota_id))
        .order(rota_fetches::id.desc())
        .select(rota_fetches::digest)
        .first(c)
        .optional()?;
    if last.as_ref() == Some(&digest) {
        return Ok(false);
    }
    let fetch_id: i64 = diesel::insert_into(rota_fetches::table)
        .values((
            rota_fetches::rota_id.eq(rota_id),
            rota_fetches::at.eq(now),
            rota_fetches::digest.eq(digest),
            rota_fetches::by_id.eq(by),
        ))
        .returning(rota_fetches::id)
        .get_result(c)?;
    for (n, entry) in (0_i32..).zip(entries) {
        diesel::insert_into(rota_entries::table)
            .values((
                rota_entries::fetch_id.eq(fetch_id),
                rota_entries::n.eq(n),
                rota_entries::starts_at.eq(entry.starts_at),
                rota_entries::ends_at.eq(entry.ends_at),
                rota_entries::name.eq(&entry.name),
                rota_entries::email.eq(&entry.email),
                rota_entries::duty.eq(entry.duty),
            ))
            .execute(c)?;
    }
    Ok(true)
}

/// SQL: whether a row of `rota_fetches` is the last one of its rota.
fn is_last() -> Fixed<Bool> {
    fixed(
        "rota_fetches.id = (SELECT max(f.id) FROM rota_fetches f WHERE f.rota_id = rota_fetches.rota_id)",
    )
}

/// When each of those rotas last said something new.
pub fn changed_at(c: &mut Conn, rota_ids: &[i64]) -> Result<HashMap<i64, UtcTime>> {
    let rows: Vec<(i64, UtcTime)> = rota_fetches::table
        .filter(id_in(rota_fetches::rota_id, rota_ids))
        .filter(is_last())
        .select((rota_fetches::rota_id, rota_fetches::at))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// What the rotas of those areas say of the time between two moments: the area, and the shift.
pub fn entries(
    c: &mut Conn,
    area_ids: &[i64],
    (from, until): (UtcTime, UtcTime),
) -> Result<Vec<(i64, Entry)>> {
    type Row = (i64, UtcTime, UtcTime, String, String, Duty);
    let rows: Vec<Row> = rota_entries::table
        .inner_join(rota_fetches::table.inner_join(rotas::table))
        .filter(id_in(rotas::area_id, area_ids))
        .filter(rotas::removed_at.is_null())
        .filter(is_last())
        .filter(rota_entries::ends_at.gt(from))
        .filter(rota_entries::starts_at.lt(until))
        .select((
            rotas::area_id,
            rota_entries::starts_at,
            rota_entries::ends_at,
            rota_entries::name,
            rota_entries::email,
            rota_entries::duty,
        ))
        .load(c)?;
    let entry = |(area_id, starts_at, ends_at, name, email, duty): Row| {
        let entry = Entry {
            starts_at,
            ends_at,
            name,
            email,
            duty,
        };
        (area_id, entry)
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The people with one of those keys of an address, or of a name.
pub fn people_of(
    c: &mut Conn,
    (emails, names): &(BTreeSet<String>, BTreeSet<String>),
) -> Result<Vec<Person>> {
    if emails.is_empty() && names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(people::table
        .filter(
            people::email_key
                .eq_any(emails)
                .or(people::name_key.eq_any(names)),
        )
        .order(people::id)
        .select(Person::as_select())
        .load(c)?)
}

/// Who the names of rotas are, as leads of those areas said: the area and the key of the name.
pub fn said(c: &mut Conn, area_ids: &[i64]) -> Result<HashMap<(i64, String), i64>> {
    let rows: Vec<(i64, String, Option<i64>)> = rota_names::table
        .filter(id_in(rota_names::area_id, area_ids))
        .order(rota_names::id)
        .select((
            rota_names::area_id,
            rota_names::name_key,
            rota_names::person_id,
        ))
        .load(c)?;
    let mut said = HashMap::new();
    for (area_id, key, person) in rows {
        match person {
            Some(id) => _ = said.insert((area_id, key), id),
            None => _ = said.remove(&(area_id, key)),
        }
    }
    Ok(said)
}

pub fn say(
    c: &mut Conn,
    (area_id, key): (i64, &str),
    person_id: Option<i64>,
    (by, now): (i64, UtcTime),
) -> Result<()> {
    diesel::insert_into(rota_names::table)
        .values((
            rota_names::area_id.eq(area_id),
            rota_names::name_key.eq(key),
            rota_names::person_id.eq(person_id),
            rota_names::by_id.eq(by),
            rota_names::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// What of an area is accepted on a day, with the moment of each finding at that moment or later.
pub fn accepted(c: &mut Conn, area_ids: &[i64], today: Day) -> Result<Vec<(i64, Acceptance)>> {
    Ok(rota_acceptances::table
        .filter(id_in(rota_acceptances::area_id, area_ids))
        .filter(rota_acceptances::until_on.ge(today))
        .order(rota_acceptances::id)
        .select((rota_acceptances::area_id, Acceptance::as_select()))
        .load(c)?)
}

pub fn accept(
    c: &mut Conn,
    area_id: i64,
    of: &Identity,
    (reason, until_on): (&str, Day),
    (by, now): (i64, UtcTime),
) -> Result<()> {
    diesel::insert_into(rota_acceptances::table)
        .values((
            rota_acceptances::area_id.eq(area_id),
            rota_acceptances::who.eq(of.who.word()),
            rota_acceptances::kind.eq(of.kind),
            rota_acceptances::shift_at.eq(of.at),
            rota_acceptances::reason.eq(reason),
            rota_acceptances::until_on.eq(until_on),
            rota_acceptances::by_id.eq(by),
            rota_acceptances::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Makes the open findings of an area those; returns how many are new. Lock the area first.
pub fn settle(c: &mut Conn, area_id: i64, found: &[Identity], now: UtcTime) -> Result<usize> {
    let rows: Vec<(i64, String, Kind, UtcTime)> = rota_findings::table
        .filter(rota_findings::area_id.eq(area_id))
        .filter(rota_findings::ended_at.is_null())
        .select((
            rota_findings::id,
            rota_findings::who,
            rota_findings::kind,
            rota_findings::shift_at,
        ))
        .load(c)?;
    let open: HashMap<Identity, i64> = rows
        .into_iter()
        .filter_map(|(id, who, kind, at)| {
            let who = Who::parse(&who)?;
            Some((Identity { at, who, kind }, id))
        })
        .collect();
    for (identity, id) in &open {
        if !found.contains(identity) {
            diesel::update(rota_findings::table.find(id))
                .set(rota_findings::ended_at.eq(now))
                .execute(c)?;
        }
    }
    let new: Vec<&Identity> = found.iter().filter(|of| !open.contains_key(of)).collect();
    for of in &new {
        diesel::insert_into(rota_findings::table)
            .values((
                rota_findings::area_id.eq(area_id),
                rota_findings::who.eq(of.who.word()),
                rota_findings::kind.eq(of.kind),
                rota_findings::shift_at.eq(of.at),
                rota_findings::found_at.eq(now),
            ))
            .execute(c)?;
    }
    Ok(new.len())
}

/// Puts another name in the place of how rotas called a person who asked to be erased. A calendar may call them among
/// other words, as `On call: Ada King`: `without` gives such a text without them, where they are in it.
pub fn rename(
    c: &mut Conn,
    person: &Person,
    (name, email): (&str, &str),
    without: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    let (names, emails) = (
        text::spellings(&person.name),
        text::spellings(&person.email),
    );
    diesel::update(rota_entries::table.filter(rota_entries::email.eq_any(&emails)))
        .set(rota_entries::email.eq(email))
        .execute(c)?;
    diesel::update(rota_entries::table.filter(rota_entries::name.eq_any(&names)))
        .set(rota_entries::name.eq(name))
        .execute(c)?;
    let mut keys = vec![
        (text::key(&person.name), text::key(name)),
        (email_key(&person.email), email_key(email)),
    ];
    let titles: Vec<String> = rota_entries::table
        .select(rota_entries::name)
        .distinct()
        .load(c)?;
    for title in titles {
        if let Some(instead) = without(&title) {
            keys.push((text::key(&title), text::key(&instead)));
            diesel::update(rota_entries::table.filter(rota_entries::name.eq(title)))
                .set(rota_entries::name.eq(instead))
                .execute(c)?;
        }
    }
    for (was, is) in keys {
        let [named_was, named_is] = [&was, &is].map(|key| Who::Named(key.clone()).word());
        diesel::update(rota_names::table.filter(rota_names::name_key.eq(&was)))
            .set(rota_names::name_key.eq(&is))
            .execute(c)?;
        diesel::update(rota_acceptances::table.filter(rota_acceptances::who.eq(&named_was)))
            .set(rota_acceptances::who.eq(&named_is))
            .execute(c)?;
        diesel::update(rota_findings::table.filter(rota_findings::who.eq(&named_was)))
            .set(rota_findings::who.eq(&named_is))
            .execute(c)?;
    }
    Ok(())
}
