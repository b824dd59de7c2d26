//! SQL for imports: the text of every post-mortem, and earlier versions of drafts.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::locks::Order;
use crate::db::schema::{postmortem_versions, postmortems};
use crate::db::{Conn, id_in, locks};
use crate::domain::postmortem::{Document, State};
use crate::error::{Error, Result};

/// A post-mortem as an import compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPostmortem {
    pub slug: String,
    pub state: State,
    pub document: Document,
    /// Every version so far; only for a draft.
    pub versions: Vec<Document>,
    /// Someone here began it; an import at the command line has nobody.
    pub has_author: bool,
    /// The last edit was made in the app, not by an import at the command line.
    pub edited_in_app: bool,
}

/// All post-mortems, sorted by name in URLs.
///
/// Errors: A fault when one cannot be read.
pub fn all(c: &mut Conn) -> Result<Vec<StoredPostmortem>> {
    type Row = (i64, String, State, String, (Option<i64>, Option<i64>));
    let rows: Vec<Row> = postmortems::table
        .order(postmortems::slug)
        .select((
            postmortems::id,
            postmortems::slug,
            postmortems::state,
            postmortems::content,
            (postmortems::created_by, postmortems::edited_by),
        ))
        .load(c)?;
    let drafts = rows
        .iter()
        .filter(|(_, _, state, ..)| *state == State::Draft);
    let drafts: Vec<i64> = drafts.map(|(id, ..)| *id).collect();
    let written: Vec<(i64, String)> = postmortem_versions::table
        .filter(id_in(postmortem_versions::postmortem_id, &drafts))
        .order((
            postmortem_versions::postmortem_id,
            postmortem_versions::revision,
        ))
        .select((
            postmortem_versions::postmortem_id,
            postmortem_versions::content,
        ))
        .load(c)?;
    let mut versions: HashMap<i64, Vec<Document>> = HashMap::new();
    for (id, content) in written {
        versions.entry(id).or_default().push(read(&content)?);
    }
    rows.into_iter()
        .map(|(id, slug, state, content, (created_by, edited_by))| {
            Ok(StoredPostmortem {
                slug,
                state,
                document: read(&content)?,
                versions: versions.remove(&id).unwrap_or_default(),
                has_author: created_by.is_some(),
                edited_in_app: edited_by.is_some(),
            })
        })
        .collect()
}

/// Locks the post-mortems with those names in URLs until the transaction ends.
pub fn lock(c: &mut Conn, slugs: &[&str]) -> Result<()> {
    let all: Vec<(i64, String)> = postmortems::table
        .select((postmortems::id, postmortems::slug))
        .load(c)?;
    let named = all
        .into_iter()
        .filter(|(_, slug)| slugs.contains(&slug.as_str()));
    let ids: Vec<i64> = named.map(|(id, _)| id).collect();
    locks::lock(c, Order::Postmortem, &ids)
}

fn read(content: &str) -> Result<Document> {
    serde_json::from_str(content).map_err(Error::fault)
}
