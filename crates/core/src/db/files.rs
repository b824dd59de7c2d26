//! The files of an embedded database: those that are open must be those that are named.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::{Error, Result};

/// Device and number of a file.
type Identity = (u64, u64);

#[derive(Debug)]
pub(super) struct Files {
    database: (PathBuf, Identity),
    /// It exists when something was read or written first, and as long as somebody has the database open.
    log: (PathBuf, OnceLock<Identity>),
}

impl Files {
    /// The files of a database that is open.
    ///
    /// Errors: A fault when the file is gone already.
    pub(super) fn of(database: &Path) -> Result<Self> {
        let identity = identity(database).ok_or_else(|| gone(database))?;
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self {
            database: (database.to_owned(), identity),
            log: (log.into(), OnceLock::new()),
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
