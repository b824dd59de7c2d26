//! Where front matter begins and ends in a file.

use super::tree::Entry;
use super::{Unreadable, newlines, toml, yaml};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Toml,
    Yaml,
}

impl Format {
    /// The line between front matter and text.
    fn fence(self) -> &'static str {
        match self {
            Self::Toml => "+++",
            Self::Yaml => "---",
        }
    }
}

/// A file with front matter.
pub(super) struct Parts<'t> {
    format: Format,
    /// The line of the first fence.
    pub(super) line: usize,
    /// From the first fence to the second, with the rest of the first fence's line.
    pub(super) front: &'t str,
    /// From the line after the second fence on.
    pub(super) body: &'t str,
}

impl Parts<'_> {
    /// The front matter as a tree.
    ///
    /// Errors: The first place where it cannot be read, by its line in the file.
    pub(super) fn tree(&self) -> Result<Vec<Entry>, Unreadable> {
        let read = match self.format {
            Format::Toml => toml::read(self.front),
            Format::Yaml => yaml::read(self.front),
        };
        read.map_err(|unreadable| Unreadable {
            line: self.line + unreadable.line,
            ..unreadable
        })
    }

    /// As much of it as can be read.
    pub(super) fn readable_tree(&self) -> Vec<Entry> {
        match self.format {
            Format::Toml => toml::read_parts(self.front),
            Format::Yaml => yaml::read(self.front).unwrap_or_default(),
        }
    }
}

/// Front matter holds at most that many bytes: places in it are counted from its beginning.
const MOST_FRONT: usize = 64 * 1024;

/// The parts of a file; `None` without front matter.
pub(super) fn parts(text: &str) -> Option<Result<Parts<'_>, Unreadable>> {
    let start = text.trim_start();
    let above = text.get(..text.len() - start.len()).unwrap_or_default();
    let line = 1 + newlines(above);
    let (format, rest) = match (start.strip_prefix("+++"), start.strip_prefix("---")) {
        (Some(rest), _) => (Format::Toml, rest),
        (_, Some(rest)) if begins_with_a_key(rest) => (Format::Yaml, rest),
        _ => return None,
    };
    Some(match end(format, rest) {
        Some((front, _)) if front.len() > MOST_FRONT => Err(Unreadable {
            line,
            sentence: "The front matter is longer than 64 KiB: move its text below it.".into(),
        }),
        Some((front, body)) => Ok(Parts {
            format,
            line,
            front,
            body,
        }),
        None => Err(Unreadable {
            line,
            sentence: format!(
                "The front matter has no end: close it with a line of {}.",
                format.fence()
            ),
        }),
    })
}

/// Whether what is behind `---` is front matter: the same line is also a rule across a page.
fn begins_with_a_key(rest: &str) -> bool {
    let mut lines = rest.split('\n');
    let is_alone = lines.next().is_some_and(|l| l.trim().is_empty());
    let mut lines = lines.filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    let first = lines.next().unwrap_or_default().trim_end();
    let key = first
        .split_once(':')
        .filter(|(_, value)| value.is_empty() || value.starts_with([' ', '\t']));
    let is_key = |key: &str| {
        let key = key.trim_matches(['"', '\'']);
        !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    is_alone && (first == "---" || first == "..." || key.is_some_and(|(key, _)| is_key(key)))
}

/// What is before the second fence, and what is after its line.
fn end(format: Format, rest: &str) -> Option<(&str, &str)> {
    let mut at = rest.find('\n')?;
    loop {
        let line_start = at + 1;
        let line = rest
            .get(line_start..)?
            .split('\n')
            .next()
            .unwrap_or_default();
        let is_fence = match format {
            Format::Toml => line.starts_with("+++"),
            Format::Yaml => matches!(line.trim_end(), "---" | "..."),
        };
        let line_end = line_start + line.len();
        if is_fence {
            let after = rest.get(line_end..).unwrap_or_default();
            return Some((rest.get(..at)?, after.strip_prefix('\n').unwrap_or(after)));
        }
        at = line_end;
        rest.get(at..).filter(|left| !left.is_empty())?;
    }
}
