//! A post-mortem as a file: front matter in TOML between lines of `+++` or in YAML between lines of `---`, then
//! Markdown. docs/import.md describes it.

mod front;
mod left_over;
mod moment;
mod parts;
mod toml;
mod tree;
mod yaml;

#[cfg(test)]
mod tests;

use std::fmt;

use super::PostmortemForm;
use super::markdown::first_heading;
pub use left_over::{LeftOver, Why, listed};
use parts::parts;
use tree::Entry;

/// Why and where a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub sentence: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.sentence)
    }
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub form: PostmortemForm,
    /// What of its front matter is not in the form, in the file's order.
    pub left_over: Vec<LeftOver>,
}

fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}

/// The text without byte order mark, and with one kind of newline.
fn unified(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// The form that a file fills in. Where front matter has no title, the first heading of the text is the title.
///
/// Errors: Where the front matter cannot be read, and why.
pub fn read(text: &str) -> Result<Told, Unreadable> {
    let text = unified(text);
    let (mut told, body) = match parts(&text) {
        None => (Told::default(), text.as_str()),
        Some(parts) => {
            let parts = parts?;
            let mut told = front::read(&parts.tree()?);
            for left in &mut told.left_over {
                left.line += parts.line;
            }
            (told, parts.body)
        }
    };
    let heading = match told.form.title.trim() {
        "" => first_heading(body),
        _ => None,
    };
    let (title, body) = heading.unwrap_or_else(|| (told.form.title, body.to_owned()));
    told.form.title = title;
    told.form.body = body.trim_start_matches('\n').to_owned();
    Ok(told)
}

/// The line of a form field in a file, and the field's name there. For a missing field, the line where the front matter
/// begins.
pub fn place(text: &str, field: &str) -> (usize, String) {
    let (word, point) = match field.rsplit_once('-').map(|(w, n)| (w, n.parse::<usize>())) {
        Some((word, Ok(n))) => (word, Some(n)),
        _ => (field, None),
    };
    let key = match word {
        "occurred_at" => "when",
        "area" => "areas",
        other => other,
    };
    let name = match point {
        Some(n) => format!("`{key}` of point {n}"),
        None if key == "body" => "The text".into(),
        None => format!("`{key}`"),
    };
    let text = unified(text);
    let Some(Ok(parts)) = parts(&text) else {
        return (1, name);
    };
    if key == "body" {
        return (parts.line + newlines(parts.front) + 1, name);
    }
    let tree = parts.readable_tree();
    let line = match point {
        Some(n) => in_point(&tree, n, key),
        None => key_in(&tree, key).or_else(|| match key {
            "when" => key_in(&tree, "date"),
            _ => None,
        }),
    };
    (parts.line + line.unwrap_or_default(), name)
}

fn key_in(entries: &[Entry], key: &str) -> Option<usize> {
    entries.iter().find(|e| e.key == key).map(|e| e.line)
}

/// The line of a key in the n-th point, or else of the point.
fn in_point(entries: &[Entry], n: usize, key: &str) -> Option<usize> {
    let points = entries.iter().find(|e| e.key == "points")?;
    let (line, point) = *points.node.tables()?.get(n.checked_sub(1)?)?;
    Some(key_in(point, key).unwrap_or(line))
}
