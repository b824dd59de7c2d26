//! Each gate compared with the facts: how far it is, and what it still needs. A new gate is a new arm here.

use std::collections::BTreeSet;

use super::engine::{Obstacle, ObstacleKind, Readiness, TickedBy};
use super::facts::{Alert, Facts, Practice};
use crate::db::types::Day;
use crate::domain::ramp::MarkKind;
use crate::domain::standard::{Content, DoneBy, Gate};

/// How far a gate is, and what it still needs.
pub fn hold(
    gate: &Gate,
    content: &Content,
    facts: &Facts,
    so_far: &Readiness,
    today: Day,
) -> (String, Vec<Obstacle>) {
    let practice = &facts.practice;
    match gate {
        Gate::Levels { .. } => levels(content, so_far),
        Gate::Checklist => checklist(content, so_far),
        Gate::Sessions { held, minutes } => sessions(*held, *minutes, facts),
        Gate::Shadow { shifts, people } => shadow(*shifts, *people, practice),
        Gate::Ledger {
            percent,
            alerts,
            drills_fill,
        } => ledger(*percent, *alerts, *drills_fill, practice),
        Gate::Drills { run, primary } => drills(*run, *primary, practice),
        Gate::Postmortems { discussed } => postmortems(*discussed, practice),
        Gate::Prerequisite { areas } => prerequisite(areas, facts, today),
    }
}

/// Whether a gate that asks for shadow shifts or drills is met by what was held together with what is planned.
pub fn is_met_with(gate: &Gate, held: &Practice, planned: &Practice) -> bool {
    let both = Practice {
        shadowed: [held.shadowed.as_slice(), planned.shadowed.as_slice()].concat(),
        drills: [held.drills.as_slice(), planned.drills.as_slice()].concat(),
        ..Practice::default()
    };
    match gate {
        Gate::Shadow { shifts, people } => shadow(*shifts, *people, &both).1.is_empty(),
        Gate::Drills { run, primary } => drills(*run, *primary, &both).1.is_empty(),
        _ => false,
    }
}

/// How many lines a gate has: one for each thing that can be ticked off by itself.
pub fn lines_of(gate: &Gate, content: &Content) -> usize {
    match gate {
        Gate::Levels { .. } => content.competencies.len(),
        Gate::Checklist => content.items.len(),
        Gate::Prerequisite { areas } => areas.len(),
        Gate::Sessions { .. }
        | Gate::Shadow { .. }
        | Gate::Ledger { .. }
        | Gate::Drills { .. }
        | Gate::Postmortems { .. } => 1,
    }
}

fn levels(content: &Content, so_far: &Readiness) -> (String, Vec<Obstacle>) {
    let below = |critical: bool| {
        content
            .competencies
            .iter()
            .zip(&so_far.competencies)
            .filter(move |(c, s)| !s.met && c.critical == critical)
            .map(|(competency, state)| Obstacle {
                kind: ObstacleKind::Competency(competency.code.clone()),
                what: competency.statement.clone(),
                detail: match (state.mentor_level, state.needed_strength) {
                    (Some(level), Some(needed)) if level >= state.required => {
                        format!(
                            "at {}, needs evidence: {} or stronger",
                            level.number(),
                            needed.label().to_lowercase()
                        )
                    }
                    (Some(level), _) => {
                        format!("at {}, needs {}", level.number(), state.required.number())
                    }
                    (None, _) => format!("not assessed yet, needs {}", state.required.number()),
                },
                ticked_by: TickedBy::Mentor,
            })
    };
    let missing: Vec<_> = below(true).chain(below(false)).collect();
    let total = content.competencies.len();
    (
        format!("{} of {total} competencies", total - missing.len()),
        missing,
    )
}

fn checklist(content: &Content, so_far: &Readiness) -> (String, Vec<Obstacle>) {
    let missing: Vec<_> = content
        .items
        .iter()
        .zip(&so_far.items)
        .filter(|(_, s)| !s.is_met())
        .map(|(item, state)| Obstacle {
            kind: ObstacleKind::Item(item.code.clone()),
            what: item.text.clone(),
            detail: match state.mark {
                MarkKind::Done => "done, to be checked".into(),
                _ => "to be done".into(),
            },
            ticked_by: match (state.mark, item.done_by) {
                (MarkKind::Done, _) | (_, DoneBy::Mentor) => TickedBy::Mentor,
                _ => TickedBy::Mentee,
            },
        })
        .collect();
    let total = content.items.len();
    let mut progress = format!("{} of {total} items", total - missing.len());
    let waived = so_far.items.iter().filter(|i| i.waived_until.is_some());
    match waived.count() {
        0 => {}
        n => progress.push_str(&format!(", {n} waived")),
    }
    (progress, missing)
}

/// One line that is met or not, with its progress.
fn one(
    met: bool,
    progress: String,
    kind: ObstacleKind,
    what: &str,
    ticked_by: TickedBy,
) -> (String, Vec<Obstacle>) {
    let missing = (!met).then(|| Obstacle {
        kind,
        what: what.into(),
        detail: progress.clone(),
        ticked_by,
    });
    (progress, missing.into_iter().collect())
}

