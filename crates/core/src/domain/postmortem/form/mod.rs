//! The form of a post-mortem, also as a file, and how it is read: both give the same error sentences.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::{Action, Document, Point, Severity};
use crate::db::types::UtcTime;
use crate::error::{FieldErrors, Result};
use crate::forms::Fields;
use crate::text;
use crate::time::{LocalTime, MomentField};
use crate::words::{Title, Words, web_address};

/// Most points of one post-mortem: nobody discusses more in an hour.
pub const MAX_POINTS: usize = 8;
/// Most actions of one post-mortem.
const MAX_ACTIONS: usize = 30;
/// Most systems of one post-mortem.
const MAX_SYSTEMS: usize = 20;
/// Most characters of the Markdown.
const BODY_CHARS: usize = 40_000;
/// Longest incident, in minutes: ten weeks.
const MAX_MINUTES: i32 = 100_000;

/// The form as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostmortemForm {
    pub title: String,
    /// Word of the severity.
    pub severity: String,
    /// Start.
    pub occurred_at: MomentField,
    /// How long it lasted.
    pub minutes: String,
    /// Names of areas in URLs.
    pub areas: BTreeSet<String>,
    /// Names of systems, a line each.
    pub systems: String,
    pub link: String,
    pub symptoms: String,
    pub impact: String,
    /// Points; blank ones do not count.
    pub points: Vec<PointForm>,
    /// Why it surprised everyone.
    pub surprised: String,
    /// Actions, a line each: what, who and where, with bars between.
    pub actions: String,
    pub body: String,
    /// The revision the form was opened on; empty for a new one.
    pub revision: String,
    /// It is another one than the author wrote before.
    pub another: bool,
}

/// A point as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PointForm {
    pub saw: String,
    /// The question to the reader.
    pub question: String,
    pub believed: String,
    pub decided: String,
    /// What would be done now.
    pub now: String,
    /// Codes, with any separators.
    pub teaches: String,
}

impl PointForm {
    /// True when nothing was typed; then it does not count.
    pub fn is_blank(&self) -> bool {
        let all = [
            &self.saw,
            &self.question,
            &self.believed,
            &self.decided,
            &self.now,
            &self.teaches,
        ];
        all.iter().all(|text| text.trim().is_empty())
    }
}

