//! SQL of the programme audit: narrow rows, bounded by a year.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::fixed::fixed;
use crate::db::schema::{
    assessments, clearances, memberships, pairings, qualifiers, ramps, sessions, signoffs, waivers,
};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, found_by, id_in, ids};
use crate::domain::area;
use crate::domain::assessment::Stream;
use crate::domain::clearance::ClearanceKind;
use crate::domain::clearance::model::Clearance;
use crate::domain::ramp::model::Ramp;
use crate::domain::session;
use crate::domain::standard::{Level, Strength};
use crate::domain::waiver::model::Waiver;
use crate::error::Result;

/// Somebody who may sign for an area once cleared.
#[derive(Queryable)]
pub(super) struct Designated {
    pub(super) person_id: i64,
    pub(super) area_id: i64,
    pub(super) since: UtcTime,
}

/// A sign-off that was asked for.
#[derive(Queryable)]
pub(super) struct Request {
    pub(super) id: i64,
    pub(super) ramp_id: i64,
    pub(super) requested_at: UtcTime,
}

/// A session that counts.
#[derive(Queryable)]
pub(super) struct Recorded {
    pub(super) id: i64,
    pub(super) ramp_id: i64,
    pub(super) starts_at: UtcTime,
    pub(super) recorded_at: UtcTime,
}

#[derive(Queryable)]
pub(super) struct Judgement {
    pub(super) ramp_id: i64,
    pub(super) code: String,
    pub(super) stream: Stream,
    pub(super) level: Option<Level>,
    pub(super) by_id: i64,
    pub(super) at: UtcTime,
    pub(super) strength: Strength,
}

/// What somebody answers for.
pub(super) struct Scope<'a> {
    pub(super) areas: &'a [i64],
    pub(super) people: &'a [i64],
}

/// The members of those teams.
pub(super) fn members(c: &mut Conn, team_ids: &[i64]) -> Result<HashSet<i64>> {
    let all: Vec<i64> = memberships::table
        .filter(id_in(memberships::team_id, team_ids))
        .select(memberships::person_id)
        .load(c)?;
    Ok(all.into_iter().collect())
}

/// Ramps in those areas and of those people that are open, or were closed since then.
pub(super) fn ramps(c: &mut Conn, scope: &Scope, since: UtcTime) -> Result<Vec<Ramp>> {
    let concerns = found_by(ramps::area_id, ids(scope.areas))
        .or(found_by(ramps::mentee_id, ids(scope.people)));
    let lately = ramps::closed_at.ge(since).assume_not_null();
    Ok(ramps::table
        .filter(concerns)
        .filter(ramps::closed_at.is_null().or(lately))
        .select(Ramp::as_select())
        .load(c)?)
}

/// Ramps that somebody mentors now.
pub(super) fn mentored(c: &mut Conn, person_id: i64) -> Result<HashSet<i64>> {
    let all: Vec<i64> = pairings::table
        .filter(
            pairings::mentor_id
                .eq(person_id)
                .and(pairings::until.is_null()),
        )
        .select(pairings::ramp_id)
        .load(c)?;
    Ok(all.into_iter().collect())
}

