//! A matrix: CSV, or cells copied from a spreadsheet. A row is a line.
//!
//! Without a row of column names, only a tab, `;` or `|` parts cells: a comma is part of a sentence. Cells are then read
//! by their number: text; group, text; text, level; group, text, level.

use csv::{ReaderBuilder, StringRecord};

use super::{Draft, Reader, Section, marks};
use crate::domain::standard::{DoneBy, Level};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Text,
    Group,
    /// Where a row that nobody named has its group, and names none.
    NoGroup,
    Level,
    Critical,
    Link,
    DoneBy,
    /// What is seen at a level, from 0.
    Behaviour(usize),
    Unknown,
}

impl Column {
    /// By the names that teams give it.
    fn named(cell: &str) -> Self {
        let name = cell.trim().to_lowercase();
        let level = name.strip_prefix("level").or(name.strip_prefix('l'));
        let number = level.unwrap_or(&name).trim().parse::<usize>().ok();
        match (name.as_str(), number) {
            (_, Some(n @ 1..=5)) => Self::Behaviour(n - 1),
            ("competency" | "statement" | "skill" | "item" | "task" | "text" | "checklist", _)
            | ("what" | "description" | "name", _) => Self::Text,
            ("group" | "section" | "area" | "topic" | "category" | "theme", _) => Self::Group,
            ("level" | "required level" | "required" | "target", _) => Self::Level,
            ("critical", _) => Self::Critical,
            ("link" | "url", _) => Self::Link,
            ("done by" | "who", _) => Self::DoneBy,
            _ => Self::Unknown,
        }
    }

    /// The names in the first row; `None` when it names no text.
    fn names(cells: &[&str]) -> Option<Vec<Self>> {
        let mut names: Vec<Self> = Vec::new();
        for cell in cells {
            let name = Self::named(cell);
            // Of two columns with one meaning, the first one is read.
            names.push(match names.contains(&name) {
                true => Self::Unknown,
                false => name,
            });
        }
        names.contains(&Self::Text).then_some(names)
    }

    /// Of a row that nobody named.
    fn by_number(cells: &[&str]) -> Vec<Self> {
        match cells {
            [] | [_] => vec![Self::Text],
            [_, last] if level(last).is_some() => vec![Self::Text, Self::Level],
            [group, ..] if group.is_empty() || Section::is_name(group) => {
                vec![Self::Group, Self::Text, Self::Level]
            }
            _ => vec![Self::NoGroup, Self::Text, Self::Level],
        }
    }
}

fn level(cell: &str) -> Option<Level> {
    cell.parse().ok().and_then(Level::new)
}

/// The names of the columns, if the first row has them.
fn names(text: &str) -> Option<Vec<Column>> {
    let delimiter = delimiter(text);
    let mut row = StringRecord::new();
    let mut rows = rows(text, delimiter);
    while rows.read_record(&mut row).unwrap_or(false) {
        let cells = cells(&row, delimiter);
        if cells.iter().any(|cell| !cell.is_empty()) {
            return Column::names(&cells);
        }
    }
    None
}

/// Whether the first row names columns, and one of them is the text.
pub(super) fn is_named(text: &str) -> bool {
    names(text).is_some_and(|names| names.len() > 1)
}

/// Reads a table that stands after so many lines, under a heading.
pub(super) fn read(
    text: &str,
    (before, section): (usize, Option<Section>),
    reader: &mut Reader<'_>,
) {
    let delimiter = delimiter(text);
    let mut named = names(text);
    // One column has no sign between its cells.
    let is_plain = named.as_ref().map_or(delimiter == b',', |n| n.len() == 1);
    if is_plain {
        let mut lines = (before + 1..).zip(text.lines());
        if named.is_some()
            && let Some((at, _)) = lines.find(|(_, line)| !line.trim().is_empty())
        {
            reader.know(at, at);
        }
        return lines.for_each(|(at, line)| plain(reader, at, line, section));
    }
    let mut rows = rows(text, delimiter);
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |byte: usize| breaks.partition_point(|at| *at < byte) + before + 1;
    let mut is_first = true;
    let mut row = StringRecord::new();
    while rows.read_record(&mut row).unwrap_or(false) {
        let start = row.position().map_or(0, |p| offset(p.byte()));
        let skipped = text.get(start..).unwrap_or_default();
        let start = start + (skipped.len() - skipped.trim_start_matches(['\r', '\n']).len());
        let end = offset(rows.position().byte()).saturating_sub(1).max(start);
        let (at, to) = (line_of(start), line_of(end));
        let cells = cells(&row, delimiter);
        let is_rule =
            delimiter == b'|' && cells.iter().all(|c| c.trim_matches(['-', ':']).is_empty());
        if is_rule || cells.iter().all(|cell| cell.is_empty()) {
            reader.know(at, to);
            continue;
        }
        match &mut named {
            Some(names) if std::mem::take(&mut is_first) => head(reader, at, to, names, &cells),
            Some(names) => make(reader, (at, to), section, names, &cells),
            None if is_prose(reader.line(at), delimiter, &cells) => {
                (at..=to).for_each(|at| plain(reader, at, reader.line(at), section));
            }
            None => make(
                reader,
                (at, to),
                section,
                &Column::by_number(&cells),
                &cells,
            ),
        }
    }
}

