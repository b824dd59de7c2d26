//! The library of post-mortems: what happened as whoever commanded saw it, for others to learn from.

pub mod club;
pub mod document;
pub mod drill;
pub mod form;
pub mod lifecycle;
pub mod markdown;
pub mod reading;
pub mod source;
pub mod store;

pub use document::{Action, Document, Point, Severity};
pub use drill::{Expected, Replay, as_drill, played_in};
pub use form::PostmortemForm;
pub use lifecycle::{Access, State, Transition};

use crate::db::types::UtcTime;

/// A post-mortem with the areas it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postmortem {
    pub id: i64,
    /// Name in URLs, for ever.
    pub slug: String,
    pub state: State,
    /// How often it was changed; two who edit it at once notice each other by it.
    pub revision: i32,
    pub document: Document,
    /// Who wrote it first; nobody for one that was imported at the command line.
    pub created_by: Option<i64>,
    pub created_at: UtcTime,
    /// Who changed it last.
    pub edited_by: Option<i64>,
    pub edited_at: UtcTime,
    /// When others could first learn from it.
    pub teachable_since: Option<UtcTime>,
    /// Who wrote in it since it was last teachable.
    pub writers: Vec<i64>,
    /// Its areas, in the order they are shown.
    pub areas: Vec<OfArea>,
}

/// An area of a post-mortem, with who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfArea {
    pub id: i64,
    pub slug: String,
    /// Prefix of its codes.
    pub code: String,
    pub name: String,
    /// The team that owns it.
    pub owner_team_id: i64,
    pub qualifiers: Vec<i64>,
}

impl Postmortem {
    /// Whom it concerns: permission is decided on this.
    pub fn circle(&self) -> Access {
        Access {
            author: self.created_by,
            owner_teams: self.areas.iter().map(|a| a.owner_team_id).collect(),
            qualifiers: self
                .areas
                .iter()
                .flat_map(|a| a.qualifiers.clone())
                .collect(),
            writers: self.writers.clone(),
            state: self.state,
            was_open: self.teachable_since.is_some(),
        }
    }
}
