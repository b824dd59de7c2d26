//! Requesting a sign-off, withdrawing it, turning the first key, deciding.

pub mod ask;
pub mod decide;

use serde_json::json;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance;
use crate::domain::clearance::standing;
use crate::domain::people::Actor;
use crate::domain::ramp;
use crate::domain::ramp::RampState;
use crate::domain::readiness::RULES_VERSION;
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::independent::{Exception, may_decide};
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::record::Record;
use crate::domain::signoff::store;
use crate::domain::signoff::{
    Authority, Denied, Key, Note, SignoffState, is_ready, may_request, may_turn,
};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::usecases::signoff::record::Discussion;
pub use ask::{before, request, request_and_turn};
use decide::store_decision;
pub use decide::{Outcome, decide};

/// `was`: the sign-off before the key was turned.
fn audit_first_key(
    c: &mut Conn,
    act: &Act,
    (dossier, was): (&Dossier, &Signoff),
    recommendation: &Note,
) -> Result<()> {
    let entry = entry("signoff.first_key", dossier, was.id);
    let details = json!({
        "ramp": dossier.ramp.id, "recommendation": recommendation.as_str(), "rests_on": numbers(dossier),
        "in_place_of": was.first_key_by,
    });
    audit::record(c, act, entry.details(details))
}

/// Withdraws an undecided request; the ramp continues.
///
/// Errors: [`Error::Forbidden`] unless the actor is the mentee or a mentor; [`Error::Conflict`] when it is decided.
pub fn withdraw(c: &mut Conn, act: &Act, signoff_id: i64, reason: &Note) -> Result<()> {
    let (dossier, signoff) = locked(c, act, signoff_id)?;
    let by = act
        .actor
        .id
        .filter(|_| may_request(&dossier.parties, &act.actor))
        .ok_or_else(|| {
            Error::Forbidden(format!(
                "Only {} or a mentor of this ramp can withdraw a sign-off.",
                dossier.mentee().name
            ))
        })?;
    if !signoff.state.is_open() {
        return Err(overtaken(act, &dossier, &signoff));
    }
    let withdrawn = Signoff {
        state: SignoffState::Withdrawn,
        decided_by: Some(by),
        decided_at: Some(act.now),
        decision_note: Some(reason.as_str().to_owned()),
        ..signoff.clone()
    };
    let discussion = Discussion::load(c, signoff_id)?;
    store_decision(
        c,
        act,
        (&dossier, &discussion),
        (signoff.state, withdrawn),
        &[],
    )
}

/// The edition of a sign-off that its page shows the actor now. They turn a key on it.
///
/// Errors: [`Error::NotFound`] also for someone who may not read it.
pub fn shown(c: &mut Conn, act: &Act, signoff_id: i64) -> Result<Edition> {
    let signoff = store::by_id(c, signoff_id)?;
    let dossier = Dossier::load_for(c, signoff.ramp_id, &act.actor, act.now)
        .map_err(|e| e.hidden("sign-off"))?;
    let discussion = Discussion::load(c, signoff_id)?;
    Edition::of(&Record::build(&dossier, &signoff, &discussion, |_| None)?)
}

/// Turns the first key with a recommendation, on the edition the form showed.
///
/// Errors: [`Error::Forbidden`] unless the actor is a mentor of the ramp and a cleared qualifier; [`Error::Conflict`]
/// when it is no longer due, or the page showed another edition; [`Error::Invalid`] when a gate has closed again.
pub fn turn_first_key(
    c: &mut Conn,
    act: &Act,
    signoff_id: i64,
    recommendation: &Note,
    shown: &Edition,
) -> Result<()> {
    let (dossier, signoff, is_cleared) = lock(c, act, signoff_id)?;
    let by = permit(act, &dossier, signoff.first_key_by, Key::First, is_cleared)?;
    if signoff.due(act.now.day()) != Some(Key::First) {
        return Err(overtaken(act, &dossier, &signoff));
    }
    require_ready(&dossier)?;
    let discussion = Discussion::load(c, signoff_id)?;
    require_shown(act, (&dossier, &discussion), &signoff, shown)?;
    if !store::turn_first_key(c, &signoff, by, recommendation.as_str(), act.now)? {
        let now = store::by_id(c, signoff_id)?;
        return Err(overtaken(act, &dossier, &now));
    }
    notify::key_is_due(c, act, &dossier.ramp, signoff_id, (Key::Second, Some(by)))?;
    audit_first_key(c, act, (&dossier, &signoff), recommendation)
}

/// Locks the ramp of a sign-off, then reads both.
///
/// Errors: [`Error::NotFound`] also for who may not read it.
pub fn locked(c: &mut Conn, act: &Act, signoff_id: i64) -> Result<(Dossier, Signoff)> {
    let ramp_id = store::by_id(c, signoff_id)?.ramp_id;
    let dossier = Dossier::lock_of(c, ramp_id, act, "sign-off")?;
    Ok((dossier, store::by_id(c, signoff_id)?))
}

/// Locks the ramp of a sign-off and the clearances that a key rests on: the actor's, that of who turned the first
/// key, and the mentee's, also those that gates ask for. Then reads both, and whether the actor is cleared in the area.
fn lock(c: &mut Conn, act: &Act, signoff_id: i64) -> Result<(Dossier, Signoff, bool)> {
    let ramp_id = store::by_id(c, signoff_id)?.ramp_id;
    let ramp = ramp::store::lock(c, ramp_id)?;
    let asked = store::by_id(c, signoff_id)?;
    let held: Vec<i64> = asked
        .first_key_by
        .into_iter()
        .chain([ramp.mentee_id])
        .collect();
    hold_clearances(c, &act.actor, &held)?;
    let (dossier, signoff) = locked(c, act, signoff_id)?;
    let is_cleared = is_cleared(c, &act.actor, dossier.area.id, act.now.day())?;
    Ok((dossier, signoff, is_cleared))
}