impl PostmortemForm {
    /// The form as it was sent.
    pub fn typed(fields: &Fields, local: &LocalTime) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        let point = |n: usize| PointForm {
            saw: text(&format!("saw-{n}")),
            question: text(&format!("question-{n}")),
            believed: text(&format!("believed-{n}")),
            decided: text(&format!("decided-{n}")),
            now: text(&format!("now-{n}")),
            teaches: text(&format!("teaches-{n}")),
        };
        Self {
            title: text("title"),
            severity: text("severity"),
            occurred_at: MomentField::sent(fields, "occurred_at", local),
            minutes: text("minutes"),
            areas: fields.all("area").map(str::to_owned).collect(),
            systems: text("systems"),
            link: text("link"),
            symptoms: text("symptoms"),
            impact: text("impact"),
            points: (1..=MAX_POINTS).map(point).collect(),
            surprised: text("surprised"),
            actions: text("actions"),
            body: text("body"),
            revision: text("revision"),
            another: fields.has("another"),
        }
    }

    /// A document as a form, to be edited.
    pub fn of(document: &Document, revision: i32, local: &LocalTime) -> Self {
        let action = |a: &Action| {
            let link = a.link.as_deref().unwrap_or_default();
            let parts = [a.what.as_str(), a.owner.as_str(), link];
            let said = parts.iter().rposition(|p| !p.is_empty()).unwrap_or(0);
            let parts: Vec<&str> = parts.into_iter().take(said + 1).collect();
            parts.join(" | ")
        };
        let actions: Vec<String> = document.actions.iter().map(action).collect();
        Self {
            title: document.title.clone(),
            severity: document.severity.word().into(),
            occurred_at: MomentField::of(document.occurred_at, local),
            minutes: document.minutes.to_string(),
            areas: document.areas.iter().cloned().collect(),
            systems: document.systems.join("\n"),
            link: document.link.clone().unwrap_or_default(),
            symptoms: document.symptoms.clone(),
            impact: document.impact.clone(),
            points: document
                .points
                .iter()
                .map(|p| PointForm {
                    saw: p.saw.clone(),
                    question: p.question.clone(),
                    believed: p.believed.clone(),
                    decided: p.decided.clone(),
                    now: p.now.clone(),
                    teaches: p.teaches.join(", "),
                })
                .collect(),
            surprised: document.surprised.clone(),
            actions: actions.join("\n"),
            body: document.body.clone(),
            revision: revision.to_string(),
            another: false,
        }
    }

    /// The same with its time in the format of the page's field.
    pub fn on_a_page(self, local: &LocalTime) -> Self {
        Self {
            occurred_at: self.occurred_at.on_a_page(local),
            ..self
        }
    }

    /// The points and two blank ones, for the page.
    pub fn points_with_space(&self) -> Vec<PointForm> {
        let said = self.points.iter().rposition(|p| !p.is_blank());
        let shown = (said.map_or(0, |n| n + 1) + 2).min(MAX_POINTS);
        let blank = std::iter::repeat_with(PointForm::default);
        let all = self.points.iter().cloned().chain(blank);
        all.take(shown).collect()
    }

    pub fn read(&self, local: &LocalTime) -> Result<Document> {
        let mut errors = FieldErrors::default();
        let title = match Title::<160>::required(&self.title, "Say in a line what happened.") {
            Ok(title) => title.as_str().to_owned(),
            Err(sentence) => {
                errors.add("title", sentence);
                String::new()
            }
        };
        let severity = Severity::parse(&self.severity);
        if severity.is_none() {
            errors.add("severity", "Choose how bad it was.");
        }
        let occurred_at = self.began(local.now(), &mut errors);
        let minutes = self.minutes.trim().parse().ok();
        let minutes = minutes.filter(|n| (1..=MAX_MINUTES).contains(n));
        if minutes.is_none() {
            let range = format!("Enter whole minutes from 1 to {MAX_MINUTES}.");
            errors.add("minutes", range);
        }
        let systems = match Title::<80>::lines(&self.systems, MAX_SYSTEMS) {
            Ok(lines) => once(lines.iter().map(|l| l.as_str().to_owned())),
            Err(sentence) => {
                errors.add("systems", sentence);
                Vec::new()
            }
        };
        let link = address("link", &self.link, &mut errors);
        let points = self.points(&mut errors);
        let actions = self.actions(&mut errors);
        let mut long = |name: &str, text: &str| words::<4000>(name, text, &mut errors);
        let symptoms = long("symptoms", &self.symptoms);
        let impact = long("impact", &self.impact);
        let surprised = long("surprised", &self.surprised);
        let body = words::<BODY_CHARS>("body", &self.body, &mut errors);
        match (severity, occurred_at, minutes) {
            (Some(severity), Some(occurred_at), Some(minutes)) => errors.or(Document {
                title,
                severity,
                occurred_at,
                minutes,
                areas: self.areas.iter().cloned().collect(),
                systems,
                link,
                symptoms,
                impact,
                points,
                surprised,
                actions,
                body,
            }),
            _ => Err(crate::error::Error::Invalid(errors)),
        }
    }

    /// The start of the incident; not in the future.
    fn began(&self, now: UtcTime, errors: &mut FieldErrors) -> Option<UtcTime> {
        match self.occurred_at.read("Enter the day and time it began.") {
            Ok(at) if at > now => {
                errors.add("occurred_at", "This is in the future. Enter when it began.");
                None
            }
            Ok(at) => Some(at),
            Err(sentence) => {
                errors.add("occurred_at", sentence);
                None
            }
        }
    }

    fn points(&self, errors: &mut FieldErrors) -> Vec<Point> {
        let mut points = Vec::new();
        let said = self.points.iter().filter(|p| !p.is_blank()).count();
        if said > MAX_POINTS {
            let sentence = format!("These are {said} points. The limit is {MAX_POINTS}.");
            errors.add("points", sentence);
            return points;
        }
        let typed = (1..).zip(&self.points);
        for (n, typed) in typed.filter(|(_, p)| !p.is_blank()) {
            let mut text = |name: &str, text: &str| {
                let field = format!("{name}-{n}");
                words::<2000>(&field, text, errors)
            };
            let point = Point {
                saw: text("saw", &typed.saw),
                question: text("question", &typed.question),
                believed: text("believed", &typed.believed),
                decided: text("decided", &typed.decided),
                now: text("now", &typed.now),
                teaches: codes(&typed.teaches),
            };
            let field = format!("saw-{n}");
            if point.saw.is_empty() && errors.get(&field).is_none() {
                errors.add(field, "Say what could be seen. A reader starts there.");
            }
            points.push(point);
        }
        points
    }

    fn actions(&self, errors: &mut FieldErrors) -> Vec<Action> {
        let lines = match Words::<600>::lines(&self.actions, MAX_ACTIONS) {
            Ok(lines) => lines,
            Err(sentence) => {
                errors.add("actions", sentence);
                return Vec::new();
            }
        };
        let action = |line: &Words<600>| {
            let mut parts = line.as_str().splitn(3, '|').map(str::trim);
            let mut next = || parts.next().unwrap_or_default();
            let (what, owner, link) = (next(), next(), next());
            if what.is_empty() {
                errors.add("actions", "Begin an action with what to do.");
            }
            Action {
                what: what.to_owned(),
                owner: owner.to_owned(),
                link: address("actions", link, errors),
            }
        };
        lines.iter().map(action).collect()
    }
}

fn words<const MAX: usize>(field: &str, text: &str, errors: &mut FieldErrors) -> String {
    match Words::<MAX>::parse(text) {
        Ok(words) => words.as_str().to_owned(),
        Err(sentence) => {
            errors.add(field, sentence);
            String::new()
        }
    }
}

fn address(field: &str, text: &str, errors: &mut FieldErrors) -> Option<String> {
    let text = Some(text.trim()).filter(|t| !t.is_empty())?;
    web_address(text).map_err(|s| errors.add(field, s)).ok()
}

/// Codes in order, each once.
fn codes(text: &str) -> Vec<String> {
    let words = text.split([',', ';', ' ', '\n', '\r', '\t']);
    let words = words.map(str::trim).filter(|w| !w.is_empty());
    once(words.map(|word| text::normal(word).to_uppercase()))
}

fn once(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.filter(|one| seen.insert(text::key(one))).collect()
}
