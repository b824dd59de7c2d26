//! `checkride import DIR`

use std::fmt::Write;
use std::path::Path;

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::error::{Error, Result};
use crate::import::actions::Report;
use crate::import::{Options, actions, as_error, existing, files};

/// Imports a folder, or says what an import would change; returns what to print.
///
/// Errors: [`Error::Invalid`] with every error of every file, one a line. Then nothing was written.
pub fn run(c: &mut Conn, act: &Act, dir: &Path, dry_run: bool, publish: bool) -> Result<String> {
    if !dir.is_dir() {
        return Err(Error::field("", format!("{} is no folder", dir.display())));
    }
    let options = Options { publish };
    let existing = existing::load(c)?;
    let organisation = files::read(&files::Folder::open(dir), &existing, act.now.day())
        .map_err(|p| as_error(&p))?;
    let report = if dry_run {
        actions::plan(c, &organisation, options)?
    } else {
        actions::import(c, act, &organisation, options)?
    };
    Ok(said(&report, dry_run))
}

fn said(Report { changes, notes }: &Report, dry_run: bool) -> String {
    let mut text = String::new();
    for change in changes {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{change}");
    }
    for note in notes {
        let _ = writeln!(text, "{note}");
    }
    let outcome = match (changes.len(), dry_run) {
        (0, _) if !notes.is_empty() => "Nothing to change beside that.".to_owned(),
        (0, _) => "Nothing to change: the database says what the files say.".to_owned(),
        (1, true) => "1 change would be made. Nothing was written.".to_owned(),
        (n, true) => format!("{n} changes would be made. Nothing was written."),
        (1, false) => "1 change was made.".to_owned(),
        (n, false) => format!("{n} changes were made."),
    };
    text + outcome.as_str()
}
