//! SQL for imports: what every post-mortem says, and what drafts have said before.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{postmortem_versions, postmortems};
use crate::db::{Conn, id_in};
use crate::domain::postmortem::{Document, State};
use crate::error::{Error, Result};

/// A post-mortem as far as a file can say something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub slug: String,
    pub state: State,
    pub document: Document,
    /// What it said in every version so far; of a draft alone.
    pub versions: Vec<Document>,
    /// Somebody with an account changed it last, not an import at the command line.
    pub by_hand: bool,
}

/// All post-mortems, by their names in URLs.
///
/// Errors: A fault when one cannot be read.
pub fn all(c: &mut Conn) -> Result<Vec<Kept>> {
    type Row = (i64, String, State, String, Option<i64>);
    let rows: Vec<Row> = postmortems::table
        .order(postmortems::slug)
        .select((
            postmortems::id,
            postmortems::slug,
            postmortems::state,
            postmortems::content,
            postmortems::edited_by,
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
        .map(|(id, slug, state, content, edited_by)| {
            Ok(Kept {
                slug,
                state,
                document: read(&content)?,
                versions: versions.remove(&id).unwrap_or_default(),
                by_hand: edited_by.is_some(),
            })
        })
        .collect()
}

fn read(content: &str) -> Result<Document> {
    serde_json::from_str(content).map_err(Error::fault)
}
