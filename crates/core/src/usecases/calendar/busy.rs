//! The calendar a person names, so that no time is offered at which it says they are busy.

use jiff::tz::TimeZone;
use serde_json::json;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::{self, Act, Entry};
use crate::domain::availability;
use crate::domain::availability::free::{DAYS_AHEAD, Span};
use crate::domain::calendar::named::{self, Due, PROBLEM_CHARS};
use crate::domain::calendar::read;
use crate::error::{Error, Result};
use crate::net::Address;
use crate::words::clipped;

/// Names a calendar of the actor, in place of the one before.
///
/// Errors: [`Error::SignedOut`] for the operator, who has no calendar.
pub fn name(c: &mut Conn, act: &Act, address: &Address) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[id])?;
    named::put(c, id, address.as_str(), act.now)?;
    availability::store::set_busy(c, id, &[])?;
    // The rest of the address is a secret.
    let details = json!({ "at": address.shown() });
    let entry = Entry::new("person.calendar_named", format!("person:{id}"));
    audit::record(c, act, entry.person(id).details(details))
}

/// Forgets the calendar of the actor and what it said; returns whether there was one.
///
/// Errors: As [`name`].
pub fn forget(c: &mut Conn, act: &Act) -> Result<bool> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[id])?;
    availability::store::set_busy(c, id, &[])?;
    if !named::remove(c, id)? {
        return Ok(false);
    }
    let entry = Entry::new("person.calendar_forgotten", format!("person:{id}"));
    audit::record(c, act, entry.person(id))?;
    Ok(true)
}

/// What a calendar that was loaded says, or why it cannot be read.
pub fn spans(of: &Due, raw: &[u8], now: UtcTime) -> std::result::Result<Vec<Span>, String> {
    let zone = TimeZone::get(&of.time_zone).unwrap_or(TimeZone::UTC);
    let window = (now.plus_hours(-24), now.plus_hours(24 * (DAYS_AHEAD + 2)));
    read::busy(raw, &zone, window).map_err(|refused| refused.sentence())
}

/// Keeps what a calendar says; after a failure, what it said before still holds.
pub fn keep(
    c: &mut Conn,
    of: &Due,
    said: &std::result::Result<Vec<Span>, String>,
    now: UtcTime,
) -> Result<()> {
    // Whoever names another calendar meanwhile waits for this one, or is waited for.
    crate::domain::people::store::lock(c, &[of.person_id])?;
    let problem = said.as_ref().err().map_or("", String::as_str);
    let is_same = named::note(c, of, &clipped(problem, PROBLEM_CHARS), now)?;
    match said {
        Ok(spans) if is_same => availability::store::set_busy(c, of.person_id, spans),
        _ => Ok(()),
    }
}
