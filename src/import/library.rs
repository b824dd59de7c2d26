//! What an import does with a post-mortem's file, compared with the library. Pure.

use std::collections::BTreeSet;

use super::change::Change;
use super::existing::{Existing, archived_sentence};
use super::source::Source;
use super::{AreaEntry, Options, PostmortemEntry, Problem};
use crate::domain::postmortem::store::import::StoredPostmortem;
use crate::domain::postmortem::{Document, State};
use crate::domain::standard::{Content, StandardState};
use crate::usecases::postmortem::actions;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOutcome {
    /// The name is new: it becomes a draft.
    New,
    /// It differs from the draft with its name: it becomes the draft's next version.
    Rewrite,
    /// It says the same.
    Same,
    /// It is an earlier version of a draft that someone then changed in the browser: an old file must not undo that.
    Overtaken,
    /// The post-mortem with its name is no longer a draft.
    Beyond(State),
}

/// What an import does with a file, given the post-mortem with its name.
pub fn outcome(document: &Document, known: Option<&StoredPostmortem>) -> FileOutcome {
    match known {
        None => FileOutcome::New,
        Some(k) if k.document.says_the_same(document) => FileOutcome::Same,
        Some(k) if k.state != State::Draft => FileOutcome::Beyond(k.state),
        Some(k) => match k.edited_in_app && k.versions.iter().any(|v| v.says_the_same(document)) {
            true => FileOutcome::Overtaken,
            false => FileOutcome::Rewrite,
        },
    }
}

pub(super) fn change(entry: &PostmortemEntry, existing: &Existing) -> Option<Change> {
    let (slug, document) = (entry.slug.clone(), entry.document.clone());
    let known = existing.postmortems.get(&slug);
    match (outcome(&document, known), known) {
        (FileOutcome::New, _) => Some(Change::AddPostmortem { slug, document }),
        (FileOutcome::Rewrite, Some(known)) => {
            let what = differences(&known.document, &document);
            Some(Change::RewritePostmortem {
                slug,
                document,
                what,
            })
        }
        _ => None,
    }
}

/// The notes on a file: what of it is not taken over, or why it differs and changes nothing.
pub(super) fn notes(entry: &PostmortemEntry, existing: &Existing) -> Vec<String> {
    let why = match outcome(&entry.document, existing.postmortems.get(&entry.slug)) {
        FileOutcome::Same => return Vec::new(),
        FileOutcome::New | FileOutcome::Rewrite => {
            let notes = entry.notes.iter();
            return notes
                .map(|note| format!("post-mortem {}: {note}", entry.slug))
                .collect();
        }
        FileOutcome::Overtaken => "its draft was changed since the file was imported".to_owned(),
        FileOutcome::Beyond(state) => format!(
            "it is {}; a draft is changed by its file, and nothing else",
            state.label().to_lowercase()
        ),
    };
    vec![format!("post-mortem {}: left alone: {why}", entry.slug)]
}

/// Where two documents differ, in words.
fn differences(was: &Document, is: &Document) -> Vec<&'static str> {
    let (was, is) = (was.plain(), is.plain());
    let fields = [
        ("title", was.title != is.title),
        ("severity", was.severity != is.severity),
        ("when", was.occurred_at != is.occurred_at),
        ("minutes", was.minutes != is.minutes),
        ("areas", was.areas != is.areas),
        ("systems", was.systems != is.systems),
        ("link", was.link != is.link),
        ("symptoms", was.symptoms != is.symptoms),
        ("impact", was.impact != is.impact),
        ("points", was.points != is.points),
        ("surprised", was.surprised != is.surprised),
        ("actions", was.actions != is.actions),
        ("text", was.body != is.body),
    ];
    let differing = fields.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(field, _)| field).collect()
}

/// Checks the areas and codes of post-mortems against the files and the database.
pub(super) struct LibraryCheck<'a> {
    pub(super) existing: &'a Existing,
    pub(super) areas: &'a [AreaEntry],
    /// Areas whose file has errors: post-mortems of these are not checked, because their codes are unknown.
    pub(super) unread: BTreeSet<&'a str>,
}

impl LibraryCheck<'_> {
    /// Areas and codes of a file that will be unknown after an import with those options. A file that changes nothing
    /// is not checked, because standards change while its post-mortem stays.
    pub(super) fn problems(&self, entry: &PostmortemEntry, options: Options) -> Vec<Problem> {
        let known = self.existing.postmortems.get(&entry.slug);
        if !matches!(
            outcome(&entry.document, known),
            FileOutcome::New | FileOutcome::Rewrite
        ) {
            return Vec::new();
        }
        let at = |line, sentence: String| Problem {
            file: entry.file.clone(),
            line,
            sentence,
        };
        let document = &entry.document;
        let areas = document.areas.iter();
        let mut problems: Vec<Problem> = areas
            .filter_map(|slug| Some(at(entry.areas_at, self.why_not(slug)?)))
            .collect();
        let is_unread = |slug: &String| self.unread.contains(slug.as_str());
        if !problems.is_empty() || document.areas.iter().any(is_unread) {
            return problems;
        }
        let contents: Vec<&Content> = document
            .areas
            .iter()
            .filter_map(|slug| self.published(slug, options))
            .collect();
        for (point, line) in document.points.iter().zip(&entry.teaches_at) {
            let unknown = point.teaches.iter().filter(|code| {
                let mut all = contents.iter();
                all.all(|content| content.competency(code).is_none())
            });
            problems.extend(unknown.map(|code| at(*line, actions::unknown_code(code))));
        }
        problems
    }

    /// Reports in a file what is unknown with any options.
    pub(super) fn report(&self, source: &Source, entry: &PostmortemEntry) {
        let [drafted, published] =
            [false, true].map(|publish| self.problems(entry, Options { publish }));
        for problem in drafted.into_iter().filter(|p| published.contains(p)) {
            source.at_line(problem.line, problem.sentence);
        }
    }

    /// Why a post-mortem cannot belong to an area.
    fn why_not(&self, slug: &str) -> Option<String> {
        let known = self.existing.areas.get(slug);
        if let Some((area, day)) = known.and_then(|area| Some((area, area.archived?))) {
            return Some(archived_sentence(&area.fields.name, day));
        }
        let has_file = self.unread.contains(slug) || self.areas.iter().any(|a| a.slug == slug);
        (known.is_none() && !has_file)
            .then(|| format!("There is no area {slug}: name areas as their addresses do."))
    }

    /// The content of the area's published standard after the import.
    fn published(&self, slug: &str, options: Options) -> Option<&Content> {
        let file = self.areas.iter().find(|a| a.slug == slug);
        let file = file.and_then(|a| a.standard.as_ref());
        let versions = self.existing.areas.get(slug);
        let versions = versions.map_or(&[][..], |a| a.standards.as_slice());
        let published = versions
            .iter()
            .find(|s| s.state == StandardState::Published)
            .map(|s| &*s.content);
        // The first standard is published at once; a later one is a draft unless the import publishes it.
        match file.filter(|_| versions.is_empty() || options.publish) {
            Some(content) => Some(content),
            None => published,
        }
    }
}
