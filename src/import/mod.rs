//! An organisation from plain files: what they say, what the database has, and the changes between them.
//!
//! [`files`] reads a folder into an [`Organisation`] or finds every error of every file; [`plan`] compares it with
//! [`existing`]; [`actions`] makes the changes. docs/import.md describes the format.

pub mod actions;
pub mod addresses;
pub mod apply;
pub mod area_toml;
pub mod change;
pub mod codes;
pub mod doubts;
pub mod existing;
pub mod export;
pub mod files;
pub mod library;
pub mod list;
pub mod people_csv;
pub mod plan;
pub mod postmortem_md;
pub mod source;
pub mod standard_toml;
pub mod table;
pub mod takeover;
pub mod templates;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::db::types::Day;
use crate::domain::area::model::Fields;
use crate::domain::area::systems::System;
use crate::domain::people::{Email, Name, NewPerson};
use crate::domain::postmortem::Document;
use crate::domain::standard::Content;
use crate::error::{Error, FieldErrors};

/// Something in a file that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path inside the folder.
    pub file: String,
    pub line: usize,
    /// What is wrong, and what to write instead.
    pub sentence: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.sentence)
    }
}

/// All problems as one error, a line each.
pub fn as_error(problems: &[Problem]) -> Error {
    let count = match problems.len() {
        1 => "1 error".to_owned(),
        n => format!("{n} errors"),
    };
    let lines: String = problems.iter().map(|p| format!("\n{p}")).collect();
    Error::field("", format!("nothing was imported: {count}{lines}"))
}

/// The problems of a pasted text as sentences of a field.
pub fn at_lines(field: &str, problems: &[Problem]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for problem in problems {
        errors.add(
            field,
            format!("Line {}: {}", problem.line, problem.sentence),
        );
    }
    errors
}

/// What the files say. Everything in it was checked, so it can be stored.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// In the order of people.csv.
    pub people: Vec<PersonEntry>,
    /// Teams that have a row without a person.
    pub teams: Vec<Name>,
    /// In the order of the files' names.
    pub areas: Vec<AreaEntry>,
    /// In the order of the files' names.
    pub postmortems: Vec<PostmortemEntry>,
}

/// A person of people.csv with all their rows.
#[derive(Debug, Clone)]
pub struct PersonEntry {
    pub person: NewPerson,
    /// Every team they are in, and whether they lead it.
    pub teams: Vec<(Name, bool)>,
}

/// A file of areas/.
#[derive(Debug, Clone)]
pub struct AreaEntry {
    /// Name in URLs: the file's stem.
    pub slug: String,
    pub fields: Fields,
    pub owner_team: Name,
    /// Who may sign for it once cleared.
    pub qualifiers: Vec<Email>,
    pub systems: Vec<System>,
    /// Who was cleared before Checkride, and until when.
    pub cleared: Vec<(Email, Day)>,
    pub note: String,
    /// None for an area whose first standard is still to be written.
    pub standard: Option<Content>,
}

/// A file of postmortems/.
#[derive(Debug, Clone)]
pub struct PostmortemEntry {
    /// Path inside the folder.
    pub file: String,
    /// Name in URLs: the file's stem.
    pub slug: String,
    pub document: Document,
    /// The line that names its areas.
    pub areas_at: usize,
    /// The lines that say what its points teach.
    pub teaches_at: Vec<usize>,
    /// What the file says and the document does not, and the other way round; a line each.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Publish the drafts that say what the files say.
    pub publish: bool,
}
