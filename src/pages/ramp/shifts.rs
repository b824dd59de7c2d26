//! The on-call shifts of a ramp.

use crate::domain::people::Actor;
use crate::domain::readiness::{Ledger, ObstacleKind};
use crate::domain::shift::lifecycle::{due_on, is_overdue};
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::pages::parts::shift::{hours, ledger};
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::shift::actions::may_plan;
use crate::usecases::shift::lists::Line;
use crate::web::Fields;
use crate::web::table::Files;

/// Shifts shown at once; the others fold away.
const SHOWN: usize = 2;

pub(crate) struct ShiftsView {
    pub files: Files,
    pub ahead: Vec<ShiftLine>,
    pub due: Vec<ShiftLine>,
    pub debriefed: Vec<ShiftLine>,
    /// Earlier ones, and those that were cancelled.
    pub rest: Vec<ShiftLine>,
    /// How many were debriefed, and how their ledgers come out.
    pub line: String,
    pub may_plan: bool,
}

pub(crate) struct ShiftLine {
    pub id: i64,
    pub hours: String,
    pub relative: String,
    /// `Reverse shadow with Kenji Mori`, and how its ledger comes out.
    pub detail: String,
    /// When the debrief is due, and whether it is late.
    pub due: String,
    pub is_overdue: bool,
    pub is_cancelled: bool,
}

impl ShiftsView {
    pub(crate) fn of(d: &Dossier, actor: &Actor, local: &LocalTime) -> Self {
        let mut debriefed = lines(d, local, |s| s.state == ShiftState::Debriefed);
        let counted = debriefed.len();
        let mut rest = debriefed.split_off(counted.min(SHOWN));
        rest.extend(lines(d, local, |s| s.state == ShiftState::Cancelled));
        Self {
            files: Files::of(&format!("/ramps/{}/shifts", d.ramp.id), &Fields::default()),
            ahead: ahead(d, local),
            due: due(d, local),
            debriefed,
            rest,
            line: total(d, counted),
            may_plan: may_plan(d, actor).is_ok(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        let all = [&self.ahead, &self.due, &self.debriefed, &self.rest];
        all.iter().all(|lines| lines.is_empty())
    }
}

fn lines(d: &Dossier, local: &LocalTime, wanted: impl Fn(&Line) -> bool) -> Vec<ShiftLine> {
    let wanted = d.shifts.iter().filter(|s| wanted(s));
    wanted.map(|s| line(d, s, local)).collect()
}

/// Ahead, or running; the next one first.
pub(crate) fn ahead(d: &Dossier, local: &LocalTime) -> Vec<ShiftLine> {
    let mut ahead = lines(d, local, |s| s.is_ahead(local.now()));
    ahead.reverse();
    ahead
}

/// Over, and not debriefed.
pub(crate) fn due(d: &Dossier, local: &LocalTime) -> Vec<ShiftLine> {
    lines(d, local, |s| s.is_due(local.now()))
}

fn total(d: &Dossier, counted: usize) -> String {
    let reverse = d
        .shifts
        .iter()
        .filter(|s| s.state == ShiftState::Debriefed && s.kind == ShiftKind::ReverseShadow);
    let mut all = Ledger::default();
    for shift in reverse {
        all.acknowledged += shift.acknowledged;
        all.understood += shift.understood;
    }
    match all.acknowledged {
        0 => format!("{counted} debriefed"),
        _ => format!("{counted} debriefed; ledger {}", ledger(all)),
    }
}

fn line(d: &Dossier, s: &Line, local: &LocalTime) -> ShiftLine {
    let with = d.person(s.with_id);
    let mut detail = format!("{} with {}", s.kind.label(), with.name);
    if s.kind == ShiftKind::ReverseShadow && s.acknowledged > 0 {
        let counted = Ledger {
            acknowledged: s.acknowledged,
            understood: s.understood,
            from_drills: 0,
        };
        detail.push_str(&format!(" · {}", ledger(counted)));
    }
    let is_due = s.is_due(local.now());
    ShiftLine {
        id: s.id,
        hours: hours(local, s.starts_at, s.ends_at),
        relative: local.day_of(s.starts_at).relative,
        detail,
        due: match is_due {
            true => local.day(due_on(s.ends_at, with.zone)).text,
            false => String::new(),
        },
        is_overdue: is_due && is_overdue(s.ends_at, with.zone, local.now()),
        is_cancelled: s.state == ShiftState::Cancelled,
    }
}

/// The shift to come that works on a gate, in words and where it is; where one is planned, when there is none.
pub(crate) fn covered(
    d: &Dossier,
    kind: &ObstacleKind,
    actor: &Actor,
    local: &LocalTime,
) -> Option<(String, String)> {
    let wanted = match kind {
        ObstacleKind::Practice("shadow") => ShiftKind::Shadow,
        ObstacleKind::Practice("ledger") => ShiftKind::ReverseShadow,
        _ => return None,
    };
    let mut ahead = d
        .shifts
        .iter()
        .filter(|s| s.kind == wanted && s.is_ahead(local.now()));
    // The last of those that are ordered from the latest on is the next one.
    Some(match ahead.next_back() {
        Some(next) => {
            let when = local.moment(next.starts_at).text;
            let with = d.person(next.with_id).name;
            (
                format!("{when} with {with}"),
                format!("/shifts/{}", next.id),
            )
        }
        None if may_plan(d, actor).is_ok() => {
            let (ramp, kind) = (d.ramp.id, wanted.word());
            (
                "Plan a shift".into(),
                format!("/ramps/{ramp}/shifts/plan?kind={kind}"),
            )
        }
        None => Default::default(),
    })
}
