//! Changing a clearance, and closing its conditions.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance::ClearanceState;
use crate::domain::clearance::oversight::Transition;
use crate::domain::clearance::store;
use crate::domain::clearance::store::Change;
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::signoff::Note;
use crate::domain::signoff::point;
use crate::domain::signoff::point::Closing;
use crate::error::{Error, Result};
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::hook;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::signoff::point::overtaken as closed_before;

/// Suspends, revokes or reinstates a clearance that the form showed in state `from`; returns the new state.
///
/// Errors: [`Error::Forbidden`] unless the actor is a cleared qualifier of the area or a lead of its owner team, and
/// not the holder; who mentored the holder in the area does not reinstate; [`Error::Conflict`] when its state does not allow it, a later clearance is valid, or someone else
/// was first.
pub fn change(
    c: &mut Conn,
    act: &Act,
    id: i64,
    (transition, from): (Transition, ClearanceState),
    reason: &Note,
) -> Result<ClearanceState> {
    let detail = ClearanceDetail::lock(c, act, id, &[])?;
    let by_id = detail.permit_transition(transition, &act.actor, act.now.day())?;
    require_latest(&detail)?;
    if detail.held.state != from {
        return Err(overtaken(act, &detail));
    }
    let to = transition
        .of(&detail.held)
        .map_err(|sentence| Error::Conflict(sentence.into()))?;
    if !store::set_state(c, id, (from, to), act.now)? {
        return Err(overtaken(act, &ClearanceDetail::load(c, id)?));
    }
    let change = Change {
        state: to,
        reason: reason.as_str().to_owned(),
        by_id,
        at: act.now,
        ends_on: None,
        supervisor_id: None,
    };
    store::insert_change(c, id, &change)?;
    let action = match to {
        ClearanceState::Suspended => "clearance.suspended",
        ClearanceState::Revoked => "clearance.revoked",
        ClearanceState::Valid => "clearance.reinstated",
    };
    let (how, kind) = match to {
        ClearanceState::Suspended => ("suspended", Told::Suspended),
        ClearanceState::Revoked => ("revoked", Told::Revoked),
        ClearanceState::Valid => ("reinstated", Told::Reinstated),
    };
    let held = &detail.held;
    let told = causes::clearance(
        Kind::ClearanceChanged,
        causes::of_clearance(held),
        (how, held.ends_on),
    );
    let mut hear = people::store::leads_of(c, &[detail.area.owner_team_id])?;
    hear.push(held.person_id);
    notify::tell(c, act, &told, hear)?;
    let event = Event::new(kind, id, held.area_id, act.now);
    hook::publish(c, &event.of(held.person_id).until(held), act.now)?;
    let details = json!({ "from": from.word(), "to": to.word(), "reason": reason.as_str() });
    audit::record(c, act, about(&detail, action).details(details))?;
    Ok(to)
}

/// Closes a condition of a clearance.
///
/// Errors: [`Error::Forbidden`] as for reinstating; [`Error::NotFound`] when the clearance has no such condition;
/// [`Error::Conflict`] when someone closed it before, or a later clearance is valid.
pub fn tick(c: &mut Conn, act: &Act, id: i64, condition_id: i64, note: &Note) -> Result<()> {
    let detail = ClearanceDetail::lock(c, act, id, &[])?;
    let by_id = detail.permit_close(&act.actor, act.now.day())?;
    let condition = detail
        .conditions
        .iter()
        .find(|point| point.id == condition_id)
        .ok_or(Error::NotFound("condition"))?;
    require_latest(&detail)?;
    let closing = Closing {
        by_id,
        at: act.now,
        note: note.as_str(),
    };
    if !point::store::close(c, condition_id, closing)? {
        let now = ClearanceDetail::load(c, id)?;
        let earlier = now.conditions.iter().find(|point| point.id == condition_id);
        let earlier = earlier
            .and_then(|point| point.closing())
            .ok_or_else(|| Error::fault("a condition is neither open nor closed"))?;
        return Err(closed_before(act, now.name(earlier.by_id), earlier));
    }
    let details =
        json!({ "condition": condition_id, "body": condition.body, "note": note.as_str() });
    audit::record(
        c,
        act,
        about(&detail, "clearance.condition_met").details(details),
    )
}

fn about(detail: &ClearanceDetail, action: &'static str) -> Entry {
    Entry::new(action, format!("clearance:{}", detail.held.id))
        .person(detail.held.person_id)
        .area(detail.held.area_id)
}

fn require_latest(detail: &ClearanceDetail) -> Result<()> {
    match detail.later() {
        Some(_) => Err(Error::Conflict(
            "A later clearance of the same person and area holds now; this one is history.".into(),
        )),
        None => Ok(()),
    }
}

/// Someone else was first: says who, what and when, in the actor's time zone.
fn overtaken(act: &Act, detail: &ClearanceDetail) -> Error {
    let Some(last) = detail.changes.last() else {
        return Error::Conflict("The clearance has changed. Load the page again.".into());
    };
    Error::Conflict(format!(
        "{} {} this clearance on {}. Your change was not saved.",
        detail.name(last.by_id),
        last.done(detail.held.kind),
        act.moment(last.at)
    ))
}
