//! people.csv: one row for each person and team. A line of a pasted list may leave out most fields.

use std::collections::{HashMap, HashSet};

use csv::{ReaderBuilder, StringRecord};

use super::PersonEntry;
use super::existing::Existing;
use super::source::Source;
use crate::domain::people::{Email, Name, NewPerson, ZoneName};

const HEADER: [&str; 5] = ["name", "email", "time_zone", "team", "lead"];

#[derive(Debug, Default)]
pub(super) struct PeopleFile {
    pub(super) people: Vec<PersonEntry>,
    /// The file is a table, so people and teams that are not in it are unknown.
    pub(super) is_table: bool,
    /// E-mail keys of every row, also faulty ones: one mistake should be reported once.
    emails: HashSet<String>,
    /// Team keys of every row.
    teams: HashSet<String>,
}

impl PeopleFile {
    pub(super) fn mentions(&self, email: &Email) -> bool {
        self.emails.contains(&email.key())
    }

    pub(super) fn mentions_team(&self, team: &Name) -> bool {
        self.teams.contains(&team.key())
    }
}

/// A row without errors.
struct Row {
    person: NewPerson,
    team: Option<Name>,
    lead: bool,
}

/// The fields of a row.
#[derive(Clone, Copy)]
enum Layout<'a> {
    /// Every field of the header.
    File,
    /// `name, e-mail[, team][, lead][, time zone]`, and the zone of lines without one.
    List(&'a ZoneName),
}

/// Reads the file; adds its problems to `source`.
pub(super) fn read(source: Option<&Source>, existing: &Existing) -> PeopleFile {
    match source.filter(|s| s.is_sound()) {
        Some(source) => read_rows(source, existing, Layout::File, b','),
        None => PeopleFile::default(),
    }
}

/// Reads a pasted list: its own format, or that of people.csv when it begins with that header. A table copied from a
/// spreadsheet has tabs between its fields.
pub(super) fn read_list(source: &Source, zone: &ZoneName, existing: &Existing) -> Vec<PersonEntry> {
    let mut lines = source.text.lines();
    let first = lines.find(|l| !l.trim().is_empty()).unwrap_or_default();
    let delimiter = match first {
        l if l.contains('\t') => b'\t',
        l if l.contains(';') && !l.contains(',') => b';',
        _ => b',',
    };
    let fields = first.split(char::from(delimiter)).map(str::trim);
    let layout = if fields.eq(HEADER) {
        Layout::File
    } else {
        Layout::List(zone)
    };
    read_rows(source, existing, layout, delimiter).people
}

fn read_rows(
    source: &Source,
    existing: &Existing,
    layout: Layout<'_>,
    delimiter: u8,
) -> PeopleFile {
    let mut file = PeopleFile {
        // A list has no header.
        is_table: matches!(layout, Layout::List(_)),
        ..PeopleFile::default()
    };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(source.text.as_bytes());
    let mut first_lines: HashMap<String, (usize, usize)> = HashMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                source.at_line(1, format!("The file cannot be read as CSV: {e}."));
                return file;
            }
        };
        let line = line_of(source, &record);
        if !file.is_table {
            if !record.iter().map(str::trim).eq(HEADER) {
                source.at_line(
                    line,
                    format!("The first line must be exactly {}", HEADER.join(",")),
                );
                return file;
            }
            file.is_table = true;
            continue;
        }
        let read = match layout {
            Layout::File => row(source, line, &record, &mut file),
            Layout::List(_) if record.iter().all(|f| f.trim().is_empty()) => None,
            Layout::List(zone) => list_row(source, line, &record, zone),
        };
        let Some(row) = read else {
            continue;
        };
        let key = row.person.email.key();
        if let Some(left) = existing.people.get(&key).and_then(|p| p.left) {
            let who = row.person.name.as_str();
            source.at_line(
                line,
                format!("{who} was deactivated on {left}; take the row out."),
            );
        }
        match first_lines
            .get(&key)
            .and_then(|(at, first)| file.people.get_mut(*at).map(|p| (p, *first)))
        {
            Some((entry, first)) => join(source, line, entry, first, row),
            None => {
                first_lines.insert(key, (file.people.len(), line));
                file.people.push(PersonEntry {
                    person: row.person,
                    teams: row.team.map(|team| (team, row.lead)).into_iter().collect(),
                });
            }
        }
    }
    if !file.is_table {
        source.at_line(
            1,
            format!(
                "The file is empty; its first line must be {}",
                HEADER.join(",")
            ),
        );
    }
    file
}

