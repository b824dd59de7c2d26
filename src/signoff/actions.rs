//! Use cases of sign-offs: asking for one, turning the first key, deciding.

use serde_json::json;

use super::record::Record;
use super::store::{self, Signoff};
use super::{
    Decision, Hand, Hindrance, Key, Note, Refusal, SignoffState, all_gates_met, can_request,
    check_end, may_request, may_turn,
};
use crate::audit::{self, Act, Entry};
use crate::clearance::{self, standing};
use crate::db::types::UtcTime;
use crate::db::{Conn, is_unique_violation};
use crate::error::{Error, Result};
use crate::people;
use crate::ramp::dossier::Dossier;
use crate::ramp::{self, RampState};
use crate::readiness::RULES_VERSION;
use crate::web::time::Dial;

/// Asks for a sign-off: the ramp goes into review until it is decided. Gives back its row.
///
/// # Errors
/// [`Error::Forbidden`] unless the mentee or a mentor asks; [`Error::Conflict`] when one is open or the ramp is not
/// under way; [`Error::Invalid`] when a gate is open.
pub fn request(c: &mut Conn, act: &Act, ramp_id: i64, note: &Note) -> Result<i64> {
    let dossier = Dossier::lock(c, ramp_id)?;
    let by = act
        .actor
        .id
        .filter(|_| may_request(&dossier.parties, &act.actor))
        .ok_or_else(|| {
            Error::Forbidden(format!(
                "A sign-off is asked for by {} or a mentor of this ramp.",
                dossier.mentee().name
            ))
        })?;
    if let Some(open) = dossier.open_signoff() {
        return Err(Error::Conflict(format!(
            "{} asked for this sign-off on {}. One is decided at a time.",
            dossier.person(open.requested_by).name,
            moment(act, open.requested_at)
        )));
    }
    can_request(
        dossier.ramp.state,
        dossier.ramp.starts_on,
        act.now.day(),
        &dossier.readiness,
    )
    .map_err(|hindrance| match hindrance {
        Hindrance::OpenGates(_) => Error::field("", hindrance.sentence()),
        _ => Error::Conflict(hindrance.sentence()),
    })?;
    let id = store::insert(c, ramp_id, by, note.as_str(), act.now).map_err(|e| {
        if is_unique_violation(&e, "signoffs") {
            Error::Conflict(
                "Somebody asked for this sign-off at the same moment. Load the page again.".into(),
            )
        } else {
            e.into()
        }
    })?;
    move_ramp(
        c,
        act,
        &dossier,
        (RampState::Active, RampState::InReview),
        "Sign-off requested",
        by,
    )?;
    let entry = Entry::new("signoff.requested", format!("signoff:{id}"));
    let details = json!({ "ramp": ramp_id, "note": note.as_str(), "rests_on": numbers(&dossier) });
    audit::record(c, act, about(entry, &dossier).details(details))?;
    Ok(id)
}

/// Turns the first key, with words of recommendation.
///
/// # Errors
/// [`Error::Forbidden`] unless a mentor of the ramp who is a cleared qualifier turns it; [`Error::Conflict`] when it
/// is not due any more; [`Error::Invalid`] when a gate has closed again.
pub fn turn_first_key(
    c: &mut Conn,
    act: &Act,
    signoff_id: i64,
    recommendation: &Note,
) -> Result<()> {
    let (dossier, signoff, is_cleared) = lock(c, act, signoff_id)?;
    let by = permit(act, &dossier, &signoff, Key::First, is_cleared)?;
    if signoff.state != SignoffState::Requested {
        return Err(overtaken(act, &dossier, &signoff));
    }
    require_gates(&dossier)?;
    if !store::turn_first_key(c, signoff_id, by, recommendation.as_str(), act.now)? {
        let now = store::by_id(c, signoff_id)?;
        return Err(overtaken(act, &dossier, &now));
    }
    let entry = Entry::new("signoff.first_key", format!("signoff:{signoff_id}"));
    let details = json!({
        "ramp": dossier.ramp.id, "recommendation": recommendation.as_str(), "rests_on": numbers(&dossier),
    });
    audit::record(c, act, about(entry, &dossier).details(details))
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Cleared; the row of the clearance.
    Granted(i64),
    /// The ramp goes on.
    Returned,
}

