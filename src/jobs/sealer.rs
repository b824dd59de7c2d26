//! Entries of the audit log are sealed soon after they are committed.

use crate::db::Db;
use crate::domain::audit;
use crate::error::Result;

/// Seals what waits; true when there may be more. Where nothing waits it only reads an empty index.
pub async fn pass(db: &Db) -> Result<bool> {
    if !db.read(audit::is_due).await? {
        return Ok(false);
    }
    db.write(audit::seal).await
}
