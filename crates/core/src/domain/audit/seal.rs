//! Sealing. An entry gets the next place in the chain, the hash of the entry before it, and its own, after it is committed: so
//! those who write do not wait for each other. The one who seals holds the head of the chain, so there is one at a time, and one
//! that is killed half-way leaves nothing.

use sha2::{Digest, Sha256};

use super::store;
use crate::db::Conn;
use crate::error::{Error, Result};

/// Entries that are sealed in one transaction.
const TOGETHER: usize = 500;

/// Whether an entry waits for its seal.
pub fn is_due(c: &mut Conn) -> Result<bool> {
    store::is_any_unsealed(c)
}

/// Seals the next entries in the order of their numbers, in the caller's transaction; true when there may be more. Where
/// somebody else seals, it leaves that to them. An entry that is committed late is sealed late.
pub fn seal(c: &mut Conn) -> Result<bool> {
    match store::free_head(c)? {
        Some(head) => seal_after(c, head),
        None => Ok(false),
    }
}

/// Seals every entry that is committed or of this transaction, and waits for others who seal.
pub fn seal_all(c: &mut Conn) -> Result<()> {
    let mut is_more = true;
    while is_more {
        let head = store::lock_head(c)?;
        is_more = seal_after(c, head)?;
    }
    Ok(())
}

fn seal_after(c: &mut Conn, mut head: store::Head) -> Result<bool> {
    let mut rows = store::unsealed(c, TOGETHER)?;
    if rows.is_empty() {
        return Ok(false);
    }
    for row in &mut rows {
        head.position += 1;
        row.position = Some(head.position);
        row.previous_hash = head.hash;
        row.hash = hash(row);
        head.hash = row.hash.clone();
    }
    if store::seal(c, &rows)? != rows.len() {
        return Err(Error::fault("an entry of the audit log is gone"));
    }
    store::set_head(c, &head)?;
    Ok(rows.len() == TOGETHER)
}

/// SHA-256 of every field except the hash itself, with the previous hash; hexadecimal.
pub(super) fn hash(row: &store::Row) -> String {
    let fields = serde_json::json!([
        row.previous_hash,
        row.seq,
        row.at.iso_micros(),
        row.actor_id,
        row.actor_name,
        row.action,
        row.object,
        row.person_id,
        row.area_id,
        row.details,
        row.address,
        row.request_id,
    ]);
    hex::encode(Sha256::digest(fields.to_string().as_bytes()))
}