/// Decides a sign-off and freezes what it was decided on: turns the second key, which clears the mentee, or returns
/// it with reasons. While the first key is due, whoever may turn that one may return it too.
///
/// # Errors
/// [`Error::Forbidden`] unless the due key is the actor's; [`Error::Conflict`] when it is decided already, or the
/// first key is still due; [`Error::Invalid`] when a gate has closed again or the end date does not fit.
pub fn decide(c: &mut Conn, act: &Act, signoff_id: i64, decision: &Decision) -> Result<Outcome> {
    let (dossier, signoff, is_cleared) = lock(c, act, signoff_id)?;
    let first = permit(act, &dossier, &signoff, Key::First, is_cleared);
    let second = permit(act, &dossier, &signoff, Key::Second, is_cleared);
    let by = match (signoff.state.due(), decision) {
        // Whoever could never decide is told that; whoever came too late is told who was first.
        (None, _) => {
            first.or(second)?;
            return Err(overtaken(act, &dossier, &signoff));
        }
        (Some(Key::Second), _) => second?,
        (Some(Key::First), Decision::Return { .. }) => first?,
        (Some(Key::First), Decision::Approve { .. }) => {
            second?;
            return Err(Error::Conflict(
                "The first key is still due: a mentor turns it before you decide.".into(),
            ));
        }
    };
    let from = signoff.state;
    let mut decided = Signoff {
        decided_by: Some(by),
        decided_at: Some(act.now),
        ..signoff
    };
    match decision {
        Decision::Approve { ends_on, note } => {
            check_end(*ends_on, act.now.day(), dossier.area.validity_months)
                .map_err(|s| Error::field("ends_on", s))?;
            require_gates(&dossier)?;
            require_present(c, &dossier)?;
            decided.state = SignoffState::Granted;
            decided.decision_note = Some(note.as_str().to_owned());
            decided.ends_on = Some(*ends_on);
        }
        Decision::Return { reasons } => {
            decided.state = SignoffState::Returned;
            decided.decision_note = Some(reasons.as_str().to_owned());
        }
    }
    let decider = |id: i64| act.actor.is(id).then(|| act.actor.name.clone());
    decided.record = Some(Record::draw(&dossier, &decided, decider)?.freeze()?);
    if !store::decide(c, from, &decided)? {
        let now = store::by_id(c, signoff_id)?;
        return Err(overtaken(act, &dossier, &now));
    }
    if let Some(ends_on) = decided.ends_on {
        move_ramp(
            c,
            act,
            &dossier,
            (RampState::InReview, RampState::Cleared),
            "Sign-off granted",
            by,
        )?;
        let held = (dossier.ramp.mentee_id, dossier.area.id);
        let clearance_id = clearance::store::insert(c, held, act.now, ends_on, Some(signoff_id))?;
        audit_decision(c, act, &dossier, &decided, "signoff.granted")?;
        let entry = Entry::new("clearance.granted", format!("clearance:{clearance_id}"));
        let details = json!({ "signoff": signoff_id, "from": act.now.day().to_string(), "ends_on": ends_on.to_string() });
        audit::record(c, act, about(entry, &dossier).details(details))?;
        Ok(Outcome::Granted(clearance_id))
    } else {
        move_ramp(
            c,
            act,
            &dossier,
            (RampState::InReview, RampState::Active),
            "Sign-off returned",
            by,
        )?;
        audit_decision(c, act, &dossier, &decided, "signoff.returned")?;
        Ok(Outcome::Returned)
    }
}

