//! Granting with the second key, or returning; and what every end of a sign-off does.

use serde_json::json;

use super::{
    about, entry, lock, move_ramp, numbers, overtaken, permit, require_ready, require_shown,
};
use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance;
use crate::domain::clearance::ClearanceState;
use crate::domain::clearance::model::NewClearance;
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::ramp::RampState;
use crate::domain::search;
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::point;
use crate::domain::signoff::point::store::NewPoint;
use crate::domain::signoff::point::{Line, PointKind};
use crate::domain::signoff::record::Record;
use crate::domain::signoff::store;
use crate::domain::signoff::{Decision, Key, SignoffState};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::hook;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::planning;
use crate::usecases::signoff::record::Discussion;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Cleared; the row of the clearance.
    Granted(i64),
    /// The ramp continues.
    Returned,
}

/// Decides a sign-off on the edition the form showed, and freezes its record. Granting turns the second key and clears
/// the mentee, with conditions if needed. Returning needs reasons and names gaps. While the first key is due, someone
/// who may turn it may also return the sign-off.
///
/// Errors: [`Error::Forbidden`] unless the actor may turn the due key; [`Error::Conflict`] when it is decided already,
/// someone else turned the first key meanwhile, the first key is still due, or the page showed another edition;
/// [`Error::Invalid`] when a gate has closed again, the end date does not fit, or a gap names a code that the standard
/// does not have.
pub fn decide(
    c: &mut Conn,
    act: &Act,
    signoff_id: i64,
    decision: &Decision,
    shown: &Edition,
) -> Result<Outcome> {
    // A grant adds two entries, and can call off much that the search finds.
    audit::in_one_go(c, act, |c, act| {
        decide_in(c, act, signoff_id, decision, shown)
    })
}

fn decide_in(
    c: &mut Conn,
    act: &Act,
    signoff_id: i64,
    decision: &Decision,
    shown: &Edition,
) -> Result<Outcome> {
    let (dossier, signoff, is_cleared) = lock(c, act, signoff_id)?;
    let by = permit_decision(act, &dossier, &signoff, decision, is_cleared)?;
    let discussion = Discussion::load(c, signoff_id)?;
    let (on, from) = ((&dossier, &discussion), signoff.state);
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
            let validity = dossier.area.validity();
            validity
                .check_end(*ends_on, act.now.day())
                .map_err(|s| Error::field("ends_on", s))?;
            require_ready(&dossier)?;
            require_no_suspension(c, &dossier)?;
            require_present(c, act, &dossier, &signoff)?;
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
            // A version published at this moment waits: the lock of the ramp shares the area.
            let id = clearance::store::insert(c, &new)?;
            crate::usecases::clearance::delta::ask_of_granted(c, id, &dossier.standard, act.now)?;
            let why = "The ramp is cleared.";
            let cancelled = planning::cancel_planned(c, act, &dossier, why, by)?;
            let shifts =
                crate::usecases::shift::actions::cancel_planned(c, act, &dossier, why, by)?;
            let to = who_hears(c, &dossier)?;
            let key = (id, dossier.ramp.mentee_id, dossier.area.id);
            let held = clearance::store::by_id(c, id)?;
            let how = held.words_after_status(act.now.day());
            let cleared = causes::clearance(Kind::Cleared, key, (&how, held.holds_until));
            notify::tell(c, act, &cleared, to)?;
            let granted_event = Event::new(Told::Granted, id, dossier.area.id, act.now);
            let event = granted_event.of(dossier.ramp.mentee_id).until(&held);
            hook::publish(c, &event, act.now)?;
            store_decision(c, act, on, (from, granted), &conditions)?;
            let entry = Entry::new("clearance.granted", format!("clearance:{id}"))
                .changes(search::Kind::Session, &cancelled)
                .changes(search::Kind::Shift, &shifts);
            let details = json!({
                "signoff": signoff_id, "from": act.now.day().to_string(), "ends_on": ends_on.for_files(),
                "called_off": cancelled, "shifts_called_off": shifts,
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
            store_decision(c, act, on, (from, returned), &gaps)?;
            Ok(Outcome::Returned)
        }
    }
}

