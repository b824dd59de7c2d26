//! A rota that was asked for: what it says, and what that changes.

use crate::db::Conn;
use crate::db::locks::{self, Order};
use crate::db::types::UtcTime;
use crate::domain::area;
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::rota::finding::{Identity, Kind};
use crate::domain::rota::model::Rota;
use crate::domain::rota::source::Request;
use crate::domain::rota::store::{self, PROBLEM_CHARS};
use crate::domain::rota::{Entry, Window};
use crate::error::Result;
use crate::usecases::hook;
use crate::usecases::rota::checked;
use crate::words::clipped;

/// How a rota is asked for.
pub fn request(rota: &Rota, now: UtcTime) -> Request {
    let window = Window::of_fetch(now, &rota.time_zone);
    rota.source.request(&rota.address, &rota.token, &window)
}

/// What an answer says.
///
/// Errors: A sentence for the lead who named the address.
pub fn entries(rota: &Rota, raw: &[u8], now: UtcTime) -> std::result::Result<Vec<Entry>, String> {
    rota.source
        .read(raw, &Window::of_fetch(now, &rota.time_zone))
}

/// Keeps what a rota says; after a failure, what it said before still holds. `said` is `None` for an upload, which only
/// meets other clearances than before.
pub fn keep(
    c: &mut Conn,
    rota: &Rota,
    said: Option<&std::result::Result<Vec<Entry>, String>>,
    now: UtcTime,
) -> Result<()> {
    locks::lock(c, Order::Area, &[rota.area_id])?;
    let is_same = store::by_id(c, rota.id)?
        .is_some_and(|now| now.removed_at.is_none() && now.address == rota.address);
    if !is_same {
        return Ok(());
    }
    let problem = said.and_then(|said| said.as_ref().err());
    if said.is_some() {
        let problem = clipped(problem.map_or("", String::as_str), PROBLEM_CHARS);
        store::note(c, rota, &problem, now)?;
    }
    if let Some(Ok(entries)) = said {
        store::keep(c, rota.id, entries, (None, now))?;
    }
    settle(c, rota.area_id, rota.id, now)
}

/// Notes which findings of an area are open, and tells its chats of new ones. Its leads hear of them in the rounds. What was
/// found in an archived area stays as it was, until it is back.
pub fn settle(c: &mut Conn, area_id: i64, rota_id: i64, now: UtcTime) -> Result<()> {
    if area::store::by_id(c, area_id)?.archived_at.is_some() {
        return Ok(());
    }
    let checked = checked(c, area_id, now)?;
    let open: Vec<Identity> = checked.open().map(|f| f.identity.clone()).collect();
    let new = store::settle(c, area_id, open, now)?;
    // A chat is read by people who may not know that somebody is away.
    if new.iter().any(|of| of.kind != Kind::Away) {
        let event = Event::new(Told::RotaFindings, rota_id, area_id, now);
        hook::publish(c, &event, now)?;
    }
    Ok(())
}
