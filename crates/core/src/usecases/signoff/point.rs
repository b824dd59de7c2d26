//! Closing the gaps of a returned sign-off.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::signoff::Note;
use crate::domain::signoff::point::model::Point;
use crate::domain::signoff::point::store;
use crate::domain::signoff::point::{Closing, PointKind};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;

/// Closes a gap that a returned sign-off named. When none is open and every gate is met, a sign-off can be requested
/// again.
///
/// Errors: [`Error::Forbidden`] unless the actor is a mentor of the ramp; [`Error::Conflict`] when someone has closed
/// it, or the ramp is closed.
pub fn close_gap(c: &mut Conn, act: &Act, ramp_id: i64, gap_id: i64, note: &Note) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by_id = act
        .actor
        .id
        .filter(|_| dossier.parties.is_mentor(&act.actor))
        .ok_or_else(|| Error::Forbidden(who_may(&dossier)))?;
    let gap = dossier
        .gaps
        .iter()
        .find(|gap| gap.id == gap_id)
        .ok_or(Error::NotFound("gap"))?;
    if let Some(closing) = gap.closing() {
        let name = dossier.person(closing.by_id).name;
        return Err(overtaken(act, name, closing));
    }
    if dossier.ramp.closed_at.is_some() {
        return Err(Error::Conflict(
            "This ramp is closed; its gaps can no longer be closed.".into(),
        ));
    }
    let closing = Closing {
        by_id,
        at: act.now,
        note: note.as_str(),
    };
    // Another mentor who closes it waits for the lock of the ramp, so nobody can be faster.
    if !store::close(c, gap_id, closing)? {
        return Err(Error::fault("a gap was closed beside the lock of its ramp"));
    }
    let entry = Entry::new("gap.closed", format!("ramp:{ramp_id}"))
        .person(dossier.ramp.mentee_id)
        .area(dossier.area.id)
        .details(json!({ "gap": gap_id, "signoff": gap.signoff_id, "body": gap.body, "note": note.as_str() }));
    audit::record(c, act, entry)
}

/// Who may close a gap, in words.
pub fn who_may(dossier: &Dossier) -> String {
    let area = &dossier.area.name;
    format!(
        "Only a mentor of {}'s ramp in {area} can close a gap.",
        dossier.mentee().name
    )
}

/// Someone closed the gap already: says who and when, in the actor's time zone.
pub fn overtaken(act: &Act, name: &str, closing: Closing<'_>) -> Error {
    Error::Conflict(format!(
        "{name} closed this on {}. Your change was not saved.",
        act.moment(closing.at)
    ))
}

/// The gap of that row on that ramp.
pub fn gap_of(dossier: &Dossier, gap_id: i64) -> Result<&Point> {
    dossier
        .gaps
        .iter()
        .find(|gap| gap.kind == PointKind::Gap && gap.id == gap_id)
        .ok_or(Error::NotFound("gap"))
}
