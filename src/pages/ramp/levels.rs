//! The competencies of the ramp page: both streams side by side, and what the mentor's rests on.

use crate::domain::assessment::evidence::Evidence;
use crate::domain::assessment::{Stream, counting, gap};
use crate::domain::people::Actor;
use crate::domain::standard::{Group, Level};
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;

pub(crate) struct GroupView {
    pub label: &'static str,
    pub word: &'static str,
    pub rows: Vec<CompetencyView>,
    pub met: usize,
}

impl GroupView {
    /// Nothing is left to do in it.
    pub fn is_at_level(&self) -> bool {
        self.met == self.rows.len()
    }
}

pub(crate) struct CompetencyView {
    pub code: String,
    pub statement: String,
    pub critical: bool,
    pub own: LevelView,
    pub mentor: LevelView,
    pub required: u8,
    pub met: bool,
    pub gap: Option<String>,
    /// The other side has said something the viewer cannot see yet.
    pub sealed: bool,
    pub evidence: String,
    pub updated: Option<TimeText>,
}

/// A level as pips, number and word; number 0 says there is none.
pub(crate) struct LevelView {
    pub number: u8,
    pub word: &'static str,
    pub class: &'static str,
}

/// The competencies of a group, with both streams side by side; `None` where the standard has none.
pub(crate) fn group(
    d: &Dossier,
    group: Group,
    actor: &Actor,
    local: &LocalTime,
) -> Option<GroupView> {
    let rows: Vec<_> = d
        .standard
        .content
        .competencies
        .iter()
        .filter(|c| c.group == group)
        .filter_map(|c| {
            let state = d.readiness.competency(&c.code)?;
            let latest = d
                .assessments
                .iter()
                .rev()
                .find(|a| a.competency_code == c.code);
            let counting = counting(&d.assessments, &c.code, Stream::Mentor);
            Some(CompetencyView {
                code: c.code.clone(),
                statement: c.statement.clone(),
                critical: c.critical,
                own: level(state.self_level, "self"),
                mentor: level(state.mentor_level, if state.met { "hit" } else { "" }),
                required: c.required_level.number(),
                met: state.met,
                gap: gap(state.self_level, state.mentor_level),
                sealed: d.sealed_from(actor).any(|s| s.code == c.code),
                evidence: counting
                    .map(|a| evidence(d.evidence_of(a), &a.evidence))
                    .unwrap_or_default(),
                updated: latest.map(|a| local.day_of(a.at)),
            })
        })
        .collect();
    let met = rows.iter().filter(|row| row.met).count();
    (!rows.is_empty()).then(|| GroupView {
        label: group.label(),
        word: group.word(),
        rows,
        met,
    })
}

fn level(level: Option<Level>, class: &'static str) -> LevelView {
    match level {
        Some(l) => LevelView {
            number: l.number(),
            word: l.label(),
            class,
        },
        None => LevelView {
            number: 0,
            word: "Not yet",
            class: "",
        },
    }
}

fn evidence(evidence: Option<&Evidence>, words: &str) -> String {
    match (evidence.map(|e| e.what), words) {
        (Some(what), "") => what.to_owned(),
        (Some(what), words) => format!("{what}: {words}"),
        (None, words) => words.to_owned(),
    }
}
