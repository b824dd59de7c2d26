//! SQL of screens.

use diesel::prelude::*;

use crate::db::schema::{screens, teams};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::Result;

/// An address that is not ended.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Screen {
    pub team_id: i64,
    pub made_by: i64,
    pub created_at: UtcTime,
    /// When a screen read it last.
    pub read_at: Option<UtcTime>,
}

/// The addresses of these teams that are not ended.
pub fn of_teams(c: &mut Conn, team_ids: &[i64]) -> Result<Vec<Screen>> {
    Ok(screens::table
        .filter(id_in(screens::team_id, team_ids))
        .filter(screens::ended_at.is_null())
        .select((
            screens::team_id,
            screens::made_by,
            screens::created_at,
            screens::read_at,
        ))
        .load(c)?)
}

/// What a secret leads to.
#[derive(Debug, Clone, Queryable)]
pub struct Reader {
    pub screen_id: i64,
    pub read_at: Option<UtcTime>,
    pub team_id: i64,
    pub team: String,
    pub made_by: i64,
}

/// The screen of that secret; `None` where there is none, or it ended.
pub fn reader(c: &mut Conn, token_hash: &str) -> Result<Option<Reader>> {
    Ok(screens::table
        .inner_join(teams::table)
        .filter(screens::token_hash.eq(token_hash))
        .filter(screens::ended_at.is_null())
        .select((
            screens::id,
            screens::read_at,
            teams::id,
            teams::name,
            screens::made_by,
        ))
        .first(c)
        .optional()?)
}

pub fn insert(
    c: &mut Conn,
    (team_id, made_by): (i64, i64),
    token_hash: &str,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(screens::table)
        .values((
            screens::team_id.eq(team_id),
            screens::made_by.eq(made_by),
            screens::token_hash.eq(token_hash),
            screens::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends the address of a team; false when there was none.
pub fn end(c: &mut Conn, team_id: i64, now: UtcTime) -> Result<bool> {
    let open = screens::table.filter(
        screens::team_id
            .eq(team_id)
            .and(screens::ended_at.is_null()),
    );
    let ended = diesel::update(open)
        .set(screens::ended_at.eq(now))
        .execute(c)?;
    Ok(ended > 0)
}

/// Ends the addresses that a person made.
pub fn end_of(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<()> {
    let open = screens::made_by
        .eq(person_id)
        .and(screens::ended_at.is_null());
    diesel::update(screens::table.filter(open))
        .set(screens::ended_at.eq(now))
        .execute(c)?;
    Ok(())
}

pub fn touch(c: &mut Conn, screen_id: i64, now: UtcTime) -> Result<()> {
    diesel::update(screens::table.find(screen_id))
        .set(screens::read_at.eq(now))
        .execute(c)?;
    Ok(())
}
