//! How a board status looks, in the same words, shape and colour on every page.

use crate::db::types::Day;
use crate::domain::area::Cover;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{End, Standing, standing};
use crate::domain::drill::DrillState;
use crate::domain::kpi::Health;
use crate::domain::people::Actor;
use crate::domain::readiness;
use crate::domain::readiness::{BoardStatus, CLOSE_PERCENT};
use crate::time::{LocalTime, TimeText};
use crate::usecases::register::{BoardCell, Register};

/// A status ready to be shown: colour, shape, word, and a quieter detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusBadge {
    /// Suffix of the status classes.
    pub css: &'static str,
    /// Icon of the sprite.
    pub icon: &'static str,
    pub word: &'static str,
    /// `until 29 Nov 2027`, `78%, close`; may be empty.
    pub detail: String,
}

impl StatusBadge {
    pub fn new(status: BoardStatus, percent: Option<u8>, detail: String) -> Self {
        let (css, icon) = match status {
            BoardStatus::Suspended => ("bad", "st-suspended"),
            BoardStatus::Revoked => ("bad", "st-revoked"),
            BoardStatus::Signoff => ("wait", "st-await"),
            BoardStatus::Cleared => ("ok", "st-cleared"),
            BoardStatus::Expiring => ("soon", "st-expiring"),
            BoardStatus::Interim => ("interim", "st-interim"),
            BoardStatus::Lapsed => ("bad", "st-lapsed"),
            BoardStatus::Paused => ("idle", "st-paused"),
            // The pie shows the nearest quarter.
            BoardStatus::Ramping => match percent {
                Some(63..) => ("ramp", "st-ramp3"),
                Some(38..) => ("ramp", "st-ramp2"),
                _ => ("ramp", "st-ramp1"),
            },
            BoardStatus::Planned => ("todo", "st-todo"),
            BoardStatus::NotPlanned => ("na", "st-none"),
        };
        Self {
            css,
            icon,
            word: status.label(),
            detail,
        }
    }

    /// Word and detail in one line, for the second mark.
    pub fn line(&self) -> String {
        if self.detail.is_empty() {
            self.word.to_owned()
        } else {
            format!("{} {}", self.word, self.detail)
        }
    }
}

/// The share of a ramp in words: `78%, close`.
pub fn share(percent: u8) -> String {
    if percent >= CLOSE_PERCENT {
        format!("{percent}%, close")
    } else {
        format!("{percent}%")
    }
}

/// What ends or ended a clearance, after the word of its status: `until 29 Nov 2027`, `practise by 27 Feb 2027`.
fn until(held: &Clearance, today: Day, local: &LocalTime) -> String {
    let day = local.day(held.holds_until).text;
    format!("{} {day}", held.words_after_status(today))
}

/// What ends a clearance and when, the first one in front; of one that is over, only what ended it.
pub fn ends(held: &Clearance, today: Day, local: &LocalTime) -> Vec<(String, TimeText)> {
    match standing(Some(held), today) {
        Standing::Lapsed | Standing::None => {
            vec![(held.words_alone(today), local.day(held.holds_until))]
        }
        _ => End::all(held)
            .into_iter()
            .map(|end| (end.words_alone(held), local.day(end.day())))
            .collect(),
    }
}

/// First and second mark of a square.
pub fn marks(
    cell: &BoardCell,
    register: &Register,
    local: &LocalTime,
) -> (StatusBadge, Option<StatusBadge>) {
    let one = |status| {
        StatusBadge::new(
            status,
            cell.cell.percent,
            detail(status, cell, register, local, true),
        )
    };
    (one(cell.cell.status), cell.cell.second.map(one))
}

/// What the first mark says where the day on which the clearance ends stands in a place of its own.
pub fn beside_the_day(cell: &BoardCell, register: &Register, local: &LocalTime) -> String {
    detail(cell.cell.status, cell, register, local, false)
}

fn detail(
    status: BoardStatus,
    cell: &BoardCell,
    register: &Register,
    local: &LocalTime,
    says_day: bool,
) -> String {
    match status {
        BoardStatus::Cleared
        | BoardStatus::Expiring
        | BoardStatus::Interim
        | BoardStatus::Lapsed => cell.clearance.as_ref().map(|held| {
            if !register.is_supervised(held) {
                UNSUPERVISED.into()
            } else if says_day {
                let until = until(held, register.today(), local);
                with_delta(until, held, register, local)
            } else {
                delta(held, register, local).unwrap_or_default()
            }
        }),
        BoardStatus::Signoff => cell
            .signoff_by
            .map(|id| format!("by {}", first_name(register.name(id)))),
        BoardStatus::Ramping => cell.cell.percent.map(share),
        BoardStatus::Planned => cell
            .ramp
            .as_ref()
            .map(|r| format!("from {}", local.day(r.starts_on).text)),
        BoardStatus::Suspended
        | BoardStatus::Revoked
        | BoardStatus::Paused
        | BoardStatus::NotPlanned => None,
    }
    .unwrap_or_default()
}