pub(super) fn designated(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Designated>> {
    Ok(qualifiers::table
        .filter(id_in(qualifiers::area_id, area_ids).and(area::store::is_designated()))
        .select((
            qualifiers::person_id,
            qualifiers::area_id,
            qualifiers::since,
        ))
        .load(c)?)
}

pub(super) fn requests(c: &mut Conn, ramp_ids: &[i64], since: UtcTime) -> Result<Vec<Request>> {
    Ok(signoffs::table
        .filter(id_in(signoffs::ramp_id, ramp_ids).and(signoffs::requested_at.ge(since)))
        .select((signoffs::id, signoffs::ramp_id, signoffs::requested_at))
        .load(c)?)
}

pub(super) fn recorded(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Recorded>> {
    Ok(sessions::table
        .filter(id_in(sessions::ramp_id, ramp_ids).and(session::store::counts()))
        // A correction is not a late record.
        .filter(sessions::supersedes_id.is_null())
        .select((
            sessions::id,
            sessions::ramp_id,
            sessions::starts_at,
            sessions::recorded_at,
        ))
        .load(c)?)
}

/// Granted, not revoked, and over; not those that a later one of the same subject continues.
pub(super) fn ended_waivers(c: &mut Conn, ramp_ids: &[i64], today: Day) -> Result<Vec<Waiver>> {
    let granted = waivers::granted
        .eq(Some(true))
        .assume_not_null()
        .and(waivers::revoked_at.is_null());
    let all: Vec<Waiver> = waivers::table
        .filter(id_in(waivers::ramp_id, ramp_ids).and(granted))
        .order(waivers::id)
        .select(Waiver::as_select())
        .load(c)?;
    // In their order, the last one of a subject stays.
    let mut last: BTreeMap<(i64, String, String), Waiver> = BTreeMap::new();
    for waiver in all {
        let subject = waiver.subject.word().to_owned();
        last.insert((waiver.ramp_id, subject, waiver.code.clone()), waiver);
    }
    let mut over: Vec<Waiver> = last.into_values().collect();
    over.retain(|w| w.ends_on < today);
    over.sort_by_key(|w| w.id);
    Ok(over)
}

/// The latest clearances of those who are designated in the areas, and those that are interim.
pub(super) fn clearances(
    c: &mut Conn,
    scope: &Scope,
    designated: &[i64],
) -> Result<Vec<Clearance>> {
    let in_areas = || found_by(clearances::area_id, ids(scope.areas));
    let is_interim = clearances::kind.eq(ClearanceKind::Interim);
    let signs = in_areas().and(found_by(clearances::person_id, ids(designated)));
    let in_area = in_areas().and(is_interim);
    let of_person = found_by(clearances::person_id, ids(scope.people)).and(is_interim);
    Ok(clearances::table
        .filter(clearances::replaced_at.is_null())
        .filter(signs.or(in_area).or(of_person))
        .select(Clearance::as_select())
        .load(c)?)
}

/// The latest moment at which someone turned a key in those areas, by person and area.
pub(super) fn signed(
    c: &mut Conn,
    area_ids: &[i64],
    since: UtcTime,
) -> Result<HashMap<(i64, i64), UtcTime>> {
    type Row = (
        i64,
        Option<i64>,
        Option<UtcTime>,
        Option<i64>,
        Option<UtcTime>,
    );
    let rows: Vec<Row> = signoffs::table
        .inner_join(ramps::table)
        .filter(id_in(ramps::area_id, area_ids).and(signoffs::requested_at.ge(since)))
        .select((
            ramps::area_id,
            signoffs::first_key_by,
            signoffs::first_key_at,
            signoffs::decided_by,
            signoffs::decided_at,
        ))
        .load(c)?;
    let mut latest: HashMap<(i64, i64), UtcTime> = HashMap::new();
    for (area_id, first_by, first_at, decided_by, decided_at) in rows {
        for (by, at) in [(first_by, first_at), (decided_by, decided_at)] {
            if let (Some(by), Some(at)) = (by, at) {
                let of = latest.entry((by, area_id)).or_insert(at);
                *of = (*of).max(at);
            }
        }
    }
    Ok(latest)
}

/// On those ramps, or given by those people as mentors.
pub(super) fn judgements(
    c: &mut Conn,
    (ramp_ids, by_ids): (&[i64], &[i64]),
    since: UtcTime,
) -> Result<Vec<Judgement>> {
    let is_of_mentor = fixed::<Bool>("assessments.stream = 'mentor'");
    let concerns =
        found_by(assessments::ramp_id, ids(ramp_ids))
            .or(found_by(assessments::by_id, ids(by_ids)).and(is_of_mentor));
    Ok(assessments::table
        .filter(
            concerns
                .and(assessments::at.ge(since))
                .and(assessments::carried_from.is_null()),
        )
        .order(assessments::id)
        .select((
            assessments::ramp_id,
            assessments::competency_code,
            assessments::stream,
            assessments::level,
            assessments::by_id,
            assessments::at,
            assessments::strength,
        ))
        .load(c)?)
}
