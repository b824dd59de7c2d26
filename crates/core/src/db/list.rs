//! Many rows in one value: what belongs to a row is read with it. That takes a tenth of the time of separate rows, and
//! no extra statement.

use diesel::sql_types::{Nullable, Text};

use super::fixed::{Fixed, fixed};
use crate::error::{Error, Result};

/// Separators between the parts of an entry, and between entries. No code, word or number contains these characters.
/// Both databases accept them only inside values, so the statements contain them as they are.
const PART: char = '\u{1f}';
const ENTRY: char = '\u{1e}';

/// The expression of a list.
pub type Listed = Fixed<Nullable<Text>>;
/// A list as it was read.
pub type List = Option<String>;

/// The parts of the rows that `rows` names, unordered, as one value. `rows` is SQL of the caller. A part that people
/// write must be made [`plain`] first.
pub fn listed(parts: &[&str], rows: &str) -> Listed {
    fixed(list_of(parts, rows))
}

/// The same only where `when` is true of the row it belongs to; elsewhere it costs nothing and is empty.
pub fn listed_when(when: &str, parts: &[&str], rows: &str) -> Listed {
    let list = list_of(parts, rows);
    fixed(format!("CASE WHEN {when} THEN {list} END"))
}

fn list_of(parts: &[&str], rows: &str) -> String {
    let entry = parts.join(&format!(" || '{PART}' || "));
    format!("(SELECT string_agg({entry}, '{ENTRY}') FROM {rows})")
}

/// A column that people write, without the separators.
pub fn plain(column: &str) -> String {
    format!("replace(replace({column}, '{PART}', ' '), '{ENTRY}', ' ')")
}

/// Reads an entry that is only a row number.
pub fn row_id(parts: &[&str]) -> Option<i64> {
    let [id] = parts else { return None };
    id.parse().ok()
}

/// Splits a list into entries.
///
/// Errors: A fault when an entry cannot be read, so that nothing is decided on half of the facts.
pub fn entries<T>(list: List, read: impl Fn(&[&str]) -> Option<T>) -> Result<Vec<T>> {
    let list = list.unwrap_or_default();
    let entries = list.split(ENTRY).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            let parts: Vec<&str> = entry.split(PART).collect();
            read(&parts)
                .ok_or_else(|| Error::fault(format!("an entry that cannot be read: {entry:?}")))
        })
        .collect()
}
