//! What is known about the database while the app runs. The log hears of each change once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// A write is tried at most that often while all is well.
const TRY_WRITE_EVERY: Duration = Duration::from_secs(60);

/// What SQLite says of a file that is damaged.
pub(super) const DAMAGED: [&str; 3] = [
    "database disk image is malformed",
    "malformed database schema",
    "file is not a database",
];
const TAKES_NO_WRITES: [&str; 3] = [
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
];

#[derive(Debug, Default)]
pub(super) struct Health {
    /// Whether it can be reached.
    pub(super) connection: Trouble,
    /// Whether it holds what it should and takes writes.
    pub(super) storage: Trouble,
    /// Found in the file; stays until the next start.
    damaged: AtomicBool,
    last_write: Mutex<Option<Instant>>,
    /// Connections of an earlier network are opened anew: those that are idle do not know yet that they are dead.
    network: AtomicU64,
}

impl Health {
    /// A file that is damaged, or takes no writes, is told by the errors of statements.
    pub(super) fn heard(&self, error: &Error) {
        let (Error::Fault(cause) | Error::Unknown(cause)) = error else {
            return;
        };
        let says = |words: [&str; 3]| words.iter().any(|w| cause.contains(w));
        if says(DAMAGED) {
            self.damaged.store(true, Ordering::Relaxed);
        }
        if says(DAMAGED) || says(TAKES_NO_WRITES) {
            self.storage.found(cause);
        }
    }

    /// Connections fell silent.
    pub(super) fn fell_silent(&self, cause: &str) {
        self.network.fetch_add(1, Ordering::AcqRel);
        self.connection.found(cause);
    }

    pub(super) fn network(&self) -> u64 {
        self.network.load(Ordering::Acquire)
    }

    /// Whether a write should be tried.
    pub(super) fn is_write_due(&self) -> bool {
        let last = *lock(&self.last_write);
        self.storage.cause().is_some() || last.is_none_or(|at| at.elapsed() >= TRY_WRITE_EVERY)
    }

    /// What a check of the storage found.
    pub(super) fn checked(&self, outcome: Result<()>) -> Result<()> {
        match outcome {
            Ok(()) if self.damaged.load(Ordering::Relaxed) => {}
            Ok(()) => self.storage.over(),
            Err(Error::Busy) => {}
            Err(e) => self.storage.found(&e.to_string()),
        }
        match self.storage.cause() {
            Some(cause) => Err(Error::Away(cause)),
            None => Ok(()),
        }
    }

    pub(super) fn wrote(&self) {
        *lock(&self.last_write) = Some(Instant::now());
    }
}

/// Something that is wrong, since when.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    is_there: AtomicBool,
    known: Mutex<Option<(Instant, String)>>,
}

impl Trouble {
    pub(super) fn found(&self, cause: &str) {
        let mut known = lock(&self.known);
        if known.is_none() {
            tracing::error!(cause, "THE DATABASE CANNOT BE USED");
            *known = Some((Instant::now(), cause.to_owned()));
            self.is_there.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn over(&self) {
        if !self.is_there.load(Ordering::Relaxed) {
            return;
        }
        if let Some((since, _)) = lock(&self.known).take() {
            let seconds = since.elapsed().as_secs();
            tracing::warn!(seconds, "the database can be used again");
        }
        self.is_there.store(false, Ordering::Relaxed);
    }

    pub(super) fn cause(&self) -> Option<String> {
        lock(&self.known).as_ref().map(|(_, cause)| cause.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
