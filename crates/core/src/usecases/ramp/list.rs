//! The open ramps that somebody may read, the next target first.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::list::{List, entries, listed, plain};
use crate::db::schema::{areas, memberships, pairings, people, ramps};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::Standing;
use crate::domain::people::store::patterns;
use crate::domain::postmortem::store::search::reader;
use crate::domain::ramp::clock::{PaceReport, stale_since};
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::store::may_read_ramp;
use crate::domain::ramp::{PairingRole, RampState};
use crate::domain::readiness::{self, BoardStatus, Cell};
use crate::domain::standard;
use crate::error::{Error, Result};
use crate::usecases::dossier::progress::Progress;

/// What the list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The area's name in URLs.
    pub area: Option<&'a str>,
    /// Of people in that team.
    pub team: Option<i64>,
    pub state: Option<RampState>,
    /// Of people who are called so; may be empty.
    pub q: &'a str,
    /// The ramp after which the page begins: its target and its row.
    pub after: Option<(Day, i64)>,
    /// So many at most.
    pub most: usize,
}

/// A ramp in the list.
#[derive(Debug)]
pub struct Line {
    pub ramp: Ramp,
    pub mentee: String,
    pub handle: String,
    pub area: String,
    /// What the board says of the ramp alone.
    pub cell: Cell,
    /// `None` before its clock has run for a day.
    pub pace: Option<PaceReport>,
    /// Its mentors now, the primary one first.
    pub mentors: Vec<String>,
    /// Start of the latest held session.
    pub last_held: Option<UtcTime>,
    /// It runs, and has been without a session for too long.
    pub is_stale: bool,
}

/// The mentors of a ramp now: role, agreed interval, beginning, name.
type Mentor = (PairingRole, i32, UtcTime, String);

type Row = (Ramp, String, String, String, List);

/// The ramps wanted, and one more where there are more. Four queries for any number of rows.
pub fn lines(c: &mut Conn, context: &ReadContext, wanted: Wanted<'_>) -> Result<Vec<Line>> {
    let actor = &context.actor;
    let answers_for = reader(c, actor)?.answers_for;
    let mentors = listed(
        &["g.role", "g.interval_days", "g.since", &plain("v.name")],
        "pairings g JOIN people v ON v.id = g.mentor_id WHERE g.ramp_id = ramps.id AND g.until IS NULL",
    );
    let mut all = ramps::table
        .inner_join(areas::table)
        .inner_join(people::table.on(people::id.eq(ramps::mentee_id)))
        .filter(ramps::closed_at.is_null())
        .filter(people::deactivated_at.is_null())
        .filter(may_read_ramp!(actor, answers_for))
        .order((ramps::target_on, ramps::id))
        .limit(i64::try_from(wanted.most.saturating_add(1)).unwrap_or(i64::MAX))
        .select((
            Ramp::as_select(),
            people::name,
            people::handle,
            areas::name,
            mentors,
        ))
        .into_boxed();
    if let Some(slug) = wanted.area {
        all = all.filter(areas::slug.eq(slug));
    }
    if let Some(team) = wanted.team {
        let members = memberships::table
            .filter(memberships::team_id.eq(team))
            .select(memberships::person_id);
        all = all.filter(ramps::mentee_id.eq_any(members));
    }
    if let Some(state) = wanted.state {
        all = all.filter(ramps::state.eq(state));
    }
    if !wanted.q.is_empty() {
        let (name, handle) = patterns(wanted.q);
        let is_named = people::search_key.like(name).escape('!');
        all = all.filter(is_named.or(people::handle.like(handle).escape('!')));
    }
    if let Some((target, id)) = wanted.after {
        let same_day = ramps::target_on.eq(target).and(ramps::id.gt(id));
        all = all.filter(ramps::target_on.gt(target).or(same_day));
    }
    let rows: Vec<Row> = all.load(c)?;
    let found: Vec<Ramp> = rows.iter().map(|(ramp, ..)| ramp.clone()).collect();
    let mut pinned: Vec<i64> = found.iter().map(|r| r.standard_id).collect();
    pinned.sort_unstable();
    pinned.dedup();
    let standards = standard::store::load(c, &pinned)?;
    let today = context.now.day();
    let progress = Progress::load(c, &found, &standards, today)?;
    rows.into_iter()
        .map(|row| line(row, &progress, today))
        .collect()
}

fn line(
    (ramp, mentee, handle, area, mentors): Row,
    progress: &Progress,
    today: Day,
) -> Result<Line> {
    let mut mentors: Vec<Mentor> = entries(mentors, |parts| {
        let [role, days, since, name] = parts else {
            return None;
        };
        let since = UtcTime::stored(since)?;
        Some((
            PairingRole::parse(role)?,
            days.parse().ok()?,
            since,
            (*name).to_owned(),
        ))
    })?;
    mentors.sort_by_key(|(role, _, since, _)| (*role, *since));
    let last_held = progress.last_held.get(&ramp.id).copied();
    let readiness = progress.readiness.get(&ramp.id);
    let readiness = readiness.ok_or_else(|| Error::fault("a ramp without its readiness"))?;
    let known = Some((ramp.state, ramp.starts_on, readiness));
    let cell = readiness::cell(Standing::None, known, today);
    let clock = progress.clocks.get(&ramp.id);
    let pairing = mentors.first().map(|(_, days, since, _)| (*since, *days));
    let pairing = pairing.filter(|_| cell.status == BoardStatus::Ramping);
    Ok(Line {
        pace: clock.and_then(|clock| {
            clock.pace_to_keep(readiness.lines_met, readiness.lines, ramp.target_on, today)
        }),
        is_stale: pairing
            .and_then(|pairing| stale_since(last_held, pairing, ramp.starts_on, today))
            .is_some(),
        cell,
        mentors: mentors.into_iter().map(|(.., name)| name).collect(),
        last_held,
        mentee,
        handle,
        area,
        ramp,
    })
}
