//! A matrix: CSV, or cells copied from a spreadsheet. A row is a line; without a row of names, cells are read by their
//! number: text; group, text; group, text, level.

use csv::{ReaderBuilder, StringRecord};

use super::{Draft, Reader, Section};
use crate::domain::standard::{DoneBy, Level};

/// Signs that word processors begin a list item with.
const BULLETS: [char; 12] = ['•', '◦', '▪', '·', '–', '☐', '☑', '☒', '✓', '✔', '▢', '□'];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Text,
    Group,
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

    /// Of rows that nobody named.
    fn by_number(cells: usize) -> Vec<Self> {
        match cells {
            0 | 1 => vec![Self::Text],
            2 => vec![Self::Group, Self::Text],
            _ => vec![Self::Group, Self::Text, Self::Level],
        }
    }
}

pub(super) fn read(text: &str, reader: &mut Reader<'_>) {
    let plain: Vec<&str> = text.lines().map(without_bullet).collect();
    let text = plain.join("\n");
    let first = plain.iter().find(|line| !line.trim().is_empty());
    let delimiter = delimiter(first.copied().unwrap_or_default());
    let mut rows = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |byte: usize| breaks.partition_point(|at| *at < byte) + 1;
    let mut named: Option<Vec<Column>> = None;
    let mut is_first = true;
    let mut row = StringRecord::new();
    while rows.read_record(&mut row).unwrap_or(false) {
        let start = row.position().map_or(0, |p| offset(p.byte()));
        let skipped = text.get(start..).unwrap_or_default();
        let start = start + (skipped.len() - skipped.trim_start_matches(['\r', '\n']).len());
        let end = offset(rows.position().byte()).saturating_sub(1).max(start);
        let (at, to) = (line_of(start), line_of(end));
        let mut cells: Vec<&str> = row.iter().map(str::trim).collect();
        if delimiter == b'|' {
            cells = edges(cells);
        }
        let is_rule =
            delimiter == b'|' && cells.iter().all(|c| c.trim_matches(['-', ':']).is_empty());
        if is_rule || cells.iter().all(|cell| cell.is_empty()) {
            reader.know(at, to);
            continue;
        }
        if is_first {
            is_first = false;
            let names: Vec<Column> = cells.iter().map(|cell| Column::named(cell)).collect();
            if names.contains(&Column::Text) {
                reader.know(at, to);
                let unknown = cells.iter().zip(&names);
                for (cell, _) in unknown.filter(|(_, column)| **column == Column::Unknown) {
                    if !cell.is_empty() {
                        reader.leave(at, cell, "this column is not known");
                    }
                }
                named = Some(names);
                continue;
            }
        }
        match &named {
            Some(named) => make(reader, at, to, named, &cells),
            None => make(reader, at, to, &Column::by_number(cells.len()), &cells),
        }
    }
}

fn make(reader: &mut Reader<'_>, at: usize, to: usize, columns: &[Column], cells: &[&str]) {
    let mut draft = Draft::default();
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
            Some(Column::Level) => match cell.parse().ok().and_then(Level::new) {
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

fn without_bullet(line: &str) -> &str {
    let rest = line.trim_start();
    match rest.strip_prefix(BULLETS) {
        Some(rest) => rest.trim_start_matches(|c: char| c.is_whitespace() || BULLETS.contains(&c)),
        None => line,
    }
}

fn delimiter(line: &str) -> u8 {
    let count = |sign: char| line.matches(sign).count();
    match line {
        l if l.trim_start().starts_with('|') => b'|',
        l if l.contains('\t') => b'\t',
        _ if count(';') >= count(',') && count(';') > 0 => b';',
        _ => b',',
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
