//! people.csv: one row for each person and team. A line of a pasted list may leave out most fields, or be an address list
//! of a mail program.

use std::collections::{HashMap, HashSet};

use csv::{ReaderBuilder, StringRecord};

use super::PersonEntry;
use super::addresses::{Piece, pieces};
use super::existing::Existing;
use super::source::Source;
use crate::domain::people::{Email, Name, NewPerson, ZoneName};

const HEADER: [&str; 5] = ["name", "email", "time_zone", "team", "lead"];

#[derive(Debug, Default)]
pub(super) struct PeopleFile {
    pub(super) people: Vec<PersonEntry>,
    /// Teams that have a row without a person.
    pub(super) empty_teams: Vec<Name>,
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

/// What could be read of a row; what could not is reported.
#[derive(Debug, Default)]
struct Row {
    name: Option<Name>,
    email: Option<Email>,
    time_zone: Option<ZoneName>,
    /// `Some(None)` when the row names none.
    team: Option<Option<Name>>,
    lead: Option<bool>,
}

/// The first row of a person.
struct First {
    line: usize,
    row: Row,
    /// Keys of the teams on every row.
    teams: HashSet<String>,
    /// Where they are in the file; `None` when the first row is faulty.
    at: Option<usize>,
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
        Some(source) => {
            let mut reader = Reader::new(source, existing);
            reader.table(Layout::File, b',');
            reader.file
        }
        None => PeopleFile::default(),
    }
}

/// Reads a pasted list: its own format, that of people.csv when it begins with that header, or addresses as a mail program
/// copies them. A table copied from a spreadsheet has tabs between its fields.
pub(super) fn read_list(source: &Source, zone: &ZoneName, existing: &Existing) -> Vec<PersonEntry> {
    let mut lines = source.text.lines();
    let first = lines.find(|l| !l.trim().is_empty()).unwrap_or_default();
    let delimiter = delimiter(first);
    let fields = first.split(char::from(delimiter)).map(str::trim);
    let mut reader = Reader::new(source, existing);
    if fields.eq(HEADER) {
        reader.table(Layout::File, delimiter);
    } else if source.text.lines().any(|line| pieces(line).is_some()) {
        reader.addresses(zone);
    } else {
        reader.table(Layout::List(zone), delimiter);
    }
    reader.file.people
}

fn delimiter(line: &str) -> u8 {
    match line {
        l if l.contains('\t') => b'\t',
        l if l.contains(';') && !l.contains(',') => b';',
        _ => b',',
    }
}

