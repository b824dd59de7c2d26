//! A person's calendar by a secret address.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::{self, Act, Entry};
use crate::domain::auth::token_hash;
use crate::domain::calendar::store::{self, Reader};
use crate::domain::calendar::write;
use crate::domain::invite::{Token, is_noted_again};
use crate::error::{Error, Result};
use crate::usecases::calendar::engagements;
use crate::usecases::calendar::invitations::installation;

/// How far back a calendar reaches, and how far ahead.
const DAYS_BACK: i64 = 60;
const DAYS_AHEAD: i64 = 400;

/// Makes a secret address for the actor; the one before stops working.
///
/// Errors: [`Error::SignedOut`] for the operator, who has no calendar.
pub fn make(c: &mut Conn, act: &Act) -> Result<Token> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    // Two at once would leave two addresses that work.
    act.hold(c, &[id])?;
    store::end(c, id, act.now)?;
    let token = Token::fresh();
    store::insert(c, id, &token.hash(), act.now)?;
    let entry = Entry::new("calendar.address_made", format!("person:{id}"));
    audit::record(c, act, entry.person(id))?;
    Ok(token)
}

/// Ends the secret address of the actor; returns whether one worked.
///
/// Errors: As [`make`].
pub fn end(c: &mut Conn, act: &Act) -> Result<bool> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[id])?;
    if !store::end(c, id, act.now)? {
        return Ok(false);
    }
    let entry = Entry::new("calendar.address_ended", format!("person:{id}"));
    audit::record(c, act, entry.person(id))?;
    Ok(true)
}

/// A calendar as it is read by its address.
#[derive(Debug, Clone)]
pub struct Read {
    /// iCalendar text.
    pub ics: String,
    /// Whose it is; to be noted with [`note_read`] where [`Read::is_due`].
    pub reader: Reader,
}

impl Read {
    pub fn is_due(&self, now: UtcTime) -> bool {
        is_noted_again(self.reader.read_at, now)
    }
}

/// The calendar of that secret: what its person takes part in, and their own last days.
///
/// Errors: [`Error::NotFound`], the same for a secret that never was, one that ended, and one whose person left.
pub fn read(c: &mut Conn, secret: &str, base: &str, now: UtcTime) -> Result<Read> {
    let found = store::reader(c, &token_hash(secret))?;
    let reader = found.ok_or(Error::NotFound("page"))?;
    let here = installation(c, base)?;
    // By days, so that the file stays the same for as long as nothing changes.
    let today = now.day();
    let range = (
        today.plus_days(-DAYS_BACK).start(),
        today.plus_days(DAYS_AHEAD).start(),
    );
    let planned = engagements::of_people(c, &[reader.person_id], range)?;
    let days = engagements::last_days(c, reader.person_id)?;
    let ahead = days
        .iter()
        .filter(|d| (range.0..range.1).contains(&d.day.start()));
    let events: Vec<_> = planned
        .iter()
        .map(|e| e.event(&here))
        .chain(ahead.map(|d| d.event(&here)))
        .collect();
    Ok(Read {
        ics: write::feed("Checkride", &events)?,
        reader,
    })
}

/// Notes that a calendar was read.
pub fn note_read(c: &mut Conn, feed_id: i64, now: UtcTime) -> Result<()> {
    store::touch(c, feed_id, now)
}
