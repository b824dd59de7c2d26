//! Post-mortems and drills.

use diesel::prelude::*;
use serde::Deserialize;

use super::joined;
use crate::db::schema::{areas, drills, postmortems};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::search::store::Entry;
use crate::error::{Error, Result};

/// What every reader of a post-mortem sees of it at once; the rest waits until they have said what they would do.
#[derive(Deserialize)]
struct Beginning {
    symptoms: String,
}

pub(super) fn postmortems(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    type Row = (i64, String, String, String, String, UtcTime);
    let rows: Vec<Row> = postmortems::table
        .filter(id_in(postmortems::id, ids))
        .select((
            postmortems::id,
            postmortems::slug,
            postmortems::title,
            postmortems::content,
            postmortems::search_key,
            postmortems::occurred_at,
        ))
        .load(c)?;
    let entry = |(ref_id, slug, title, content, also, at): Row| {
        let begins: Beginning = serde_json::from_str(&content).map_err(Error::fault)?;
        Ok(Entry {
            ref_id,
            title,
            body: begins.symptoms,
            address: format!("/library/{slug}"),
            at: Some(at),
            also,
            ..Entry::default()
        })
    };
    rows.into_iter().map(entry).collect()
}

pub(super) fn drills(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    type Row = (i64, String, UtcTime, Option<UtcTime>, String, String);
    let rows: Vec<(Row, [String; 3])> = drills::table
        .inner_join(areas::table)
        .filter(id_in(drills::id, ids))
        .select((
            (
                drills::id,
                drills::title,
                drills::starts_at,
                drills::debriefed_at,
                areas::name,
                areas::code,
            ),
            (drills::scenario, drills::went_badly, drills::went_well),
        ))
        .load::<(Row, (String, String, String))>(c)?
        .into_iter()
        .map(|(row, (scenario, badly, well))| (row, [scenario, badly, well]))
        .collect();
    let entry = |((id, title, at, debriefed, context, also), texts): (Row, [String; 3])| Entry {
        ref_id: id,
        title,
        // The sheet must surprise those who take part, until the debrief.
        body: match debriefed {
            Some(_) => joined(&texts),
            None => String::new(),
        },
        context,
        address: format!("/drills/{id}"),
        at: Some(at),
        also,
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}
