//! Rows as stored.

use crate::db::schema::{memberships, people, teams};
use crate::db::types::UtcTime;
use diesel::prelude::*;

/// A row of `people`, without the password.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Person {
    pub id: i64,
    pub handle: String,
    pub name: String,
    pub email: String,
    /// IANA time zone.
    pub time_zone: String,
    pub is_admin: bool,
    /// When they left; their history stays.
    pub deactivated_at: Option<UtcTime>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = teams)]
pub struct Team {
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    pub team_id: i64,
    pub person_id: i64,
    /// Whether the member leads the team.
    pub is_lead: bool,
}
