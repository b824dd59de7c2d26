//! areas/*.toml: one area a file; the file's name is the area's name.

use std::collections::{HashMap, HashSet};

use toml::de::{DeTable, Error as TomlError};

use super::AreaEntry;
use super::codes::Codes;
use super::existing::{Existing, archived_sentence};
use super::files::AREA_FILES;
use super::people_csv::PeopleFile;
use super::source::Source;
use super::standard_toml;
use super::table::{At, Table};
use crate::db::types::Day;
use crate::domain::area;
use crate::domain::area::model::Fields;
use crate::domain::area::practice::{ActivityKind, MINUTES, Need, PRACTICES, Unit};
use crate::domain::area::systems::System;
use crate::domain::area::validity::{Ends, Validity};
use crate::domain::people::{Email, Name};
use crate::text;
use crate::words::web_address;

/// An area's file, and everything it may refer to.
pub(super) struct AreaInput<'a> {
    pub(super) source: &'a Source,
    pub(super) people_file: &'a PeopleFile,
    pub(super) existing: &'a Existing,
    pub(super) today: Day,
}

/// Reads a file; adds its problems to its source, and its codes to `codes`.
pub(super) fn read(input: &AreaInput<'_>, codes: &mut Codes) -> Option<AreaEntry> {
    let source = input.source;
    if !source.is_sound() {
        return None;
    }
    let slug = slug(source);
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        // A file that does not parse cannot be checked: more errors would be guesses.
        report_syntax(source, &errors);
        return None;
    }
    let mut top = Table::new(source, document.get_ref(), 0);
    let code = top.parsed("code", area::parse_code);
    let known = slug.as_ref().and_then(|s| input.existing.areas.get(s));
    if let Some((area, day)) = known.and_then(|area| Some((area, area.archived?))) {
        source.at(0, archived_sentence(&area.fields.name, day));
    }
    if let (Some(code), Some(slug)) = (&code, &slug) {
        check_code(input, slug, code, codes);
    }
    let name = top.parsed("name", Name::parse);
    let summary = top.text("summary", 1000);
    let tier = top.number("tier", area::TIERS);
    let owner_team = top.parsed("owner_team", Name::parse);
    if let Some(team) = &owner_team {
        check_team(input, team);
    }
    let minimum_cover = top.number("minimum_cover", area::MINIMUM_COVER);
    let target_weeks = top.number("target_weeks", area::TARGET_WEEKS);
    let validity = validity(&mut top);
    let recency_days = top.number("recency_days", area::RECENCY_DAYS);
    let labels = labels(source, &mut top);
    let practice = practice(source, &mut top);
    let qualifiers = qualifiers(input, &mut top);
    let systems = systems(source, &mut top);
    let cleared = cleared(
        input,
        &mut top,
        slug.as_deref(),
        validity.map(|(ends, months)| Validity::new(ends, months)),
    );
    // An area in the database never changes its code, so another one in the file is one error, not one a competency.
    let stored = known.map(|area| area.fields.code.as_str());
    let prefix = stored.or(code.as_ref().map(|code| code.as_str()));
    let standard = match top.optional_table("standard") {
        Some(Some(table)) => standard_toml::read(source, table, prefix, codes).map(Some),
        Some(None) => Some(None),
        None => None,
    };
    top.done();
    let (note, standard) = standard?.unzip();
    let (ends, validity_months) = validity?;
    Some(AreaEntry {
        slug: slug?,
        fields: Fields {
            code: code?.value,
            name: name?.value.as_str().to_owned(),
            summary: summary?.value,
            tier: tier?.value,
            minimum_cover: minimum_cover?.value,
            target_weeks: target_weeks?.value,
            validity_months,
            recency_days: recency_days?.value,
            labels: labels?,
            practice: practice?,
            ends,
        },
        owner_team: owner_team?.value,
        qualifiers: qualifiers?,
        systems: systems?,
        cleared: cleared?,
        note: note.unwrap_or_default(),
        standard,
    })
}

fn report_syntax(source: &Source, errors: &[TomlError]) {
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        source.at(
            at,
            format!("The file is not TOML here: {}.", error.message()),
        );
    }
}

