//! SQL of the audit chain.

use diesel::prelude::*;

use crate::db::schema::{audit_entries, audit_head};
use crate::db::types::UtcTime;
use crate::db::{Conn, ForUpdate};
use crate::error::Result;

/// Entries read at a time when the whole chain is walked.
const BATCH: i64 = 1000;

/// A row of `audit_entries`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct Row {
    /// Place in the chain, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: UtcTime,
    /// Who; `None` for the command line.
    pub actor_id: Option<i64>,
    /// Their name as it was then.
    pub actor_name: String,
    /// `kind.verb`.
    pub action: String,
    /// `kind:id`.
    pub object: String,
    /// The person it is about.
    pub person_id: Option<i64>,
    /// The area it is about.
    pub area_id: Option<i64>,
    /// JSON.
    pub details: String,
    /// From where.
    pub address: String,
    /// With which request.
    pub request_id: String,
    /// Hash of the entry before; empty for the first.
    pub previous_hash: String,
    /// Hash of this entry.
    pub hash: String,
}

/// Where the chain ends.
#[derive(Debug, Queryable)]
pub struct Head {
    /// Number of entries.
    pub seq: i64,
    /// Hash of the last one.
    pub hash: String,
}

/// The head, locked until the transaction ends.
pub fn lock_head(c: &mut Conn) -> Result<Head> {
    Ok(ForUpdate(audit_head::table.select((audit_head::seq, audit_head::hash))).get_result(c)?)
}

/// The head as it is.
pub fn head(c: &mut Conn) -> Result<Head> {
    Ok(audit_head::table
        .select((audit_head::seq, audit_head::hash))
        .first(c)?)
}

/// Adds an entry and moves the head to it.
pub fn append(c: &mut Conn, row: &Row) -> Result<()> {
    diesel::insert_into(audit_entries::table)
        .values(row)
        .execute(c)?;
    diesel::update(audit_head::table)
        .set((audit_head::seq.eq(row.seq), audit_head::hash.eq(&row.hash)))
        .execute(c)?;
    Ok(())
}

/// The next entries after `seq`, in order.
pub fn after(c: &mut Conn, seq: i64) -> Result<Vec<Row>> {
    Ok(audit_entries::table
        .filter(audit_entries::seq.gt(seq))
        .order(audit_entries::seq)
        .limit(BATCH)
        .select(Row::as_select())
        .load(c)?)
}
