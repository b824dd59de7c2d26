//! Who did what, when and from where: an append-only chain. Each entry holds the hash of the one before.

pub mod erasure;
pub mod filter;
pub mod object;
pub mod reason;
pub mod sealed;
pub mod sentences;
pub mod store;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use reason::{Reason, read_reason, require_reason, with_reason};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::db::types::UtcTime;
use crate::db::{Conn, locks};
use crate::domain::people::Actor;
use crate::domain::{auth, people, search};
use crate::error::{Error, Result};

/// Who acts, when and from where. Every use case that writes gets one.
#[derive(Debug, Clone)]
pub struct Act {
    pub actor: Actor,
    pub now: UtcTime,
    /// Network address, or `command line`.
    pub address: String,
    /// The request of the act; empty at the command line.
    pub request_id: String,
    /// The row of the session that the actor is signed in with, if any.
    pub session: Option<i64>,
    pub confirmed: Confirmed,
    pub later: Later,
}

/// Where the entries of an act wait for its end; without it, each is added at once. See [`in_one_go`].
#[derive(Debug, Clone, Default)]
pub struct Later(Option<Arc<Mutex<Entries>>>);
type Entries = Vec<(Act, Entry)>;

/// The transaction in which the rights of an act were confirmed.
#[derive(Debug)]
pub struct Confirmed(AtomicU64);

impl Default for Confirmed {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

/// A copy of an act may be somebody else's.
impl Clone for Confirmed {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Act {
    /// An act of the operator at the command line.
    pub fn operator(now: UtcTime) -> Self {
        Self {
            actor: Actor::operator(),
            now,
            address: "command line".into(),
            request_id: String::new(),
            session: None,
            confirmed: Confirmed::default(),
            later: Later::default(),
        }
    }

    /// Locks these people and the actor until the transaction ends, then confirms that the actor is still signed in and
    /// has every right they had when it began. [`record`] does so for the actor. A use case calls it where it decides on
    /// people, or changes what the actor's own rights rest on.
    ///
    /// Errors: [`Error::Forbidden`] when the actor was signed out or has left; [`Error::Conflict`] when they lost a right.
    pub fn hold(&self, c: &mut Conn, people: &[i64]) -> Result<()> {
        let Some(id) = self.actor.id else {
            return people::store::lock(c, people);
        };
        let transaction = locks::transaction();
        let is_confirmed = self.confirmed.0.load(Ordering::Relaxed) == transaction;
        if is_confirmed && people.is_empty() {
            return Ok(());
        }
        let all: Vec<i64> = people.iter().copied().chain([id]).collect();
        people::store::lock(c, &all)?;
        if is_confirmed {
            return Ok(());
        }
        let now = auth::store::still_here(c, id, self.session)?.ok_or_else(|| {
            Error::Forbidden(
                "You were signed out before this was stored. Nothing was stored. Sign in again."
                    .into(),
            )
        })?;
        if !now.keeps_rights_of(&self.actor) {
            return Err(Error::Conflict(
                "Your rights changed before this was stored. Nothing was stored. Load the page again."
                    .into(),
            ));
        }
        self.confirmed.0.store(transaction, Ordering::Relaxed);
        Ok(())
    }

    /// A moment in the zone of the person who acts, with the zone: `Mon 23 Nov, 09:00 (Europe/London)`.
    pub fn moment(&self, at: UtcTime) -> String {
        self.actor.moment(at, self.now)
    }
}

/// What was done, to what.
#[derive(Debug, Clone)]
pub struct Entry {
    action: &'static str,
    object: String,
    person_id: Option<i64>,
    area_id: Option<i64>,
    details: Value,
    found: search::Changed,
}

impl Entry {
    /// `action` is `kind.verb`, `object` is `kind:id`. What the search finds of the object follows when both are of one
    /// kind.
    pub fn new(action: &'static str, object: String) -> Self {
        Self {
            action,
            object,
            person_id: None,
            area_id: None,
            details: Value::Null,
            found: search::Changed::default(),
        }
    }

    /// Rows that were changed besides the object, so that what the search finds of them follows too.
    pub fn changes(mut self, kind: search::Kind, rows: &[i64]) -> Self {
        self.found.add(kind, rows.iter().copied());
        self
    }

    /// The person it is about.
    pub fn person(self, id: i64) -> Self {
        Self {
            person_id: Some(id),
            ..self
        }
    }

    /// The area it is about.
    pub fn area(self, id: i64) -> Self {
        Self {
            area_id: Some(id),
            ..self
        }
    }