/// Adds another row of a person who was first on line `first`.
fn join(source: &Source, line: usize, entry: &mut PersonEntry, first: usize, row: Row) {
    let (was, is) = (&entry.person, &row.person);
    if was.name != is.name {
        let (was, is) = (was.name.as_str(), is.name.as_str());
        source.at_line(
            line,
            format!("The same e-mail has the name “{was}” on line {first} and “{is}” here."),
        );
    }
    if was.time_zone != is.time_zone {
        let (who, was, is) = (
            is.name.as_str(),
            was.time_zone.as_str(),
            is.time_zone.as_str(),
        );
        source.at_line(
            line,
            format!("{who} has the time zone {was} on line {first} and {is} here."),
        );
    }
    let Some(team) = row.team else {
        let who = is.name.as_str();
        source.at_line(line, format!("{who} is on line {first} already."));
        return;
    };
    if entry
        .teams
        .iter()
        .any(|(other, _)| other.key() == team.key())
    {
        let (who, team) = (is.name.as_str(), team.as_str());
        source.at_line(
            line,
            format!("{who} is listed in {team} twice; keep one row a team."),
        );
    } else {
        entry.teams.push((team, row.lead));
    }
}

/// Parses every field of a row, so that all its mistakes are reported.
fn row(source: &Source, line: usize, record: &StringRecord, file: &mut PeopleFile) -> Option<Row> {
    if record.len() != HEADER.len() {
        let (n, wanted) = (record.len(), HEADER.join(","));
        source.at_line(
            line,
            format!(
                "The row has {n} fields instead of {}: {wanted}",
                HEADER.len()
            ),
        );
        // A faulty e-mail still stands for a person.
        file.emails.extend(
            record
                .iter()
                .filter_map(|f| Email::parse(f).ok())
                .map(|e| e.key()),
        );
        file.teams.extend(
            record
                .iter()
                .filter_map(|f| Name::parse(f).ok())
                .map(|t| t.key()),
        );
        return None;
    }
    let field = |at: usize| record.get(at).unwrap_or_default();
    let report = |sentence: String| source.at_line(line, sentence);
    let name = Name::parse(field(0))
        .map_err(|e| report(format!("name: {e}")))
        .ok();
    let email = Email::parse(field(1))
        .map_err(|e| report(format!("email: {e}")))
        .ok();
    let time_zone = ZoneName::parse(field(2))
        .map_err(|e| report(format!("time_zone: {e}")))
        .ok();
    let team = Name::parse(field(3))
        .map_err(|e| report(format!("team: {e}")))
        .ok();
    let lead = match field(4).trim() {
        "yes" => Some(true),
        "no" => Some(false),
        other => {
            report(format!("lead: Write yes or no, not “{other}”."));
            None
        }
    };
    file.emails.extend(email.as_ref().map(Email::key));
    file.teams.extend(team.as_ref().map(Name::key));
    Some(Row {
        person: NewPerson {
            name: name?,
            email: email?,
            time_zone: time_zone?,
        },
        team: Some(team?),
        lead: lead?,
    })
}

/// Parses every field of a line of a list, so that all its mistakes are reported.
fn list_row(source: &Source, line: usize, record: &StringRecord, zone: &ZoneName) -> Option<Row> {
    let report = |sentence: String| source.at_line(line, sentence);
    if !(2..=5).contains(&record.len()) {
        let n = record.len();
        report(format!(
            "The line has {n} fields. Write: name, email, team, lead, time zone; the last three may be missing."
        ));
        return None;
    }
    let field = |at: usize| record.get(at).unwrap_or_default().trim();
    let name = Name::parse(field(0))
        .map_err(|e| report(format!("name: {e}")))
        .ok();
    let email = Email::parse(field(1))
        .map_err(|e| report(format!("email: {e}")))
        .ok();
    let team = match field(2) {
        "" => Some(None),
        team => Name::parse(team)
            .map_err(|e| report(format!("team: {e}")))
            .ok()
            .map(Some),
    };
    let lead = match field(3).to_lowercase().as_str() {
        "lead" | "yes" => Some(true),
        "" | "no" => Some(false),
        other => {
            report(format!("lead: Write lead or nothing, not “{other}”."));
            None
        }
    };
    let time_zone = match field(4) {
        "" => Some(zone.clone()),
        own => ZoneName::parse(own)
            .map_err(|e| report(format!("time zone: {e}")))
            .ok(),
    };
    if lead == Some(true) && team == Some(None) {
        report("team: Name the team that is led.".into());
        return None;
    }
    Some(Row {
        person: NewPerson {
            name: name?,
            email: email?,
            time_zone: time_zone?,
        },
        team: team?,
        lead: lead?,
    })
}

/// The line where a record starts. The reader's own count is wrong after blank lines and CRLF.
fn line_of(source: &Source, record: &StringRecord) -> usize {
    let start = record
        .position()
        .and_then(|p| usize::try_from(p.byte()).ok())
        .unwrap_or_default();
    let blank = source
        .text
        .bytes()
        .skip(start)
        .take_while(|b| matches!(b, b'\r' | b'\n'))
        .count();
    source.line(start + blank)
}
