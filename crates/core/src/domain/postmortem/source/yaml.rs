//! Front matter in YAML.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::Unreadable;
use super::tree::{Entry, Node, Value};

/// How deep lists and tables go into each other; ours need four.
const MAX_DEPTH: usize = 16;

/// A list or table that is not whole yet.
struct Begun {
    line: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Node>),
    Table {
        entries: Vec<Entry>,
        /// The key whose value comes next.
        key: Option<(String, usize)>,
    },
}

/// The table, or the first place where it cannot be read.
pub(super) fn read(front: &str) -> Result<Vec<Entry>, Unreadable> {
    let mut begun: Vec<Begun> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(front) {
        let (event, span) = event.map_err(|e| Unreadable {
            line: e.marker().line().saturating_sub(1),
            sentence: format!("This is no YAML: {}.", e.info()),
        })?;
        let line = line(&span);
        let wrong = |sentence: &str| Unreadable {
            line,
            sentence: sentence.into(),
        };
        let node = match event {
            // One alias can stand for any number of others: a short text could fill the memory.
            Event::Alias(_) => return Err(wrong("Write the value itself here, not an alias.")),
            Event::SequenceStart(..) | Event::MappingStart(..) if begun.len() >= MAX_DEPTH => {
                return Err(wrong("The front matter is nested too deep."));
            }
            Event::SequenceStart(..) => {
                let kind = Kind::List(Vec::new());
                begun.push(Begun { line, kind });
                continue;
            }
            Event::MappingStart(..) => {
                let kind = Kind::Table {
                    entries: Vec::new(),
                    key: None,
                };
                begun.push(Begun { line, kind });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match begun.pop() {
                Some(whole) => whole.into_node(),
                None => continue,
            },
            Event::Scalar(words, style, ..) => Node {
                line,
                value: Value::Words(match words.as_ref() {
                    "~" | "null" | "Null" | "NULL" if style == ScalarStyle::Plain => String::new(),
                    words => words.to_owned(),
                }),
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => continue,
        };
        match begun.last_mut() {
            None => root = root.or(Some(node)),
            Some(within) => within
                .take(node)
                .ok_or_else(|| wrong("A key is a word, not a list or table."))?,
        }
    }
    match root {
        None => Ok(Vec::new()),
        Some(Node {
            value: Value::Table(entries),
            ..
        }) => Ok(entries),
        Some(Node { line, .. }) => Err(Unreadable {
            line,
            sentence: "Front matter has a key and a value on each line.".into(),
        }),
    }
}

/// The text begins behind the fence, on its line.
fn line(span: &Span) -> usize {
    span.start.line().saturating_sub(1)
}

impl Begun {
    /// Takes the next value, or key; nothing for a key that is no word.
    fn take(&mut self, node: Node) -> Option<()> {
        match &mut self.kind {
            Kind::List(all) => all.push(node),
            Kind::Table { entries, key } => match key.take() {
                Some((key, line)) => entries.push(Entry { key, line, node }),
                None => *key = Some((node.words()?.to_lowercase(), node.line)),
            },
        }
        Some(())
    }

    fn into_node(self) -> Node {
        let value = match self.kind {
            Kind::List(all) => Value::List(all),
            Kind::Table { entries, .. } => Value::Table(entries),
        };
        Node {
            line: self.line,
            value,
        }
    }
}
