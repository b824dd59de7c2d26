//! postmortems/*.md: one post-mortem a file; the file's name is its name. The format is that of the import form. A file
//! of an organisation says nothing that Checkride does not know; one of another tool may (`takeover`).

use super::PostmortemEntry;
use super::files::POSTMORTEM_FILES;
use super::source::Source;
use crate::db::types::Day;
use crate::domain::postmortem;
use crate::domain::postmortem::document::is_slug;
use crate::domain::postmortem::source::{Told, listed};
use crate::domain::postmortem::{Document, PostmortemForm};
use crate::error::Error;
use crate::time::LocalTime;

/// Reads a file of an organisation; adds its problems to its source.
pub(super) fn read(source: &Source, today: Day) -> Option<PostmortemEntry> {
    let told = told(source)?;
    let slug = slug(source);
    for left in &told.left_over {
        if let Some(sentence) = left.refusal() {
            source.at_line(left.line, sentence);
        }
    }
    let mut notes = Vec::new();
    if !told.left_over.is_empty() {
        notes.push(not_taken_over(&listed(&told.left_over)));
    }
    let document = source
        .is_sound()
        .then(|| document(source, &told.form, today))?;
    Some(entry(source, slug?, &told.form, document?, notes))
}

pub(super) fn not_taken_over(list: &str) -> String {
    format!("not taken over: {list}")
}

/// What a file says.
pub(super) fn told(source: &Source) -> Option<Told> {
    if !source.is_sound() {
        return None;
    }
    let told = postmortem::source::read(&source.text);
    told.map_err(|unreadable| source.at_line(unreadable.line, unreadable.sentence))
        .ok()
}

pub(super) fn entry(
    source: &Source,
    slug: String,
    form: &PostmortemForm,
    document: Document,
    notes: Vec<String>,
) -> PostmortemEntry {
    let line = |field: &str| postmortem::source::place(&source.text, field).0;
    let teaches_at = form.points.iter().zip(1..).filter(|(p, _)| !p.is_blank());
    let teaches_at = teaches_at
        .map(|(_, n)| line(&format!("teaches-{n}")))
        .collect();
    PostmortemEntry {
        file: source.path.clone(),
        slug,
        document,
        areas_at: line("area"),
        teaches_at,
        notes,
    }
}

/// The document of a form; adds what is wrong with it to its file.
pub(super) fn document(source: &Source, form: &PostmortemForm, today: Day) -> Option<Document> {
    let text = &source.text;
    // The day may already be over in another zone: what happened today is not in the future.
    let end_of_today = today.plus_days(1).start().plus_seconds(-1);
    match form.read(&LocalTime::new("UTC", end_of_today)) {
        Ok(document) => Some(document),
        Err(Error::Invalid(errors)) => {
            for (field, sentence) in errors.iter() {
                let (line, name) = postmortem::source::place(text, field);
                source.at_line(line, format!("{name}: {sentence}"));
            }
            None
        }
        Err(other) => {
            source.at_line(1, other.to_string());
            None
        }
    }
}

/// The file's stem, if it can be a name in URLs.
fn slug(source: &Source) -> Option<String> {
    let stem = source.stem(POSTMORTEM_FILES);
    let is_slug = is_slug(stem);
    if !is_slug {
        source.at_line(
            1,
            "The file's name is the post-mortem's name in URLs: use lower-case letters, digits and hyphens, at least one \
             letter, at most 75 in all; new and import are pages of their own.",
        );
    }
    is_slug.then(|| stem.to_owned())
}