/// Holds the clearances of the actor and of others until the transaction ends; what rests on them is read afterwards.
pub fn hold_clearances(c: &mut Conn, actor: &Actor, others: &[i64]) -> Result<()> {
    let people: Vec<i64> = others.iter().copied().chain(actor.id).collect();
    clearance::store::lock_latest(c, &people)?;
    Ok(())
}

/// Whether the actor is cleared in an area now.
pub fn is_cleared(c: &mut Conn, actor: &Actor, area_id: i64, today: Day) -> Result<bool> {
    let own = match actor.id {
        Some(id) => clearance::store::latest_of(c, (id, area_id))?,
        None => None,
    };
    Ok(standing(own.as_ref(), today).is_cover())
}

/// Checks that the actor may decide this exception on a ramp; returns their row.
///
/// Errors: [`Error::Forbidden`] with who may.
pub fn permit_independent(
    c: &mut Conn,
    (actor, today): (&Actor, Day),
    dossier: &Dossier,
    exception: Exception,
) -> Result<i64> {
    let is_cleared = is_cleared(c, actor, dossier.area.id, today)?;
    may_decide(&dossier.parties, actor, is_cleared)
        .map_err(|denied| Error::Forbidden(exception.sentence(denied, &dossier.area)))
}

/// Checks that the actor may turn the key; returns their row.
fn permit(
    act: &Act,
    dossier: &Dossier,
    first_key_by: Option<i64>,
    key: Key,
    is_cleared: bool,
) -> Result<i64> {
    Authority::of(&act.actor, &dossier.parties, is_cleared)
        .ok_or(Denied::Outside)
        .and_then(|authority| {
            may_turn(key, &dossier.parties, first_key_by, authority).map(|()| authority.person_id)
        })
        .map_err(|denied| {
            Error::Forbidden(denied.sentence(key, &dossier.area.name, &dossier.area.owner_team))
        })
}

fn require_ready(dossier: &Dossier) -> Result<()> {
    is_ready(&dossier.readiness).map_err(|open| {
        Error::field(
            "",
            format!(
                "Something changed since this was asked for. {}",
                open.sentence()
            ),
        )
    })
}

/// Checks that the form showed the current edition. Built the same way as the page's.
fn require_shown(
    act: &Act,
    (dossier, discussion): (&Dossier, &Discussion),
    signoff: &Signoff,
    shown: &Edition,
) -> Result<()> {
    let seen = dossier.clone().as_seen_by(&act.actor, act.now);
    Edition::of(&Record::build(&seen, signoff, discussion, |_| None)?)?
        .require(shown)
        .map_err(Error::Conflict)
}

/// Someone else was first: says who, what and when, in the actor's time zone.
pub fn overtaken(act: &Act, dossier: &Dossier, signoff: &Signoff) -> Error {
    let name = |id: Option<i64>| {
        id.map_or("someone", |id| dossier.person(id).name)
            .to_owned()
    };
    let (who, what, at) = match signoff.state {
        SignoffState::Requested => (
            name(Some(signoff.requested_by)),
            "asked for",
            Some(signoff.requested_at),
        ),
        SignoffState::FirstKey => (
            name(signoff.first_key_by),
            "turned the first key of",
            signoff.first_key_at,
        ),
        SignoffState::Granted => (name(signoff.decided_by), "granted", signoff.decided_at),
        SignoffState::Returned => (name(signoff.decided_by), "returned", signoff.decided_at),
        SignoffState::Withdrawn => (name(signoff.decided_by), "withdrew", signoff.decided_at),
    };
    let when = at
        .map(|at| format!(" on {}", act.moment(at)))
        .unwrap_or_default();
    Error::Conflict(format!(
        "{who} {what} this sign-off{when}. Your change was not saved."
    ))
}

fn move_ramp(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    (from, to): (RampState, RampState),
    reason: &str,
    by: i64,
) -> Result<()> {
    if ramp::store::change_state(c, dossier.ramp.id, (from, to), reason, by, act.now)? {
        Ok(())
    } else {
        let state = dossier.ramp.state.label().to_lowercase();
        Err(Error::Conflict(format!(
            "The ramp is {state} now, so this cannot be done. Load the page again."
        )))
    }
}

pub fn entry(action: &'static str, dossier: &Dossier, signoff_id: i64) -> Entry {
    about(Entry::new(action, format!("signoff:{signoff_id}")), dossier)
}

fn about(entry: Entry, dossier: &Dossier) -> Entry {
    entry.person(dossier.ramp.mentee_id).area(dossier.area.id)
}

/// The state of the ramp for the audit log.
fn numbers(dossier: &Dossier) -> serde_json::Value {
    let gates: Vec<_> = dossier
        .readiness
        .gates
        .iter()
        .map(|g| json!({ "kind": g.gate.kind(), "progress": g.progress, "met": g.met }))
        .collect();
    json!({
        "rules_version": RULES_VERSION,
        "standard_version": dossier.standard.version,
        "gates": gates,
        "gaps_open": dossier.readiness.gaps_open,
    })
}
