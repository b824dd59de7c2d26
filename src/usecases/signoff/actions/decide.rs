//! Deciding: granting with the second key, or returning; and what every end of a sign-off leaves behind.

use serde_json::json;

use super::{
    about, entry, lock, move_ramp, numbers, overtaken, permit, require_ready, require_shown,
};
use crate::db::Conn;
use crate::domain::area;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance;
use crate::domain::clearance::ClearanceState;
use crate::domain::clearance::model::NewClearance;
use crate::domain::people;
use crate::domain::ramp::RampState;
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::point;
use crate::domain::signoff::point::store::NewPoint;
use crate::domain::signoff::point::{Line, PointKind};
use crate::domain::signoff::record::Record;
use crate::domain::signoff::store;
use crate::domain::signoff::{Decision, Key, SignoffState, check_end};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::planning;
use crate::usecases::signoff::record::Discussion;

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Cleared; the row of the clearance.
    Granted(i64),
    /// The ramp goes on.
    Returned,
}

/// Decides a sign-off on the edition that was shown, and freezes what it was decided on: turns the second key, which clears the mentee, on conditions
/// if need be, or returns it with reasons and the gaps it names. While the first key is due, whoever may turn that one
/// may return it too.
///
/// Errors: [`Error::Forbidden`] unless the due key is the actor's; [`Error::Conflict`] when it is decided already,
/// somebody else has turned the first key in the meantime, the first key is still due, or what it rests on is not what
/// was shown; [`Error::Invalid`] when a gate has closed again, the end date does not fit, or a gap is about a code that
/// the standard does not have.
pub fn decide(
    c: &mut Conn,
    act: &Act,
    signoff_id: i64,
    decision: &Decision,
    shown: &Edition,
) -> Result<Outcome> {
    let (dossier, signoff, is_cleared) = lock(c, act, signoff_id)?;
    let by = permit_decision(act, &dossier, &signoff, decision, is_cleared)?;
    let talk = Discussion::load(c, signoff_id)?;
    let (on, from) = ((&dossier, &talk), signoff.state);
    let decided = Signoff {
        decided_by: Some(by),
        decided_at: Some(act.now),
        ..signoff.clone()
    };
    match decision {
        Decision::Approve {
            ends_on,
            note,
            conditions,
        } => {
            check_end(*ends_on, act.now.day(), dossier.area.validity_months)
                .map_err(|s| Error::field("ends_on", s))?;
            require_ready(&dossier)?;
            require_present(c, &dossier)?;
            require_no_suspension(c, &dossier)?;
            require_shown(act, on, &signoff, shown)?;
            let conditions: Vec<Named> = conditions.iter().map(|l| (None, l.as_str())).collect();
            let granted = Signoff {
                state: SignoffState::Granted,
                decision_note: Some(note.as_str().to_owned()),
                ends_on: Some(*ends_on),
                ..decided
            };
            let key = (dossier.ramp.mentee_id, dossier.area.id);
            let new = NewClearance {
                signoff_id: Some(signoff_id),
                standard_id: Some(dossier.standard.id),
                ..NewClearance::full(key, act.now, *ends_on)
            };
            // A version that is published at this moment waits until the area is free again.
            area::store::lock(c, dossier.area.id)?;
            let id = clearance::store::insert(c, &new)?;
            crate::usecases::clearance::delta::ask_of_granted(c, id, &dossier.standard, act.now)?;
            let why = "The ramp is cleared.";
            let called_off = planning::call_off(c, &dossier, why, by, act.now)?;
            let shifts = crate::usecases::shift::actions::call_off(c, &dossier, why, by, act.now)?;
            settle(c, act, on, (from, granted), &conditions)?;
            let entry = Entry::new("clearance.granted", format!("clearance:{id}"));
            let details = json!({
                "signoff": signoff_id, "from": act.now.day().to_string(), "ends_on": ends_on.to_string(),
                "called_off": called_off, "shifts_called_off": shifts,
            });
            audit::record(c, act, about(entry, &dossier).details(details))?;
            Ok(Outcome::Granted(id))
        }
        Decision::Return { reasons, gaps } => {
            let returned = Signoff {
                state: SignoffState::Returned,
                decision_note: Some(reasons.as_str().to_owned()),
                ..decided
            };
            let gaps = named(&dossier, gaps)?;
            require_shown(act, on, &signoff, shown)?;
            settle(c, act, on, (from, returned), &gaps)?;
            Ok(Outcome::Returned)
        }
    }
}

