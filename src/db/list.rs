//! Many rows in one value: what belongs to a row is read with it, in a tenth of the time that a row each takes, and
//! without a statement of its own.

use diesel::sql_types::{Nullable, Text};

use super::fixed::{Fixed, fixed};
use crate::error::{Error, Result};

/// Between the parts of an entry, and between entries: characters that no code, word or number holds. Both databases
/// know them only as values, so they stand in the statements as they are.
const PART: char = '\u{1f}';
const ENTRY: char = '\u{1e}';

/// The expression of a list.
pub type Listed = Fixed<Nullable<Text>>;
/// A list as it was read.
pub type List = Option<String>;

/// The parts of the rows that `rows` names, in no order, as one value. `rows` is SQL of the caller; a part that people
/// write is made [`plain`] first.
pub fn listed(parts: &[&str], rows: &str) -> Listed {
    let entry = parts.join(&format!(" || '{PART}' || "));
    fixed(format!(
        "(SELECT string_agg({entry}, '{ENTRY}') FROM {rows})"
    ))
}

/// A column that people write, without what stands between parts.
pub fn plain(column: &str) -> String {
    format!("replace(replace({column}, '{PART}', ' '), '{ENTRY}', ' ')")
}

/// Reads an entry that is a row number alone.
pub fn row_id(parts: &[&str]) -> Option<i64> {
    let [id] = parts else { return None };
    id.parse().ok()
}

/// Takes a list apart.
///
/// Errors: A fault when an entry cannot be read: nothing is decided on half of the facts.
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
