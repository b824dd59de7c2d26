//! `checkride import DIR`

use std::fmt::Write;
use std::path::Path;

use super::{look_at_database, place, with_database};
use crate::config::Config;
use crate::db::Conn;
use crate::domain::audit::Act;
use crate::error::{Error, Result};
use crate::import::actions::Report;
use crate::import::files::Folder;
use crate::import::{Options, Organisation, actions, as_error, existing, files};

/// Imports a folder, or says what an import would change; returns what to print. The folder is read before anything is
/// locked: how long that takes is nobody else's business.
///
/// Errors: [`Error::Invalid`] with every error of every file, one a line. Then nothing was written.
pub(super) fn run(config: &Config, dir: &Path, dry_run: bool, publish: bool) -> Result<String> {
    if !dir.is_dir() {
        return Err(Error::field(
            "",
            format!("{} is not a folder", dir.display()),
        ));
    }
    let options = Options { publish };
    let folder = Folder::open(dir);
    let report = if dry_run {
        look_at_database(config, true, |c, act| {
            let organisation = read(c, act, &folder)?;
            actions::plan(c, &organisation, options)
        })?
    } else {
        place::ready(&config.target)?;
        let organisation = look_at_database(config, false, |c, act| read(c, act, &folder))?;
        with_database(config, |c, act| {
            actions::import(c, act, &organisation, options)
        })?
    };
    Ok(said(&report, dry_run))
}

/// What a folder says, for this database.
pub(crate) fn read(c: &mut Conn, act: &Act, folder: &Folder) -> Result<Organisation> {
    let existing = existing::load(c)?;
    files::read(folder, &existing, act.now.day()).map_err(|p| as_error(&p))
}

pub(crate) fn said(Report { changes, notes }: &Report, dry_run: bool) -> String {
    let mut text = String::new();
    for change in changes {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{change}");
    }
    for note in notes {
        let _ = writeln!(text, "{note}");
    }
    let outcome = match (changes.len(), dry_run) {
        (0, _) if !notes.is_empty() => "Nothing else to change.".to_owned(),
        (0, _) => "Nothing to change: the database says what the files say.".to_owned(),
        (1, true) => "1 change would be made. Nothing was written.".to_owned(),
        (n, true) => format!("{n} changes would be made. Nothing was written."),
        (1, false) => "1 change was made.".to_owned(),
        (n, false) => format!("{n} changes were made."),
    };
    text + outcome.as_str()
}