/// Refuses whoever may not decide so; gives back who decides. Whoever could never decide is told that; whoever came
/// too late is told who was first.
fn permit_decision(
    act: &Act,
    dossier: &Dossier,
    signoff: &Signoff,
    decision: &Decision,
    is_cleared: bool,
) -> Result<i64> {
    let first = permit(act, dossier, signoff, Key::First, is_cleared);
    let second = permit(act, dossier, signoff, Key::Second, is_cleared);
    match (signoff.state.due(), decision) {
        (None, _) => {
            first.or(second)?;
            Err(overtaken(act, dossier, signoff))
        }
        // They could have returned it until another mentor turned the first key.
        (Some(Key::Second), Decision::Return { .. })
            if first.is_ok() && signoff.first_key_by != act.actor.id =>
        {
            Err(overtaken(act, dossier, signoff))
        }
        (Some(Key::Second), _) => second,
        (Some(Key::First), Decision::Return { .. }) => first,
        (Some(Key::First), Decision::Approve { .. }) => {
            second?;
            Err(Error::Conflict(
                "The first key is still due: a mentor turns it before you decide.".into(),
            ))
        }
    }
}

/// A point with the code it is about.
type Named<'a> = (Option<String>, &'a str);

/// Gaps as they are named, each with the competency or item it is about.
fn named<'a>(dossier: &Dossier, gaps: &'a [Line]) -> Result<Vec<Named<'a>>> {
    gaps.iter()
        .map(|line| point::about(line, &dossier.standard.content, &dossier.area.code))
        .collect::<std::result::Result<_, _>>()
        .map_err(|sentence| Error::field("gaps", sentence))
}

/// Stores a decision that was permitted: its record, its points, what becomes of the ramp, and the audit row.
pub(crate) fn settle(
    c: &mut Conn,
    act: &Act,
    (dossier, talk): (&Dossier, &Discussion),
    (from, mut decided): (SignoffState, Signoff),
    points: &[Named<'_>],
) -> Result<()> {
    let by = decided.decided_by.ok_or(Error::SignedOut)?;
    let (action, reason, kind, to) = match decided.state {
        SignoffState::Granted => (
            "signoff.granted",
            "Sign-off granted",
            PointKind::Condition,
            RampState::Cleared,
        ),
        SignoffState::Withdrawn => (
            "signoff.withdrawn",
            "Sign-off withdrawn",
            PointKind::Gap,
            RampState::Active,
        ),
        _ => (
            "signoff.returned",
            "Sign-off returned",
            PointKind::Gap,
            RampState::Active,
        ),
    };
    let decider = |id: i64| act.actor.is(id).then(|| act.actor.name.clone());
    let record = Record::draw(dossier, &decided, talk, decider)?.naming(points);
    decided.record = Some(record.freeze()?);
    if !store::decide(c, from, &decided)? {
        let now = store::by_id(c, decided.id)?;
        return Err(overtaken(act, dossier, &now));
    }
    for (code, body) in points {
        let new = NewPoint {
            signoff_id: decided.id,
            ramp_id: dossier.ramp.id,
            kind,
            code: code.clone(),
            body,
            by_id: by,
            at: act.now,
        };
        point::store::insert(c, new)?;
    }
    move_ramp(c, act, dossier, (RampState::InReview, to), reason, by)?;
    let details = json!({
        "ramp": dossier.ramp.id,
        "first_key_by": decided.first_key_by,
        "note": decided.decision_note,
        "ends_on": decided.ends_on.map(|day| day.to_string()),
        "points": points.iter().map(|(code, body)| json!({ "code": code, "body": body })).collect::<Vec<_>>(),
        "rests_on": numbers(dossier),
    });
    let entry = entry(action, dossier, decided.id);
    audit::record(c, act, entry.details(details))
}

/// Nobody who has left is cleared, also when they leave at that moment.
fn require_present(c: &mut Conn, dossier: &Dossier) -> Result<()> {
    people::store::lock(c, &[dossier.ramp.mentee_id])?;
    match people::store::by_id(c, dossier.ramp.mentee_id)? {
        Some(mentee) if mentee.deactivated_at.is_none() => Ok(()),
        _ => Err(Error::Conflict(format!(
            "{} has left, so nobody can be cleared. Return it.",
            dossier.mentee().name
        ))),
    }
}

/// A suspension is lifted with a reason, or becomes a revocation; a new clearance does not end it in silence.
fn require_no_suspension(c: &mut Conn, dossier: &Dossier) -> Result<()> {
    let whose = (dossier.ramp.mentee_id, dossier.area.id);
    match clearance::store::lock_latest(c, whose)? {
        Some(held) if held.state == ClearanceState::Suspended => Err(Error::Conflict(format!(
            "{}’s clearance in {} is suspended. Reinstate or revoke it first, with a reason.",
            dossier.mentee().name,
            dossier.area.name
        ))),
        _ => Ok(()),
    }
}
