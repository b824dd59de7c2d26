//! Rows as they are kept.

use super::Times;

#[derive(Debug, Clone)]
pub struct Invite {
    pub id: i64,
    /// Whom it lets in; `None` for the one that makes the first administrator.
    pub person_id: Option<i64>,
    pub times: Times,
}
