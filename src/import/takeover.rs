//! A folder of post-mortems that were written for another tool: each becomes a draft, with notes on what the file says
//! and a post-mortem cannot, and the other way round.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::PostmortemEntry;
use super::existing::Existing;
use super::files::{AREAS, PEOPLE, POSTMORTEM_FILES, POSTMORTEMS, bytes_of, files_in, reason};
use super::postmortem_md::{document, entry, not_taken_over, told};
use super::source::Source;
use crate::db::types::Day;
use crate::domain::postmortem::document::PLACEHOLDERS;
use crate::domain::postmortem::source::listed;
use crate::domain::postmortem::{Document, PostmortemForm, Severity};
use crate::time::MomentField;
use crate::words::web_address;

/// The files of a folder without people and areas.
pub(super) fn open(dir: &Path) -> Vec<(String, Result<Vec<u8>, String>)> {
    let mut files = Vec::new();
    for (folder, part) in [
        (dir.to_owned(), ""),
        (dir.join(POSTMORTEMS), "postmortems/"),
    ] {
        match files_in(&folder, POSTMORTEM_FILES) {
            Ok(names) => files.extend(names.into_iter().filter(|n| is_about_one(n)).map(|name| {
                let bytes = bytes_of(&folder.join(&name));
                (format!("{part}{name}"), bytes)
            })),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => files.push((part.to_owned(), Err(reason(&e)))),
        }
    }
    files
}

/// A folder's own description is no post-mortem.
fn is_about_one(name: &str) -> bool {
    !name.eq_ignore_ascii_case("readme.md")
}

pub(super) fn is_only_postmortems(sources: &[Source]) -> bool {
    let is_other = |s: &&Source| s.path == PEOPLE || s.path.split('/').next() == Some(AREAS);
    !sources.is_empty() && !sources.iter().any(|s| is_other(&s))
}

/// Reads the files; adds the problems of those that cannot be read.
pub(super) fn read(sources: &[Source], existing: &Existing, today: Day) -> Vec<PostmortemEntry> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut entries = Vec::new();
    for source in sources {
        let Some(entry) = read_one(source, existing, today) else {
            continue;
        };
        match first.get(&entry.slug) {
            Some(other) => source.at_line(
                1,
                format!("It gets the same name in URLs as {other}: rename one of them."),
            ),
            None => {
                first.insert(entry.slug.clone(), &source.path);
                entries.push(entry);
            }
        }
    }
    entries
}

fn read_one(source: &Source, existing: &Existing, today: Day) -> Option<PostmortemEntry> {
    let told = told(source)?;
    let (mut form, mut left_over) = (told.form, listed(&told.left_over));
    let mut leave = |what: String| {
        let comma = if left_over.is_empty() { "" } else { ", " };
        left_over += &format!("{comma}{what}");
    };
    form.areas.retain(|slug| {
        let is_known = existing
            .areas
            .get(slug)
            .is_some_and(|a| a.archived.is_none());
        if !is_known {
            leave(format!("area {slug}"));
        }
        is_known
    });
    if !form.link.trim().is_empty() && web_address(&form.link).is_err() {
        leave(format!("link ({})", form.link.trim()));
        form.link.clear();
    }
    let stem = source.stem(POSTMORTEM_FILES);
    let missing = complete(&mut form, stem);
    let mut notes = Vec::new();
    if !left_over.is_empty() {
        notes.push(not_taken_over(&left_over));
    }
    if !missing.is_empty() {
        let missing = missing.join(", ");
        form.body = format!(
            "{PLACEHOLDERS}{missing}. Correct these, then delete this line.\n\n{}",
            form.body
        );
        notes.push(format!("not in the file: {missing}"));
    }
    let document = document(source, &form, today)?;
    let named = Document {
        title: stem.to_owned(),
        ..document.clone()
    };
    Some(entry(source, named.slug(), &form, document, notes))
}

/// Fills in what a post-mortem needs and the file does not say; says what was filled in. The same file is always filled
/// in alike, so that a second import changes nothing.
fn complete(form: &mut PostmortemForm, stem: &str) -> Vec<String> {
    let mut missing = Vec::new();
    let date = stem.get(..10).and_then(Day::parse);
    if form.title.trim().is_empty() {
        let words = date.and_then(|_| stem.get(10..)).unwrap_or(stem);
        let words = words.replace(['-', '_'], " ");
        form.title = match words.trim() {
            "" => stem.to_owned(),
            words => words.to_owned(),
        };
        missing.push(format!("title (“{}”, after the file's name)", form.title));
    }
    if Severity::parse(&form.severity).is_none() {
        let lowest = Severity::Four;
        form.severity = lowest.word().to_owned();
        missing.push(format!("severity ({})", lowest.label()));
    }
    if form.occurred_at.read("").is_err() {
        let (day, whence) = match date {
            Some(day) => (day, "after the file's name"),
            None => (Day::from(jiff::civil::date(1970, 1, 1)), "a placeholder"),
        };
        form.occurred_at = MomentField::of_file(day.start().iso());
        missing.push(format!("when it began ({day}, {whence})"));
    }
    if form.minutes.parse::<i32>().is_err() {
        form.minutes = "1".into();
        missing.push("how long it lasted (1 minute)".into());
    }
    missing
}
