//! How many ramps stand: the same engine as for one, on the same facts, each as the databases can tell it in one row.

use std::collections::HashMap;

use diesel::dsl::{count_star, max, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::RampState;
use super::clock::Clock;
use super::store::Ramp;
use crate::assessment::Stream;
use crate::db::schema::{assessments, item_marks, ramp_changes, sessions, signoff_points};
use crate::db::types::UtcTime;
use crate::db::{Conn, Each};
use crate::error::{Error, Result};
use crate::ramp::MarkKind;
use crate::readiness::{self, Facts, Gap, Held, Judgement, Readiness};
use crate::session::SessionState;
use crate::signoff::point::PointKind;
use crate::standard::{self, Level, Standard};

/// How many ramps stand, and what that was read from.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// By ramp.
    pub readiness: HashMap<i64, Readiness>,
    /// The pinned versions, by row.
    pub standards: HashMap<i64, Standard>,
    /// When the latest session that was held began, by ramp.
    pub last_held: HashMap<i64, UtcTime>,
    /// When the clock of each ran, by ramp.
    pub clocks: HashMap<i64, Clock>,
}

impl Progress {
    /// Reads it in two queries however many ramps there are, none for none.
    ///
    /// # Errors
    /// A database fault.
    pub fn load(c: &mut Conn, ramps: &[Ramp]) -> Result<Self> {
        if ramps.is_empty() {
            return Ok(Self::default());
        }
        let mut ids: Vec<i64> = ramps.iter().map(|r| r.standard_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let standards = standard::store::load(c, &ids)?;
        Self::on(c, ramps, standards)
    }

    /// The same in one query, where the pinned versions are known.
    ///
    /// # Errors
    /// A database fault.
    pub fn on(c: &mut Conn, ramps: &[Ramp], standards: HashMap<i64, Standard>) -> Result<Self> {
        let mut all = Self {
            standards,
            ..Self::default()
        };
        if ramps.is_empty() {
            return Ok(all);
        }
        let mut found = facts(c, ramps.iter().map(|r| r.id).collect())?;
        all.last_held = found.last_held;
        for ramp in ramps {
            let own = found.changes.get(&ramp.id).into_iter().flatten();
            let steps = own.map(|(_, state, at)| (*state, at.day()));
            all.clocks.insert(ramp.id, Clock::of(ramp.starts_on, steps));
            let standard = all
                .standards
                .get(&ramp.standard_id)
                .ok_or(Error::NotFound("standard"))?;
            let facts = found.facts.remove(&ramp.id).unwrap_or_default();
            let readiness = readiness::evaluate(&standard.content, &facts);
            all.readiness.insert(ramp.id, readiness);
        }
        Ok(all)
    }
}

const SESSIONS: &str = "sessions";
const JUDGEMENT: &str = "judgement";
const MARK: &str = "mark";
const CHANGE: &str = "change";

/// The states a ramp came into, each with its row and time, in order.
type Changes = Vec<(i64, RampState, UtcTime)>;

/// What was read, by ramp.
#[derive(Default)]
struct Found {
    facts: HashMap<i64, Facts>,
    last_held: HashMap<i64, UtcTime>,
    changes: HashMap<i64, Changes>,
}
const GAP: &str = "gap";

/// A fact: what it is, the ramp, a code, a word, two numbers, a time; what each says depends on the first.
type Row = (
    String,
    i64,
    String,
    String,
    i64,
    Option<i64>,
    Option<UtcTime>,
);

/// What the engine needs to know of each ramp, and when its latest session began, in one query. Of judgements only the
/// latest by a mentor that says a level: no other moves a gate (rules 4 and 5).
fn facts(c: &mut Conn, ids: Vec<i64>) -> Result<Found> {
    let held = sessions::table
        .filter(
            sessions::ramp_id
                .eq_any(ids.clone())
                .and(sessions::state.eq(SessionState::Held))
                .and(sessions::superseded_at.is_null())
                .and(sessions::undone_at.is_null()),
        )
        .group_by(sessions::ramp_id)
        .select((
            SESSIONS.into_sql::<Text>(),
            sessions::ramp_id,
            "".into_sql::<Text>(),
            "".into_sql::<Text>(),
            count_star(),
            sum(sessions::minutes),
            max(sessions::starts_at),
        ));
    let latest = assessments::table
        .filter(
            assessments::ramp_id
                .eq_any(ids.clone())
                .and(assessments::stream.eq(Stream::Mentor))
                .and(assessments::level.is_not_null()),
        )
        .group_by((assessments::ramp_id, assessments::competency_code))
        .select(max(assessments::id).assume_not_null());
    let judgement = diesel::alias!(assessments as judgement);
    let judged = judgement
        .filter(judgement.field(assessments::id).eq_any(latest))
        .select((
            JUDGEMENT.into_sql::<Text>(),
            judgement.field(assessments::ramp_id),
            judgement.field(assessments::competency_code),
            "".into_sql::<Text>(),
            judgement.field(assessments::id),
            sql::<Nullable<BigInt>>("CAST(judgement.level AS BIGINT)"),
            None::<UtcTime>.into_sql::<Nullable<Timestamp>>(),
        ));
    let changed = ramp_changes::table
        .filter(ramp_changes::ramp_id.eq_any(ids.clone()))
        .select((
            CHANGE.into_sql::<Text>(),
            ramp_changes::ramp_id,
            "".into_sql::<Text>(),
            ramp_changes::state,
            ramp_changes::id,
            None::<i64>.into_sql::<Nullable<BigInt>>(),
            ramp_changes::at.nullable(),
        ));
    let latest = item_marks::table
        .filter(item_marks::ramp_id.eq_any(ids.clone()))
        .group_by((item_marks::ramp_id, item_marks::item_code))
        .select(max(item_marks::id).assume_not_null());
    let mark = diesel::alias!(item_marks as mark);
    let marked = mark
        .filter(mark.field(item_marks::id).eq_any(latest))
        .select((
            MARK.into_sql::<Text>(),
            mark.field(item_marks::ramp_id),
            mark.field(item_marks::item_code),
            mark.field(item_marks::mark),
            mark.field(item_marks::id),
            None::<i64>.into_sql::<Nullable<BigInt>>(),
            None::<UtcTime>.into_sql::<Nullable<Timestamp>>(),
        ));
    let named = signoff_points::table
        .filter(
            signoff_points::ramp_id
                .eq_any(ids)
                .and(signoff_points::kind.eq(PointKind::Gap)),
        )
        .select((
            GAP.into_sql::<Text>(),
            signoff_points::ramp_id,
            sql::<Text>("COALESCE(signoff_points.code, '')"),
            signoff_points::body,
            signoff_points::id,
            signoff_points::closed_by,
            None::<UtcTime>.into_sql::<Nullable<Timestamp>>(),
        ));
    let all = held
        .union_all(judged)
        .union_all(marked)
        .union_all(changed)
        .union_all(named);
    let rows: Vec<Row> = Each(all).load(c)?;
    let mut found = Found::default();
    for (kind, ramp_id, code, word, number, other, at) in rows {
        let of = found.facts.entry(ramp_id).or_default();
        match kind.as_str() {
            SESSIONS => {
                of.held = Held {
                    sessions: u32::try_from(number).unwrap_or(u32::MAX),
                    minutes: u32::try_from(other.unwrap_or_default()).unwrap_or(u32::MAX),
                };
                found.last_held.extend(at.map(|at| (ramp_id, at)));
            }
            JUDGEMENT => of.judgements.push(Judgement {
                id: number,
                code,
                stream: Stream::Mentor,
                level: other.and_then(Level::new),
            }),
            CHANGE => {
                let step = RampState::parse(&word).zip(at);
                let own = found.changes.entry(ramp_id).or_default();
                own.extend(step.map(|(state, at)| (number, state, at)));
            }
            GAP => of.gaps.push(Gap {
                id: number,
                about: (!code.is_empty()).then_some(code),
                what: word,
                is_closed: other.is_some(),
            }),
            _ => of
                .marks
                .extend(MarkKind::parse(&word).map(|mark| (code, mark))),
        }
    }
    for own in found.changes.values_mut() {
        own.sort_by_key(|(row, ..)| *row);
    }
    for of in found.facts.values_mut() {
        of.gaps.sort_by_key(|gap| gap.id);
    }
    Ok(found)
}
