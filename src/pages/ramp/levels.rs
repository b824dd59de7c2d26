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

/// The group where the viewer has something to say: the first with a competency they said nothing about, else with one
/// that is below its level, else the first.
pub(crate) fn group_to_assess(groups: &[GroupView], is_mentee: bool) -> Option<&'static str> {
    let said = |row: &CompetencyView| match is_mentee {
        true => row.own.number,
        false => row.mentor.number,
    };
    let first = |is_so: &dyn Fn(&CompetencyView) -> bool| {
        groups.iter().find(|group| group.rows.iter().any(is_so))
    };
    first(&|row| said(row) == 0)
        .or_else(|| first(&|row| said(row) < row.required))
        .or(groups.first())
        .map(|group| group.word)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_opens_the_group_where_something_is_to_be_said() {
        let row = |own, mentor| CompetencyView {
            code: String::new(),
            statement: String::new(),
            critical: false,
            own: LevelView {
                number: own,
                ..level(None, "")
            },
            mentor: LevelView {
                number: mentor,
                ..level(None, "")
            },
            required: 3,
            met: false,
            gap: None,
            sealed: false,
            evidence: String::new(),
            updated: None,
        };
        let group = |word, rows| GroupView {
            label: word,
            word,
            rows,
            met: 0,
        };
        let opens = |rows: [(u8, u8); 3], is_mentee| {
            let [a, b, c] = rows.map(|(own, mentor)| vec![row(own, mentor)]);
            let groups = [group("a", a), group("b", b), group("c", c)];
            group_to_assess(&groups, is_mentee).unwrap()
        };
        assert_eq!(opens([(4, 0), (2, 3), (0, 3)], true), "c", "nothing said");
        assert_eq!(opens([(4, 0), (2, 3), (0, 3)], false), "a");
        assert_eq!(
            opens([(4, 0), (2, 3), (3, 3)], true),
            "b",
            "below its level"
        );
        assert_eq!(opens([(4, 4), (3, 3), (3, 3)], true), "a", "all said");
        assert_eq!(group_to_assess(&[], true), None);
    }
}