/// The file's stem, if it can be a name in URLs.
fn slug(source: &Source) -> Option<String> {
    let stem = source.stem(AREA_FILES);
    let is_slug = area::is_slug(stem);
    if !is_slug {
        source.at(0, "The file's name is the area's name in URLs: use lower-case letters, digits and hyphens only.");
    }
    is_slug.then(|| stem.to_owned())
}

/// An area never changes its code: competencies carry it, and judgements refer to them.
fn check_code(input: &AreaInput<'_>, slug: &str, code: &At<String>, codes: &mut Codes) {
    let source = input.source;
    if let Some(before) = input
        .existing
        .areas
        .get(slug)
        .map(|a| &a.fields.code)
        .filter(|before| *before != &code.value)
    {
        let is = &code.value;
        source.at(
            code.at,
            format!("The area {slug} has the code {before}; it cannot become {is}."),
        );
    }
    if let Some((other, _)) = input
        .existing
        .areas
        .iter()
        .find(|(s, a)| *s != slug && a.fields.code == code.value)
    {
        let is = &code.value;
        source.at(
            code.at,
            format!("The code {is} belongs to the area {other}; an area keeps its file's name."),
        );
    }
    codes.take(source, code);
}

fn check_team(input: &AreaInput<'_>, team: &At<Name>) {
    let known = !input.people_file.is_table
        || input.people_file.mentions_team(team)
        || input.existing.teams.contains_key(&team.key());
    if !known {
        input.source.at(
            team.at,
            format!("There is no team “{}” in people.csv.", team.as_str()),
        );
    }
}

/// A person that a file may name: in people.csv, or in the database and not gone.
fn check_person(input: &AreaInput<'_>, email: &At<Email>) {
    if !input.people_file.is_table || input.people_file.mentions(email) {
        return;
    }
    match input.existing.people.get(&email.key()).map(|p| p.left) {
        Some(None) => {}
        Some(Some(left)) => {
            input.source.at(
                email.at,
                format!("{} was deactivated on {left}.", email.as_str()),
            );
        }
        None => input.source.at(
            email.at,
            format!(
                "There is nobody with the e-mail {} in people.csv.",
                email.as_str()
            ),
        ),
    }
}

/// Free labels; none where they are missing.
fn labels(source: &Source, top: &mut Table<'_>) -> Option<String> {
    let all = top.optional_list("labels", area::labels::parse_one)?;
    let at = all.first().map_or(0, |label| label.at);
    let all = all.into_iter().map(|label| label.value);
    let joined = area::labels::joined(all.collect());
    joined.map_err(|sentence| source.at(at, sentence)).ok()
}

/// How clearances end: after months, or as `ends` says.
fn validity(top: &mut Table<'_>) -> Option<(Ends, i32)> {
    let ends = top.optional_parsed("ends", |text| match text {
        "never" => Ok(Ends::Never),
        day => day.parse().map(Ends::EachYear).map_err(|_| {
            format!("`ends` must be \"never\" or a day of the year like \"03-31\", not “{day}”.")
        }),
    })?;
    match ends {
        Some(ends) => {
            let months = top.number_if_any("validity_months", area::VALIDITY_MONTHS)?;
            let months = months.map_or(area::USUAL_MONTHS, |months| months.value);
            Some((ends.value, months))
        }
        None => {
            let months = top.number("validity_months", area::VALIDITY_MONTHS)?;
            Some((Ends::AfterMonths, months.value))
        }
    }
}

/// How much practice the window asks for: one, unless the file says another amount.
fn practice(source: &Source, top: &mut Table<'_>) -> Option<Need> {
    let practices = top.number_if_any("practices", PRACTICES);
    let minutes = top.number_if_any("practice_minutes", MINUTES);
    let kinds = top.optional_list("practice_kinds", |word| {
        ActivityKind::parse(word).ok_or_else(|| {
            let known: Vec<_> = ActivityKind::ALL.iter().map(|kind| kind.word()).collect();
            format!(
                "“{word}” is no kind of practice; they are {}.",
                known.join(", ")
            )
        })
    });
    let kinds: Vec<ActivityKind> = kinds?.into_iter().map(|kind| kind.value).collect();
    match (practices?, minutes?) {
        (Some(_), Some(minutes)) => {
            source.at(
                minutes.at,
                "Give `practices` or `practice_minutes`, not both.",
            );
            None
        }
        (None, Some(minutes)) => Need::new(minutes.value, Unit::Minutes, &kinds),
        (practices, None) => {
            let amount = practices.map_or(1, |practices| practices.value);
            Need::new(amount, Unit::Practices, &kinds)
        }
    }
}

