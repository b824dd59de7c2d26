//! Rows as stored.

use crate::db::schema::{areas, qualifiers, teams};
use crate::db::types::UtcTime;
use crate::domain::area::practice::{Need, Rule};
use crate::domain::area::validity::{Ends, Validity};
use diesel::prelude::*;

/// A row of `areas` with its owner team's name.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = areas)]
pub struct Area {
    pub id: i64,
    pub slug: String,
    /// Prefix of every code in the area.
    pub code: String,
    pub name: String,
    /// What it covers, in a sentence or two.
    pub summary: String,
    /// 1 (most critical) to 3.
    pub tier: i32,
    /// The team that owns it.
    pub owner_team_id: i64,
    #[diesel(select_expression = teams::name)]
    pub owner_team: String,
    /// How many people must be cleared, at least.
    pub minimum_cover: i32,
    /// How long a ramp should take.
    pub target_weeks: i32,
    /// How long a clearance lasts, where it ends after months.
    pub validity_months: i32,
    /// The window of the practice rule.
    pub recency_days: i32,
    /// How much practice within it keeps a clearance alive.
    pub practice: Need,
    /// How its clearances end by themselves.
    pub ends: Ends,
    /// When it was archived; `None` while it is in use.
    pub archived_at: Option<UtcTime>,
    /// How often it was changed. A form sends it, so that two people who edit at once notice each other.
    pub revision: i32,
    /// Its labels, as [`super::labels`] reads them.
    pub labels: String,
}

impl Area {
    pub fn validity(&self) -> Validity {
        Validity::new(self.ends, self.validity_months)
    }

    /// The practice rule that a clearance granted today is given.
    pub fn rule(&self) -> Rule {
        Rule {
            need: self.practice.clone(),
            days: self.recency_days,
        }
    }
}

/// The editable values of an area; not its name in URLs or its owner.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = areas)]
pub struct Fields {
    /// Prefix of every code in the area.
    pub code: String,
    pub name: String,
    /// What it covers, in a sentence or two.
    pub summary: String,
    /// 1 (most critical) to 3.
    pub tier: i32,
    /// How many people must be cleared, at least.
    pub minimum_cover: i32,
    /// How long a ramp should take.
    pub target_weeks: i32,
    /// How long a clearance lasts, where it ends after months.
    pub validity_months: i32,
    /// The window of the practice rule.
    pub recency_days: i32,
    /// Free labels, such as a project or a customer, as [`super::labels`] reads them.
    pub labels: String,
    /// How much practice within it keeps a clearance alive.
    pub practice: Need,
    /// How its clearances end by themselves.
    pub ends: Ends,
}

impl Fields {
    pub fn validity(&self) -> Validity {
        Validity::new(self.ends, self.validity_months)
    }

    pub fn rule(&self) -> Rule {
        Rule {
            need: self.practice.clone(),
            days: self.recency_days,
        }
    }

    pub fn of(area: &Area) -> Self {
        Self {
            code: area.code.clone(),
            name: area.name.clone(),
            summary: area.summary.clone(),
            tier: area.tier,
            minimum_cover: area.minimum_cover,
            target_weeks: area.target_weeks,
            validity_months: area.validity_months,
            recency_days: area.recency_days,
            labels: area.labels.clone(),
            practice: area.practice.clone(),
            ends: area.ends,
        }
    }
}

/// A designated signer. Being designated is not enough: to sign, they must also be cleared.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = qualifiers)]
pub struct Qualifier {
    pub area_id: i64,
    pub person_id: i64,
    pub since: UtcTime,
}
