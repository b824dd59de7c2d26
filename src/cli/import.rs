//! `checkride import`

use std::path::Path;

use crate::audit::Act;
use crate::db::Conn;
use crate::error::Result;

/// Stub
pub fn run(
    _c: &mut Conn,
    _act: &Act,
    _dir: &Path,
    _dry_run: bool,
    _publish: bool,
) -> Result<String> {
    Ok(String::new())
}
