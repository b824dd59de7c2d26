//! SQL of next actions.

use diesel::prelude::*;

use super::NextWords;
use crate::db::schema::{next_actions, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::session::model::Session;
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = next_actions)]
pub struct NextAction {
    pub id: i64,
    pub ramp_id: i64,
    /// The session in which it was agreed.
    pub session_id: i64,
    pub body: String,
    /// When it was agreed.
    pub at: UtcTime,
    /// When it was ticked off; `None` while it is open.
    pub done_at: Option<UtcTime>,
    /// Who ticked it off.
    pub done_by: Option<i64>,
    /// The session whose record ticked it off; `None` when someone ticked it off alone.
    pub done_in: Option<i64>,
}

/// Open next actions on those ramps, oldest first; only of sessions that count.
pub fn open(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<NextAction>> {
    if ramp_ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(NextAction, Session)> = next_actions::table
        .inner_join(sessions::table)
        .filter(id_in(next_actions::ramp_id, ramp_ids).and(next_actions::done_at.is_null()))
        .order(next_actions::id)
        .select((NextAction::as_select(), Session::as_select()))
        .load(c)?;
    let counting = rows.into_iter().filter(|(_, session)| session.counts());
    Ok(counting.map(|(action, _)| action).collect())
}

/// Next actions of those sessions, done or not, oldest first.
pub fn of_sessions(c: &mut Conn, session_ids: &[i64]) -> Result<Vec<NextAction>> {
    Ok(next_actions::table
        .filter(id_in(next_actions::session_id, session_ids))
        .order(next_actions::id)
        .select(NextAction::as_select())
        .load(c)?)
}

/// That next action, if it belongs to the ramp and its session counts.
pub fn of_ramp(c: &mut Conn, ramp_id: i64, id: i64) -> Result<Option<NextAction>> {
    let row: Option<(NextAction, Session)> = next_actions::table
        .inner_join(sessions::table)
        .filter(
            next_actions::id
                .eq(id)
                .and(next_actions::ramp_id.eq(ramp_id)),
        )
        .select((NextAction::as_select(), Session::as_select()))
        .first(c)
        .optional()?;
    Ok(row
        .filter(|(_, session)| session.counts())
        .map(|(action, _)| action))
}

/// Adds the next actions of a session. `before` are those of the record it corrects: what is done stays done.
pub fn insert(
    c: &mut Conn,
    (ramp_id, session_id): (i64, i64),
    lines: &[NextWords],
    before: &[NextAction],
    now: UtcTime,
) -> Result<()> {
    for line in lines {
        let was = before.iter().find(|a| a.body == line.as_str());
        diesel::insert_into(next_actions::table)
            .values((
                next_actions::ramp_id.eq(ramp_id),
                next_actions::session_id.eq(session_id),
                next_actions::body.eq(line.as_str()),
                next_actions::at.eq(was.map_or(now, |a| a.at)),
                next_actions::done_at.eq(was.and_then(|a| a.done_at)),
                next_actions::done_by.eq(was.and_then(|a| a.done_by)),
                next_actions::done_in.eq(was.and_then(|a| a.done_in)),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Ticks an open one off, in a session or alone; false when it is no longer open.
pub fn tick(
    c: &mut Conn,
    id: i64,
    by_id: i64,
    session_id: Option<i64>,
    now: UtcTime,
) -> Result<bool> {
    let open =
        next_actions::table.filter(next_actions::id.eq(id).and(next_actions::done_at.is_null()));
    let ticked = diesel::update(open)
        .set((
            next_actions::done_at.eq(now),
            next_actions::done_by.eq(by_id),
            next_actions::done_in.eq(session_id),
        ))
        .execute(c)?;
    Ok(ticked == 1)
}

/// Opens one again; false when it is open.
pub fn reopen(c: &mut Conn, id: i64) -> Result<bool> {
    let done = next_actions::table.filter(
        next_actions::id
            .eq(id)
            .and(next_actions::done_at.is_not_null()),
    );
    let opened = diesel::update(done)
        .set((
            next_actions::done_at.eq(None::<UtcTime>),
            next_actions::done_by.eq(None::<i64>),
            next_actions::done_in.eq(None::<i64>),
        ))
        .execute(c)?;
    Ok(opened == 1)
}

/// Copies the ticks of a correction to the same actions of the record that is current again: undoing a correction must
/// not undo what was ticked off, or reopened, since.
pub fn restore_ticks(c: &mut Conn, correction: i64, original: i64) -> Result<()> {
    let since = of_sessions(c, &[correction])?;
    for action in of_sessions(c, &[original])? {
        if let Some(now) = since.iter().find(|a| a.body == action.body) {
            diesel::update(next_actions::table.find(action.id))
                .set((
                    next_actions::done_at.eq(now.done_at),
                    next_actions::done_by.eq(now.done_by),
                    next_actions::done_in.eq(now.done_in),
                ))
                .execute(c)?;
        }
    }
    Ok(())
}

/// Opens again what the record of a session ticked off, because that record is undone.
pub fn reopen_done_in(c: &mut Conn, session_id: i64) -> Result<usize> {
    let done = next_actions::table.filter(next_actions::done_in.eq(session_id));
    Ok(diesel::update(done)
        .set((
            next_actions::done_at.eq(None::<UtcTime>),
            next_actions::done_by.eq(None::<i64>),
            next_actions::done_in.eq(None::<i64>),
        ))
        .execute(c)?)
}
