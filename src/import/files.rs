//! The folder: people.csv and areas/*.toml, read as a whole so that every error is told at once.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use super::present::Present;
use super::source::Source;
use super::{AreaEntry, Organisation, Problem, area_toml, people_csv};
use crate::db::types::Day;

/// The file of people.
const PEOPLE: &str = "people.csv";

/// The files of a folder: path inside it, and the bytes or why they could not be read.
#[derive(Debug, Clone)]
pub struct Folder(pub Vec<(String, Result<Vec<u8>, String>)>);

impl Folder {
    /// Takes what a folder on disk has. What cannot be read becomes an error of that file.
    #[must_use]
    pub fn open(dir: &Path) -> Self {
        let mut files = vec![(
            PEOPLE.to_owned(),
            fs::read(dir.join(PEOPLE)).map_err(|e| said(&e)),
        )];
        match area_files(&dir.join("areas")) {
            Ok(names) => files.extend(names.into_iter().map(|name| {
                let bytes = fs::read(dir.join("areas").join(&name)).map_err(|e| said(&e));
                (format!("areas/{name}"), bytes)
            })),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => files.push(("areas".to_owned(), Err(said(&e)))),
        }
        Self(files)
    }
}

/// Names of the TOML files in a folder, in order.
fn area_files(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // Editors leave hidden files beside the real ones.
        if name.ends_with(".toml") && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn said(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission was denied".into(),
        _ => e.to_string(),
    }
}

/// Where every code was first used, over all files: `areas/payments.toml:12`.
pub(super) type Codes = HashMap<String, String>;

/// Reads a folder. `present` is who and what the files may refer to without describing it.
///
/// # Errors
/// Every problem of every file, in the order of files and lines.
pub fn read(folder: &Folder, present: &Present, today: Day) -> Result<Organisation, Vec<Problem>> {
    let sources: Vec<Source> = folder
        .0
        .iter()
        .map(|(path, bytes)| match bytes {
            Ok(bytes) => Source::new(path, bytes),
            Err(why) => Source::unreadable(path, why),
        })
        .collect();
    let roll = people_csv::read(sources.iter().find(|s| s.path == PEOPLE), present);
    let mut codes = Codes::new();
    let mut areas: Vec<AreaEntry> = Vec::new();
    for source in sources.iter().filter(|s| s.path != PEOPLE) {
        let surroundings = area_toml::Surroundings {
            source,
            roll: &roll,
            present,
            today,
        };
        areas.extend(area_toml::read(&surroundings, &mut codes));
    }
    let problems: Vec<Problem> = sources
        .into_iter()
        .flat_map(Source::into_problems)
        .collect();
    if problems.is_empty() {
        Ok(Organisation {
            people: roll.people,
            areas,
        })
    } else {
        Err(problems)
    }
}
