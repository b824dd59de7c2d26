//! Ramps, their sessions and their shifts.

use diesel::prelude::*;

use super::{in_order, joined, name_of};
use crate::db::list::{List, entries, listed, plain};
use crate::db::schema::{areas, ramps, sessions, shifts};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::search::store::Entry;
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;

pub(super) fn ramps(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    let mentors = listed(
        &["CAST(g.id AS TEXT)", &plain("p.name")],
        "pairings g JOIN people p ON p.id = g.mentor_id WHERE g.ramp_id = ramps.id",
    );
    let rows: Vec<(i64, String, String, String, List)> = ramps::table
        .inner_join(areas::table)
        .filter(id_in(ramps::id, ids))
        .select((
            ramps::id,
            name_of("ramps.mentee_id"),
            areas::name,
            areas::code,
            mentors,
        ))
        .load(c)?;
    let entry = |(id, mentee, area, code, mentors): (i64, String, String, String, List)| {
        let mentors = in_order(mentors)?;
        Ok(Entry {
            ref_id: id,
            ramp_id: Some(id),
            title: format!("{mentee}, {area}"),
            address: format!("/ramps/{id}"),
            also: joined(mentors.iter().chain([&code])),
            ..Entry::default()
        })
    };
    rows.into_iter().map(entry).collect()
}

#[derive(Queryable)]
struct SessionRow {
    id: i64,
    ramp_id: i64,
    starts_at: UtcTime,
    summary: String,
    agenda: String,
    mentee: String,
    mentor: String,
    area: String,
    area_code: String,
    agreed: List,
    observed: List,
    topics: List,
}

/// Those of these sessions that are planned or held, and not replaced or undone.
pub(super) fn sessions(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    let agreed = listed(
        &["CAST(n.id AS TEXT)", &plain("n.body")],
        "next_actions n WHERE n.session_id = sessions.id",
    );
    let observed = listed(
        &["o.competency_code"],
        "observations o WHERE o.session_id = sessions.id",
    );
    let topics = listed(
        &["t.code"],
        "session_topics t WHERE t.session_id = sessions.id",
    );
    let rows: Vec<SessionRow> = sessions::table
        .inner_join(ramps::table.inner_join(areas::table))
        .filter(id_in(sessions::id, ids))
        .filter(sessions::state.eq_any(["planned", "held"]))
        .filter(sessions::superseded_at.is_null())
        .filter(sessions::undone_at.is_null())
        .select((
            sessions::id,
            sessions::ramp_id,
            sessions::starts_at,
            sessions::summary,
            sessions::agenda,
            name_of("ramps.mentee_id"),
            name_of("sessions.mentor_id"),
            areas::name,
            areas::code,
            agreed,
            observed,
            topics,
        ))
        .load(c)?;
    rows.into_iter().map(session).collect()
}

fn session(r: SessionRow) -> Result<Entry> {
    let code = |parts: &[&str]| Some((*parts.first()?).to_owned());
    let mut also = entries(r.observed, code)?;
    also.extend(entries(r.topics, code)?);
    also.sort_unstable();
    also.extend([r.mentor, r.area_code]);
    let mut texts = vec![r.summary, r.agenda];
    texts.extend(in_order(r.agreed)?);
    Ok(Entry {
        ref_id: r.id,
        ramp_id: Some(r.ramp_id),
        title: format!("Session with {}", r.mentee),
        body: joined(&texts),
        context: r.area,
        address: format!("/sessions/{}", r.id),
        at: Some(r.starts_at),
        also: joined(&also),
        ..Entry::default()
    })
}

#[derive(Queryable)]
struct ShiftRow {
    id: i64,
    ramp_id: i64,
    kind: ShiftKind,
    starts_at: UtcTime,
    mentee: String,
    with: String,
    area: (String, String),
    /// Who may page, runbooks, what the mentee does, who may touch what.
    brief: (String, String, String, String),
    /// What went well and badly, of the one that holds.
    debriefs: List,
    alerts: List,
    observed: List,
}

/// Those of these shifts that are planned or debriefed, with the debrief that holds and the alerts that count.
pub(super) fn shifts(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    let latest = "= (SELECT max(y.id) FROM shift_debriefs y WHERE y.shift_id = shifts.id)";
    let debriefs = listed(
        &[&plain("b.went_well"), &plain("b.went_badly")],
        &format!("shift_debriefs b WHERE b.id {latest}"),
    );
    let alerts = listed(
        &["CAST(l.id AS TEXT)", &plain("l.title")],
        "alerts l WHERE l.shift_id = shifts.id AND l.undone_at IS NULL",
    );
    let observed = listed(
        &["o.competency_code"],
        &format!("shift_observations o WHERE o.debrief_id {latest}"),
    );
    let rows: Vec<ShiftRow> = shifts::table
        .inner_join(areas::table.on(areas::id.eq(shifts::area_id)))
        .filter(id_in(shifts::id, ids))
        .filter(shifts::state.ne(ShiftState::Cancelled))
        .select((
            shifts::id,
            shifts::ramp_id,
            shifts::kind,
            shifts::starts_at,
            name_of("shifts.mentee_id"),
            name_of("shifts.with_id"),
            (areas::name, areas::code),
            (
                shifts::may_page,
                shifts::runbooks,
                shifts::learner_job,
                shifts::who_may_touch,
            ),
            debriefs,
            alerts,
            observed,
        ))
        .load(c)?;
    rows.into_iter().map(shift).collect()
}

fn shift(r: ShiftRow) -> Result<Entry> {
    let mut also = entries(r.observed, |parts| Some((*parts.first()?).to_owned()))?;
    also.sort_unstable();
    let (area, code) = r.area;
    also.extend([r.with, code]);
    let mut texts = Vec::new();
    for debrief in entries(r.debriefs, |parts| {
        let [well, badly] = parts else { return None };
        Some([(*well).to_owned(), (*badly).to_owned()])
    })? {
        texts.extend(debrief);
    }
    texts.extend(in_order(r.alerts)?);
    texts.extend([r.brief.0, r.brief.1, r.brief.2, r.brief.3]);
    Ok(Entry {
        ref_id: r.id,
        ramp_id: Some(r.ramp_id),
        title: format!("{} of {}", r.kind.label(), r.mentee),
        body: joined(&texts),
        context: area,
        address: format!("/shifts/{}", r.id),
        at: Some(r.starts_at),
        also: joined(&also),
        ..Entry::default()
    })
}
