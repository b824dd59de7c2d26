//! Telling people. A use case says what happened and whom it concerns; here that becomes a row of their inbox and, as
//! each of them chose, a mail at once or a line of the daily one. All in the transaction of the cause.

pub mod causes;
pub mod choices;
pub mod letter;
mod ramp;
pub mod reminders;
pub mod rounds;
pub mod weekly;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::Act;
use crate::domain::notification::model::Cause;
use crate::domain::notification::store::Which;
use crate::domain::notification::words::YOU;
use crate::domain::notification::{Choice, Kind, store};
use crate::domain::people::Names;
use crate::domain::ramp::model::Ramp;
use crate::domain::signoff::Key;
use crate::domain::{area, outbox};
use crate::error::Result;
use crate::usecases::home::waiting::causes::key_waits;
use crate::usecases::signoff::signatories::Signatories;
use letter::Reader;

/// Tells these people what the actor did; never the actor. Call it before the audit entry is written.
pub fn tell(
    c: &mut Conn,
    act: &Act,
    cause: &Cause,
    to: impl IntoIterator<Item = i64>,
) -> Result<()> {
    let to = to.into_iter().filter(|id| !act.actor.is(*id));
    tell_all(c, act, cause, to)
}

/// Tells these people, the actor too where they are among them: a calendar that was invited by mail learns only by mail
/// what became of it.
pub fn tell_all(
    c: &mut Conn,
    act: &Act,
    cause: &Cause,
    to: impl IntoIterator<Item = i64>,
) -> Result<()> {
    let actor = (act.actor.id, act.actor.name.as_str());
    let mut cause = cause.clone();
    if !cause.kind.waits() {
        // Each deed is news of its own: what is moved may come back to where it was.
        cause.tells_apart = format!("{} {}", cause.tells_apart, act.now.iso_micros());
    }
    post(c, actor, act.now, &cause, to)
}

/// Tells somebody what came with time.
fn remind(c: &mut Conn, person_id: i64, cause: &Cause, now: UtcTime) -> Result<()> {
    post(c, (None, ""), now, cause, [person_id])
}

/// Tells these people what came with time, once for its cause.
pub fn came(
    c: &mut Conn,
    cause: &Cause,
    to: impl IntoIterator<Item = i64>,
    now: UtcTime,
) -> Result<()> {
    post(c, (None, ""), now, cause, to)
}

/// What waited about it has been done, for everyone.
pub fn done(c: &mut Conn, act: &Act, kind: Kind, object: &str) -> Result<()> {
    store::done(c, kind, object, None, act.now)?;
    Ok(())
}

/// The actor did their part; others may still have to do theirs.
pub fn done_by_actor(c: &mut Conn, act: &Act, kind: Kind, object: &str) -> Result<()> {
    store::done(c, kind, object, act.actor.id, act.now)?;
    Ok(())
}

/// A key of a sign-off is due: tells those who can turn it.
pub fn key_is_due(
    c: &mut Conn,
    act: &Act,
    ramp: &Ramp,
    signoff_id: i64,
    (key, first_key_by): (Key, Option<i64>),
) -> Result<()> {
    done(c, act, Kind::SignoffWaits, &format!("signoff:{signoff_id}"))?;
    let to = key_holders(c, act, ramp.id, (key, first_key_by))?;
    tell(c, act, &key_waits(signoff_id, ramp, key), to)
}

/// Who can turn that key now.
pub fn key_holders(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    (key, first_key_by): (Key, Option<i64>),
) -> Result<Vec<i64>> {
    let all = Signatories::load(c, &[ramp_id], &[], act.now.day())?;
    let holders = all.key_holders(ramp_id, key, first_key_by)?;
    Ok(holders.iter().map(|p| p.id).collect())
}

fn post(
    c: &mut Conn,
    (actor_id, actor): (Option<i64>, &str),
    now: UtcTime,
    cause: &Cause,
    to: impl IntoIterator<Item = i64>,
) -> Result<()> {
    let mut ids: Vec<i64> = to.into_iter().collect();
    // Rows of two causes are written in one order, so that two transactions never wait for each other in a circle.
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let mut cause = cause.clone();
    if cause.ramp_id.is_none() {
        cause.ramp_id = ramp::of(c, &cause.object)?;
    }
    let chosen = store::choices_of(c, &ids, cause.kind)?;
    let choice = |id: i64| {
        let own = chosen.iter().find(|(person, _)| *person == id);
        cause.kind.choice(own.map(|(_, choice)| *choice))
    };
    let names = Names::load(c, ids.iter().copied().chain(cause.subject_id))?;
    // Only a letter names it.
    let named = cause.area_id.filter(|_| {
        let mut all = ids.iter();
        all.any(|id| choice(*id) == Choice::AtOnce)
    });
    let area = area::store::names(c, named)?.into_values().next();
    let area = area.unwrap_or_default();
    for id in ids {
        let Some(person) = names.get(id).filter(|p| p.deactivated_at.is_none()) else {
            continue;
        };
        let choice = choice(id);
        let digest_at = (choice == Choice::Daily).then_some(now);
        let told = store::tell(c, id, &cause, actor_id, (now, digest_at))?;
        let is_own_deed = actor_id == Some(id);
        if let Some(row) = told.filter(|_| is_own_deed) {
            // They know it: their own deed is no news to them.
            store::read(c, id, Which::One(row), now)?;
        }
        if let (Some(row), Choice::AtOnce) = (told, choice) {
            let reader = Reader {
                person,
                actor: if is_own_deed { YOU } else { actor },
                subject: cause.subject_id.map_or("", |id| names.name(id)),
                area: &area,
                now,
            };
            let mut letter = reader.letter(&cause);
            letter.invites_to = cause.kind.is_invitation().then(|| cause.object.clone());
            let key = format!("notification-{row}-{}", now.timestamp().as_second());
            let to = (id, person.email.as_str());
            let mail = outbox::model::New::mail(key, to, &letter, now)?;
            outbox::store::post(c, &mail, now)?;
        }
    }
    Ok(())
}
