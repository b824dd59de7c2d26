//! The history of a ramp and its clock, read from its changes, targets and pairings.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::ramp::RampState;
use crate::domain::ramp::clock::{Clock, PaceReport};
use crate::domain::ramp::store::changes;
use crate::domain::ramp::store::changes::{Change, Target};
use crate::error::Result;
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;

/// The rows it is read from, next to those of the dossier.
pub(crate) struct History {
    changes: Vec<Change>,
    targets: Vec<Target>,
}

/// One thing that happened.
pub(crate) struct Line {
    pub when: TimeText,
    pub what: String,
    pub why: String,
    pub who: String,
}

impl History {
    pub fn load(c: &mut Conn, ramp_id: i64) -> Result<Self> {
        let (changes, targets) = changes::history(c, ramp_id)?;
        Ok(Self { changes, targets })
    }

    /// Who arranged something in it.
    pub fn people(&self) -> Vec<i64> {
        let changes = self.changes.iter().map(|change| change.by_id);
        changes
            .chain(self.targets.iter().map(|target| target.by_id))
            .collect()
    }

    pub fn clock(&self, d: &Dossier) -> Clock {
        Clock::of(d.ramp.starts_on, self.changes.iter().map(Change::step))
    }

    /// The pace on that day; `None` once the ramp is closed.
    pub fn pace(&self, d: &Dossier, today: Day) -> Option<PaceReport> {
        if d.ramp.closed_at.is_some() {
            return None;
        }
        let (met, lines) = (d.readiness.lines_met, d.readiness.lines);
        self.clock(d).pace(met, lines, d.ramp.target_on, today)
    }

    /// What happened, the latest first.
    pub fn lines(&self, d: &Dossier, local: &LocalTime) -> Vec<Line> {
        let name = |id: i64| d.person(id).name.to_owned();
        let mut lines: Vec<(UtcTime, Line)> = Vec::new();
        let mut add = |at: UtcTime, what: String, why: &str, who: String| {
            let line = Line {
                when: local.day_of(at),
                what,
                why: why.to_owned(),
                who,
            };
            lines.push((at, line));
        };
        for pairing in &d.pairing_history {
            let (mentor, part) = (name(pairing.mentor_id), pairing.role.label().to_lowercase());
            let over = pairing.over_capacity_reason.as_deref().unwrap_or_default();
            let why = match over {
                "" => String::new(),
                over => format!("Over capacity: {over}"),
            };
            add(
                pairing.since,
                format!("{mentor} is the {part} mentor"),
                &why,
                String::new(),
            );
            if let (Some(until), Some(by)) = (pairing.until, pairing.ended_by) {
                let reason = pairing.ended_reason.as_deref().unwrap_or_default();
                add(
                    until,
                    format!("{mentor} gives up the {part} part"),
                    reason,
                    name(by),
                );
            }
        }
        let mut before = None;
        for change in &self.changes {
            let what = step(before, change.state).to_owned();
            before = Some(change.state);
            add(change.at, what, &change.reason, name(change.by_id));
        }
        for target in &self.targets {
            let what = format!("Target {}", local.day(target.target_on).text);
            add(target.at, what, &target.reason, name(target.by_id));
        }
        for acceptance in &d.accepted {
            let what = format!("{} accepted it", d.person(acceptance.person_id).name);
            add(acceptance.at, what, "", String::new());
        }
        // What happened at one moment keeps its order, the other way round.
        lines.sort_by_key(|(at, _)| *at);
        lines.reverse();
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// A step from one state to another.
fn step(from: Option<RampState>, to: RampState) -> &'static str {
    match (from, to) {
        (_, RampState::Proposed) => "Proposed",
        (Some(RampState::Proposed), RampState::Active) => "Accepted by both: active",
        (Some(RampState::Paused), RampState::Active) => "Resumed",
        (Some(RampState::InReview), RampState::Active) => "The sign-off came back: active again",
        (_, RampState::Active) => "Active",
        (_, RampState::Paused) => "Paused",
        (_, RampState::InReview) => "In review",
        (_, RampState::Cleared) => "Cleared",
        (Some(RampState::Proposed), RampState::Ended) => "Ended before it began",
        (_, RampState::Ended) => "Ended",
    }
}
