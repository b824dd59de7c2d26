//! Where the embedded database is. One that is gone is not made again without a word.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::config::make_data_folder;
use crate::db::{Target, conn, migrate};
use crate::error::{Error, Result};
use crate::usecases::search;

/// Makes the database where none ever was, brings it to this version's schema and says how many migrations ran.
///
/// Errors: A fault when there was a database and it is gone or damaged, or as in [`migrate::run`].
pub(super) fn ready(target: &Target) -> Result<usize> {
    let Target::Sqlite(file) = target else {
        return up_to_date(target);
    };
    let marker = marker(file);
    let is_new = file.metadata().map_or(true, |m| m.len() == 0);
    if is_new && marker.exists() {
        return Err(Error::Fault(format!(
            "THE DATABASE {} IS GONE: there was one, as {} says. Put it back or restore a backup. \
             To begin again with an empty one, delete that file.",
            file.display(),
            marker.display()
        )));
    }
    make_data_folder(target)?;
    if is_new {
        tracing::warn!("A NEW, EMPTY DATABASE IS MADE: {}", file.display());
    } else {
        conn::require_whole(target)
            .map_err(|e| Error::Fault(format!("{}: {e}", file.display())))?;
    }
    let ran = up_to_date(target)?;
    mark(&marker)?;
    Ok(ran)
}

/// Migrates it, and has the search find what an older version wrote.
fn up_to_date(target: &Target) -> Result<usize> {
    let ran = migrate::run(target)?;
    search::renew(target)?;
    Ok(ran)
}

/// The file that says that there is a database beside it.
fn marker(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".exists");
    name.into()
}

fn mark(marker: &Path) -> Result<()> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(marker);
    match made.and_then(|mut file| file.write_all(WORDS.as_bytes())) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => {
            Err(Error::Fault(format!("{}: {e}", marker.display())))
        }
        _ => Ok(()),
    }
}

const WORDS: &str = "A Checkride database was made beside this file. While this file is here, Checkride makes no new \
                     one when that one is gone.\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_gone_or_empty_is_not_made_again_until_its_marker_goes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("checkride.db");
        let target = Target::Sqlite(file.clone());
        assert!(ready(&target).unwrap() > 0);
        assert_eq!(ready(&target).unwrap(), 0);

        std::fs::remove_file(&file).unwrap();
        for _ in 0..2 {
            let refused = ready(&target).unwrap_err().to_string();
            assert!(refused.contains("IS GONE"), "{refused}");
            assert!(!file.exists());
        }
        std::fs::write(&file, "").unwrap();
        assert!(ready(&target).is_err());

        std::fs::remove_file(marker(&file)).unwrap();
        assert!(ready(&target).unwrap() > 0);
    }

    #[test]
    fn a_damaged_database_is_refused_with_what_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("checkride.db");
        let target = Target::Sqlite(file.clone());
        ready(&target).unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        // Pages of the schema stay; an index after them is overwritten.
        let length = bytes.len();
        for byte in &mut bytes[length / 6..length / 6 + 64 * 1024] {
            *byte = 0x5a;
        }
        std::fs::write(&file, bytes).unwrap();
        let refused = ready(&target).unwrap_err().to_string();
        assert!(refused.contains("DAMAGED"), "{refused}");
    }
}
