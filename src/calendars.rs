//! Reads the calendars that people named, a few at a time, on a thread that nobody waits for.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::App;
use crate::db::types::UtcTime;
use crate::domain::calendar::named::{self, Due};
use crate::domain::calendar::read::MOST_BYTES;
use crate::error::Result;
use crate::net::Address;
use crate::usecases::calendar::busy;

/// Calendars read in one pass.
const MOST: usize = 5;

/// Reads calendars that are due, until it is told to stop; returns how many. Each is taken right before it is read, so that
/// none loses its turn.
pub async fn pass(app: &App, now: UtcTime, stopping: &AtomicBool) -> Result<usize> {
    for read in 0..MOST {
        if stopping.load(Ordering::Relaxed) {
            return Ok(read);
        }
        let taken = app.db.write(move |c| named::take(c, now, 1)).await?;
        let Some(calendar) = taken.into_iter().next() else {
            return Ok(read);
        };
        let said = load(app, &calendar).and_then(|raw| busy::spans(&calendar, &raw, now));
        app.db
            .write(move |c| busy::keep(c, &calendar, &said, now))
            .await?;
    }
    Ok(MOST)
}

/// The file, or why there is none, in words for the person who named it.
fn load(app: &App, calendar: &Due) -> std::result::Result<Vec<u8>, String> {
    // It may have been allowed when it was typed, and not now.
    let address = Address::parse(&calendar.address, app.outgoing.networks())?;
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    let answer = app
        .outgoing
        .get(&address, &[("accept", "text/calendar")], most)
        .map_err(|failure| failure.to_string())?;
    match answer.status {
        200 => Ok(answer.body),
        300..=399 => Err("The address leads to another one. Copy the address it leads to.".into()),
        401 | 403 => Err("The calendar asks for a sign-in. Use its secret address.".into()),
        404 | 410 => Err("There is no calendar at this address.".into()),
        status => Err(format!("The other side answers {status}.")),
    }
}
