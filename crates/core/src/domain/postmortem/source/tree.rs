//! Front matter as a tree of words, whatever format it was written in.

/// A value, and its line; the line of the fence is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Words(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// In lower case.
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) node: Node,
}

impl Node {
    pub(super) fn words(&self) -> Option<&str> {
        match &self.value {
            Value::Words(words) => Some(words),
            Value::List(_) | Value::Table(_) => None,
        }
    }

    /// Its words; one word is a list of one.
    pub(super) fn list(&self) -> Option<Vec<String>> {
        match &self.value {
            Value::Words(words) if words.trim().is_empty() => Some(Vec::new()),
            Value::Words(words) => Some(vec![words.clone()]),
            Value::List(all) => all.iter().map(|n| n.words().map(str::to_owned)).collect(),
            Value::Table(_) => None,
        }
    }

    /// Its tables.
    pub(super) fn tables(&self) -> Option<Vec<(usize, &[Entry])>> {
        match &self.value {
            Value::List(all) => all
                .iter()
                .map(|n| match &n.value {
                    Value::Table(entries) => Some((n.line, entries.as_slice())),
                    Value::Words(_) | Value::List(_) => None,
                })
                .collect(),
            Value::Words(words) if words.trim().is_empty() => Some(Vec::new()),
            Value::Words(_) | Value::Table(_) => None,
        }
    }
}
