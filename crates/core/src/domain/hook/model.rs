//! Rows as stored.

use diesel::prelude::*;

use super::{Dialect, Kind, Owner, form};
use crate::db::schema::hooks;
use crate::db::types::UtcTime;
use crate::net::Address;

/// A row of `hooks`.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hooks)]
pub struct Hook {
    pub id: i64,
    team_id: Option<i64>,
    area_id: Option<i64>,
    pub name: String,
    pub dialect: Dialect,
    /// It often holds a key: pages show where it leads alone.
    pub address: String,
    /// Signs what a program gets; empty for chats.
    pub secret: String,
    kinds: String,
    pub made_by: Option<i64>,
    pub made_at: UtcTime,
    pub paused_at: Option<UtcTime>,
    /// `None` where a message was given up.
    pub paused_by: Option<i64>,
    /// What the other side answered last; empty where somebody paused it.
    pub paused_because: String,
    pub removed_at: Option<UtcTime>,
}

impl Hook {
    pub fn owner(&self) -> Option<Owner> {
        let team = self.team_id.map(Owner::Team);
        team.or_else(|| self.area_id.map(Owner::Area))
    }

    pub fn kinds(&self) -> Vec<Kind> {
        form::split(&self.kinds)
    }

    /// Where it leads, without what is secret in it.
    pub fn shown(&self) -> String {
        Address::kept(&self.address).map_or_else(String::new, |a| a.shown())
    }
}
