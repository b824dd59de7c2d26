//! An organisation as the folder that an import reads: people, teams, areas with their published standards, post-mortems.
//! The same organisation gives the same bytes, also after an import into an empty database.

mod area;
mod postmortem;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use csv::WriterBuilder;

use super::existing;
use super::files::{AREA_FILES, AREAS, PEOPLE, POSTMORTEM_FILES, POSTMORTEMS};
use crate::db::Conn;
use crate::domain::people;
use crate::domain::people::model::{Membership, Person, Team};
use crate::domain::standard::{Standard, StandardState};
use crate::error::{Error, Result};
use crate::text;
use area::AreaFile;

/// The files of a folder: path inside it, and what it holds. In the order of their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Everything that an import can bring back. Nobody who left, no archived area, no draft that someone writes here.
///
/// Errors: A fault when the database cannot be read.
pub fn files(c: &mut Conn) -> Result<Files> {
    let existing = existing::load(c)?;
    let people = people::store::active(c)?;
    let emails: HashMap<String, &str> = people
        .iter()
        .map(|p| (text::email::email_key(&p.email), p.email.as_str()))
        .collect();
    let memberships = people::store::memberships(c)?;
    let teams = people::store::teams(c)?;
    let mut files = Files::from([(
        PEOPLE.to_owned(),
        people_csv(&people, &teams, &memberships)?,
    )]);
    let open: BTreeMap<_, _> = existing
        .areas
        .iter()
        .filter(|(_, area)| area.archived.is_none())
        .collect();
    let codes: HashSet<&str> = open.values().map(|a| a.fields.code.as_str()).collect();
    let published: HashMap<&str, &Standard> = open
        .iter()
        .filter_map(|(slug, area)| {
            let mut all = area.standards.iter();
            let published = all.find(|s| s.state == StandardState::Published)?;
            Some((slug.as_str(), published))
        })
        .collect();
    for (slug, area) in &open {
        let file = AreaFile {
            area,
            qualifiers: area
                .qualifiers
                .iter()
                .filter_map(|key| emails.get(key).copied())
                .collect(),
            standard: published.get(slug.as_str()).copied(),
            codes: &codes,
        };
        let path = format!("{AREAS}/{slug}{AREA_FILES}");
        files.insert(path, file.written().into_bytes());
    }
    for (slug, stored) in &existing.postmortems {
        if let Some(text) = postmortem::written(stored, &open, &published) {
            let path = format!("{POSTMORTEMS}/{slug}{POSTMORTEM_FILES}");
            files.insert(path, text.into_bytes());
        }
    }
    Ok(files)
}

/// Writes them into a folder that is new or empty.
///
/// Errors: [`Error::Invalid`] when something is there already, or a file cannot be written.
pub fn write(dir: &Path, files: &Files) -> Result<()> {
    let at = |path: &Path, e: std::io::Error| Error::field("", format!("{}: {e}", path.display()));
    fs::create_dir_all(dir).map_err(|e| at(dir, e))?;
    let mut there = fs::read_dir(dir).map_err(|e| at(dir, e))?;
    if there.next().is_some() {
        let sentence = format!("{} is not empty. Name a new folder.", dir.display());
        return Err(Error::field("", sentence));
    }
    for (name, bytes) in files {
        let path = dir.join(name);
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent).map_err(|e| at(parent, e))?;
        fs::write(&path, bytes).map_err(|e| at(&path, e))?;
    }
    Ok(())
}

/// The first row becomes the administrator of an empty database, so it is one here.
fn people_csv(people: &[Person], teams: &[Team], memberships: &[Membership]) -> Result<Vec<u8>> {
    let mut people: Vec<&Person> = people.iter().collect();
    people.sort_by_cached_key(|p| (text::sort_key(&p.name), text::email::email_key(&p.email)));
    if let Some(first) = people.iter().position(|p| p.is_admin) {
        let first = people.remove(first);
        people.insert(0, first);
    }
    let mut teams: Vec<&Team> = teams.iter().collect();
    teams.sort_by_cached_key(|t| (text::sort_key(&t.name), text::key(&t.name)));
    let mut csv = WriterBuilder::new().from_writer(Vec::new());
    let mut row = |fields: [&str; 5]| csv.write_record(fields).map_err(Error::fault);
    row(["name", "email", "time_zone", "team", "lead"])?;
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut places: HashMap<i64, HashMap<i64, bool>> = HashMap::new();
    for m in memberships {
        let own = places.entry(m.person_id).or_default();
        own.insert(m.team_id, m.is_lead);
    }
    let mut filled = HashSet::new();
    for person in people {
        let own = places.remove(&person.id).unwrap_or_default();
        let who = [&person.name, &person.email, &person.time_zone].map(String::as_str);
        let [name, email, zone] = who;
        if own.is_empty() {
            row([name, email, zone, "", "no"])?;
        }
        for team in &teams {
            if let Some(leads) = own.get(&team.id) {
                filled.insert(team.id);
                row([name, email, zone, &team.name, yes(*leads)])?;
            }
        }
    }
    for team in teams.iter().filter(|t| !filled.contains(&t.id)) {
        row(["", "", "", &team.name, "no"])?;
    }
    csv.into_inner().map_err(Error::fault)
}

/// A text as TOML has it, on one line.
fn quoted(text: &str) -> String {
    // JSON escapes the same signs in the same way, but for the one that TOML does not allow as it is.
    let quoted = serde_json::Value::from(text).to_string();
    quoted.replace('\u{7f}', "\\u007F")
}

fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let quoted: Vec<String> = texts.into_iter().map(|t| quoted(t.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}