/// Reads rows one by one: into people, or into problems of the source.
struct Reader<'a> {
    source: &'a Source,
    existing: &'a Existing,
    file: PeopleFile,
    /// By e-mail key.
    seen: HashMap<String, First>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source, existing: &'a Existing) -> Self {
        Self {
            source,
            existing,
            file: PeopleFile::default(),
            seen: HashMap::new(),
        }
    }

    fn table(&mut self, layout: Layout<'_>, delimiter: u8) {
        // A list has no header.
        self.file.is_table = matches!(layout, Layout::List(_));
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(self.source.text.as_bytes());
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(e) => {
                    let sentence = format!("The file cannot be read as CSV: {e}.");
                    return self.source.at_line(1, sentence);
                }
            };
            // Spreadsheets keep rows whose cells were emptied.
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let line = line_of(self.source, &record);
            if !self.file.is_table {
                if !record.iter().map(str::trim).eq(HEADER) {
                    let sentence = format!("The first line must be exactly {}", HEADER.join(","));
                    return self.source.at_line(line, sentence);
                }
                self.file.is_table = true;
                continue;
            }
            self.record(layout, line, &record);
        }
        if !self.file.is_table {
            let sentence = format!(
                "The file is empty; its first line must be {}",
                HEADER.join(",")
            );
            self.source.at_line(1, sentence);
        }
    }

    /// Reads a list in which some lines are addresses as a mail program copies them.
    fn addresses(&mut self, zone: &ZoneName) {
        self.file.is_table = true;
        for (n, text) in self.source.text.lines().enumerate() {
            let line = n + 1;
            let Some(pieces) = pieces(text) else {
                self.one_line(zone, line, text);
                continue;
            };
            for piece in pieces {
                match piece {
                    Piece::Fields(fields) => {
                        self.record(Layout::List(zone), line, &StringRecord::from(fields));
                    }
                    Piece::Loose(text) => {
                        let sentence = match text.contains('@') {
                            true => format!("“{text}” has no name. Write: Ada King <{text}>."),
                            false => format!("“{text}” has no e-mail address."),
                        };
                        self.source.at_line(line, sentence);
                    }
                }
            }
        }
    }

    fn one_line(&mut self, zone: &ZoneName, line: usize, text: &str) {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let records = reader.records().filter_map(Result::ok);
        let records: Vec<_> = records
            .filter(|record| record.iter().any(|field| !field.trim().is_empty()))
            .collect();
        for record in records {
            self.record(Layout::List(zone), line, &record);
        }
    }

    /// Reads every field of a record, so that all its mistakes are reported at once.
    fn record(&mut self, layout: Layout<'_>, line: usize, record: &StringRecord) {
        if matches!(layout, Layout::File) && is_team_alone(record) {
            return self.team(line, record);
        }
        let row = match layout {
            Layout::File => self.row(line, record),
            Layout::List(zone) => self.list_row(line, record, zone),
        };
        let Some(email) = row.email.clone() else {
            return;
        };
        let key = email.key();
        if let Some(left) = self.existing.people.get(&key).and_then(|p| p.left) {
            let who = row.name.as_ref().map_or(email.as_str(), Name::as_str);
            let sentence = format!("{who} was deactivated on {left}; take the row out.");
            self.source.at_line(line, sentence);
        }
        match self.seen.get_mut(&key) {
            Some(first) => {
                let team = join(self.source, line, first, row);
                let entry = first.at.and_then(|at| self.file.people.get_mut(at));
                if let (Some(entry), Some(team)) = (entry, team) {
                    entry.teams.push(team);
                }
            }
            None => {
                let entry = entry_of(&row);
                let at = entry.is_some().then_some(self.file.people.len());
                self.file.people.extend(entry);
                let teams = row.team.iter().flatten().map(Name::key).collect();
                let first = First {
                    line,
                    row,
                    teams,
                    at,
                };
                self.seen.insert(key, first);
            }
        }
    }

    /// A row of the file with a team that has nobody.
    fn team(&mut self, line: usize, record: &StringRecord) {
        let report = |sentence: String| self.source.at_line(line, sentence);
        let team = Name::parse(record.get(3).unwrap_or_default());
        if let Some(team) = read_as("team", team, report) {
            self.file.teams.insert(team.key());
            self.file.empty_teams.push(team);
        }
    }

    /// A row of the file.
    fn row(&mut self, line: usize, record: &StringRecord) -> Row {
        let report = |sentence: String| self.source.at_line(line, sentence);
        if record.len() != HEADER.len() {
            let (n, wanted) = (fields(record.len()), HEADER.join(","));
            report(format!(
                "The row has {n} instead of {}: {wanted}",
                HEADER.len()
            ));
            // A faulty e-mail still stands for a person.
            let emails = record.iter().filter_map(|f| Email::parse(f).ok());
            self.file.emails.extend(emails.map(|e| e.key()));
            let teams = record.iter().filter_map(|f| Name::parse(f).ok());
            self.file.teams.extend(teams.map(|t| t.key()));
            return Row::default();
        }
        let field = |at: usize| record.get(at).unwrap_or_default();
        let row = Row {
            name: read_as("name", Name::parse(field(0)), report),
            email: read_as("email", Email::parse(field(1)), report),
            time_zone: read_as("time_zone", ZoneName::parse(field(2)), report),
            team: match field(3).trim() {
                "" => Some(None),
                team => read_as("team", Name::parse(team), report).map(Some),
            },
            lead: match field(4).trim() {
                "yes" => Some(true),
                "no" => Some(false),
                other => {
                    report(format!("lead: Write yes or no, not “{other}”."));
                    None
                }
            },
        };
        if row.lead == Some(true) && row.team == Some(None) {
            report("team: Name the team that is led.".into());
        }
        self.file.emails.extend(row.email.as_ref().map(Email::key));
        self.file
            .teams
            .extend(row.team.iter().flatten().map(Name::key));
        row
    }

    /// A line of a list.
    fn list_row(&self, line: usize, record: &StringRecord, zone: &ZoneName) -> Row {
        let report = |sentence: String| self.source.at_line(line, sentence);
        if !(2..=5).contains(&record.len()) {
            let n = fields(record.len());
            report(format!(
                "The line has {n}. Write: name, email, team, lead, time zone; the last three may be missing."
            ));
        }
        if record.len() < 2 {
            return Row::default();
        }
        let field = |at: usize| record.get(at).unwrap_or_default().trim();
        let row = Row {
            name: read_as("name", Name::parse(field(0)), report),
            email: read_as("email", Email::parse(field(1)), report),
            team: match field(2) {
                "" => Some(None),
                team => read_as("team", Name::parse(team), report).map(Some),
            },
            lead: match field(3).to_lowercase().as_str() {
                "lead" | "yes" => Some(true),
                "" | "no" => Some(false),
                other => {
                    report(format!("lead: Write lead or nothing, not “{other}”."));
                    None
                }
            },
            time_zone: match field(4) {
                "" => Some(zone.clone()),
                own => read_as("time zone", ZoneName::parse(own), report),
            },
        };
        if row.lead == Some(true) && row.team == Some(None) {
            report("team: Name the team that is led.".into());
        }
        row
    }
}

