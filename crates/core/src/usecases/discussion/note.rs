//! A mentor's private notes on a ramp.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::discussion::note;
use crate::domain::discussion::note::{Note, may_keep};
use crate::domain::people::Actor;
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::words::Words;

/// The actor's notes, with the ramp they are on.
///
/// Errors: As the page of the ramp; [`Error::Forbidden`] unless the actor mentors it, or did.
pub fn open(c: &mut Conn, ramp_id: i64, actor: &Actor, now: UtcTime) -> Result<(Dossier, Note)> {
    let dossier = Dossier::load_for(c, ramp_id, actor, now)?;
    let author_id = require_keeper(&dossier, actor)?;
    let note = note::of_author(c, ramp_id, author_id)?;
    Ok((dossier, note))
}

/// Saves the actor's notes from the version the form showed. Nothing to read but their author sees what they say, the
/// audit log neither.
///
/// Errors: As for [`open`]; [`Error::Conflict`] when they changed meanwhile.
pub fn save(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    seen: i32,
    body: impl FnOnce() -> Result<Words<4000>>,
) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let author_id = require_keeper(&dossier, &act.actor)?;
    let body = body()?;
    let stored = note::of_author(c, ramp_id, author_id)?;
    if stored.number != seen {
        return Err(note::changed());
    }
    if stored.body == body.as_str() {
        return Ok(());
    }
    note::insert(c, (ramp_id, author_id), seen, body.as_str(), act.now)?;
    let entry = Entry::new("ramp.note_kept", format!("ramp:{ramp_id}"));
    let entry = entry.person(dossier.ramp.mentee_id).area(dossier.area.id);
    audit::record(c, act, entry)
}

fn require_keeper(dossier: &Dossier, actor: &Actor) -> Result<i64> {
    let keeper = actor.id.filter(|_| may_keep(&dossier.parties, actor));
    keeper.ok_or_else(|| {
        Error::Forbidden("Only mentors of this ramp can keep private notes on it.".into())
    })
}
