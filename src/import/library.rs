//! What becomes of a post-mortem's file beside what the library has. Pure.

use std::collections::BTreeSet;

use super::change::Change;
use super::present::{Present, refusal_of_archived};
use super::source::Source;
use super::{AreaEntry, Options, PostmortemEntry, Problem};
use crate::domain::postmortem::store::import::Kept;
use crate::domain::postmortem::{Document, State};
use crate::domain::standard::{Content, StandardState};
use crate::usecases::postmortem::actions;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing has its name: it becomes a draft.
    New,
    /// It says something else than the draft of its name: it becomes the draft's next version.
    Rewrite,
    /// It says what is there.
    Same,
    /// It says what the draft said before somebody changed it in the browser: an old file is no reason to undo that.
    Overtaken,
    /// What has its name is no draft any more.
    Beyond(State),
}

/// What becomes of a file beside what has its name.
pub fn fate(document: &Document, known: Option<&Kept>) -> Fate {
    match known {
        None => Fate::New,
        Some(k) if k.document.says_the_same(document) => Fate::Same,
        Some(k) if k.state != State::Draft => Fate::Beyond(k.state),
        Some(k) => match k.by_hand && k.versions.iter().any(|v| v.says_the_same(document)) {
            true => Fate::Overtaken,
            false => Fate::Rewrite,
        },
    }
}

/// The change that a file makes, if any.
pub(super) fn change(entry: &PostmortemEntry, present: &Present) -> Option<Change> {
    let (slug, document) = (entry.slug.clone(), entry.document.clone());
    let known = present.postmortems.get(&slug);
    match (fate(&document, known), known) {
        (Fate::New, _) => Some(Change::AddPostmortem { slug, document }),
        (Fate::Rewrite, Some(known)) => {
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

/// What is to be said of a file that changes nothing although it says something else.
pub(super) fn note(entry: &PostmortemEntry, present: &Present) -> Option<String> {
    let why = match fate(&entry.document, present.postmortems.get(&entry.slug)) {
        Fate::New | Fate::Rewrite | Fate::Same => return None,
        Fate::Overtaken => "its draft was changed since the file was imported".to_owned(),
        Fate::Beyond(state) => format!(
            "it is {}; a draft is changed by its file, and nothing else",
            state.label().to_lowercase()
        ),
    };
    Some(format!("post-mortem {}: left alone: {why}", entry.slug))
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

/// What the areas of the files and of the database teach.
pub(super) struct Taught<'a> {
    pub(super) present: &'a Present,
    pub(super) areas: &'a [AreaEntry],
    /// Areas whose file has errors of its own: nothing is said about what cannot be known.
    pub(super) unread: BTreeSet<&'a str>,
}

impl Taught<'_> {
    /// Areas and codes of a file that are not known once the files are imported with those options. What the import
    /// leaves as it is is not looked at: standards go on while it stays.
    pub(super) fn problems(&self, entry: &PostmortemEntry, options: Options) -> Vec<Problem> {
        let known = self.present.postmortems.get(&entry.slug);
        if !matches!(fate(&entry.document, known), Fate::New | Fate::Rewrite) {
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
            .filter_map(|slug| Some(at(entry.areas_at, self.refusal_of(slug)?)))
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
            problems.extend(unknown.map(|code| at(*line, actions::untaught(code))));
        }
        problems
    }

    /// Says in a file what is not known whatever the options are.
    pub(super) fn tell(&self, source: &Source, entry: &PostmortemEntry) {
        let [drafted, published] =
            [false, true].map(|publish| self.problems(entry, Options { publish }));
        for problem in drafted.into_iter().filter(|p| published.contains(p)) {
            source.at_line(problem.line, problem.sentence);
        }
    }

    /// Why a post-mortem cannot belong to an area.
    fn refusal_of(&self, slug: &str) -> Option<String> {
        let known = self.present.areas.get(slug);
        if let Some((area, day)) = known.and_then(|area| Some((area, area.archived?))) {
            return Some(refusal_of_archived(&area.fields.name, day));
        }
        let has_file = self.unread.contains(slug) || self.areas.iter().any(|a| a.slug == slug);
        (known.is_none() && !has_file)
            .then(|| format!("There is no area {slug}: name areas as their addresses do."))
    }

    /// What the area's published standard asks for after the import.
    fn published(&self, slug: &str, options: Options) -> Option<&Content> {
        let file = self.areas.iter().find(|a| a.slug == slug);
        let file = file.map(|a| &a.standard);
        let versions = self.present.areas.get(slug);
        let versions = versions.map_or(&[][..], |a| a.standards.as_slice());
        let published = versions
            .iter()
            .find(|s| s.state == StandardState::Published)
            .map(|s| &*s.content);
        // The first standard is published at once; from then on a draft comes between, unless it is published too.
        match file.filter(|_| versions.is_empty() || options.publish) {
            Some(content) => Some(content),
            None => published,
        }
    }
}
