//! Rotas as tables: a shift a line, under a line of titles.

use ::csv::{ReaderBuilder, StringRecord};
use jiff::civil;
use jiff::tz::TimeZone;

use super::{Adapter, Request, authorized};
use crate::db::types::{Day, UtcTime};
use crate::domain::rota::{Duty, Entry, Window};
use crate::text::email::is_address;

/// Lines that are complained about.
const MOST_PROBLEMS: usize = 5;
const MOST_LINES: u64 = 50_000;

pub(super) struct Csv;

impl Adapter for Csv {
    fn parse(&self, raw: &[u8], window: &Window) -> Result<Vec<Entry>, String> {
        let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
        let text = std::str::from_utf8(raw)
            .map_err(|_| "This file is no text in UTF-8. Save it as CSV again.".to_owned())?;
        let mut lines = text.lines();
        let titles = lines
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let mut reader = ReaderBuilder::new()
            .delimiter(separator(titles))
            .flexible(true)
            .trim(::csv::Trim::All)
            .from_reader(text.as_bytes());
        let titles = reader.headers().map_err(|_| unreadable(1))?.clone();
        let columns = Columns::find(&titles)?;
        let (mut entries, mut problems) = (Vec::new(), Vec::new());
        for row in reader.records() {
            let row = row.map_err(|e| unreadable(e.position().map_or(0, ::csv::Position::line)))?;
            let line = row.position().map_or(0, ::csv::Position::line);
            if line > MOST_LINES {
                return Err(format!("This rota has more than {MOST_LINES} lines."));
            }
            if row.iter().all(str::is_empty) {
                continue;
            }
            match columns.entry(&row, &window.zone) {
                Ok(entry) => entries.push(entry),
                Err(sentence) => problems.push(format!("Line {line}: {sentence}")),
            }
            if problems.len() == MOST_PROBLEMS {
                break;
            }
        }
        match problems.is_empty() {
            true => Ok(entries),
            false => Err(problems.join(" ")),
        }
    }

    fn request(&self, address: &str, token: &str, _: &Window) -> Request {
        let mut headers = authorized("Bearer ", token);
        headers.push(("accept", "text/csv".into()));
        Request {
            address: address.to_owned(),
            headers,
        }
    }
}

fn unreadable(line: u64) -> String {
    format!("Line {line}: this is no line of a table.")
}

/// What stands most often between the titles.
fn separator(titles: &str) -> u8 {
    let count = |mark: u8| titles.bytes().filter(|b| *b == mark).count();
    let marks = [b',', b';', b'\t', b'|'];
    marks
        .into_iter()
        .rev()
        .max_by_key(|m| count(*m))
        .unwrap_or(b',')
}

struct Columns {
    start: usize,
    end: usize,
    person: Option<usize>,
    mail: Option<usize>,
    duty: Option<usize>,
}

impl Columns {
    fn find(titles: &StringRecord) -> Result<Self, String> {
        let at = |names: &[&str]| {
            titles.iter().position(|title| {
                let title = title.trim().to_lowercase();
                names.contains(&title.as_str())
            })
        };
        let start = at(&[
            "start",
            "starts",
            "starts at",
            "start time",
            "from",
            "begin",
        ]);
        let end = at(&["end", "ends", "ends at", "end time", "to", "until"]);
        let person = at(&["person", "name", "who", "user", "engineer", "on call"]);
        let mail = at(&["mail", "email", "e-mail", "address"]);
        let duty = at(&["kind", "duty", "role", "layer"]);
        match (start, end, person.or(mail)) {
            (Some(start), Some(end), Some(_)) => Ok(Self {
                start,
                end,
                person,
                mail,
                duty,
            }),
            _ => Err(
                "Line 1: name the columns start, end and person. One more, kind, is optional."
                    .into(),
            ),
        }
    }

    fn entry(&self, row: &StringRecord, zone: &TimeZone) -> Result<Entry, String> {
        let of = |column: Option<usize>| column.and_then(|at| row.get(at)).unwrap_or_default();
        let starts = time(of(Some(self.start)), zone, Side::Start)?;
        let ends = time(of(Some(self.end)), zone, Side::End)?;
        let (person, mail) = (of(self.person), of(self.mail));
        let who = match mail.is_empty() && is_address(person) {
            true => ("", person),
            false => (person, mail),
        };
        if who == ("", "") {
            return Err("nobody is named.".into());
        }
        let duty = Duty::in_words(of(self.duty));
        Entry::new((starts, ends), who, duty)
            .ok_or_else(|| "the shift ends before it begins.".into())
    }
}

#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

/// A moment with or without its distance from UTC, or a day: a shift lasts to the end of its last day.
fn time(written: &str, zone: &TimeZone, side: Side) -> Result<UtcTime, String> {
    if let Ok(at) = written.parse::<jiff::Timestamp>() {
        return Ok(at.into());
    }
    let local = match (Day::parse(written), side) {
        (Some(day), Side::Start) => Some(day.date().at(0, 0, 0, 0)),
        (Some(day), Side::End) => Some(day.plus_days(1).date().at(0, 0, 0, 0)),
        (None, _) => written.parse::<civil::DateTime>().ok(),
    };
    let at = local.and_then(|local| zone.to_ambiguous_timestamp(local).compatible().ok());
    at.map(UtcTime::from).ok_or_else(|| {
        let what = match side {
            Side::Start => "start",
            Side::End => "end",
        };
        let shown: String = written.chars().take(40).collect();
        format!("the {what} “{shown}” is no time. Write it like 2027-02-27 09:00.")
    })
}
