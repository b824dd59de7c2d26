//! Rows as stored.

use super::{Draft, PlaceKind};
use crate::db::schema::comments;
use crate::db::types::UtcTime;
use crate::domain::picture::store::Listed;
use diesel::prelude::*;

/// A row of `comments`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct Comment {
    pub id: i64,
    pub place_kind: PlaceKind,
    pub place_id: i64,
    /// The comment that its thread began with.
    pub reply_to: Option<i64>,
    /// The moment of decision that it is a view of, from 1, or answers a view of.
    pub moment: Option<i32>,
    pub revision: Option<i32>,
    pub author_id: i64,
    pub written_at: UtcTime,
    /// Its latest version. A form sends it, so that two who change it at once notice each other.
    pub number: i32,
    pub removed_at: Option<UtcTime>,
}

impl Comment {
    /// The comment that its thread began with.
    pub fn root(&self) -> i64 {
        self.reply_to.unwrap_or(self.id)
    }

    /// Says what its author saw, believed and would decide.
    pub fn is_view(&self) -> bool {
        self.moment.is_some() && self.reply_to.is_none()
    }
}

/// What a version of a comment says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable)]
pub struct Text {
    pub saw: String,
    pub believed: String,
    pub body: String,
    pub at: Option<UtcTime>,
}

impl Text {
    /// Storing it would change nothing.
    pub fn says(&self, draft: &Draft) -> bool {
        let is_bare = draft.picture.is_none() && draft.without.is_empty();
        let is_same = (
            self.saw.as_str(),
            self.believed.as_str(),
            self.body.as_str(),
        ) == (
            draft.saw.as_str(),
            draft.believed.as_str(),
            draft.body.as_str(),
        );
        is_bare && is_same
    }
}

/// A comment with its latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub comment: Comment,
    pub author: String,
    pub handle: String,
    /// Empty when it was removed.
    pub text: Text,
    /// Handles of those it mentions.
    pub mentioned: Vec<String>,
    /// The first one first; none when it was removed.
    pub pictures: Vec<Listed>,
}

/// A comment that is to be stored.
#[derive(Debug, Clone, Copy)]
pub struct New {
    pub place: (PlaceKind, i64),
    pub reply_to: Option<i64>,
    /// The moment, and the revision it was read in.
    pub moment: Option<(i32, i32)>,
    pub author_id: i64,
    pub at: UtcTime,
}
