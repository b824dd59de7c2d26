//! The files of an embedded database: those that are open must be those that are named.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::conn::{self, Conn, Purpose};
use super::target::Target;
use crate::error::{Error, Result};

/// Device and number of a file.
type Identity = (u64, u64);

pub(super) struct Files {
    database: (PathBuf, Identity),
    /// It exists when something was read or written first, and as long as somebody has the database open.
    log: (PathBuf, OnceLock<Identity>),
    /// Open as long as the app runs, and never writes. SQLite deletes the log when the last connection closes, and another
    /// one would then be in its place.
    open: Mutex<Conn>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut files = f.debug_struct("Files");
        files
            .field("database", &self.database.0)
            .finish_non_exhaustive()
    }
}

impl Files {
    /// The files of a database that is open.
    ///
    /// Errors: A fault when the file is gone already.
    pub(super) fn of(database: &Path) -> Result<Self> {
        let identity = identity(database).ok_or_else(|| gone(database))?;
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let mut open = Conn::open(&Target::Sqlite(database.to_owned()), Purpose::Read)?;
        conn::never_wait(&mut open)?;
        Ok(Self {
            database: (database.to_owned(), identity),
            log: (log.into(), OnceLock::new()),
            open: Mutex::new(open),
        })
    }

    /// Checks that what is written goes where the path leads.
    ///
    /// Errors: [`Error::Away`] when a file was deleted, moved or replaced.
    pub(super) fn check(&self) -> Result<()> {
        let (path, opened) = &self.database;
        if identity(path) != Some(*opened) {
            return Err(gone(path));
        }
        let (path, opened) = &self.log;
        match (identity(path), opened.get()) {
            (Some(now), None) => {
                opened.get_or_init(|| now);
            }
            (now, Some(opened)) if now != Some(*opened) => return Err(gone(path)),
            _ => {}
        }
        Ok(())
    }

    /// Which commits are seen now, whoever made them: [`conn::commits_seen`] of the one connection that says so.
    pub(super) fn commits_seen(&self) -> Result<String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        conn::commits_seen(&mut open)
    }

    /// Bytes of the log.
    pub(super) fn log_size(&self) -> u64 {
        self.log.0.metadata().map_or(0, |m| m.len())
    }
}

fn identity(path: &Path) -> Option<Identity> {
    path.metadata().ok().map(|m| (m.dev(), m.ino()))
}

fn gone(path: &Path) -> Error {
    Error::Away(format!(
        "{} was deleted, moved or replaced while Checkride runs. Stop Checkride, put the file back or restore a backup, and start it again.",
        path.display()
    ))
}