/// Checks that the actor may decide this way; returns their row. Someone who could never decide learns that; someone
/// who is too late learns who was first.
fn permit_decision(
    act: &Act,
    dossier: &Dossier,
    signoff: &Signoff,
    decision: &Decision,
    is_cleared: bool,
) -> Result<i64> {
    let first = permit(act, dossier, signoff.first_key_by, Key::First, is_cleared);
    let second = permit(act, dossier, signoff.first_key_by, Key::Second, is_cleared);
    match (signoff.due(act.now.day()), decision) {
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
        // Their page offered it until the first key became void.
        (Some(Key::First), _) if signoff.is_first_key_void(act.now.day()) && second.is_ok() => {
            Err(void_key())
        }
        (Some(Key::First), Decision::Return { .. }) => first,
        (Some(Key::First), Decision::Approve { .. }) => {
            second?;
            Err(Error::Conflict(
                "The first key is still due: a mentor turns it before you decide.".into(),
            ))
        }
    }
}

fn void_key() -> Error {
    Error::Conflict(
        "The first key is void: who turned it lost the right to it. A mentor turns it again before you decide."
            .into(),
    )
}

type Named<'a> = (Option<String>, &'a str);

/// Named gaps, each with its competency or item.
fn named<'a>(dossier: &Dossier, gaps: &'a [Line]) -> Result<Vec<Named<'a>>> {
    gaps.iter()
        .map(|line| point::about(line, &dossier.standard.content, &dossier.area.code))
        .collect::<std::result::Result<_, _>>()
        .map_err(|sentence| Error::field("gaps", sentence))
}

/// Stores a permitted decision: its record, its points, the new state of the ramp, and the audit entry.
pub fn store_decision(
    c: &mut Conn,
    act: &Act,
    (dossier, discussion): (&Dossier, &Discussion),
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
    let record = Record::build(dossier, &decided, discussion, decider)?.with_points(points);
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
    let object = format!("signoff:{}", decided.id);
    notify::done(c, act, Kind::SignoffWaits, &object)?;
    if decided.state == SignoffState::Returned {
        let kind = Kind::SignoffReturned;
        let returned = causes::signoff(kind, &dossier.ramp, decided.id);
        notify::tell(c, act, &returned, causes::everyone(dossier))?;
    }
    let details = json!({
        "ramp": dossier.ramp.id,
        "first_key_by": decided.first_key_by,
        "note": decided.decision_note,
        "ends_on": decided.ends_on.map(|day| day.for_files()),
        "points": points.iter().map(|(code, body)| json!({ "code": code, "body": body })).collect::<Vec<_>>(),
        "rests_on": numbers(dossier),
    });
    let entry = entry(action, dossier, decided.id);
    audit::record(c, act, entry.details(details))
}

/// Who hears that somebody is cleared: they, their mentors, and the leads of their teams and of the area.
fn who_hears(c: &mut Conn, dossier: &Dossier) -> Result<Vec<i64>> {
    let mut teams = dossier.parties.mentee_teams.clone();
    teams.push(dossier.parties.owner_team_id);
    let mut all = people::store::leads_of(c, &teams)?;
    all.extend(causes::everyone(dossier));
    Ok(all)
}

/// Nobody who has left is cleared, not even when they leave at this moment; nor on the first key of somebody who leaves.
fn require_present(c: &mut Conn, act: &Act, dossier: &Dossier, signoff: &Signoff) -> Result<()> {
    let held: Vec<i64> = signoff
        .first_key_by
        .into_iter()
        .chain([dossier.ramp.mentee_id])
        .collect();
    act.hold(c, &held)?;
    if store::by_id(c, signoff.id)?.due(act.now.day()) != Some(Key::Second) {
        return Err(void_key());
    }
    match people::store::by_id(c, dossier.ramp.mentee_id)? {
        Some(mentee) if mentee.deactivated_at.is_none() => Ok(()),
        _ => Err(Error::Conflict(format!(
            "{} has left, so nobody can be cleared. Return it.",
            dossier.mentee().name
        ))),
    }
}

/// A suspension needs a reinstatement with a reason, or a revocation. A new clearance must not end it silently.
fn require_no_suspension(c: &mut Conn, dossier: &Dossier) -> Result<()> {
    let whose = (dossier.ramp.mentee_id, dossier.area.id);
    match clearance::store::latest_of(c, whose)? {
        Some(held) if held.state == ClearanceState::Suspended => Err(Error::Conflict(format!(
            "{}’s clearance in {} is suspended. Reinstate or revoke it first, with a reason.",
            dossier.mentee().name,
            dossier.area.name
        ))),
        _ => Ok(()),
    }
}
