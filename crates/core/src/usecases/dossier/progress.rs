//! Readiness of many ramps: the same engine and the same facts as for one, each read in one row of the database.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::list::{List, Listed, entries, listed, plain, row_id};
use crate::db::schema::ramps;
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::assessment::Stream;
use crate::domain::ramp::MarkKind;
use crate::domain::ramp::RampState;
use crate::domain::ramp::clock::Clock;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness;
use crate::domain::readiness::{
    Facts, Gap, Held, Judgement, Practice, Readiness, Recorded, in_order,
};
use crate::domain::session::store::counting;
use crate::domain::standard::{Level, Standard, Strength};
use crate::error::{Error, Result};
use crate::usecases::dossier::practice;

/// Readiness of many ramps, and what it was read from.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    pub readiness: HashMap<i64, Readiness>,
    /// Practice that counts, by ramp.
    pub practice: HashMap<i64, Practice>,
    /// Start of the latest held session, by ramp.
    pub last_held: HashMap<i64, UtcTime>,
    /// When the clock of each ramp ran.
    pub clocks: HashMap<i64, Clock>,
    /// Who accepted each ramp.
    pub accepted: HashMap<i64, Vec<i64>>,
}

impl Progress {
    /// One query for any number of ramps; no query for none. `standards` holds the pinned versions, by row.
    ///
    /// Errors: A database fault; [`Error::NotFound`] when a pinned version is not among them.
    pub fn load(
        c: &mut Conn,
        ramps: &[Ramp],
        standards: &HashMap<i64, Standard>,
        today: Day,
    ) -> Result<Self> {
        let mut all = Self::default();
        if ramps.is_empty() {
            return Ok(all);
        }
        let ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
        let mut snapshots = snapshots(c, &ids)?;
        for ramp in ramps {
            let standard = standards
                .get(&ramp.standard_id)
                .ok_or(Error::NotFound("standard"))?;
            let snapshot = snapshots.remove(&ramp.id).unwrap_or_default();
            all.last_held
                .extend(snapshot.last_held.map(|at| (ramp.id, at)));
            let clock = Clock::of(ramp.starts_on, snapshot.steps);
            all.clocks.insert(ramp.id, clock);
            all.accepted.insert(ramp.id, snapshot.accepted);
            let readiness = readiness::evaluate(&standard.content, &snapshot.facts, today);
            all.readiness.insert(ramp.id, readiness);
            all.practice.insert(ramp.id, snapshot.facts.practice);
        }
        Ok(all)
    }
}

#[derive(Default)]
struct Snapshot {
    facts: Facts,
    last_held: Option<UtcTime>,
    /// Its states over time, in order.
    steps: Vec<(RampState, Day)>,
    accepted: Vec<i64>,
}

type Lists = (List, List, List, List, List, List);

/// Only mentor assessments with a level: no other moves a gate (rules 4 and 5).
fn judgements() -> Listed {
    listed(
        &["a.id", "a.competency_code", "a.level", "a.strength"],
        "assessments a WHERE a.ramp_id = ramps.id AND a.stream = 'mentor' AND a.level IS NOT NULL",
    )
}

fn marks() -> Listed {
    listed(
        &["m.id", "m.item_code", "m.mark"],
        "item_marks m WHERE m.ramp_id = ramps.id",
    )
}

/// With the rows that were corrected: a correction keeps their place.
fn held() -> Listed {
    let counts = format!("CASE WHEN {} THEN 'counts' ELSE '' END", counting("h"));
    listed(
        &[
            "h.id",
            "COALESCE(h.supersedes_id, 0)",
            &counts,
            "h.minutes",
            "h.starts_at",
        ],
        "sessions h WHERE h.ramp_id = ramps.id AND h.state = 'held'",
    )
}

fn gaps() -> Listed {
    let words = plain("g.body");
    let closed = "CASE WHEN g.closed_at IS NULL THEN '' ELSE 'closed' END";
    listed(
        &["g.id", closed, "COALESCE(g.code, '')", &words],
        "signoff_points g WHERE g.ramp_id = ramps.id AND g.kind = 'gap'",
    )
}