/// What an interim clearance says that nobody answers for.
const UNSUPERVISED: &str = "without supervisor";

/// What somebody is called where there is little room.
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// The colour and shape of a health word.
pub fn health(health: Health) -> (&'static str, &'static str) {
    match health {
        Health::Okay => ("ok", "st-cleared"),
        Health::Attention => ("soon", "st-min"),
        Health::Problem => ("bad", "warn"),
        Health::Unknown => ("idle", "st-none"),
    }
}

/// Class and icon of a cover: spare, at minimum, short.
pub fn cover(cover: Cover) -> (&'static str, &'static str) {
    match cover {
        Cover::ShortBy(_) => ("bad", "warn"),
        Cover::AtMinimum => ("soon", "st-min"),
        Cover::Spare(_) => ("ok", "st-cleared"),
    }
}

/// Where a square leads: to the ramp for those who may read it, else to the clearance, else to the person.
pub fn href(cell: &BoardCell, register: &Register, actor: &Actor) -> String {
    let of_clearance = cell
        .clearance
        .as_ref()
        .map(|c| format!("/clearances/{}", c.id));
    let of_ramp = cell.ramp.as_ref().map(|ramp| {
        if register.may_read(ramp, actor) {
            format!("/ramps/{}", ramp.id)
        } else {
            let handle = register
                .person(ramp.mentee_id)
                .map_or("", |p| p.handle.as_str());
            format!("/people/{handle}")
        }
    });
    let is_clearance = matches!(
        cell.cell.status,
        BoardStatus::Suspended
            | BoardStatus::Revoked
            | BoardStatus::Cleared
            | BoardStatus::Expiring
            | BoardStatus::Interim
            | BoardStatus::Lapsed
    );
    let (first, second) = if is_clearance {
        (of_clearance, of_ramp)
    } else {
        (of_ramp, of_clearance)
    };
    first.or(second).unwrap_or_default()
}

/// How the state of a drill looks.
pub fn of_drill(state: DrillState) -> StatusBadge {
    let (css, icon, detail) = match state {
        DrillState::Planned => ("todo", "st-todo", ""),
        DrillState::Running => ("ramp", "st-ramp2", ""),
        DrillState::Run => ("wait", "st-await", "debrief due"),
        DrillState::Debriefed => ("ok", "st-cleared", ""),
        DrillState::Cancelled => ("idle", "st-none", ""),
    };
    StatusBadge {
        css,
        icon,
        word: state.label(),
        detail: detail.into(),
    }
}

/// How a clearance stands, by itself.
pub fn of_clearance(clearance: &Clearance, register: &Register, local: &LocalTime) -> StatusBadge {
    let today = register.today();
    let status = readiness::cell(standing(Some(clearance), today), None, today).status;
    // What is suspended or revoked holds until no day.
    let detail = match status {
        BoardStatus::Suspended | BoardStatus::Revoked => String::new(),
        BoardStatus::Interim if !register.is_supervised(clearance) => UNSUPERVISED.into(),
        // An interim one that ended leaves nothing behind.
        BoardStatus::NotPlanned => {
            return StatusBadge {
                word: "Ended",
                ..StatusBadge::new(status, None, until(clearance, today, local))
            };
        }
        _ => with_delta(until(clearance, today, local), clearance, register, local),
    };
    StatusBadge::new(status, None, detail)
}

/// The same with the delta review that a material version asks for, while the clearance stands.
fn with_delta(
    until: String,
    clearance: &Clearance,
    register: &Register,
    local: &LocalTime,
) -> String {
    match delta(clearance, register, local) {
        Some(delta) => format!("{until}, {delta}"),
        None => until,
    }
}

fn delta(clearance: &Clearance, register: &Register, local: &LocalTime) -> Option<String> {
    let today = register.today();
    let due = register.delta_due(clearance.id);
    let due = due.filter(|_| standing(Some(clearance), today).is_cover())?;
    Some(match due < today {
        true => "delta review overdue".into(),
        false => format!("delta review by {}", local.day(due).text),
    })
}
