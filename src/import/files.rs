//! The folder (people.csv, areas/*.toml and postmortems/*.md, or nothing but post-mortems), read as a whole, so that
//! all errors are reported at once.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::io::Read;
use std::path::Path;

use super::codes::Codes;
use super::existing::Existing;
use super::library::LibraryCheck;
use super::people_csv::PeopleFile;
use super::source::Source;
use super::{
    AreaEntry, Organisation, PostmortemEntry, Problem, area_toml, people_csv, postmortem_md,
    takeover,
};
use crate::db::types::Day;

pub(super) const PEOPLE: &str = "people.csv";
pub(super) const AREAS: &str = "areas";
/// A file of an import holds at most that many bytes.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
pub(super) const AREA_FILES: &str = ".toml";
pub(super) const POSTMORTEMS: &str = "postmortems";
pub(super) const POSTMORTEM_FILES: &str = ".md";

/// The files of a folder: path inside it, and the bytes or why they could not be read.
#[derive(Debug, Clone)]
pub struct Folder(pub Vec<(String, Result<Vec<u8>, String>)>);

impl Folder {
    /// Reads a folder on disk. A file that cannot be read becomes an error of that file.
    pub fn open(dir: &Path) -> Self {
        if !dir.join(PEOPLE).exists() && !dir.join(AREAS).exists() {
            let found = takeover::open(dir);
            if !found.is_empty() {
                return Self(found);
            }
        }
        let mut files = vec![(PEOPLE.to_owned(), bytes_of(&dir.join(PEOPLE)))];
        for (part, ending) in [(AREAS, AREA_FILES), (POSTMORTEMS, POSTMORTEM_FILES)] {
            match files_in(&dir.join(part), ending) {
                Ok(names) => files.extend(names.into_iter().map(|name| {
                    let bytes = bytes_of(&dir.join(part).join(&name));
                    (format!("{part}/{name}"), bytes)
                })),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => files.push((part.to_owned(), Err(reason(&e)))),
            }
        }
        Self(files)
    }
}

/// The bytes of a plain file, or of the plain file that a link leads to. A pipe or a device would never end.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let sound = |found: io::Result<fs::Metadata>| match found {
        Err(e) => Err(reason(&e)),
        Ok(found) if !found.is_file() => {
            Err("it is no plain file. Folders, pipes and devices are not read".to_owned())
        }
        Ok(found) if found.len() > MOST_BYTES => Err(too_large()),
        Ok(_) => Ok(()),
    };
    // Looked at before it is opened, because opening a pipe waits for somebody who writes.
    sound(fs::metadata(path))?;
    let file = fs::File::open(path).map_err(|e| reason(&e))?;
    sound(file.metadata())?;
    let mut bytes = Vec::new();
    let mut some = file.take(MOST_BYTES + 1);
    let read = some.read_to_end(&mut bytes).map_err(|e| reason(&e))?;
    match u64::try_from(read) {
        Ok(read) if read <= MOST_BYTES => Ok(bytes),
        _ => Err(too_large()),
    }
}

fn too_large() -> String {
    format!("it is larger than {} MiB", MOST_BYTES / 1024 / 1024)
}

/// Names of the files with that ending, sorted.
pub(super) fn files_in(dir: &Path, ending: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // Editors leave hidden files among the real ones.
        if name.ends_with(ending) && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

pub(super) fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission was denied".into(),
        _ => e.to_string(),
    }
}

/// Reads a folder. `existing` is what the files may refer to without describing it.
///
/// Errors: Every problem of every file, in the order of files and lines.
pub fn read(
    folder: &Folder,
    existing: &Existing,
    today: Day,
) -> Result<Organisation, Vec<Problem>> {
    let sources: Vec<Source> = folder
        .0
        .iter()
        .map(|(path, bytes)| match bytes {
            Ok(bytes) => Source::new(path, bytes),
            Err(why) => Source::unreadable(path, why),
        })
        .collect();
    if takeover::is_only_postmortems(&sources) {
        let postmortems = takeover::read(&sources, existing, today);
        return whole(sources, PeopleFile::default(), Vec::new(), postmortems);
    }
    let people_file = people_csv::read(sources.iter().find(|s| s.path == PEOPLE), existing);
    let within = |dir| -> Vec<&Source> {
        let all = sources.iter();
        all.filter(|s| s.path.split('/').next() == Some(dir))
            .collect()
    };
    let (area_files, mut codes) = (within(AREAS), Codes::default());
    let (mut areas, mut unread): (Vec<AreaEntry>, BTreeSet<&str>) = Default::default();
    for source in &area_files {
        let input = area_toml::AreaInput {
            source,
            people_file: &people_file,
            existing,
            today,
        };
        match area_toml::read(&input, &mut codes) {
            Some(area) => areas.push(area),
            None => {
                unread.insert(source.stem(AREA_FILES));
            }
        }
    }
    codes.report_unknown_areas(&area_files, existing);
    let check = LibraryCheck {
        existing,
        areas: &areas,
        unread,
    };
    let mut postmortems = Vec::new();
    for source in within(POSTMORTEMS) {
        let entry = postmortem_md::read(source, today);
        if let Some(entry) = &entry {
            check.report(source, entry);
        }
        postmortems.extend(entry);
    }
    whole(sources, people_file, areas, postmortems)
}

/// What the files say, unless something is wrong in one of them.
fn whole(
    sources: Vec<Source>,
    people_file: PeopleFile,
    areas: Vec<AreaEntry>,
    postmortems: Vec<PostmortemEntry>,
) -> Result<Organisation, Vec<Problem>> {
    let problems: Vec<Problem> = sources
        .into_iter()
        .flat_map(Source::into_problems)
        .collect();
    if problems.is_empty() {
        Ok(Organisation {
            people: people_file.people,
            teams: people_file.empty_teams,
            areas,
            postmortems,
        })
    } else {
        Err(problems)
    }
}
