//! SQL of sessions: plans, records, observations, and every step in their life.

use crate::domain::session::model::{Session, Topic};
use diesel::dsl::auto_type;
use diesel::prelude::*;

use super::lifecycle::ChangeKind;
use super::next::store::NextAction;
use super::plan::{Absent, NewPlan};
use super::{Minutes, NewSession, SessionState};
use crate::db::schema::{
    next_actions, observations, ramps, session_changes, session_topics, sessions,
};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::{Error, Result};

/// A row of `session_changes`: a step in the life of a session.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_changes)]
pub struct Change {
    pub session_id: i64,
    pub kind: ChangeKind,
    /// Start before the step.
    pub from_at: Option<UtcTime>,
    /// Start after the step.
    pub to_at: Option<UtcTime>,
    /// Who did not come.
    pub absent: Option<Absent>,
    /// Why; may be empty.
    pub reason: String,
    /// Who took the step.
    pub by_id: i64,
    pub at: UtcTime,
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Session> {
    sessions::table
        .find(id)
        .select(Session::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("session"))
}

/// Sessions that count: held, and neither corrected nor undone. [`Session::counts`] says the same.
#[auto_type]
pub fn counts() -> _ {
    let held: SessionState = SessionState::Held;
    sessions::state
        .eq(held)
        .and(sessions::superseded_at.is_null())
        .and(sessions::undone_at.is_null())
}

/// The same in SQL, for the sessions in `row`.
pub fn counting(row: &str) -> String {
    format!("{row}.state = 'held' AND {row}.superseded_at IS NULL AND {row}.undone_at IS NULL")
}

/// Sessions of a person's ramps that count and begin before the later moment, and late enough to last until the earlier
/// one; in order.
pub fn held_before(
    c: &mut Conn,
    mentee_id: i64,
    (from, until): (UtcTime, UtcTime),
) -> Result<Vec<Session>> {
    let longest = 60 * i64::from(Minutes::MOST);
    Ok(sessions::table
        .inner_join(ramps::table)
        .filter(
            ramps::mentee_id
                .eq(mentee_id)
                .and(counts())
                .and(sessions::starts_at.lt(until))
                .and(sessions::starts_at.gt(from.plus_seconds(-longest))),
        )
        .order((sessions::starts_at, sessions::id))
        .select(Session::as_select())
        .load(c)?)
}

/// The ramp among those for which a mentor recorded a session last.
pub fn last_recorded_for(c: &mut Conn, mentor_id: i64, ramp_ids: &[i64]) -> Result<Option<i64>> {
    Ok(sessions::table
        .filter(
            sessions::mentor_id
                .eq(mentor_id)
                .and(counts())
                .and(id_in(sessions::ramp_id, ramp_ids)),
        )
        .order(sessions::id.desc())
        .select(sessions::ramp_id)
        .first(c)
        .optional()?)
}

/// Sessions of those ramps, newest first.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(id_in(sessions::ramp_id, ramp_ids))
        .order((sessions::starts_at.desc(), sessions::id.desc()))
        .select(Session::as_select())
        .load(c)?)
}

/// Plans and open actions of some ramps.
#[derive(Debug, Clone, Default)]
pub struct Ahead {
    /// Sessions that are planned and neither held nor cancelled, unordered.
    pub plans: Vec<Session>,
    /// Their topics.
    pub topics: Vec<Topic>,
    /// Open next actions, oldest first.
    pub actions: Vec<NextAction>,
}

/// Plans and open actions of those ramps, in one query; none for no ramp.
pub fn ahead(c: &mut Conn, ramp_ids: &[i64]) -> Result<Ahead> {
    let mut ahead = Ahead::default();
    if ramp_ids.is_empty() {
        return Ok(ahead);
    }
    let open = next_actions::session_id
        .eq(sessions::id)
        .and(next_actions::done_at.is_null());
    let rows: Vec<(Session, Option<Topic>, Option<NextAction>)> = sessions::table
        .left_join(session_topics::table)
        .left_join(next_actions::table.on(open))
        .filter(
            id_in(sessions::ramp_id, ramp_ids).and(
                sessions::state
                    .eq(SessionState::Planned)
                    .or(next_actions::id.is_not_null()),
            ),
        )
        .order((sessions::id, session_topics::code, next_actions::id))
        .select((
            Session::as_select(),
            Option::<Topic>::as_select(),
            Option::<NextAction>::as_select(),
        ))
        .load(c)?;
    for (session, topic, action) in rows {
        ahead.actions.extend(action.filter(|_| session.counts()));
        if session.is_plan() {
            ahead.topics.extend(topic);
            ahead.plans.push(session);
        }
    }
    // The query returns a plan once for each of its topics.
    ahead.plans.dedup_by_key(|s| s.id);
    Ok(ahead)
}

/// Topics of those sessions; no query for none.
pub fn topics(c: &mut Conn, session_ids: &[i64]) -> Result<Vec<Topic>> {
    if session_ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(session_topics::table
        .filter(id_in(session_topics::session_id, session_ids))
        .order((session_topics::session_id, session_topics::code))
        .select(Topic::as_select())
        .load(c)?)
}

/// Every step in the life of those sessions, oldest first.
pub fn changes(c: &mut Conn, session_ids: &[i64]) -> Result<Vec<Change>> {
    Ok(session_changes::table
        .filter(id_in(session_changes::session_id, session_ids))
        .order(session_changes::id)
        .select(Change::as_select())
        .load(c)?)
}

