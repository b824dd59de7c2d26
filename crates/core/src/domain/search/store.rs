//! SQL of the search index: its rows, and their words.

use std::collections::HashMap;

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{Kind, VERSION};
use crate::db::fulltext;
use crate::db::schema::{search_entries, search_index};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::Result;
use crate::text;

/// What is found of one thing, as people wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The row it is about.
    pub ref_id: i64,
    /// Tells apart entries about one row.
    pub code: String,
    /// The ramp whose parties may read it.
    pub ramp_id: Option<i64>,
    pub title: String,
    /// What its page shows everybody who may read it. Parts of it are shown with the hit.
    pub body: String,
    /// What it belongs to.
    pub context: String,
    pub address: String,
    pub at: Option<UtcTime>,
    /// Words it is also found by, which are not shown with the hit.
    pub also: String,
}

impl Entry {
    fn digest(&self) -> String {
        let ramp = self.ramp_id.map(|id| id.to_string()).unwrap_or_default();
        let at = self.at.map(UtcTime::iso_micros).unwrap_or_default();
        let fields = [
            &self.title,
            &self.body,
            &self.context,
            &self.address,
            &self.also,
            &ramp,
            &at,
        ];
        let mut all = Sha256::new();
        for field in fields {
            all.update(field.len().to_be_bytes());
            all.update(field);
        }
        hex::encode(all.finalize())
    }

    fn add_words(&self, c: &mut Conn, id: i64, title: &[String]) -> Result<()> {
        let rest = [&self.context, &self.also, &self.body];
        let rest: Vec<String> = rest.into_iter().flat_map(|of| folded(of)).collect();
        fulltext::add(c, id, title, &rest)
    }
}

fn folded(text: &str) -> impl Iterator<Item = String> {
    text::words(text).into_iter().map(|word| word.folded)
}

/// Has the index hold these entries about those rows and no others. Returns the rows of which something changed.
pub fn write(c: &mut Conn, kind: Kind, rows: &[i64], entries: Vec<Entry>) -> Result<Vec<i64>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let of_rows = search_entries::table
        .filter(search_entries::kind.eq(kind))
        .filter(id_in(search_entries::ref_id, rows));
    let kept: Vec<(i64, i64, String, String)> = of_rows
        .select((
            search_entries::id,
            search_entries::ref_id,
            search_entries::code,
            search_entries::digest,
        ))
        .load(c)?;
    let mut kept: HashMap<(i64, String), (i64, String)> = kept
        .into_iter()
        .map(|(id, of, code, digest)| ((of, code), (id, digest)))
        .collect();
    let mut changed = Vec::new();
    for entry in entries {
        let digest = entry.digest();
        let title: Vec<String> = folded(&entry.title).collect();
        let title_key = title.join(" ");
        let id = match kept.remove(&(entry.ref_id, entry.code.clone())) {
            Some((_, same)) if same == digest => continue,
            Some((id, _)) => {
                diesel::update(search_entries::table.find(id))
                    .set((
                        search_entries::ramp_id.eq(entry.ramp_id),
                        search_entries::title.eq(&entry.title),
                        search_entries::title_key.eq(&title_key),
                        search_entries::body.eq(&entry.body),
                        search_entries::context.eq(&entry.context),
                        search_entries::address.eq(&entry.address),
                        search_entries::at.eq(entry.at),
                        search_entries::digest.eq(&digest),
                    ))
                    .execute(c)?;
                fulltext::remove(c, id)?;
                id
            }
            None => diesel::insert_into(search_entries::table)
                .values((
                    search_entries::kind.eq(kind),
                    search_entries::ref_id.eq(entry.ref_id),
                    search_entries::code.eq(&entry.code),
                    search_entries::ramp_id.eq(entry.ramp_id),
                    search_entries::title.eq(&entry.title),
                    search_entries::title_key.eq(&title_key),
                    search_entries::body.eq(&entry.body),
                    search_entries::context.eq(&entry.context),
                    search_entries::address.eq(&entry.address),
                    search_entries::at.eq(entry.at),
                    search_entries::digest.eq(&digest),
                ))
                .returning(search_entries::id)
                .get_result(c)?,
        };
        entry.add_words(c, id, &title)?;
        changed.push(entry.ref_id);
    }
    for ((of, _), (id, _)) in kept {
        diesel::delete(search_entries::table.find(id)).execute(c)?;
        fulltext::remove(c, id)?;
        changed.push(of);
    }
    changed.sort_unstable();
    changed.dedup();
    Ok(changed)
}

/// Empties the index.
pub fn clear(c: &mut Conn) -> Result<()> {
    diesel::delete(search_entries::table).execute(c)?;
    fulltext::clear(c)
}

/// Whether its words were made in the way of this version.
pub fn is_current(c: &mut Conn) -> Result<bool> {
    let version: i32 = search_index::table.select(search_index::version).first(c)?;
    Ok(version == VERSION)
}

pub fn set_current(c: &mut Conn) -> Result<()> {
    diesel::update(search_index::table)
        .set(search_index::version.eq(VERSION))
        .execute(c)?;
    Ok(())
}
