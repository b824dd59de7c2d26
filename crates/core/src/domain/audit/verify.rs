//! Reading the whole chain, and checking it.

use super::seal::hash;
use super::{erasure, store};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::error::Result;

/// An entry that says who was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub seq: i64,
    pub at: UtcTime,
    /// Who did it.
    pub by: String,
    pub person_id: Option<i64>,
    /// Entries that it rewrote.
    pub entries: usize,
}

impl Erasure {
    fn of(row: &store::Row) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            by: row.actor_name.clone(),
            person_id: row.person_id,
            entries: erasure::named(row).len(),
        }
    }
}

/// The result of reading the whole chain.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every sealed entry follows from the one before, and none is missing.
    Whole {
        /// Those that are sealed.
        entries: i64,
        /// Hash of the last one. Noted elsewhere, it also proves that nobody rewrote the chain.
        head: String,
        /// When the latest of them was done; `None` for an empty chain.
        until: Option<UtcTime>,
        /// Entries that are not sealed yet. Nothing is proved of them.
        unsealed: i64,
        /// Who was erased, by whom, and from how many entries. Any other change to these would have been found.
        erasures: Vec<Erasure>,
    },
    /// The first place where the chain is broken.
    Broken {
        position: i64,
        /// What is wrong there.
        what: String,
    },
}

/// Reads the whole chain and checks it.
pub fn verify(c: &mut Conn) -> Result<Verdict> {
    let head = store::head(c)?;
    let erasures = store::erasures(c)?;
    let rewritten = erasure::rewritten(&erasures);
    let (mut position, mut last, mut until) = (0, String::new(), None);
    loop {
        let rows = store::after(c, position)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let expected = position + 1;
            let broken = |what: String| {
                Ok(Verdict::Broken {
                    position: expected,
                    what,
                })
            };
            let number = row.seq;
            if row.position != Some(expected) {
                return broken("the entry is missing".to_owned());
            }
            if row.previous_hash != last {
                return broken(format!(
                    "entry {number} does not follow from the one before it: entries were reordered or replaced"
                ));
            }
            let says = hash(&row);
            let is_as_written = match rewritten.get(&number) {
                Some(left) => left.is(&row, &says),
                None => says == row.hash,
            };
            if !is_as_written {
                return broken(format!("entry {number} was changed after it was sealed"));
            }
            position = expected;
            last = row.hash;
            // Who commits late is sealed late.
            until = until.max(Some(row.at));
        }
    }
    if position != head.position || last != head.hash {
        return Ok(Verdict::Broken {
            position: position + 1,
            what: format!(
                "the chain ends at {position}, but {} entries were sealed",
                head.position
            ),
        });
    }
    Ok(Verdict::Whole {
        entries: position,
        head: last,
        until,
        unsealed: store::count_unsealed(c)?,
        erasures: erasures.iter().map(Erasure::of).collect(),
    })
}
