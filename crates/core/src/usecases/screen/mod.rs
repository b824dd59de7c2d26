//! The wallboard: what it shows, and the secret address by which the screen in a team's room reads it.

pub mod wall;

use serde_json::json;

use crate::db::Conn;
use crate::db::locks::{self, Order};
use crate::db::types::UtcTime;
use crate::domain::audit::{self, Act, Entry};
use crate::domain::auth;
use crate::domain::auth::token_hash;
use crate::domain::invite::{Token, is_noted_again};
use crate::domain::people::Actor;
use crate::domain::people::model::Team;
use crate::domain::screen::may_arrange;
use crate::domain::screen::store::{self, Screen};
use crate::error::{Error, Result};
use crate::usecases::screen::wall::Wall;

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

/// A wallboard as it is read by its address.
#[derive(Debug, Clone)]
pub struct Read {
    pub wall: Wall,
    pub team: String,
    /// Of the person who made the address.
    pub time_zone: String,
    /// What is to be noted as read, with [`note_read`], where it is due.
    pub due: Option<i64>,
}

/// The wallboard of that secret.
///
/// Errors: [`Error::NotFound`], the same for a secret that never was, one that ended, and one whose maker has no right to
/// it any longer.
pub fn read(c: &mut Conn, secret: &str, now: UtcTime) -> Result<Read> {
    let not_found = Error::NotFound("page");
    let Some(reader) = store::reader(c, &token_hash(secret))? else {
        return Err(not_found);
    };
    let Some(maker) = maker(c, (reader.made_by, reader.team_id))? else {
        return Err(not_found);
    };
    Ok(Read {
        wall: Wall::load(c, Some(reader.team_id), now)?,
        team: reader.team,
        time_zone: maker.time_zone,
        due: is_noted_again(reader.read_at, now).then_some(reader.screen_id),
    })
}

/// Who made an address, where they could still make it.
fn maker(c: &mut Conn, (made_by, team_id): (i64, i64)) -> Result<Option<Actor>> {
    let maker = auth::store::here(c, &[made_by])?.pop();
    Ok(maker.filter(|maker| may_arrange(maker, team_id)))
}

/// The addresses of these teams that are not ended, each with whether it works.
pub fn of_teams(c: &mut Conn, team_ids: &[i64]) -> Result<Vec<(Screen, bool)>> {
    let screens = store::of_teams(c, team_ids)?;
    let ids: Vec<i64> = screens.iter().map(|s| s.made_by).collect();
    let makers = auth::store::here(c, &ids)?;
    let works = |screen: &Screen| {
        let mut makers = makers.iter();
        makers.any(|maker| maker.is(screen.made_by) && may_arrange(maker, screen.team_id))
    };
    Ok(screens
        .into_iter()
        .map(|screen| {
            let works = works(&screen);
            (screen, works)
        })
        .collect())
}

/// Notes that a screen read its page.
pub fn note_read(c: &mut Conn, screen_id: i64, now: UtcTime) -> Result<()> {
    store::touch(c, screen_id, now)
}
