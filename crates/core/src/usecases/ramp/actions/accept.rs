//! Accepting and declining a proposed ramp.

use serde_json::json;

use super::{Reason, open_to, overtaken};
use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::ramp::arrange::{Acceptance, Transition};
use crate::domain::ramp::store;
use crate::domain::ramp::store::changes;
use crate::domain::ramp::{PairingRole, RampState};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;

/// Accepts a proposed ramp. It becomes active once everyone has accepted. Returns who has not accepted yet, in words.
///
/// Errors: [`Error::Forbidden`] for everyone but the mentee and the primary mentor; [`Error::Conflict`] when it is no
/// longer proposed, or they accepted it before.
pub fn accept(c: &mut Conn, act: &Act, ramp_id: i64) -> Result<Option<String>> {
    let mut dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by = open_to(
        c,
        (&act.actor, act.now),
        &dossier,
        Transition::Accept,
        PairingRole::Primary,
    )?;
    require_awaited(act, &dossier, by)?;
    changes::insert_acceptance(c, ramp_id, by, act.now)?;
    dossier.accepted.push(Acceptance {
        person_id: by,
        at: act.now,
    });
    let awaited = dossier.awaited();
    if awaited.is_none() {
        let step = (RampState::Proposed, RampState::Active);
        if !store::change_state(c, ramp_id, step, "", by, act.now)? {
            return Err(overtaken(c, (&act.actor, act.now), &dossier)?);
        }
    }
    let object = format!("ramp:{ramp_id}");
    notify::done_by_actor(c, act, Kind::RampProposed, &object)?;
    let entry = Entry::new("ramp.accepted", format!("ramp:{ramp_id}"));
    let details = json!({ "active": awaited.is_none() });
    audit::record(c, act, super::about(entry, &dossier).details(details))?;
    Ok(awaited)
}

/// Declines a proposed ramp, which ends it.
///
/// Errors: [`Error::Forbidden`] for everyone but the mentee and the primary mentor; [`Error::Conflict`] when it is no
/// longer proposed, or they accepted it before.
pub fn decline(c: &mut Conn, act: &Act, ramp_id: i64, reason: &Reason) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by = open_to(
        c,
        (&act.actor, act.now),
        &dossier,
        Transition::Decline,
        PairingRole::Primary,
    )?;
    require_awaited(act, &dossier, by)?;
    let step = (RampState::Proposed, RampState::Ended);
    if !store::change_state(c, ramp_id, step, reason.as_str(), by, act.now)? {
        return Err(overtaken(c, (&act.actor, act.now), &dossier)?);
    }
    notify::done(c, act, Kind::RampProposed, &format!("ramp:{ramp_id}"))?;
    let entry = Entry::new("ramp.declined", format!("ramp:{ramp_id}"));
    let details = json!({ "reason": reason.as_str() });
    audit::record(c, act, super::about(entry, &dossier).details(details))
}

/// Someone who accepted cannot accept or decline again; a lead can still end the ramp.
fn require_awaited(act: &Act, dossier: &Dossier, by: i64) -> Result<()> {
    match dossier.accepted.iter().find(|a| a.person_id == by) {
        None => Ok(()),
        Some(acceptance) => Err(Error::Conflict(format!(
            "You accepted this ramp on {}. It still waits for {}.",
            act.moment(acceptance.at),
            dossier.awaited().unwrap_or_else(|| "nobody".into())
        ))),
    }
}