/// A line without cells.
fn plain(reader: &mut Reader<'_>, at: usize, line: &str, section: Option<Section>) {
    let draft = Draft {
        text: line.to_owned(),
        section,
        ..Draft::default()
    };
    if !line.trim().is_empty() {
        reader.make(at, at, draft);
    }
}

/// Whether a row that nobody named is a sentence: an item of a list, or with a `;` and no group before it.
fn is_prose(line: &str, delimiter: u8, cells: &[&str]) -> bool {
    let first = cells.first().copied().unwrap_or_default();
    let is_cell = Section::is_name(first) || cells.last().is_some_and(|c| level(c).is_some());
    marks::has(line) || (delimiter == b';' && !is_cell)
}

/// The row of column names.
fn head(reader: &mut Reader<'_>, at: usize, to: usize, names: &[Column], cells: &[&str]) {
    reader.know(at, to);
    for (cell, name) in cells.iter().zip(names) {
        if *name == Column::Unknown && !cell.is_empty() {
            let why = match Column::named(cell) {
                Column::Unknown => "this column is not known",
                _ => "a column before it is read for this",
            };
            reader.leave(at, cell, why);
        }
    }
}

fn make(
    reader: &mut Reader<'_>,
    (at, to): (usize, usize),
    section: Option<Section>,
    columns: &[Column],
    cells: &[&str],
) {
    let mut draft = Draft {
        section,
        ..Draft::default()
    };
    let mut known = columns.iter().copied();
    for cell in cells {
        let column = known.next();
        if cell.is_empty() {
            continue;
        }
        match column {
            Some(Column::Text) => draft.text = (*cell).to_owned(),
            Some(Column::Group) => match Section::named(cell) {
                Some(section) => draft.section = Some(section),
                None => reader.leave(at, cell, "this names no group"),
            },
            Some(Column::NoGroup) => reader.leave(at, cell, "this names no group"),
            Some(Column::Level) => match level(cell) {
                Some(level) => draft.level = Some(level),
                None => reader.leave(at, cell, "a level is a number from 1 to 5"),
            },
            Some(Column::Critical) => match cell.to_lowercase().as_str() {
                "yes" | "y" | "x" | "true" | "critical" => draft.critical = true,
                "no" | "n" | "false" | "-" => {}
                _ => reader.leave(at, cell, "critical is yes or no"),
            },
            Some(Column::Link) => draft.link = Some((*cell).to_owned()),
            Some(Column::DoneBy) => match DoneBy::parse(&cell.to_lowercase()) {
                Some(done_by) => draft.done_by = done_by,
                None => reader.leave(at, cell, "it is done by mentee or mentor"),
            },
            Some(Column::Behaviour(n)) => {
                if let Some(behaviour) = draft.behaviours.get_mut(n) {
                    *behaviour = (*cell).to_owned();
                }
            }
            Some(Column::Unknown) => {}
            None => reader.leave(at, cell, "there is no column for it"),
        }
    }
    if draft.text.is_empty() {
        let row = cells.join(" ");
        reader.know(at, to);
        return reader.leave(at, &row, "the row has no text");
    }
    reader.make(at, to, draft);
}

fn offset(byte: u64) -> usize {
    usize::try_from(byte).unwrap_or(usize::MAX)
}

/// The sign between the cells of a text, by its first line with words.
fn delimiter(text: &str) -> u8 {
    let mut lines = text.lines();
    let line = lines
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |sign: char| line.matches(sign).count();
    match line {
        l if l.trim_start().starts_with('|') => b'|',
        l if l.contains('\t') => b'\t',
        _ if count(';') >= count(',') && count(';') > 0 => b';',
        _ => b',',
    }
}

fn rows(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    // A quote that nobody closed would swallow the rows after it.
    let is_quoted = delimiter != b'|' && text.matches('"').count().is_multiple_of(2);
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .quoting(is_quoted)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

fn cells(row: &StringRecord, delimiter: u8) -> Vec<&str> {
    let cells = row.iter().map(str::trim).collect();
    match delimiter {
        b'|' => edges(cells),
        _ => cells,
    }
}

/// The cells of a Markdown row, which begins and ends with the sign between cells.
fn edges(mut cells: Vec<&str>) -> Vec<&str> {
    if cells.first().is_some_and(|cell| cell.is_empty()) {
        cells.remove(0);
    }
    if cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    cells
}
