//! Waivers: a checklist item or a gate of a ramp is excused for a limited time, by someone independent. Its state is
//! computed from its row and the day, never by a job.

pub mod form;
pub mod model;
pub mod store;
#[cfg(test)]
mod tests;

use crate::db::types::Day;
use crate::domain::ramp::{MarkKind, RampState};
use crate::domain::readiness::{Excused, Readiness};
use crate::domain::standard::Content;
use crate::text_enum;
use model::{Line, Waiver};

/// The last day of a waiver is at most that many days ahead.
pub const MAX_DAYS: i64 = 180;

text_enum! {
    pub enum Subject {
        Item = "item" / "Checklist item",
        Gate = "gate" / "Gate",
    }
}

text_enum! {
    pub enum WaiverState {
        /// Not decided.
        Pending = "pending" / "Pending",
        /// It excuses until its last day.
        Active = "active" / "Active",
        /// Its last day is over, decided or not.
        Expired = "expired" / "Expired",
        /// Revoked before its end.
        Revoked = "revoked" / "Revoked",
        Refused = "refused" / "Refused",
    }
}

/// The state of a waiver on a day; its last day counts until its end (UTC).
pub fn state(waiver: &Waiver, today: Day) -> WaiverState {
    match (waiver.granted, waiver.revoked_at) {
        (Some(false), _) => WaiverState::Refused,
        (Some(true), Some(_)) => WaiverState::Revoked,
        _ if waiver.ends_on < today => WaiverState::Expired,
        (Some(true), None) => WaiverState::Active,
        (None, _) => WaiverState::Pending,
    }
}

/// Whether waivers can change in that state: while people work on the ramp, not during its sign-off.
pub fn moves(state: RampState) -> bool {
    matches!(state, RampState::Active | RampState::Paused)
}

/// Reads what to excuse: `item:PAY-K1`, `gate:drills`.
pub fn parse_excused(text: &str) -> Option<Excused> {
    let (subject, code) = text.trim().split_once(':')?;
    excused(Subject::parse(subject)?, code)
}

fn excused(subject: Subject, code: &str) -> Option<Excused> {
    let code = code.to_owned();
    (!code.is_empty()).then_some(match subject {
        Subject::Item => Excused::Item(code),
        Subject::Gate => Excused::Gate(code),
    })
}

/// Kind and code of what is excused, as stored.
pub fn parts(excused: &Excused) -> (Subject, &str) {
    match excused {
        Excused::Item(code) => (Subject::Item, code),
        Excused::Gate(kind) => (Subject::Gate, kind),
    }
}

/// What is excused, as a form value: `item:PAY-K1`.
pub fn word(excused: &Excused) -> String {
    let (subject, code) = parts(excused);
    format!("{}:{code}", subject.word())
}

/// What is excused, in words; its code when the standard no longer has it.
pub fn label(excused: &Excused, content: &Content) -> String {
    match excused {
        Excused::Item(code) => content
            .item(code)
            .map_or_else(|| code.clone(), |i| format!("{code} {}", i.text)),
        Excused::Gate(kind) => content
            .gates
            .iter()
            .find(|g| g.kind() == kind)
            .map_or_else(|| kind.clone(), |g| format!("Gate: {}", g.label())),
    }
}

/// Everything of a ramp that a waiver can be asked for now: open, waivable at all, and not asked for already.
pub fn waivable(
    content: &Content,
    readiness: &Readiness,
    (lines, today): (&[Line], Day),
) -> Vec<Excused> {
    let items = content.items.iter().map(|i| Excused::Item(i.code.clone()));
    let gates = content.gates.iter();
    let gates = gates.map(|g| Excused::Gate(g.kind().to_owned()));
    gates
        .chain(items)
        .filter(|excused| can_waive(excused, content, readiness).is_ok())
        .filter(|excused| waiting(lines, excused, today).is_none())
        .collect()
}

/// Whether a waiver could excuse it.
pub fn can_waive(
    excused: &Excused,
    content: &Content,
    readiness: &Readiness,
) -> Result<(), &'static str> {
    match excused {
        Excused::Item(code) if content.item(code).is_none() => {
            Err("There is no such checklist item on this ramp.")
        }
        Excused::Item(code) if readiness.mark(code) == MarkKind::Checked => {
            Err("This item is checked. There is nothing to waive.")
        }
        Excused::Item(_) => Ok(()),
        Excused::Gate(kind) => {
            let gates = readiness.gates.iter();
            match gates.clone().find(|g| g.gate.kind() == kind) {
                None => Err("There is no such gate on this ramp."),
                Some(g) if kind == "checklist" && !g.gate.is_waivable() => {
                    Err("Waive the checklist item by item, so that each is named.")
                }
                Some(g) if !g.gate.is_waivable() => {
                    Err("Levels cannot be waived: they are what a clearance says about a person.")
                }
                Some(g) if g.met && g.waived_until.is_none() => {
                    Err("This gate is met. There is nothing to waive.")
                }
                Some(_) => Ok(()),
            }
        }
    }
}

/// The last day of a waiver is not in the past, and not too far ahead.
pub fn check_end(ends_on: Day, today: Day) -> Result<(), String> {
    let latest = today.plus_days(MAX_DAYS);
    if ends_on < today {
        Err("The last day is in the past.".into())
    } else if ends_on > latest {
        Err(format!(
            "A waiver lasts {MAX_DAYS} days at most: until {}.",
            latest.words()
        ))
    } else {
        Ok(())
    }
}

/// The waiver that excuses it on a day: the one that lasts longest.
pub fn holding<'a>(lines: &'a [Line], excused: &Excused, today: Day) -> Option<&'a Line> {
    let granted = lines.iter().filter(|l| l.decided_by.is_some());
    granted
        .filter(|l| l.excused == *excused && l.ends_on >= today)
        .max_by_key(|l| (l.ends_on, l.id))
}

/// The pending waiver for it.
pub fn waiting<'a>(lines: &'a [Line], excused: &Excused, today: Day) -> Option<&'a Line> {
    let pending = lines.iter().filter(|l| l.decided_by.is_none());
    pending
        .filter(|l| l.excused == *excused && l.ends_on >= today)
        .max_by_key(|l| l.id)
}
