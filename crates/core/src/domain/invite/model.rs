//! Rows as stored.

use super::Times;

#[derive(Debug, Clone)]
pub struct Invite {
    pub id: i64,
    /// The person it is for; `None` for the one that makes the first administrator.
    pub person_id: Option<i64>,
    pub times: Times,
    /// The person asked for it, to set a new password.
    pub is_reset: bool,
}
