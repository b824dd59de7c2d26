//! The library of post-mortems: what happened, as the incident commander saw it, for others to learn from.

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

/// A post-mortem with its areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postmortem {
    pub id: i64,
    /// Name in URLs; never changes.
    pub slug: String,
    pub state: State,
    /// How often it was changed. A form sends it, so that two people who edit at once notice each other.
    pub revision: i32,
    pub document: Document,
    /// Who wrote it first; `None` when it was imported at the command line.
    pub created_by: Option<i64>,
    pub created_at: UtcTime,
    /// Who changed it last.
    pub edited_by: Option<i64>,
    pub edited_at: UtcTime,
    /// When it first became teachable.
    pub teachable_since: Option<UtcTime>,
    /// Everyone who edited it since it was last teachable.
    pub writers: Vec<i64>,
    /// Its areas, in the order they are shown.
    pub areas: Vec<OfArea>,
}

/// An area of a post-mortem, and who answers for it.
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
    /// People with special rights on it; permission is decided on this.
    pub fn access(&self) -> Access {
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