/// A new row of a session that was held.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    pub ramp_id: i64,
    /// The mentor who held it.
    pub mentor_id: i64,
    pub new: &'a NewSession,
    /// What was planned to be discussed.
    pub agenda: &'a str,
    /// The plan of this record, or the record it corrects.
    pub supersedes_id: Option<i64>,
    /// Who records it.
    pub recorded_by: i64,
    pub recorded_at: UtcTime,
}

/// Adds a session that was held, with its observations; returns its row.
pub fn insert_held(c: &mut Conn, held: &Held<'_>) -> Result<i64> {
    let new = held.new;
    let id: i64 = diesel::insert_into(sessions::table)
        .values((
            sessions::ramp_id.eq(held.ramp_id),
            sessions::mentor_id.eq(held.mentor_id),
            sessions::kind.eq(new.kind),
            sessions::state.eq(SessionState::Held),
            sessions::starts_at.eq(new.starts_at),
            sessions::minutes.eq(new.minutes.number()),
            sessions::summary.eq(new.summary.as_str()),
            sessions::agenda.eq(held.agenda),
            sessions::recorded_at.eq(held.recorded_at),
            sessions::recorded_by.eq(held.recorded_by),
            sessions::supersedes_id.eq(held.supersedes_id),
            sessions::postmortem_id.eq(new.postmortem_id),
        ))
        .returning(sessions::id)
        .get_result(c)?;
    for (code, help) in &new.observations {
        diesel::insert_into(observations::table)
            .values((
                observations::session_id.eq(id),
                observations::competency_code.eq(code),
                observations::help_level.eq(*help),
            ))
            .execute(c)?;
    }
    Ok(id)
}

/// Adds a planned session with its topics; returns its row.
pub fn insert_plan(
    c: &mut Conn,
    ramp_id: i64,
    mentor_id: i64,
    new: &NewPlan,
    by_id: i64,
    now: UtcTime,
) -> Result<i64> {
    let id: i64 = diesel::insert_into(sessions::table)
        .values((
            sessions::ramp_id.eq(ramp_id),
            sessions::mentor_id.eq(mentor_id),
            sessions::kind.eq(new.kind),
            sessions::state.eq(SessionState::Planned),
            sessions::starts_at.eq(new.starts_at),
            sessions::minutes.eq(new.minutes.number()),
            sessions::summary.eq(""),
            sessions::agenda.eq(new.agenda.as_str()),
            sessions::recorded_at.eq(now),
            sessions::recorded_by.eq(by_id),
            sessions::postmortem_id.eq(new.postmortem_id),
        ))
        .returning(sessions::id)
        .get_result(c)?;
    for code in &new.topics {
        diesel::insert_into(session_topics::table)
            .values((
                session_topics::session_id.eq(id),
                session_topics::code.eq(code),
            ))
            .execute(c)?;
    }
    Ok(id)
}

/// Moves a plan that still begins at `from`; false when it no longer does.
pub fn move_plan(c: &mut Conn, id: i64, from: UtcTime, to: UtcTime) -> Result<bool> {
    let plan = sessions::table.filter(
        sessions::id
            .eq(id)
            .and(sessions::state.eq(SessionState::Planned))
            .and(sessions::starts_at.eq(from))
            .and(sessions::superseded_at.is_null()),
    );
    let moved = diesel::update(plan)
        .set(sessions::starts_at.eq(to))
        .execute(c)?;
    Ok(moved == 1)
}

/// Ends a plan as cancelled or no-show; false when it is no longer a plan.
pub fn close_plan(c: &mut Conn, id: i64, state: SessionState) -> Result<bool> {
    let plan = sessions::table.filter(
        sessions::id
            .eq(id)
            .and(sessions::state.eq(SessionState::Planned))
            .and(sessions::superseded_at.is_null()),
    );
    let closed = diesel::update(plan)
        .set(sessions::state.eq(state))
        .execute(c)?;
    Ok(closed == 1)
}

/// Marks a current session as replaced; false when it is no longer current.
pub fn supersede(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    let standing = sessions::table.filter(
        sessions::id
            .eq(id)
            .and(sessions::superseded_at.is_null())
            .and(sessions::undone_at.is_null()),
    );
    let superseded = diesel::update(standing)
        .set(sessions::superseded_at.eq(now))
        .execute(c)?;
    Ok(superseded == 1)
}

/// Undoes the record of a session, so that what it replaced is current again; false when it is no longer current.
pub fn undo(c: &mut Conn, session: &Session, now: UtcTime) -> Result<bool> {
    let standing = sessions::table.filter(
        sessions::id
            .eq(session.id)
            .and(sessions::superseded_at.is_null())
            .and(sessions::undone_at.is_null()),
    );
    let undone = diesel::update(standing)
        .set(sessions::undone_at.eq(now))
        .execute(c)?;
    if undone == 1
        && let Some(before) = session.supersedes_id
    {
        diesel::update(sessions::table.find(before))
            .set(sessions::superseded_at.eq(None::<UtcTime>))
            .execute(c)?;
    }
    Ok(undone == 1)
}

pub fn insert_change(c: &mut Conn, change: &Change) -> Result<()> {
    diesel::insert_into(session_changes::table)
        .values(change)
        .execute(c)?;
    Ok(())
}
