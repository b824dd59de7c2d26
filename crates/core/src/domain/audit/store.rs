//! SQL of the audit log and its chain.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::filter::{Filter, Who};
use crate::db::conn::{next_number, set_many};
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{audit_entries, audit_head};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate, Unlocked};
use crate::error::Result;

/// Entries read at a time when the whole chain is checked.
const BATCH: i64 = 1000;

/// A row of `audit_entries`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct Row {
    /// The number it has from the start. Numbers can have gaps.
    pub seq: i64,
    pub at: UtcTime,
    /// Who; `None` for the command line.
    pub actor_id: Option<i64>,
    /// Their name at that time.
    pub actor_name: String,
    /// `kind.verb`.
    pub action: String,
    /// `kind:id`.
    pub object: String,
    /// The person it is about.
    pub person_id: Option<i64>,
    /// The area it is about.
    pub area_id: Option<i64>,
    pub details: String,
    pub address: String,
    pub request_id: String,
    /// Hash of the entry before; empty for the first, and until it is sealed.
    pub previous_hash: String,
    /// Hash of this entry; empty until it is sealed.
    pub hash: String,
    /// Its place in the chain, from 1, without gaps; `None` until it is sealed.
    pub position: Option<i64>,
}

/// A row that is not sealed yet.
#[derive(Debug, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct New {
    pub at: UtcTime,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub action: &'static str,
    pub object: String,
    pub person_id: Option<i64>,
    pub area_id: Option<i64>,
    pub details: String,
    pub address: String,
    pub request_id: String,
    pub previous_hash: &'static str,
    pub hash: &'static str,
}

/// The end of the chain.
#[derive(Debug, Queryable)]
pub struct Head {
    /// How many entries are sealed.
    pub position: i64,
    /// Hash of the last one.
    pub hash: String,
}

/// The head, locked until the transaction ends.
pub fn lock_head(c: &mut Conn) -> Result<Head> {
    locks::take(Order::AuditHead, 0);
    let head = audit_head::table.select((audit_head::position, audit_head::hash));
    Ok(ForUpdate(head).get_result(c)?)
}

/// The same; `None` while somebody else has it.
pub fn free_head(c: &mut Conn) -> Result<Option<Head>> {
    locks::take(Order::AuditHead, 0);
    let head = audit_head::table.select((audit_head::position, audit_head::hash));
    Ok(Unlocked(head).get_result(c).optional()?)
}

pub fn head(c: &mut Conn) -> Result<Head> {
    Ok(audit_head::table
        .select((audit_head::position, audit_head::hash))
        .first(c)?)
}

/// Adds an entry, with the next number.
pub fn insert(c: &mut Conn, new: &New) -> Result<()> {
    let number = next_number(c, "audit_entries", "seq");
    diesel::insert_into(audit_entries::table)
        .values((audit_entries::seq.eq(number), new))
        .execute(c)?;
    Ok(())
}

/// Whether an entry is not sealed.
pub fn is_any_unsealed(c: &mut Conn) -> Result<bool> {
    let one = audit_entries::table
        .filter(audit_entries::position.is_null())
        .select(audit_entries::seq)
        .limit(1);
    Ok(one.first::<i64>(c).optional()?.is_some())
}

/// How many entries are not sealed.
pub fn count_unsealed(c: &mut Conn) -> Result<i64> {
    let all = audit_entries::table.filter(audit_entries::position.is_null());
    Ok(all.count().get_result(c)?)
}

/// The next entries that are not sealed, in the order of their numbers.
pub fn unsealed(c: &mut Conn, limit: usize) -> Result<Vec<Row>> {
    Ok(audit_entries::table
        .filter(audit_entries::position.is_null())
        .order(audit_entries::seq)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(c)?)
}

/// Stores the place and the hashes of these entries; returns of how many.
pub fn seal(c: &mut Conn, rows: &[Row]) -> Result<usize> {
    const SEAL: [(&str, &str); 3] = [
        ("position", "BIGINT"),
        ("previous_hash", "TEXT"),
        ("hash", "TEXT"),
    ];
    let seal = |row: &Row| {
        json!({
            "seq": row.seq,
            "position": row.position,
            "previous_hash": row.previous_hash,
            "hash": row.hash,
        })
    };
    let rows: Value = rows.iter().map(seal).collect();
    set_many(c, ("audit_entries", "seq"), &SEAL, &rows.to_string())
}

/// Moves the head to the last entry that is sealed.
pub fn set_head(c: &mut Conn, to: &Head) -> Result<()> {
    diesel::update(audit_head::table)
        .set((
            audit_head::position.eq(to.position),
            audit_head::hash.eq(&to.hash),
        ))
        .execute(c)?;
    Ok(())
}

/// The next entries of the chain after a place, in order.
pub fn after(c: &mut Conn, position: i64) -> Result<Vec<Row>> {
    Ok(audit_entries::table
        .filter(audit_entries::position.gt(position))
        .order(audit_entries::position)
        .limit(BATCH)
        .select(Row::as_select())
        .load(c)?)
}

