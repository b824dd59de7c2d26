//! A group of competencies as the page that assesses it shows them.

use super::address;
use crate::domain::assessment::evidence::strongest_since;
use crate::domain::assessment::model::Assessment;
use crate::domain::assessment::{Known, Stream, gap};
use crate::domain::auth::context::ReadContext;
use crate::domain::standard::{Competency, Group, Level};
use crate::pages::assessment::form::NOT_OBSERVED;
use crate::pages::parts::choice::Choice;
use crate::pages::status::first_name;
use crate::usecases::dossier::Dossier;
use crate::web::Fields;

/// So many sessions are offered as evidence, newest first.
const SOURCES_OFFERED: usize = 4;

/// A step of the way through the groups.
pub struct Step {
    pub href: String,
    pub label: String,
    pub icon: &'static str,
    pub css: &'static str,
    pub current: bool,
}

/// A level to choose.
pub struct Anchor {
    pub level: u8,
    pub word: &'static str,
    pub behaviour: String,
    pub chosen: bool,
    pub tag: String,
    pub tag2: String,
    /// What the page opens with.
    pub is_now: bool,
}

/// A competency to judge.
pub struct Rubric {
    pub code: String,
    pub statement: String,
    pub critical: bool,
    /// `3 Mentor reachable`.
    pub needs: String,
    /// How far self-view and mentor-view lie apart.
    pub gap: Option<String>,
    pub anchors: Vec<Anchor>,
    pub shown: String,
    /// The level that counts; empty without one.
    pub current: String,
    /// The most help-free that was observed, in words.
    pub best: Option<String>,
    pub sources: Vec<Choice>,
    /// Evidence is given where the level stays.
    pub again: bool,
    pub note: String,
    /// At level and left alone.
    pub folded: bool,
}

/// The steps: groups with how many are at level (mentor), or rated at all (self).
pub fn steps(dossier: &Dossier, stream: Stream, here: Group) -> Vec<Step> {
    let content = &dossier.standard.content;
    let step = |group: Group| {
        let states: Vec<_> = content
            .competencies
            .iter()
            .filter(|c| c.group == group)
            .filter_map(|c| dossier.readiness.competency(&c.code))
            .collect();
        let (done, word) = match stream {
            Stream::Mentor => (states.iter().filter(|s| s.met).count(), "at level"),
            Stream::Self_ => (
                states.iter().filter(|s| s.self_level.is_some()).count(),
                "rated",
            ),
        };
        let (icon, css) = match (done * 4).checked_div(states.len()).unwrap_or(4) {
            4.. => ("st-cleared", "ok"),
            3 => ("st-ramp3", "ramp"),
            2 => ("st-ramp2", "ramp"),
            _ if done > 0 => ("st-ramp1", "ramp"),
            _ => ("st-todo", "todo"),
        };
        Step {
            href: address(dossier.ramp.id, stream, group),
            label: format!("{}, {done} of {} {word}", group.label(), states.len()),
            icon,
            css,
            current: group == here,
        }
    };
    content.groups().into_iter().map(step).collect()
}

/// The competencies of a group as the page shows them.
pub fn rubrics(
    dossier: &Dossier,
    (stream, group): (Stream, Group),
    known: &Known,
    typed: Option<&Fields>,
    context: &ReadContext,
) -> Vec<Rubric> {
    let all = dossier
        .standard
        .content
        .competencies
        .iter()
        .filter(|c| c.group == group);
    all.map(|c| rubric(c, dossier, stream, known, typed, context))
        .collect()
}