fn qualifiers(input: &AreaInput<'_>, top: &mut Table<'_>) -> Option<Vec<Email>> {
    let all = top.list("qualifiers", Email::parse)?;
    let mut seen = HashSet::new();
    for email in &all {
        check_person(input, email);
        if !seen.insert(email.key()) {
            input
                .source
                .at(email.at, format!("{} is listed twice.", email.as_str()));
        }
    }
    Some(all.into_iter().map(|email| email.value).collect())
}

fn cleared(
    input: &AreaInput<'_>,
    top: &mut Table<'_>,
    slug: Option<&str>,
    validity: Option<Validity>,
) -> Option<Vec<(Email, Day)>> {
    let latest = validity.map(|validity| validity.latest_end(input.today));
    let no_end = validity
        .filter(|v| *v == Validity::Never)
        .map(|_| Day::NEVER);
    let known = slug.and_then(|slug| input.existing.areas.get(slug));
    let has_clearance =
        |email: &Email| known.is_some_and(|a| a.ever_cleared.contains(&email.key()));
    let has_ramped = |email: &Email| known.is_some_and(|a| a.ever_ramped.contains(&email.key()));
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for mut table in top.tables("cleared") {
        let person = table.parsed("person", Email::parse);
        let until = table.day_or("until", no_end);
        if let Some(person) = &person {
            check_person(input, person);
            if !seen.insert(person.key()) {
                input.source.at(
                    person.at,
                    format!("{} is listed as cleared twice.", person.as_str()),
                );
            }
        }
        // After it was taken over, the line is history and its date may be in the past.
        if let (Some(person), Some(until)) = (&person, &until)
            && !has_clearance(person)
        {
            if has_ramped(person) {
                let sentence = format!(
                    "{} has, or had, a ramp here: a sign-off clears them. Take the line out.",
                    person.as_str()
                );
                input.source.at(person.at, sentence);
            }
            let day = until.value;
            if day < input.today {
                let sentence =
                    format!("{day} is past; only a clearance that holds can be recorded.");
                input.source.at(until.at, sentence);
            } else if let Some(latest) = latest.filter(|latest| day > *latest) {
                let sentence = format!(
                    "{day} is later than any sign-off could give; {latest} is the latest day."
                );
                input.source.at(until.at, sentence);
            }
        }
        table.done();
        all.push(
            person
                .zip(until)
                .map(|(person, until)| (person.value, until.value)),
        );
    }
    all.into_iter().collect()
}

fn systems(source: &Source, top: &mut Table<'_>) -> Option<Vec<System>> {
    let mut first_lines: HashMap<String, usize> = HashMap::new();
    let mut all = Vec::new();
    for mut table in top.tables("systems") {
        let name = table.text("name", 100);
        if let Some(name) = &name
            && let Some(first) = first_lines.insert(text::key(&name.value), source.line(name.at))
        {
            source.at(
                name.at,
                format!(
                    "The system “{}” is described on line {first} already.",
                    name.value
                ),
            );
        }
        let reference = table.optional_text("reference", 200);
        let links: Vec<_> = table
            .tables("links")
            .into_iter()
            .map(|mut link| {
                let title = link.text("title", 200);
                let url = link.parsed("url", web_address);
                link.done();
                title.zip(url).map(|(title, url)| (title.value, url.value))
            })
            .collect();
        let links: Option<Vec<_>> = links.into_iter().collect();
        table.done();
        all.push(
            name.zip(reference)
                .zip(links)
                .map(|((name, reference), links)| System {
                    name: name.value,
                    reference: reference.map(|r| r.value),
                    links,
                }),
        );
    }
    all.into_iter().collect()
}