/// The sealed entries that say who was erased, in order.
pub fn erasures(c: &mut Conn) -> Result<Vec<Row>> {
    let is_sealed = audit_entries::position.is_not_null();
    Ok(audit_entries::table
        .filter(audit_entries::action.eq("person.erased").and(is_sealed))
        .order(audit_entries::seq)
        .select(Row::as_select())
        .load(c)?)
}

/// Entries about a person, in order.
pub fn about(c: &mut Conn, person_id: i64) -> Result<Vec<Row>> {
    Ok(audit_entries::table
        .filter(audit_entries::person_id.eq(person_id))
        .order(audit_entries::seq)
        .select(Row::as_select())
        .load(c)?)
}

/// Writes what an entry says now. Its hash stays: the next entry holds it.
pub fn rewrite(c: &mut Conn, row: &Row) -> Result<()> {
    diesel::update(audit_entries::table.find(row.seq))
        .set((
            audit_entries::actor_name.eq(&row.actor_name),
            audit_entries::details.eq(&row.details),
            audit_entries::address.eq(&row.address),
        ))
        .execute(c)?;
    Ok(())
}

/// The position of an entry in the list: entries before it are newer.
pub type Place = (UtcTime, i64);

/// The entry with that number.
pub fn entry(c: &mut Conn, seq: i64) -> Result<Option<Row>> {
    Ok(audit_entries::table
        .find(seq)
        .select(Row::as_select())
        .first(c)
        .optional()?)
}

/// At most `limit` of the entries asked for, newest first: by time, and by number where the time is the same.
pub fn newest(
    c: &mut Conn,
    wanted: &Filter,
    before: Option<Place>,
    limit: usize,
) -> Result<Vec<Row>> {
    let mut all = Vec::new();
    for walk in walks(wanted) {
        all.extend(walked(c, wanted, walk, before, limit)?);
    }
    all.sort_by_key(|row| std::cmp::Reverse((row.at, row.seq)));
    all.dedup_by_key(|row| row.seq);
    all.truncate(limit);
    Ok(all)
}

/// A walk along one index, in order, that ends after `limit` entries, so the cost does not grow with the log.
#[derive(Debug, Clone, Copy)]
enum Walk {
    Everything,
    About(i64),
    By(Option<i64>),
    Action(&'static str),
}

/// The walks that together find everything asked for. "By or about" and "one of these actions" are no range of an
/// index, so the databases would collect all entries and sort; each walk is a range.
fn walks(wanted: &Filter) -> Vec<Walk> {
    match (wanted.who, wanted.area, wanted.kind) {
        (Some(Who::Person(id)), ..) => vec![Walk::About(id), Walk::By(Some(id))],
        (Some(Who::Operator), ..) => vec![Walk::By(None)],
        (None, None, Some(kind)) => kind.actions().into_iter().map(Walk::Action).collect(),
        (None, ..) => vec![Walk::Everything],
    }
}

fn walked(
    c: &mut Conn,
    wanted: &Filter,
    walk: Walk,
    before: Option<Place>,
    limit: usize,
) -> Result<Vec<Row>> {
    use audit_entries::{action, actor_id, area_id, at, person_id, seq};
    let mut query = audit_entries::table
        .select(Row::as_select())
        .order((at.desc(), seq.desc()))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    query = match walk {
        Walk::Everything => query,
        Walk::About(id) => query.filter(person_id.eq(id)),
        Walk::By(Some(id)) => query.filter(actor_id.eq(id)),
        Walk::By(None) => query.filter(actor_id.is_null()),
        Walk::Action(word) => query.filter(action.eq(word)),
    };
    if let Some(id) = wanted.area {
        query = query.filter(area_id.eq(id));
    }
    if let (Some(kind), Walk::Everything | Walk::About(_) | Walk::By(_)) = (wanted.kind, walk) {
        query = query.filter(action.eq_any(kind.actions()));
    }
    if let Some(from) = wanted.from {
        query = query.filter(at.ge(from));
    }
    if let Some(until) = wanted.until {
        query = query.filter(at.lt(until));
    }
    if let Some((when, number)) = before {
        query = query
            .filter(at.le(when))
            .filter(at.lt(when).or(seq.lt(number)));
    }
    Ok(query.load(c)?)
}

/// Who did one of these actions on an object last, and when.
pub fn last(c: &mut Conn, actions: &[&str], object: &str) -> Result<Option<(String, UtcTime)>> {
    Ok(audit_entries::table
        .filter(
            audit_entries::action
                .eq_any(actions.to_vec())
                .and(audit_entries::object.eq(object)),
        )
        .order(audit_entries::seq.desc())
        .select((audit_entries::actor_name, audit_entries::at))
        .first(c)
        .optional()?)
}
