//! Sessions recorded for the same time: nobody is in two at once, so a record of that time is asked about.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::audit::Act;
use crate::domain::people::Actor;
use crate::domain::people::store::name_of;
use crate::domain::session::model::Session;
use crate::domain::session::{NewSession, store};
use crate::error::{Error, Result};
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::signatories::Signatories;

/// Sessions of the mentee that count and overlap with that time, on any ramp, in order.
pub fn at_that_time(
    c: &mut Conn,
    mentee_id: i64,
    (starts_at, minutes): (UtcTime, i64),
) -> Result<Vec<Session>> {
    let ends_at = starts_at.plus_seconds(60 * minutes);
    let mut found = store::held_before(c, mentee_id, (starts_at, ends_at))?;
    found.retain(|s| s.ends_at() > starts_at);
    Ok(found)
}

/// Those of them that the actor may read, except the record that is corrected; none where no time is asked about.
pub fn open_at_that_time(
    c: &mut Conn,
    (actor, today): (&Actor, Day),
    dossier: &Dossier,
    time: Option<(UtcTime, i64)>,
    corrects: Option<i64>,
) -> Result<Vec<Session>> {
    let Some(time) = time else {
        return Ok(Vec::new());
    };
    let mut others = at_that_time(c, dossier.ramp.mentee_id, time)?;
    others.retain(|s| Some(s.id) != corrects);
    open_of(c, (actor, today), dossier, others)
}

fn open_of(
    c: &mut Conn,
    (actor, today): (&Actor, Day),
    dossier: &Dossier,
    mut sessions: Vec<Session>,
) -> Result<Vec<Session>> {
    let own = dossier.ramp.id;
    let elsewhere: Vec<i64> = sessions
        .iter()
        .map(|s| s.ramp_id)
        .filter(|id| *id != own)
        .collect();
    if elsewhere.is_empty() {
        return Ok(sessions);
    }
    let signatories = Signatories::load(c, &elsewhere, &[], today)?;
    let may_read = |id: i64| {
        signatories
            .ramp(id)
            .is_ok_and(|(.., parties)| parties.may_read(actor))
    };
    sessions.retain(|s| s.ramp_id == own || may_read(s.ramp_id));
    Ok(sessions)
}

/// Asks about a record of a time that is recorded already, once. `instead_of` is the record it corrects.
///
/// Errors: [`Error::Invalid`] at `another`, unless the record says that it is another session.
pub fn ask(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    new: &NewSession,
    instead_of: Option<&Session>,
) -> Result<()> {
    let minutes = new.minutes.number();
    let same_time =
        instead_of.is_some_and(|s| (s.starts_at, s.minutes) == (new.starts_at, minutes));
    if new.another || same_time {
        return Ok(());
    }
    let time = (new.starts_at, i64::from(minutes));
    let mut others = at_that_time(c, dossier.ramp.mentee_id, time)?;
    others.retain(|s| Some(s.id) != instead_of.map(|s| s.id));
    if others.is_empty() {
        return Ok(());
    }
    let open = open_of(c, (&act.actor, act.now.day()), dossier, others)?;
    let Some(other) = open.first() else {
        let mentee = dossier.mentee().name;
        return Err(Error::field(
            "another",
            format!("{mentee} has a session in another area at that time. Record another?"),
        ));
    };
    let who = match act.actor.is(other.recorder()) {
        true => "You".to_owned(),
        false => name_of(c, Some(other.recorder()))?,
    };
    let local = LocalTime::new(&act.actor.time_zone, act.now);
    let clock = |at| local.civil(at).strftime("%H:%M").to_string();
    let (from, to) = (clock(other.starts_at), clock(other.ends_at()));
    let (mentee, place) = match other.ramp_id == dossier.ramp.id {
        true => (dossier.mentee().name, ""),
        false => (dossier.mentee().name, ", in another area"),
    };
    Err(Error::field(
        "another",
        format!(
            "{who} recorded {from}–{to} with {mentee} that day already{place}. Open it, or record another."
        ),
    ))
}
