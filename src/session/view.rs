//! The form that records a session as the page shows it, beside what is known of the ramp.

use super::form::{CHIPS, Form};
use super::{SessionKind, open_first};
use crate::auth::request::Asking;
use crate::error::FieldErrors;
use crate::ramp::dossier::Dossier;
use crate::readiness::ObstacleKind;
use crate::standard::{Competency, Level};
use crate::web::time::When;

/// Kinds shown before "other kinds" is opened.
const KINDS_SHOWN: usize = 5;

/// A radio button.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub checked: bool,
}

/// A competency that may have been practised.
pub struct Practised {
    pub code: String,
    pub statement: String,
    pub critical: bool,
    /// `at 2, needs 3`; `needs 3` where nothing was judged yet.
    pub stands: String,
    pub choices: Vec<Choice>,
    pub chosen: bool,
}

/// The session before.
pub struct Last {
    pub id: i64,
    pub when: When,
    pub summary: String,
    pub next_action: String,
    /// `You` or the mentor's name.
    pub who: String,
}

/// The form as the page shows it.
pub struct RecordView {
    pub ramp_id: i64,
    pub mentee: String,
    pub first_name: String,
    pub area: String,
    pub summary: String,
    pub next_action: String,
    pub kinds: Vec<Choice>,
    pub more_kinds: Vec<Choice>,
    pub minutes: Vec<Choice>,
    pub minutes_other: String,
    pub starts_at: String,
    pub offered_at: String,
    pub offered_minutes: String,
    pub more_is_open: bool,
    pub open: Vec<Practised>,
    pub met: Vec<Practised>,
    pub met_is_open: bool,
    pub last: Option<Last>,
    pub still_open: Vec<String>,
}

impl RecordView {
    /// Puts the fields beside what is known of the ramp.
    pub fn new(dossier: &Dossier, form: Form, asking: &Asking, errors: &FieldErrors) -> Self {
        let readiness = &dossier.readiness;
        let is_met = |code: &str| readiness.competency(code).is_some_and(|s| s.met);
        let (open, met) = open_first(&dossier.standard.content.competencies, is_met);
        let practised = |c: &Competency| {
            practised(
                c,
                dossier,
                form.help.get(&c.code).map_or("", String::as_str),
            )
        };
        let met: Vec<_> = met.into_iter().map(practised).collect();
        let (kinds, more_kinds) = kinds(&form.kind);
        let number = |value: &str| Choice {
            value: value.to_owned(),
            label: if value == "other" {
                "Other".into()
            } else {
                format!("{value} min")
            },
            checked: value == form.minutes,
        };
        Self {
            ramp_id: dossier.ramp.id,
            mentee: dossier.mentee().name.to_owned(),
            first_name: dossier
                .mentee()
                .name
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned(),
            area: dossier.area.name.clone(),
            kinds,
            more_kinds,
            minutes: CHIPS.iter().copied().chain(["other"]).map(number).collect(),
            more_is_open: errors.get("starts_at").is_some(),
            open: open.into_iter().map(practised).collect(),
            met_is_open: met.iter().any(|c| c.chosen),
            met,
            last: last(dossier, asking),
            still_open: still_open(dossier),
            summary: form.summary,
            next_action: form.next_action,
            minutes_other: form.minutes_other,
            starts_at: form.starts_at,
            offered_at: form.offered_at,
            offered_minutes: form.offered_minutes,
        }
    }
}

/// The first few kinds and the chosen one; the rest.
fn kinds(chosen: &str) -> (Vec<Choice>, Vec<Choice>) {
    let choice = |kind: &SessionKind| Choice {
        value: kind.word().into(),
        label: kind.label().into(),
        checked: kind.word() == chosen,
    };
    let all = SessionKind::ALL.iter().map(choice).enumerate();
    let (shown, more): (Vec<_>, Vec<_>) =
        all.partition(|(place, kind)| *place < KINDS_SHOWN || kind.checked);
    (
        shown.into_iter().map(|(_, k)| k).collect(),
        more.into_iter().map(|(_, k)| k).collect(),
    )
}

fn practised(competency: &Competency, dossier: &Dossier, help: &str) -> Practised {
    let state = dossier.readiness.competency(&competency.code);
    let needs = competency.required_level.number();
    let none = Choice {
        value: String::new(),
        label: "Not practised".into(),
        checked: help.is_empty(),
    };
    let levels = Level::ALL.iter().map(|level| Choice {
        value: level.number().to_string(),
        label: level.help_label().into(),
        checked: level.number().to_string() == help,
    });
    Practised {
        code: competency.code.clone(),
        statement: competency.statement.clone(),
        critical: competency.critical,
        stands: match state.and_then(|s| s.mentor_level) {
            Some(level) => format!("at {}, needs {needs}", level.number()),
            None => format!("needs {needs}"),
        },
        choices: std::iter::once(none).chain(levels).collect(),
        chosen: !help.is_empty(),
    }
}

fn last(dossier: &Dossier, asking: &Asking) -> Option<Last> {
    let session = dossier.sessions.first()?;
    let is_mine = asking.actor.is(session.mentor_id);
    Some(Last {
        id: session.id,
        when: asking.dial.day_of(session.starts_at),
        summary: session.summary.clone(),
        next_action: session.next_action.clone(),
        who: if is_mine {
            "You".into()
        } else {
            dossier.person(session.mentor_id).name.to_owned()
        },
    })
}

/// What the engine still asks for, counted.
fn still_open(dossier: &Dossier) -> Vec<String> {
    let (mut levels, mut critical, mut items, mut lines) = (0, 0, 0, Vec::new());
    for obstacle in &dossier.readiness.obstacles {
        match &obstacle.kind {
            ObstacleKind::Competency(code) => {
                levels += 1;
                let competency = dossier.standard.content.competency(code);
                critical += u32::from(competency.is_some_and(|c| c.critical));
            }
            ObstacleKind::Item(_) => items += 1,
            ObstacleKind::Sessions => lines.push(format!("Working sessions: {}", obstacle.detail)),
        }
    }
    if items > 0 {
        lines.insert(
            0,
            format!(
                "{items} checklist {} not checked",
                if items == 1 { "item" } else { "items" }
            ),
        );
    }
    if levels > 0 {
        let what = if levels == 1 {
            "competency below its level"
        } else {
            "competencies below their level"
        };
        let critical = if critical > 0 {
            format!(", {critical} critical")
        } else {
            String::new()
        };
        lines.insert(0, format!("{levels} {what}{critical}"));
    }
    lines
}
