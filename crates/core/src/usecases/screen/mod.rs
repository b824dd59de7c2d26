//! The wallboard: what it shows, and the secret address by which the screen in a team's room reads it.

pub mod wall;

use serde_json::json;

use crate::db::Conn;
use crate::db::locks::{self, Order};
use crate::db::types::UtcTime;
use crate::domain::audit::{self, Act, Entry};
use crate::domain::auth::token_hash;
use crate::domain::invite::Token;
use crate::domain::people::model::Team;
use crate::domain::screen::may_arrange;
use crate::domain::screen::store::{self, Reader};
use crate::error::{Error, Result};
use crate::usecases::screen::wall::Wall;

/// When it was read last is written at most that often.
const SECONDS_BETWEEN: i64 = 3600;

/// Makes a secret address for the screen of a team; the one before stops working.
///
/// Errors: [`Error::Forbidden`] unless the actor leads the team or administers; [`Error::SignedOut`] for the operator,
/// whose right nothing could look at later.
pub fn make(c: &mut Conn, act: &Act, team: &Team) -> Result<Token> {
    permit(act, team)?;
    let made_by = act.actor.id.ok_or(Error::SignedOut)?;
    // Two at once would leave two addresses that work.
    locks::lock(c, Order::Team, &[team.id])?;
    store::end(c, team.id, act.now)?;
    let token = Token::fresh();
    store::insert(c, (team.id, made_by), &token.hash(), act.now)?;
    audit::record(c, act, entry("screen.made", team))?;
    Ok(token)
}

/// Ends the secret address of a team; returns whether there was one.
///
/// Errors: [`Error::Forbidden`] unless the actor leads the team or administers.
pub fn end(c: &mut Conn, act: &Act, team: &Team) -> Result<bool> {
    permit(act, team)?;
    locks::lock(c, Order::Team, &[team.id])?;
    if !store::end(c, team.id, act.now)? {
        return Ok(false);
    }
    audit::record(c, act, entry("screen.ended", team))?;
    Ok(true)
}

fn permit(act: &Act, team: &Team) -> Result<()> {
    match may_arrange(&act.actor, team.id) {
        true => Ok(()),
        false => Err(Error::Forbidden(
            "Only leads of the team and administrators arrange its screen.".into(),
        )),
    }
}

fn entry(action: &'static str, team: &Team) -> Entry {
    Entry::new(action, format!("team:{}", team.id)).details(json!({ "team": team.name }))
}

/// The wallboard of that secret, with whose it is.
///
/// Errors: [`Error::NotFound`], the same for a secret that never was, one that ended, and one whose maker has no right to
/// it any longer.
pub fn read(c: &mut Conn, secret: &str, now: UtcTime) -> Result<(Reader, Wall)> {
    let found = store::reader(c, &token_hash(secret))?;
    let reader = found.ok_or(Error::NotFound("page"))?;
    let wall = Wall::load(c, Some(reader.team_id), now)?;
    Ok((reader, wall))
}

/// Notes that a screen read its page.
pub fn note_read(c: &mut Conn, screen_id: i64, now: UtcTime) -> Result<()> {
    store::touch(c, screen_id, now)
}

/// Whether it is to be noted that a screen read its page now.
pub fn is_due(reader: &Reader, now: UtcTime) -> bool {
    let last = reader.read_at;
    last.is_none_or(|at| now.seconds_since(at) >= SECONDS_BETWEEN)
}
