//! people.csv: one row a person and team. A pasted list may also leave out what such a row has and a line needs not.

use std::collections::{HashMap, HashSet};

use csv::{ReaderBuilder, StringRecord};

use super::PersonEntry;
use super::present::Present;
use super::source::Source;
use crate::domain::people::{Email, Name, NewPerson, ZoneName};

const HEADER: [&str; 5] = ["name", "email", "time_zone", "team", "lead"];

#[derive(Debug, Default)]
pub(super) struct PeopleFile {
    pub(super) people: Vec<PersonEntry>,
    /// The file could be read as a table: who is not mentioned in it is not in it.
    pub(super) is_table: bool,
    /// E-mail keys of every row, the faulty ones as well: one mistake should be told once.
    emails: HashSet<String>,
    /// Team keys of every row.
    teams: HashSet<String>,
}

impl PeopleFile {
    /// True when the file mentions somebody with that e-mail.
    pub(super) fn mentions(&self, email: &Email) -> bool {
        self.emails.contains(&email.key())
    }

    /// True when the file mentions that team.
    pub(super) fn mentions_team(&self, team: &Name) -> bool {
        self.teams.contains(&team.key())
    }
}

/// One row that holds by itself.
struct Row {
    person: NewPerson,
    team: Option<Name>,
    lead: bool,
}

/// How a row is laid out.
#[derive(Clone, Copy)]
enum Layout<'a> {
    /// Every field of the header.
    File,
    /// `name, e-mail[, team][, lead][, time zone]`; in that zone who names none.
    List(&'a ZoneName),
}

/// Reads the file; its problems are left in `source`.
pub(super) fn read(source: Option<&Source>, present: &Present) -> PeopleFile {
    match source.filter(|s| s.is_sound()) {
        Some(source) => read_rows(source, present, Layout::File, b','),
        None => PeopleFile::default(),
    }
}

/// Reads a pasted list: lines of its own kind, or what people.csv says where it begins with that header. A table
/// copied from a spreadsheet has tabs between its fields.
pub(super) fn read_list(source: &Source, zone: &ZoneName, present: &Present) -> Vec<PersonEntry> {
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
    read_rows(source, present, layout, delimiter).people
}

fn read_rows(source: &Source, present: &Present, layout: Layout<'_>, delimiter: u8) -> PeopleFile {
    let mut roll = PeopleFile {
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
                return roll;
            }
        };
        let line = line_of(source, &record);
        if !roll.is_table {
            if !record.iter().map(str::trim).eq(HEADER) {
                source.at_line(
                    line,
                    format!("The first line must be exactly {}", HEADER.join(",")),
                );
                return roll;
            }
            roll.is_table = true;
            continue;
        }
        let read = match layout {
            Layout::File => row(source, line, &record, &mut roll),
            Layout::List(_) if record.iter().all(|f| f.trim().is_empty()) => None,
            Layout::List(zone) => list_row(source, line, &record, zone),
        };
        let Some(row) = read else {
            continue;
        };
        let key = row.person.email.key();
        if let Some(left) = present.people.get(&key).and_then(|p| p.left) {
            let who = row.person.name.as_str();
            source.at_line(
                line,
                format!("{who} was deactivated on {left}; take the row out."),
            );
        }
        match first_lines
            .get(&key)
            .and_then(|(at, first)| roll.people.get_mut(*at).map(|p| (p, *first)))
        {
            Some((entry, first)) => join(source, line, entry, first, row),
            None => {
                first_lines.insert(key, (roll.people.len(), line));
                roll.people.push(PersonEntry {
                    person: row.person,
                    teams: row.team.map(|team| (team, row.lead)).into_iter().collect(),
                });
            }
        }
    }
    if !roll.is_table {
        source.at_line(
            1,
            format!(
                "The file is empty; its first line must be {}",
                HEADER.join(",")
            ),
        );
    }
    roll
}

/// Adds another row of a person who was seen on line `first`.
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

/// Parses every field of a row, so that all its mistakes are told.
fn row(source: &Source, line: usize, record: &StringRecord, roll: &mut PeopleFile) -> Option<Row> {
    if record.len() != HEADER.len() {
        let (n, wanted) = (record.len(), HEADER.join(","));
        source.at_line(
            line,
            format!(
                "The row has {n} fields instead of {}: {wanted}",
                HEADER.len()
            ),
        );
        // What it may have meant is still somebody.
        roll.emails.extend(
            record
                .iter()
                .filter_map(|f| Email::parse(f).ok())
                .map(|e| e.key()),
        );
        roll.teams.extend(
            record
                .iter()
                .filter_map(|f| Name::parse(f).ok())
                .map(|t| t.key()),
        );
        return None;
    }
    let field = |at: usize| record.get(at).unwrap_or_default();
    let told = |sentence: String| source.at_line(line, sentence);
    let name = Name::parse(field(0))
        .map_err(|e| told(format!("name: {e}")))
        .ok();
    let email = Email::parse(field(1))
        .map_err(|e| told(format!("email: {e}")))
        .ok();
    let time_zone = ZoneName::parse(field(2))
        .map_err(|e| told(format!("time_zone: {e}")))
        .ok();
    let team = Name::parse(field(3))
        .map_err(|e| told(format!("team: {e}")))
        .ok();
    let lead = match field(4).trim() {
        "yes" => Some(true),
        "no" => Some(false),
        other => {
            told(format!("lead: Write yes or no, not “{other}”."));
            None
        }
    };
    roll.emails.extend(email.as_ref().map(Email::key));
    roll.teams.extend(team.as_ref().map(Name::key));
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

/// Parses every field of a line of a list, so that all its mistakes are told.
fn list_row(source: &Source, line: usize, record: &StringRecord, zone: &ZoneName) -> Option<Row> {
    let told = |sentence: String| source.at_line(line, sentence);
    if !(2..=5).contains(&record.len()) {
        let n = record.len();
        told(format!(
            "The line has {n} fields. Write: name, email, team, lead, time zone; the last three may be missing."
        ));
        return None;
    }
    let field = |at: usize| record.get(at).unwrap_or_default().trim();
    let name = Name::parse(field(0))
        .map_err(|e| told(format!("name: {e}")))
        .ok();
    let email = Email::parse(field(1))
        .map_err(|e| told(format!("email: {e}")))
        .ok();
    let team = match field(2) {
        "" => Some(None),
        team => Name::parse(team)
            .map_err(|e| told(format!("team: {e}")))
            .ok()
            .map(Some),
    };
    let lead = match field(3).to_lowercase().as_str() {
        "lead" | "yes" => Some(true),
        "" | "no" => Some(false),
        other => {
            told(format!("lead: Write lead or nothing, not “{other}”."));
            None
        }
    };
    let time_zone = match field(4) {
        "" => Some(zone.clone()),
        own => ZoneName::parse(own)
            .map_err(|e| told(format!("time zone: {e}")))
            .ok(),
    };
    if lead == Some(true) && team == Some(None) {
        told("team: Name the team that is led.".into());
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

/// The line a record starts on. The reader's own count is behind after blank lines and CRLF.
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
