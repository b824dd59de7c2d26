//! postmortems/*.md: one post-mortem a file; the file's name is its name. The format is that of the import form.

use super::PostmortemEntry;
use super::files::POSTMORTEM_FILES;
use super::source::Source;
use crate::db::types::Day;
use crate::domain::postmortem;
use crate::domain::postmortem::document;
use crate::error::Error;
use crate::time::LocalTime;

/// Reads a file; adds its problems to its source.
pub(super) fn read(source: &Source, today: Day) -> Option<PostmortemEntry> {
    if !source.is_sound() {
        return None;
    }
    let slug = slug(source);
    let text = &source.text;
    let form = match postmortem::source::read(text) {
        Ok(form) => form,
        Err(unreadable) => {
            source.at_line(unreadable.line, unreadable.sentence);
            return None;
        }
    };
    let line = |field: &str| postmortem::source::place(text, field).0;
    let teaches_at = form.points.iter().zip(1..).filter(|(p, _)| !p.is_blank());
    let teaches_at = teaches_at
        .map(|(_, n)| line(&format!("teaches-{n}")))
        .collect();
    let areas_at = line("area");
    // The day may already be over in another zone: what happened today is not in the future.
    let end_of_today = today.plus_days(1).start().plus_seconds(-1);
    match form.read(&LocalTime::new("UTC", end_of_today)) {
        Ok(document) => Some(PostmortemEntry {
            file: source.path.clone(),
            slug: slug?,
            document,
            areas_at,
            teaches_at,
        }),
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
    let is_slug = document::is_slug(stem);
    if !is_slug {
        source.at_line(
            1,
            "The file's name is the post-mortem's name in URLs: use lower-case letters, digits and hyphens, at least one \
             letter, at most 75 in all; new and import are pages of their own.",
        );
    }
    is_slug.then(|| stem.to_owned())
}