/// Whether a row of the file names a team and no person.
fn is_team_alone(record: &StringRecord) -> bool {
    let field = |at: usize| record.get(at).unwrap_or_default().trim();
    let no_person = [0, 1, 2].into_iter().all(|at| field(at).is_empty());
    record.len() == HEADER.len() && no_person && field(4) == "no"
}

fn fields(n: usize) -> String {
    match n {
        1 => "1 field".into(),
        n => format!("{n} fields"),
    }
}

/// What a field says; its mistake is reported with its name.
fn read_as<T>(field: &str, read: Result<T, String>, report: impl Fn(String)) -> Option<T> {
    read.map_err(|sentence| report(format!("{field}: {sentence}")))
        .ok()
}

fn entry_of(row: &Row) -> Option<PersonEntry> {
    let (team, lead) = (row.team.clone()?, row.lead?);
    Some(PersonEntry {
        person: NewPerson {
            name: row.name.clone()?,
            email: row.email.clone()?,
            time_zone: row.time_zone.clone()?,
        },
        teams: team.map(|team| (team, lead)).into_iter().collect(),
    })
}

/// Holds another row of a person against their first one; the team it adds.
fn join(source: &Source, line: usize, first: &mut First, row: Row) -> Option<(Name, bool)> {
    let (was, at) = (&first.row, first.line);
    let who = row.name.as_ref().or(was.name.as_ref());
    let who = who.map_or("This person", Name::as_str);
    if let (Some(was), Some(is)) = (&was.name, &row.name)
        && was != is
    {
        let (was, is) = (was.as_str(), is.as_str());
        let sentence =
            format!("The same e-mail has the name “{was}” on line {at} and “{is}” here.");
        source.at_line(line, sentence);
    }
    if let (Some(was), Some(is)) = (&was.time_zone, &row.time_zone)
        && was != is
    {
        let (was, is) = (was.as_str(), is.as_str());
        let sentence = format!("{who} has the time zone {was} on line {at} and {is} here.");
        source.at_line(line, sentence);
    }
    let Some(team) = row.team? else {
        source.at_line(line, format!("{who} is on line {at} already."));
        return None;
    };
    if !first.teams.insert(team.key()) {
        let team = team.as_str();
        let sentence = format!("{who} is listed in {team} twice; keep one row a team.");
        source.at_line(line, sentence);
        return None;
    }
    Some((team, row.lead?))
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
