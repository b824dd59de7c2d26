//! The folder: people.csv, areas/*.toml and postmortems/*.md, read as a whole so that every error is told at once.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::codes::Codes;
use super::library::Taught;
use super::present::Present;
use super::source::Source;
use super::{AreaEntry, Organisation, Problem, area_toml, people_csv, postmortem_md};
use crate::db::types::Day;

/// The file of people.
const PEOPLE: &str = "people.csv";
/// The folder of areas.
const AREAS: &str = "areas";
/// How the names of its files end.
pub(super) const AREA_FILES: &str = ".toml";
/// The folder of post-mortems.
const POSTMORTEMS: &str = "postmortems";
/// How the names of its files end.
pub(super) const POSTMORTEM_FILES: &str = ".md";

/// The files of a folder: path inside it, and the bytes or why they could not be read.
#[derive(Debug, Clone)]
pub struct Folder(pub Vec<(String, Result<Vec<u8>, String>)>);

impl Folder {
    /// Takes what a folder on disk has. What cannot be read becomes an error of that file.
    pub fn open(dir: &Path) -> Self {
        let mut files = vec![(
            PEOPLE.to_owned(),
            fs::read(dir.join(PEOPLE)).map_err(|e| said(&e)),
        )];
        for (part, ending) in [(AREAS, AREA_FILES), (POSTMORTEMS, POSTMORTEM_FILES)] {
            match files_in(&dir.join(part), ending) {
                Ok(names) => files.extend(names.into_iter().map(|name| {
                    let bytes = fs::read(dir.join(part).join(&name)).map_err(|e| said(&e));
                    (format!("{part}/{name}"), bytes)
                })),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => files.push((part.to_owned(), Err(said(&e)))),
            }
        }
        Self(files)
    }
}

/// Names of the files in a folder that end so, in order.
fn files_in(dir: &Path, ending: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // Editors leave hidden files beside the real ones.
        if name.ends_with(ending) && !name.starts_with('.') {
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

/// Reads a folder. `present` is who and what the files may refer to without describing it.
///
/// Errors: Every problem of every file, in the order of files and lines.
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
    let within = |dir| -> Vec<&Source> {
        let all = sources.iter();
        all.filter(|s| s.path.split('/').next() == Some(dir))
            .collect()
    };
    let (area_files, mut codes) = (within(AREAS), Codes::default());
    let (mut areas, mut unread): (Vec<AreaEntry>, BTreeSet<&str>) = Default::default();
    for source in &area_files {
        let surroundings = area_toml::Surroundings {
            source,
            roll: &roll,
            present,
            today,
        };
        match area_toml::read(&surroundings, &mut codes) {
            Some(area) => areas.push(area),
            None => {
                unread.insert(source.stem(AREA_FILES));
            }
        }
    }
    codes.tell_unknown_areas(&area_files, present);
    let taught = Taught {
        present,
        areas: &areas,
        unread,
    };
    let mut postmortems = Vec::new();
    for source in within(POSTMORTEMS) {
        let entry = postmortem_md::read(source, today);
        if let Some(entry) = &entry {
            taught.tell(source, entry);
        }
        postmortems.extend(entry);
    }
    let problems: Vec<Problem> = sources
        .into_iter()
        .flat_map(Source::into_problems)
        .collect();
    if problems.is_empty() {
        Ok(Organisation {
            people: roll.people,
            areas,
            postmortems,
        })
    } else {
        Err(problems)
    }
}