fn sessions(held: u32, minutes: u32, facts: &Facts) -> (String, Vec<Obstacle>) {
    let (have, sum) = (facts.held.sessions, facts.held.minutes);
    let mut parts = Vec::new();
    if held > 0 {
        parts.push(format!("{have} of {held} sessions"));
    }
    if minutes > 0 {
        parts.push(format!("{sum} of {minutes} minutes"));
    }
    one(
        have >= held && sum >= minutes,
        parts.join(", "),
        ObstacleKind::Sessions,
        "Hold and record working sessions",
        TickedBy::Mentor,
    )
}

fn shadow(shifts: u32, people: u32, practice: &Practice) -> (String, Vec<Obstacle>) {
    let have = practice.shadowed.len();
    let with: BTreeSet<_> = practice.shadowed.iter().collect();
    let mut parts = vec![format!("{have} of {shifts} shadow shifts")];
    if people > 1 {
        parts.push(format!("with {} of {people} people", with.len()));
    }
    one(
        have >= count(shifts) && with.len() >= count(people),
        parts.join(", "),
        ObstacleKind::Practice("shadow"),
        "Shadow on-call shifts, each closed by a debrief",
        TickedBy::Mentor,
    )
}

/// The counts of an alert ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Acknowledged alerts that count.
    pub acknowledged: usize,
    /// Those of them that were understood.
    pub understood: usize,
    /// Those of them that come from drills.
    pub from_drills: usize,
}

impl Ledger {
    /// The ledger for a gate: acknowledged alerts of reverse-shadow shifts. Where drills may fill it, their latest
    /// injects replace missing alerts, up to half of the required number.
    pub fn of(alerts: &[Alert], asked: u32, drills_fill: bool) -> Self {
        let taken = |in_drill| {
            let latest_first = alerts.iter().rev();
            latest_first.filter(move |a| a.acknowledged && a.in_drill == in_drill)
        };
        let (asked, real) = (count(asked), taken(false).count());
        let room = if drills_fill {
            asked.saturating_sub(real).min(asked / 2)
        } else {
            0
        };
        let counted = taken(false).chain(taken(true).take(room));
        let mut ledger = Self::default();
        for alert in counted {
            ledger.acknowledged += 1;
            ledger.understood += usize::from(alert.understood);
            ledger.from_drills += usize::from(alert.in_drill);
        }
        ledger
    }

    /// Understood of acknowledged, in whole percent, rounded down; `None` without an alert.
    pub fn percent(&self) -> Option<usize> {
        (self.understood * 100).checked_div(self.acknowledged)
    }
}

fn ledger(
    percent: u32,
    alerts: u32,
    drills_fill: bool,
    practice: &Practice,
) -> (String, Vec<Obstacle>) {
    let ledger = Ledger::of(&practice.alerts, alerts, drills_fill);
    let n = ledger.acknowledged;
    let taken = if n == 1 { "alert" } else { "alerts" };
    let mut progress = match ledger.percent() {
        Some(share) => format!("{share}% of {n} {taken} understood, needs {percent}% of {alerts}"),
        None => format!("no alert yet, needs {percent}% of {alerts} understood"),
    };
    if ledger.from_drills > 0 {
        progress.push_str(&format!("; {} from drills", ledger.from_drills));
    }
    let is_understood = ledger.understood * 100 >= ledger.acknowledged * count(percent);
    one(
        n >= count(alerts) && is_understood,
        progress,
        ObstacleKind::Practice("ledger"),
        "Take alerts on reverse-shadow shifts and keep the ledger",
        TickedBy::Mentor,
    )
}

fn drills(run: u32, primary: u32, practice: &Practice) -> (String, Vec<Obstacle>) {
    let have = practice.drills.len();
    let led = practice.drills.iter().filter(|primary| **primary).count();
    let mut parts = vec![format!("{have} of {run} drills")];
    if primary > 0 {
        parts.push(format!("{led} of {primary} as primary"));
    }
    one(
        have >= count(run) && led >= count(primary),
        parts.join(", "),
        ObstacleKind::Practice("drills"),
        "Take part in drills, each debriefed",
        TickedBy::Mentor,
    )
}

fn postmortems(discussed: u32, practice: &Practice) -> (String, Vec<Obstacle>) {
    let have = practice.discussed.len();
    one(
        have >= count(discussed),
        format!("{have} of {discussed} post-mortems"),
        ObstacleKind::Practice("postmortems"),
        "Discuss teachable post-mortems",
        TickedBy::Mentor,
    )
}

fn prerequisite(areas: &[String], facts: &Facts, today: Day) -> (String, Vec<Obstacle>) {
    let is_cleared = |area: &String| {
        let mut cleared = facts.cleared.iter();
        cleared.any(|held| held.area == *area && held.until >= today)
    };
    let missing: Vec<_> = areas
        .iter()
        .filter(|area| !is_cleared(area))
        .map(|area| Obstacle {
            kind: ObstacleKind::Practice("prerequisite"),
            what: format!("Be cleared in {area}"),
            detail: "this area comes first".into(),
            ticked_by: TickedBy::Mentor,
        })
        .collect();
    (
        format!(
            "cleared in {} of {}",
            areas.len() - missing.len(),
            areas.len()
        ),
        missing,
    )
}

fn count(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
