//! Rows as stored.

use diesel::prelude::*;

use super::finding::{Identity, Kind, Who};
use super::source::Source;
use crate::db::schema::{rota_acceptances, rotas};
use crate::db::types::{Day, UtcTime};
use crate::net::Address;

/// A row of `rotas`.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = rotas)]
pub struct Rota {
    pub id: i64,
    pub area_id: i64,
    pub name: String,
    pub source: Source,
    /// It may hold a secret; empty for an upload, and for one that was removed.
    pub address: String,
    pub token: String,
    /// The zone of times without one.
    pub time_zone: String,
    pub made_by: Option<i64>,
    pub made_at: UtcTime,
    pub due_at: UtcTime,
    /// When its address was called last, whatever came of it.
    pub looked_at: Option<UtcTime>,
    pub failures: i32,
    /// Why it could not be read, in words; empty when it could.
    pub problem: String,
    pub removed_at: Option<UtcTime>,
}

impl Rota {
    pub fn is_fetched(&self) -> bool {
        !self.address.is_empty()
    }

    /// Where it comes from, without what is secret in it.
    pub fn shown(&self) -> String {
        Address::kept(&self.address).map_or_else(String::new, |a| a.shown())
    }
}

/// A row of `rota_acceptances`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = rota_acceptances)]
pub struct Acceptance {
    pub id: i64,
    who: String,
    kind: Kind,
    shift_at: UtcTime,
    pub reason: String,
    /// The last day on which it is accepted (UTC).
    pub until_on: Day,
    pub by_id: i64,
    pub at: UtcTime,
}

impl Acceptance {
    pub fn identity(&self) -> Option<Identity> {
        Some(Identity {
            at: self.shift_at,
            who: Who::parse(&self.who)?,
            kind: self.kind,
        })
    }
}
