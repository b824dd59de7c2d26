//! `checkride export DIR`

use std::path::Path;

use super::look_at_database;
use crate::config::Config;
use crate::error::Result;
use crate::import::export;

/// Writes the folder; returns what to print.
pub(super) fn run(config: &Config, dir: &Path) -> Result<String> {
    let files = look_at_database(config, false, |c, _| export::files(c))?;
    export::write(dir, &files)?;
    let count = match files.len() {
        1 => "1 file was".to_owned(),
        n => format!("{n} files were"),
    };
    Ok(format!("{count} written into {}.", dir.display()))
}
