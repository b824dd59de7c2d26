//! What of a file's front matter is not taken over.

use std::fmt;

use super::tree::{Node, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    pub line: usize,
    pub key: String,
    /// Whose key it is: ` of point 1`; empty for the file's own.
    pub of: String,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Nothing here has that name.
    Unknown(&'static [&'static str]),
    /// It should be words, a list of words, or a list of tables.
    Shape(&'static str),
    /// A field cannot hold those words.
    Unfit(String),
    /// Post-mortems have no tags.
    Tags(String),
}

impl LeftOver {
    /// What is wrong with it where a file is meant for Checkride; `None` when the form says it, or nothing is.
    pub fn refusal(&self) -> Option<String> {
        let name = format!("`{}`{}", self.key, self.of);
        match &self.why {
            Why::Unknown(known) => {
                let known = known.iter().map(|key| format!("`{key}`"));
                let known = known.collect::<Vec<_>>().join(", ");
                Some(format!("{name} is not known here; known are {known}."))
            }
            Why::Shape(shape) => Some(format!("{name} must be {shape}.")),
            Why::Unfit(_) | Why::Tags(_) => None,
        }
    }

    pub(super) fn tags(line: usize, node: &Node) -> Self {
        Self {
            line,
            key: "tags".into(),
            of: String::new(),
            why: Why::Tags(said(node)),
        }
    }
}

/// Words, or words of a list, shortened.
fn said(node: &Node) -> String {
    let words = match &node.value {
        Value::Words(words) => words.clone(),
        Value::List(_) | Value::Table(_) => node.list().unwrap_or_default().join(", "),
    };
    short(&words)
}

pub(super) fn short(words: &str) -> String {
    const LONGEST: usize = 80;
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

impl fmt::Display for LeftOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.key, self.of)?;
        match &self.why {
            Why::Unfit(words) | Why::Tags(words) if !words.is_empty() => write!(f, " ({words})"),
            _ => Ok(()),
        }
    }
}

/// `aliases, severity (high)`
pub fn listed(left_over: &[LeftOver]) -> String {
    let all: Vec<String> = left_over.iter().map(ToString::to_string).collect();
    all.join(", ")
}
