//! Who did what, when and from where: an append-only chain. An entry is stored in the transaction of the act, and sealed
//! soon after: then it has its place in the chain, and holds the hash of the entry before.

pub mod erasure;
pub mod filter;
pub mod object;
pub mod reason;
mod seal;
pub mod sealed;
pub mod sentences;
pub mod store;
mod verify;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use reason::{Reason, read_reason, require_reason, with_reason};
pub use seal::{is_due, seal, seal_all};
use serde_json::Value;
pub use verify::{Erasure, Verdict, verify};

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

/// Adds an entry, in the transaction of the act, once the actor's rights are confirmed. It is sealed after the commit.
///
/// What the search finds is brought up to date here and locked, so call it last in a use case.
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
        None => append(c, vec![(act.clone(), entry)]),
    }
}

/// Does what writes many entries. What is recorded for the act that `f` is given is added at its end in one go: the search is
/// brought up to date once, and what it finds is locked in order and not for long.
pub fn in_one_go<T>(
    c: &mut Conn,
    act: &Act,
    f: impl FnOnce(&mut Conn, &Act) -> Result<T>,
) -> Result<T> {
    if act.later.0.is_some() {
        return f(c, act);
    }
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

fn append(c: &mut Conn, mut entries: Vec<(Act, Entry)>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut changed = search::Changed::default();
    for (_, entry) in &mut entries {
        changed.note(entry.action, &entry.object);
        changed.add_all(std::mem::take(&mut entry.found));
    }
    let is_alone = changed.reaches_others();
    if is_alone {
        locks::alone(c)?;
    } else {
        locks::together(c)?;
    }
    for (act, entry) in entries {
        let new = store::New {
            at: act.now,
            actor_id: act.actor.id,
            actor_name: act.actor.name,
            action: entry.action,
            object: entry.object,
            person_id: entry.person_id,
            area_id: entry.area_id,
            details: entry.details.to_string(),
            address: act.address,
            request_id: act.request_id,
            previous_hash: "",
            hash: "",
        };
        store::insert(c, &new)?;
    }
    // Every change has an entry, so here what is found follows it, in its transaction.
    search::refresh(c, changed, is_alone)
}

/// Takes who a person is out of every entry, and their network addresses; gives back the number of each entry that was
/// rewritten, and the hash of what it says now. An entry `person.erased` must name them. This reads the whole log, and
/// no entry is added meanwhile. Every entry is sealed first: the hash of what it said then is in the next one.
pub fn erase(c: &mut Conn, person_id: i64, traces: &erasure::Traces) -> Result<Vec<(i64, String)>> {
    locks::alone(c)?;
    seal_all(c)?;
    let (mut rewritten, mut position) = (Vec::new(), Some(0));
    while let Some(place) = position {
        let rows = store::after(c, place)?;
        position = rows.last().and_then(|last| last.position);
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
                rewritten.push((row.seq, seal::hash(&now)));
            }
        }
    }
    Ok(rewritten)
}
