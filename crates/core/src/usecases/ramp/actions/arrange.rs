//! Pausing, resuming and ending an active ramp, and moving its target date.

use serde_json::json;

use super::{Reason, about, open_to, overtaken};
use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::ramp::arrange::Transition;
use crate::domain::ramp::clock::Clock;
use crate::domain::ramp::store;
use crate::domain::ramp::store::changes;
use crate::domain::ramp::store::changes::Change;
use crate::domain::ramp::{PairingRole, RampState};
use crate::domain::search;
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::usecases::session::planning;

/// Stops the clock of a ramp.
///
/// Errors: [`Error::Forbidden`] for everyone but mentors, leads and administrators; [`Error::Conflict`] when it is not
/// active.
pub fn pause(c: &mut Conn, act: &Act, ramp_id: i64, reason: &Reason) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    change(
        c,
        act,
        &dossier,
        Transition::Pause,
        RampState::Paused,
        reason,
    )?;
    let entry = Entry::new("ramp.paused", format!("ramp:{ramp_id}"));
    let details = json!({ "reason": reason.as_str() });
    audit::record(c, act, about(entry, &dossier).details(details))
}

/// Starts the clock of a paused ramp again. The target date moves by the paused days. Returns the target date.
///
/// Errors: [`Error::Forbidden`] for everyone but mentors, leads and administrators; [`Error::Conflict`] when it is not
/// paused.
pub fn resume(c: &mut Conn, act: &Act, ramp_id: i64, reason: &Reason) -> Result<Day> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let history = changes::of_ramps(c, &[ramp_id])?;
    let steps = history.iter().map(Change::step);
    let lost = Clock::of(dossier.ramp.starts_on, steps).current_pause_days(act.now.day());
    let by = change(
        c,
        act,
        &dossier,
        Transition::Resume,
        RampState::Active,
        reason,
    )?;
    let target_on = dossier.ramp.target_on.plus_days(lost);
    if lost > 0 {
        let why = format!(
            "Paused for {lost} {}",
            if lost == 1 { "day" } else { "days" }
        );
        changes::set_target(c, ramp_id, target_on, &why, by, act.now)?;
    }
    let entry = Entry::new("ramp.resumed", format!("ramp:{ramp_id}"));
    let details = json!({
        "reason": reason.as_str(), "paused_days": lost, "target_on": target_on.to_string(),
    });
    audit::record(c, act, about(entry, &dossier).details(details))?;
    Ok(target_on)
}

/// Ends a ramp without a clearance.
///
/// Errors: [`Error::Forbidden`] for everyone but the primary mentor, leads and administrators; [`Error::Conflict`] when
/// it is closed, or a sign-off is open.
pub fn end(c: &mut Conn, act: &Act, ramp_id: i64, reason: &Reason) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by_id = change(c, act, &dossier, Transition::End, RampState::Ended, reason)?;
    let cancelled = planning::cancel_planned(c, act, &dossier, "The ramp ended.", by_id)?;
    let shifts = crate::usecases::shift::actions::cancel_planned(
        c,
        act,
        &dossier,
        "The ramp ended.",
        by_id,
    )?;
    notify::done(c, act, Kind::RampProposed, &format!("ramp:{ramp_id}"))?;
    let entry = Entry::new("ramp.ended", format!("ramp:{ramp_id}"))
        .changes(search::Kind::Session, &cancelled)
        .changes(search::Kind::Shift, &shifts);
    let details = json!({
        "reason": reason.as_str(), "from": dossier.ramp.state.word(), "called_off": cancelled,
        "shifts_called_off": shifts,
    });
    audit::record(c, act, about(entry, &dossier).details(details))
}

fn change(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    transition: Transition,
    to: RampState,
    reason: &Reason,
) -> Result<i64> {
    let who = (&act.actor, act.now);
    let by = open_to(c, who, dossier, transition, PairingRole::Primary)?;
    let step = (dossier.ramp.state, to);
    if store::change_state(c, dossier.ramp.id, step, reason.as_str(), by, act.now)? {
        Ok(by)
    } else {
        Err(overtaken(c, who, dossier)?)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveTarget {
    /// The target date the form showed.
    pub from: Day,
    /// The new target date.
    pub to: Day,
    pub reason: Reason,
}

impl MoveTarget {
    pub fn parse(fields: &Fields, today: Day) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let from = Day::parse(fields.get("from"));
        if from.is_none() {
            errors.add("", "The form was incomplete. Load the page again.");
        }
        let to = Day::parse(fields.get("target_on"));
        match to {
            None => errors.add("target_on", "Enter the new target as a date."),
            Some(day) if day <= today => errors.add("target_on", "The target must be after today."),
            Some(day) if day.days_since(today) > 3 * 366 => {
                errors.add("target_on", "The target must be within three years.");
            }
            Some(day) if Some(day) == from => {
                errors.add("target_on", "That is its target already.")
            }
            Some(_) => {}
        }
        let reason = Reason::parse(fields.get("reason"))
            .map_err(|sentence| errors.add("reason", sentence))
            .ok();
        match (from, to, reason) {
            (Some(from), Some(to), Some(reason)) => errors.or(Self { from, to, reason }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// Moves the target date.
///
/// Errors: [`Error::Forbidden`] for everyone but mentors, leads and administrators; [`Error::Conflict`] when the ramp
/// is closed, or someone else moved it meanwhile; [`Error::Invalid`] when it would be before the first day.
pub fn set_target(c: &mut Conn, act: &Act, ramp_id: i64, input: &MoveTarget) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let who = (&act.actor, act.now);
    let by = open_to(c, who, &dossier, Transition::Target, PairingRole::Primary)?;
    if dossier.ramp.target_on != input.from {
        let last = changes::targets(c, ramp_id)?.pop();
        let (name, at) = match last {
            Some(target) => {
                let person = people::store::by_id(c, target.by_id)?;
                let at = format!(" on {}", who.0.moment(target.at, who.1));
                (person.map_or_else(|| "Someone".into(), |p| p.name), at)
            }
            None => ("Someone".into(), String::new()),
        };
        return Err(Error::Conflict(format!(
            "{name} moved the target to {}{at}. Your change was not saved.",
            dossier.ramp.target_on.words()
        )));
    }
    if input.to <= dossier.ramp.starts_on {
        let sentence = "The target must be after the first day.";
        return Err(Error::field("target_on", sentence));
    }
    changes::set_target(c, ramp_id, input.to, input.reason.as_str(), by, act.now)?;
    let entry = Entry::new("ramp.target_changed", format!("ramp:{ramp_id}"));
    let details = json!({
        "from": input.from.to_string(), "to": input.to.to_string(), "reason": input.reason.as_str(),
    });
    audit::record(c, act, about(entry, &dossier).details(details))
}