/// Locks the ramp of a sign-off, then reads both as they are now; and whether the actor is cleared in the area.
fn lock(c: &mut Conn, act: &Act, signoff_id: i64) -> Result<(Dossier, Signoff, bool)> {
    let ramp_id = store::by_id(c, signoff_id)?.ramp_id;
    let dossier = Dossier::lock(c, ramp_id)?;
    let signoff = store::by_id(c, signoff_id)?;
    let own = match act.actor.id {
        Some(id) => clearance::store::of_person(c, id)?
            .into_iter()
            .find(|held| held.area_id == dossier.area.id),
        None => None,
    };
    let is_cleared = standing(own.as_ref(), act.now.day()).is_cover();
    Ok((dossier, signoff, is_cleared))
}

/// Refuses whoever may not turn the key; gives back who turns it.
fn permit(
    act: &Act,
    dossier: &Dossier,
    signoff: &Signoff,
    key: Key,
    is_cleared: bool,
) -> Result<i64> {
    Hand::of(&act.actor, &dossier.parties, is_cleared)
        .ok_or(Refusal::Outside)
        .and_then(|hand| {
            may_turn(key, &dossier.parties, signoff.first_key_by, hand).map(|()| hand.person_id)
        })
        .map_err(|refusal| {
            Error::Forbidden(refusal.sentence(key, &dossier.area.name, &dossier.area.owner_team))
        })
}

fn require_gates(dossier: &Dossier) -> Result<()> {
    all_gates_met(&dossier.readiness).map_err(|open| {
        Error::field(
            "",
            format!(
                "Since this was asked for, things have changed. {}",
                open.sentence()
            ),
        )
    })
}

/// Nobody who has left is cleared.
fn require_present(c: &mut Conn, dossier: &Dossier) -> Result<()> {
    match people::store::by_id(c, dossier.ramp.mentee_id)? {
        Some(mentee) if mentee.deactivated_at.is_none() => Ok(()),
        _ => Err(Error::Conflict(format!(
            "{} has left, so nobody can be cleared. Return it.",
            dossier.mentee().name
        ))),
    }
}

/// Somebody else was first: who, what and when, in the zone of the one who is told.
fn overtaken(act: &Act, dossier: &Dossier, signoff: &Signoff) -> Error {
    let name = |id: Option<i64>| {
        id.map_or("somebody", |id| dossier.person(id).name)
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
        .map(|at| format!(" on {}", moment(act, at)))
        .unwrap_or_default();
    Error::Conflict(format!(
        "{who} {what} this sign-off{when}. Nothing of yours was stored."
    ))
}

fn moment(act: &Act, at: UtcTime) -> String {
    format!(
        "{} ({})",
        Dial::new(&act.actor.time_zone, act.now).moment(at).text,
        act.actor.time_zone
    )
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

fn about(entry: Entry, dossier: &Dossier) -> Entry {
    entry.person(dossier.ramp.mentee_id).area(dossier.area.id)
}

/// What an entry of the audit chain says about the ramp at that moment.
fn numbers(dossier: &Dossier) -> serde_json::Value {
    let gates: Vec<_> = dossier
        .readiness
        .gates
        .iter()
        .map(|g| json!({ "kind": g.gate.kind(), "progress": g.progress, "met": g.met }))
        .collect();
    json!({ "rules_version": RULES_VERSION, "standard_version": dossier.standard.version, "gates": gates })
}

fn audit_decision(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    decided: &Signoff,
    action: &'static str,
) -> Result<()> {
    let details = json!({
        "ramp": dossier.ramp.id,
        "first_key_by": decided.first_key_by,
        "note": decided.decision_note,
        "ends_on": decided.ends_on.map(|day| day.to_string()),
        "rests_on": numbers(dossier),
    });
    let entry = Entry::new(action, format!("signoff:{}", decided.id));
    audit::record(c, act, about(entry, dossier).details(details))
}