fn rubric(
    competency: &Competency,
    dossier: &Dossier,
    stream: Stream,
    known: &Known,
    typed: Option<&Fields>,
    context: &ReadContext,
) -> Rubric {
    let code = &competency.code;
    let state = dossier.readiness.competency(code);
    let (own, mentors) = state.map_or((None, None), |s| (s.self_level, s.mentor_level));
    let standing = known.standings.get(code).cloned().unwrap_or_default();
    let shown = match (standing.level, &standing.latest) {
        (Some(level), _) => level.number().to_string(),
        (None, Some(_)) => NOT_OBSERVED.to_owned(),
        (None, None) => String::new(),
    };
    let sent = |name: &str| typed.map(|fields| fields.get(&format!("{name}-{code}")).to_owned());
    let level = sent("level").unwrap_or_else(|| shown.clone());
    let proposed = || match stream {
        Stream::Mentor => proposed(dossier, code),
        Stream::Self_ => String::new(),
    };
    let (note, source) = (
        sent("note").unwrap_or_default(),
        sent("source").unwrap_or_else(proposed),
    );
    let shown = sent("shown").unwrap_or(shown);
    let is_noted = !note.trim().is_empty();
    let again = is_noted || !sent("again").unwrap_or_default().is_empty();
    let untouched = level == shown && !again;
    let enough = standing
        .level
        .is_some_and(|l| l >= competency.required_level);
    let (last, other) = tags(dossier, stream, code, context);
    let theirs = match stream {
        Stream::Mentor => own,
        Stream::Self_ => mentors,
    };
    let tag = |here: bool, words: &str| match here {
        true => words.to_owned(),
        false => String::new(),
    };
    let mut anchors: Vec<Anchor> = Level::ALL
        .iter()
        .zip(&competency.behaviours)
        .map(|(l, behaviour)| Anchor {
            level: l.number(),
            word: l.label(),
            behaviour: behaviour.clone(),
            chosen: l.number().to_string() == level,
            tag: tag(standing.level == Some(*l), &last.level),
            tag2: tag(theirs == Some(*l), &other),
            is_now: l.number().to_string() == shown,
        })
        .collect();
    anchors.push(Anchor {
        level: 0,
        word: "Not observed",
        behaviour: String::new(),
        chosen: level == NOT_OBSERVED,
        tag: last.not_observed,
        tag2: String::new(),
        is_now: shown == NOT_OBSERVED,
    });
    Rubric {
        code: code.clone(),
        statement: competency.statement.clone(),
        critical: competency.critical,
        needs: format!(
            "{} {}",
            competency.required_level.number(),
            competency.required_level.label()
        ),
        gap: gap(own, mentors),
        anchors,
        again: again && level == shown,
        shown,
        current: standing
            .level
            .map_or_else(String::new, |l| l.number().to_string()),
        best: best(dossier, code, context),
        sources: sources(dossier, code, &source, context),
        note,
        folded: enough && untouched,
    }
}

/// What is written at the last judgement of the stream.
struct LastTags {
    level: String,
    not_observed: String,
}

/// Who said what counts in the stream, and who said what the other stream holds.
fn tags(
    dossier: &Dossier,
    stream: Stream,
    code: &str,
    context: &ReadContext,
) -> (LastTags, String) {
    let of = |stream: Stream| {
        dossier
            .assessments
            .iter()
            .rev()
            .filter(move |a| a.stream == stream && a.competency_code == code)
    };
    let who = |a: &Assessment| match context.actor.is(a.by_id) {
        true => "you".to_owned(),
        false => first_name(dossier.person(a.by_id).name).to_owned(),
    };
    let latest = of(stream).next();
    let unseen = latest.filter(|a| a.level.is_none());
    let word = if unseen.is_some() { "Before" } else { "Last" };
    let level = of(stream).find(|a| a.level.is_some());
    let other = match stream {
        Stream::Mentor => (Stream::Self_, "Self"),
        Stream::Self_ => (Stream::Mentor, "Mentor"),
    };
    let theirs = of(other.0).find(|a| a.level.is_some());
    (
        LastTags {
            level: level.map_or_else(String::new, |a| format!("{word}: {}", who(a))),
            not_observed: unseen.map_or_else(String::new, |a| format!("Last: {}", who(a))),
        },
        theirs.map_or_else(String::new, |a| format!("{}: {}", other.1, who(a))),
    )
}

/// The most that was observed of it, when and where.
fn best(dossier: &Dossier, code: &str, context: &ReadContext) -> Option<String> {
    let seen = dossier
        .evidence
        .iter()
        .filter_map(|e| Some((e.help(code)?, e)));
    let (level, evidence) = seen.max_by_key(|(level, e)| (*level, e.at))?;
    Some(format!(
        "{} {}, {}, {}",
        level.number(),
        level.label(),
        evidence.what.to_lowercase(),
        context.local.day_of(evidence.at).text
    ))
}

/// The observation that a new level most likely rests on; empty without one since the last judgement.
fn proposed(dossier: &Dossier, code: &str) -> String {
    let own = |a: &&Assessment| a.stream == Stream::Mentor && a.competency_code == code;
    let last = dossier.assessments.iter().rev().find(own).map(|a| a.at);
    let backing = dossier.evidence.iter().filter(|e| e.backs(code));
    strongest_since(backing.take(SOURCES_OFFERED), code, last)
        .map_or_else(String::new, |e| e.source.word())
}

fn sources(dossier: &Dossier, code: &str, chosen: &str, context: &ReadContext) -> Vec<Choice> {
    let backing = dossier.evidence.iter().filter(|e| e.backs(code));
    let choices = backing.map(|evidence| {
        let value = evidence.source.word();
        let help = evidence
            .help(code)
            .map_or_else(String::new, |help| format!(", {}", help.label()));
        let label = format!(
            "{}, {}{help} ({})",
            context.local.day_of(evidence.at).text,
            evidence.what.to_lowercase(),
            evidence.strength.label().to_lowercase()
        );
        Choice::new(&value, label, value == chosen)
    });
    let mut offered: Vec<_> = choices.take(SOURCES_OFFERED).collect();
    if !offered.is_empty() {
        let none = Choice::new("", "No linked session (write below)", chosen.is_empty());
        offered.insert(0, none);
    }
    offered
}
