//! What rotas said, each time it was something new.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::Bool;
use sha2::{Digest, Sha256};

use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{rota_entries, rota_fetches, rotas};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::rota::{Duty, Entry};
use crate::error::Result;

/// What tells two contents of a rota apart: not how the tool calls its shifts.
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
                rota_entries::uid.eq(&entry.uid),
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

/// The columns of a shift.
type Columns = (UtcTime, UtcTime, String, String, Duty, String);

fn entry((starts_at, ends_at, name, email, duty, uid): Columns) -> Entry {
    Entry {
        starts_at,
        ends_at,
        name,
        email,
        duty,
        uid,
    }
}

/// What the rotas of those areas say of the time between two moments: the area, and the shift.
pub fn entries(
    c: &mut Conn,
    area_ids: &[i64],
    (from, until): (UtcTime, UtcTime),
) -> Result<Vec<(i64, Entry)>> {
    let rows: Vec<(i64, Columns)> = rota_entries::table
        .inner_join(rota_fetches::table.inner_join(rotas::table))
        .filter(id_in(rotas::area_id, area_ids))
        .filter(rotas::removed_at.is_null())
        .filter(is_last())
        .filter(rota_entries::ends_at.gt(from))
        .filter(rota_entries::starts_at.lt(until))
        .select((
            rotas::area_id,
            (
                rota_entries::starts_at,
                rota_entries::ends_at,
                rota_entries::name,
                rota_entries::email,
                rota_entries::duty,
                rota_entries::uid,
            ),
        ))
        .load(c)?;
    Ok(rows
        .into_iter()
        .map(|(area_id, columns)| (area_id, entry(columns)))
        .collect())
}

/// Which rota of an area says a shift.
pub fn source_of(c: &mut Conn, area_id: i64, of: &Entry) -> Result<Option<i64>> {
    Ok(rota_entries::table
        .inner_join(rota_fetches::table.inner_join(rotas::table))
        .filter(rotas::area_id.eq(area_id))
        .filter(rotas::removed_at.is_null())
        .filter(is_last())
        .filter(rota_entries::starts_at.eq(of.starts_at))
        .filter(rota_entries::ends_at.eq(of.ends_at))
        .filter(rota_entries::name.eq(&of.name))
        .filter(rota_entries::email.eq(&of.email))
        .order(rotas::id)
        .select(rotas::id)
        .first(c)
        .optional()?)
}

/// What tells a shift of an area from its others: hours, name and address.
pub type Told = (UtcTime, UtcTime, String, String);

pub fn told(entry: &Entry) -> Told {
    let (name, email) = (entry.name.clone(), entry.email.clone());
    (entry.starts_at, entry.ends_at, name, email)
}

/// Which rota says each shift of an area: the same as [`source_of`].
pub fn sources(c: &mut Conn, area_id: i64) -> Result<HashMap<Told, i64>> {
    let all: Vec<(Told, i64)> = rota_entries::table
        .inner_join(rota_fetches::table.inner_join(rotas::table))
        .filter(rotas::area_id.eq(area_id))
        .filter(rotas::removed_at.is_null())
        .filter(is_last())
        .order(rotas::id.desc())
        .select((
            (
                rota_entries::starts_at,
                rota_entries::ends_at,
                rota_entries::name,
                rota_entries::email,
            ),
            rotas::id,
        ))
        .load(c)?;
    Ok(all.into_iter().collect())
}

/// The name of a rota, and who uploaded it last or named its address.
pub fn author(c: &mut Conn, rota_id: i64) -> Result<(String, Option<i64>)> {
    let (name, by, made_by): (String, Option<i64>, Option<i64>) = rota_fetches::table
        .inner_join(rotas::table)
        .filter(rotas::id.eq(rota_id))
        .filter(is_last())
        .select((rotas::name, rota_fetches::by_id, rotas::made_by))
        .first(c)?;
    Ok((name, by.or(made_by)))
}

/// The rotas of an area without an [`author`].
pub fn unsigned(c: &mut Conn, area_id: i64) -> Result<HashSet<i64>> {
    let ids: Vec<i64> = rota_fetches::table
        .inner_join(rotas::table)
        .filter(rotas::area_id.eq(area_id))
        .filter(rotas::removed_at.is_null())
        .filter(rotas::made_by.is_null())
        .filter(rota_fetches::by_id.is_null())
        .filter(is_last())
        .select(rotas::id)
        .load(c)?;
    Ok(ids.into_iter().collect())
}
