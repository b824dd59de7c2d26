//! `checkride rota check`

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{Failed, Said, look_at_database};
use crate::config::Config;
use crate::db::types::UtcTime;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::rota::source::Source;
use crate::domain::rota::{DAYS_AHEAD, MOST_BYTES, Window};
use crate::error::{Error, Result};
use crate::usecases::rota::{Checked, Judged, check};

/// The file cannot be read, or no area has that name.
const BAD_INPUT: u8 = 2;
/// There are findings that nobody accepted.
const FINDINGS: u8 = 1;

#[derive(Debug, Subcommand)]
pub enum RotaCommand {
    /// Hold a rota against the clearances of an area; writes nothing
    #[command(after_help = "Examples:
  checkride rota check --file rota.ics --area payments
  curl -s https://… | checkride rota check --file - --area pay --format json

It reads iCalendar, CSV, and what PagerDuty, incident.io, Rootly and Grafana answer: docs/rota.md.
The exit code is 0 without findings, 1 with findings that nobody accepted, 2 when the rota cannot be read.")]
    Check {
        /// The rota, or - for standard input
        #[arg(long)]
        file: PathBuf,
        /// The name of the area in addresses, or its code
        #[arg(long)]
        area: String,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// How many days ahead
        #[arg(long, default_value_t = DAYS_AHEAD, value_parser = clap::value_parser!(i64).range(1..=92))]
        days: i64,
        /// The time zone of times without one
        #[arg(long, default_value = "UTC")]
        zone: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

impl RotaCommand {
    pub(super) fn run(self, config: &Config) -> std::result::Result<Said, Failed> {
        let Self::Check {
            file,
            area,
            format,
            days,
            zone,
        } = self;
        let bad = |error| Failed {
            error,
            code: BAD_INPUT,
        };
        let raw = read(&file).map_err(bad)?;
        if jiff::tz::TimeZone::get(&zone).is_err() {
            return Err(bad(Error::field("zone", format!("{zone} is no time zone"))));
        }
        let (area, checked, now) = look_at_database(config, false, |c, act| {
            let found = named(area::store::all(c)?, &area)?;
            let window = Window::of_upload(act.now, &zone);
            let entries = Source::of(&raw).read(&raw, &window);
            let entries = entries.map_err(|sentence| Error::field("file", sentence))?;
            if entries.is_empty() {
                let sentence =
                    "there is no shift from today on: a rota without shifts is not checked";
                return Err(Error::field("file", sentence));
            }
            let checked = check(c, found.id, entries, (act.now, days))?;
            Ok((found, checked, act.now))
        })
        .map_err(|error| match error {
            Error::Invalid(_) => bad(error),
            other => other.into(),
        })?;
        let text = match format {
            Format::Text => text(&area, &checked, days),
            Format::Json => json_of(&area, &checked, (days, now))?,
        };
        let code = match checked.open().next() {
            Some(_) => FINDINGS,
            None => 0,
        };
        Ok(Said { text, code })
    }
}

/// The area of that name in addresses, else the one of that code.
fn named(all: Vec<Area>, word: &str) -> Result<Area> {
    let is_name = |area: &Area| area.slug.eq_ignore_ascii_case(word);
    let is_code = |area: &Area| area.code.eq_ignore_ascii_case(word);
    let found = all.iter().find(|area| is_name(area));
    let found = found.or_else(|| all.iter().find(|area| is_code(area)));
    let sentence = || Error::field("area", format!("there is no area {word}"));
    found.cloned().ok_or_else(sentence)
}

/// The file, or one byte more than is read of it.
fn read(file: &Path) -> Result<Vec<u8>> {
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX) + 1;
    let mut raw = Vec::new();
    let read = match file.as_os_str() == "-" {
        true => std::io::stdin().lock().take(most).read_to_end(&mut raw),
        false => std::fs::File::open(file).and_then(|file| file.take(most).read_to_end(&mut raw)),
    };
    read.map(|_| raw)
        .map_err(|e| Error::field("file", format!("{}: {e}", file.display())))
}

fn moment(at: UtcTime) -> String {
    at.timestamp().strftime("%-d %b %Y, %H:%M UTC").to_string()
}

fn text(area: &Area, checked: &Checked, days: i64) -> String {
    let (shifts, all) = (checked.shifts.len(), checked.findings.len());
    let accepted = all - checked.open().count();
    let count = |n: usize, what: &str| match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    };
    let mut lines = vec![format!(
        "{}, next {days} days: {}, {}, {accepted} accepted.",
        area.name,
        count(shifts, "shift"),
        count(all, "finding"),
    )];
    lines.extend(checked.findings.iter().map(line));
    lines.join("\n")
}

fn line((finding, accepted): &Judged) -> String {
    let of = &finding.identity;
    let name = match finding.name.as_str() {
        "" => "Nobody",
        name => name,
    };
    let accepted = accepted.as_ref().map_or_else(String::new, |accepted| {
        let day = accepted.until_on.words();
        format!(" Accepted until {day}: {}", accepted.reason)
    });
    let (at, word) = (moment(of.at), of.kind.label());
    format!("{at}  {name}  {word}: {}{accepted}", finding.sentence())
}

fn json_of(area: &Area, checked: &Checked, (days, now): (i64, UtcTime)) -> Result<String> {
    let finding = |(finding, accepted): &Judged| -> Value {
        let of = &finding.identity;
        json!({
            "kind": of.kind,
            "label": of.kind.label(),
            "person": finding.name,
            "at": of.at.iso(),
            "until": finding.ends_at.map(UtcTime::iso),
            "sentence": finding.sentence(),
            "accepted": accepted.as_ref().map(|accepted| json!({
                "until": accepted.until_on.to_string(),
                "reason": accepted.reason,
            })),
        })
    };
    let all: Vec<Value> = checked.findings.iter().map(finding).collect();
    serde_json::to_string_pretty(&json!({
        "area": area.slug,
        "at": now.iso(),
        "days": days,
        "shifts": checked.shifts.len(),
        "open": checked.open().count(),
        "findings": all,
    }))
    .map_err(Error::fault)
}
