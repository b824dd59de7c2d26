//! A sign-off is asked for; who may turn its first key does both at once.

use serde_json::json;

use super::{
    audit_first_key, entry, hold_clearances, is_cleared, move_ramp, numbers, overtaken, permit,
};
use crate::db::{Conn, is_unique_violation};
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::Kind;
use crate::domain::ramp;
use crate::domain::ramp::RampState;
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::record::Record;
use crate::domain::signoff::store;
use crate::domain::signoff::{Blocker, Key, Note, SignoffState, can_request, may_request};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::hook;
use crate::usecases::notify;
use crate::usecases::signoff::record::Discussion;

/// Requests a sign-off; the ramp is in review until the decision. Returns the row.
///
/// Errors: [`Error::Forbidden`] unless the actor is the mentee or a mentor; [`Error::Conflict`] when a sign-off is open
/// or the ramp is not active; [`Error::Invalid`] when a gate is open.
pub fn request(c: &mut Conn, act: &Act, ramp_id: i64, note: &Note) -> Result<i64> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let id = ask(c, act, &dossier, (note, Key::First))?;
    audit_request(c, act, &dossier, id, note)?;
    Ok(id)
}

/// Requests a sign-off and turns its first key, for someone who may do both, on the edition the form showed.
///
/// Errors: As [`request`] and [`turn_first_key`].
pub fn request_and_turn(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    (note, recommendation): (&Note, &Note),
    shown: &Edition,
) -> Result<i64> {
    let ramp = ramp::store::lock(c, ramp_id)?;
    hold_clearances(c, &act.actor, &[ramp.mentee_id])?;
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let is_cleared = is_cleared(c, &act.actor, dossier.area.id, act.now.day())?;
    let by = permit(act, &dossier, None, Key::First, is_cleared)?;
    before(&dossier.clone().as_seen_by(&act.actor, act.now))?
        .require(shown)
        .map_err(Error::Conflict)?;
    let id = ask(c, act, &dossier, (note, Key::Second))?;
    let signoff = store::by_id(c, id)?;
    if !store::turn_first_key(c, &signoff, by, recommendation.as_str(), act.now)? {
        return Err(overtaken(act, &dossier, &signoff));
    }
    audit_request(c, act, &dossier, id, note)?;
    audit_first_key(c, act, (&dossier, &signoff), recommendation)?;
    Ok(id)
}

/// What the form shows that asks and turns the first key at once.
pub fn before(seen: &Dossier) -> Result<Edition> {
    let ramp = &seen.ramp;
    let nobody_asked = Signoff {
        id: 0,
        ramp_id: ramp.id,
        state: SignoffState::Requested,
        requested_by: ramp.mentee_id,
        requested_at: ramp.created_at,
        request_note: String::new(),
        first_key_by: None,
        first_key_at: None,
        first_key_note: None,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        ends_on: None,
        record: None,
        first_key_until: None,
    };
    let record = Record::build(seen, &nobody_asked, &Discussion::default(), |_| None)?;
    Edition::before(&record)
}

/// Stores the request and tells who can turn the key that is due next. Returns its row.
fn ask(c: &mut Conn, act: &Act, dossier: &Dossier, (note, due): (&Note, Key)) -> Result<i64> {
    let ramp_id = dossier.ramp.id;
    let by = act
        .actor
        .id
        .filter(|_| may_request(&dossier.parties, &act.actor))
        .ok_or_else(|| {
            Error::Forbidden(format!(
                "Only {} or a mentor of this ramp can ask for a sign-off.",
                dossier.mentee().name
            ))
        })?;
    if let Some(open) = dossier.open_signoff() {
        return Err(Error::Conflict(format!(
            "{} asked for this sign-off on {}. One is decided at a time.",
            dossier.person(open.requested_by).name,
            act.moment(open.requested_at)
        )));
    }
    can_request(
        dossier.ramp.state,
        dossier.ramp.starts_on,
        act.now.day(),
        &dossier.readiness,
    )
    .map_err(|blocker| match blocker {
        Blocker::Open { .. } => Error::field("", blocker.sentence()),
        _ => Error::Conflict(blocker.sentence()),
    })?;
    let id = store::insert(c, ramp_id, by, note.as_str(), act.now).map_err(|e| {
        if is_unique_violation(&e, "signoffs") {
            Error::Conflict(
                "Someone asked for this sign-off at the same moment. Load the page again.".into(),
            )
        } else {
            e.into()
        }
    })?;
    move_ramp(
        c,
        act,
        dossier,
        (RampState::Active, RampState::InReview),
        "Sign-off requested",
        by,
    )?;
    let first_key_by = Some(by).filter(|_| due == Key::Second);
    notify::key_is_due(c, act, &dossier.ramp, id, (due, first_key_by))?;
    notify::done(c, act, Kind::SignoffPossible, &format!("ramp:{ramp_id}"))?;
    let event = Event::new(Told::Requested, id, dossier.area.id, act.now);
    hook::publish(c, &event, act.now)?;
    Ok(id)
}

fn audit_request(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    signoff_id: i64,
    note: &Note,
) -> Result<()> {
    let entry = entry("signoff.requested", dossier, signoff_id);
    let details = json!({
        "ramp": dossier.ramp.id, "note": note.as_str(), "rests_on": numbers(dossier),
    });
    audit::record(c, act, entry.details(details))
}