    /// What was written.
    pub fn details(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

/// Adds an entry to the chain, in the transaction of the act, once the actor's rights are confirmed.
///
/// This locks the chain's head until the transaction ends, so call it last in a use case.
///
/// Errors: Those of [`Act::hold`].
pub fn record(c: &mut Conn, act: &Act, entry: Entry) -> Result<()> {
    act.hold(c, &[])?;
    match &act.later.0 {
        Some(later) => {
            let mut later = later.lock().unwrap_or_else(PoisonError::into_inner);
            // Without the place where it waits: that would hold itself, and never be freed.
            let act = Act {
                later: Later::default(),
                ..act.clone()
            };
            later.push((act, entry));
            Ok(())
        }
        None => append(c, [(act.clone(), entry)]),
    }
}

/// Does what takes long and writes many entries. What is recorded for the act that `f` is given is added at its end in
/// one go, so that the chain is locked only then.
pub fn in_one_go<T>(
    c: &mut Conn,
    act: &Act,
    f: impl FnOnce(&mut Conn, &Act) -> Result<T>,
) -> Result<T> {
    let entries = Arc::<Mutex<Entries>>::default();
    let collecting = Act {
        later: Later(Some(Arc::clone(&entries))),
        ..act.clone()
    };
    let done = f(c, &collecting)?;
    let entries = std::mem::take(&mut *entries.lock().unwrap_or_else(PoisonError::into_inner));
    append(c, entries)?;
    Ok(done)
}

fn append(c: &mut Conn, entries: impl IntoIterator<Item = (Act, Entry)>) -> Result<()> {
    let mut entries = entries.into_iter().peekable();
    if entries.peek().is_none() {
        return Ok(());
    }
    let mut head = store::lock_head(c)?;
    let mut changed = search::Changed::default();
    for (act, entry) in entries {
        changed.note(entry.action, &entry.object);
        changed.add_all(entry.found);
        let mut row = store::Row {
            seq: head.seq + 1,
            at: act.now,
            actor_id: act.actor.id,
            actor_name: act.actor.name,
            action: entry.action.to_owned(),
            object: entry.object,
            person_id: entry.person_id,
            area_id: entry.area_id,
            details: entry.details.to_string(),
            address: act.address,
            request_id: act.request_id,
            previous_hash: head.hash,
            hash: String::new(),
        };
        row.hash = hash(&row);
        store::insert(c, &row)?;
        head = store::Head {
            seq: row.seq,
            hash: row.hash,
        };
    }
    store::set_head(c, &head)?;
    // Every change has an entry, so here what is found follows it, in its transaction.
    search::refresh(c, changed)
}

/// Takes who a person is out of every entry, and their network addresses; gives back the number of each entry that was
/// rewritten, and the hash of what it says now. An entry `person.erased` must name them. This reads the whole log, and
/// no entry is added meanwhile.
pub fn erase(c: &mut Conn, person_id: i64, traces: &erasure::Traces) -> Result<Vec<(i64, String)>> {
    store::lock_head(c)?;
    let (mut rewritten, mut seq) = (Vec::new(), 0);
    loop {
        let rows = store::after(c, seq)?;
        let Some(last) = rows.last() else {
            return Ok(rewritten);
        };
        seq = last.seq;
        for row in rows {
            let mut now = row.clone();
            if let Some(details) = traces.without_in(&row) {
                now.details = details;
            }
            if row.actor_id == Some(person_id) {
                now.actor_name = traces.instead();
                now.address = "erased".into();
            }
            if now != row {
                store::rewrite(c, &now)?;
                rewritten.push((row.seq, hash(&now)));
            }
        }
    }
}

/// SHA-256 of every field except the hash itself, with the previous hash; hexadecimal.
fn hash(row: &store::Row) -> String {
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

/// An entry that says who was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub seq: i64,
    pub at: UtcTime,
    /// Who did it.
    pub by: String,
    pub person_id: Option<i64>,
    /// Entries that it rewrote.
    pub entries: usize,
}

impl Erasure {
    fn of(row: &store::Row) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            by: row.actor_name.clone(),
            person_id: row.person_id,
            entries: erasure::named(row).len(),
        }
    }
}

/// The result of reading the whole chain.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry follows from the one before, and none is missing.
    Whole {
        entries: i64,
        /// Hash of the last entry. Noted elsewhere, it also proves that nobody rewrote the chain.
        head: String,
        /// Who was erased, by whom, and from how many entries. Any other change to these would have been found.
        erasures: Vec<Erasure>,
    },
    /// The first place where the chain is broken.
    Broken {
        /// Sequence number of that place.
        seq: i64,
        /// What is wrong there.
        what: String,
    },
}

/// Reads the whole chain and checks it.
pub fn verify(c: &mut Conn) -> Result<Verdict> {
    let head = store::head(c)?;
    let erasures = store::erasures(c)?;
    let rewritten = erasure::rewritten(&erasures);
    let (mut seq, mut last) = (0, String::new());
    loop {
        let rows = store::after(c, seq)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let expected = seq + 1;
            let broken = |what: &str| {
                Ok(Verdict::Broken {
                    seq: expected,
                    what: what.to_owned(),
                })
            };
            if row.seq != expected {
                return broken("the entry is missing");
            }
            if row.previous_hash != last {
                return broken(
                    "the entry does not follow from the one before it: entries were reordered or replaced",
                );
            }
            let says = hash(&row);
            let is_as_written = match rewritten.get(&row.seq) {
                Some(left) => left.is(&row, &says),
                None => says == row.hash,
            };
            if !is_as_written {
                return broken("the entry was changed after it was written");
            }
            seq = expected;
            last = row.hash;
        }
    }
    if seq != head.seq || last != head.hash {
        return Ok(Verdict::Broken {
            seq: seq + 1,
            what: format!(
                "the chain ends at {seq}, but {} entries were written",
                head.seq
            ),
        });
    }
    Ok(Verdict::Whole {
        entries: seq,
        head: last,
        erasures: erasures.iter().map(Erasure::of).collect(),
    })
}