/// Times are stored in UTC, and their text begins with the day.
fn steps() -> Listed {
    listed(
        &["s.id", "s.state", "substr(CAST(s.at AS TEXT), 1, 10)"],
        "ramp_changes s WHERE s.ramp_id = ramps.id",
    )
}

fn acceptances() -> Listed {
    listed(
        &["CAST(y.person_id AS TEXT)"],
        "ramp_acceptances y WHERE y.ramp_id = ramps.id",
    )
}

/// For each ramp: the facts for the engine, the start of its latest session, and what its clock is read from.
fn snapshots(c: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Snapshot>> {
    let rows: Vec<(i64, Lists, practice::Lists)> = ramps::table
        .filter(id_in(ramps::id, ids))
        .select((
            ramps::id,
            (
                judgements(),
                marks(),
                held(),
                gaps(),
                steps(),
                acceptances(),
            ),
            practice::lists(),
        ))
        .load(c)?;
    rows.into_iter()
        .map(|(id, lists, practised)| {
            let mut snapshot = Snapshot::read(lists)?;
            practice::read_into(&mut snapshot.facts, practised)?;
            Ok((id, snapshot))
        })
        .collect()
}

impl Snapshot {
    fn read((judgements, marks, held, gaps, steps, acceptances): Lists) -> Result<Self> {
        let held = in_order(&entries(held, session)?);
        let mut gaps = entries(gaps, gap)?;
        gaps.sort_by_key(|gap| gap.id);
        let mut steps = entries(steps, step)?;
        steps.sort_by_key(|(row, ..)| *row);
        Ok(Self {
            facts: Facts {
                judgements: entries(judgements, judgement)?,
                marks: latest(entries(marks, mark)?),
                held: Held::of(held.iter().copied()),
                gaps,
                ..Facts::default()
            },
            last_held: held.into_iter().map(|(at, _)| at).max(),
            steps: steps
                .into_iter()
                .map(|(_, state, day)| (state, day))
                .collect(),
            accepted: entries(acceptances, row_id)?,
        })
    }
}

/// The latest mark of each item.
fn latest(mut marks: Vec<(i64, String, MarkKind)>) -> Vec<(String, MarkKind)> {
    marks.sort_unstable_by(|a, b| (&a.1, b.0).cmp(&(&b.1, a.0)));
    marks.dedup_by(|earlier, kept| earlier.1 == kept.1);
    marks
        .into_iter()
        .map(|(_, code, mark)| (code, mark))
        .collect()
}

fn judgement(parts: &[&str]) -> Option<Judgement> {
    let [id, code, level, strength] = parts else {
        return None;
    };
    Some(Judgement {
        strength: Strength::parse(strength)?,
        id: id.parse().ok()?,
        code: (*code).to_owned(),
        stream: Stream::Mentor,
        level: Some(Level::new(level.parse().ok()?)?),
    })
}

fn mark(parts: &[&str]) -> Option<(i64, String, MarkKind)> {
    let [id, code, mark] = parts else { return None };
    Some((id.parse().ok()?, (*code).to_owned(), MarkKind::parse(mark)?))
}

fn session(parts: &[&str]) -> Option<Recorded> {
    let [id, supersedes, counts, minutes, at] = parts else {
        return None;
    };
    let span = (UtcTime::stored(at)?, minutes.parse().ok()?);
    Some(Recorded {
        id: id.parse().ok()?,
        supersedes: Some(supersedes.parse().ok()?),
        span: (!counts.is_empty()).then_some(span),
    })
}

fn gap(parts: &[&str]) -> Option<Gap> {
    let [id, closed, code, words] = parts else {
        return None;
    };
    Some(Gap {
        id: id.parse().ok()?,
        about: (!code.is_empty()).then(|| (*code).to_owned()),
        what: (*words).to_owned(),
        is_closed: !closed.is_empty(),
    })
}

fn step(parts: &[&str]) -> Option<(i64, RampState, Day)> {
    let [row, state, day] = parts else {
        return None;
    };
    Some((
        row.parse().ok()?,
        RampState::parse(state)?,
        Day::parse(day)?,
    ))
}
