//! What the importer promises: every error at once with its line, nothing half-written, nothing twice.

pub mod database;
pub mod export;
pub mod first;
pub mod hostile;
pub mod library;
pub mod organisation;
pub mod reading;
pub mod takeover;

use std::path::Path;

use super::existing::Existing;
use super::files::{Folder, read};
use super::{Organisation, Problem};
use crate::db::types::Day;

const GUIDE: &str = include_str!("../../../docs/import.md");

/// The example of docs/import.md in a code block of that language: `csv`, `toml` or `markdown`.
fn example(language: &str) -> String {
    let start = format!("```{language}\n");
    GUIDE
        .split(&start)
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap()
        .to_owned()
}

fn people() -> String {
    example("csv")
}

fn payments() -> String {
    example("toml")
}

fn guide(people: &str, area: &str) -> Folder {
    folder(&[("people.csv", people), ("areas/payments.toml", area)])
}

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Ok(text.as_bytes().to_vec())))
            .collect(),
    )
}

fn demo() -> Folder {
    Folder::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("demo"))
}

fn today() -> Day {
    Day::parse("2026-11-22").unwrap()
}

/// Reads files against an empty database.
fn fresh(files: &[(&str, &str)]) -> Result<Organisation, Vec<Problem>> {
    read(&folder(files), &Existing::default(), today())
}

/// The problems of files, a line each.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    fresh(files)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect()
}
