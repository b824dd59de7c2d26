//! Front matter in TOML.

use toml::de::{DeTable, DeValue};

use super::tree::{Entry, Node, Value};
use super::{Unreadable, newlines};

/// The table, or the first place where it cannot be read.
pub(super) fn read(front: &str) -> Result<Vec<Entry>, Unreadable> {
    match DeTable::parse(front) {
        Ok(table) => Ok(entries(front, table.get_ref())),
        Err(e) => Err(Unreadable {
            line: e.span().map_or(0, |span| line(front, span.start)),
            sentence: format!("{}.", e.message().replace('\n', " ")),
        }),
    }
}

/// As much of the table as can be read.
pub(super) fn read_parts(front: &str) -> Vec<Entry> {
    entries(front, DeTable::parse_recoverable(front).0.get_ref())
}

fn line(front: &str, at: usize) -> usize {
    newlines(front.get(..at).unwrap_or_default())
}

fn entries(front: &str, table: &DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<(usize, Entry)> = table
        .iter()
        .map(|(key, value)| {
            let at = key.span().start;
            let entry = Entry {
                key: key.get_ref().to_lowercase(),
                line: line(front, at),
                node: node(front, value.span().start, value.get_ref()),
            };
            (at, entry)
        })
        .collect();
    // In the order in which they were written.
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn node(front: &str, at: usize, value: &DeValue<'_>) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Words(text.to_string()),
        DeValue::Integer(number) => Value::Words(number.to_string()),
        DeValue::Float(number) => Value::Words(number.to_string()),
        DeValue::Boolean(is) => Value::Words(is.to_string()),
        DeValue::Datetime(moment) => Value::Words(moment.to_string()),
        DeValue::Array(all) => {
            let nodes = all.iter().map(|v| node(front, v.span().start, v.get_ref()));
            Value::List(nodes.collect())
        }
        DeValue::Table(table) => Value::Table(entries(front, table)),
    };
    Node {
        line: line(front, at),
        value,
    }
}
