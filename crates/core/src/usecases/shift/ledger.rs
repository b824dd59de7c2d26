//! The alert ledger of a reverse-shadow shift: one line an alert, written on the spot. A line counts only after someone
//! else closes the shift by a debrief.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::people::Actor;
use crate::domain::readiness;
use crate::domain::readiness::Ledger;
use crate::domain::shift::NewAlert;
use crate::domain::shift::lifecycle::{Step, alert_at};
use crate::domain::shift::model::Alert;
use crate::domain::shift::store;
use crate::error::{Error, Result};
use crate::usecases::shift::actions::{allow, entry};
use crate::usecases::shift::detail::ShiftDetail;

/// The engine's own count, of this shift alone.
pub fn count(alerts: &[Alert]) -> Ledger {
    let standing = alerts.iter().filter(|a| a.undone_at.is_none());
    let standing: Vec<readiness::Alert> = standing
        .map(|a| readiness::Alert {
            acknowledged: a.acknowledged,
            understood: a.understood,
            in_drill: false,
        })
        .collect();
    Ledger::of(&standing, 0, false)
}

/// Adds a line; returns its row.
///
/// Errors: [`Error::Forbidden`] for everyone but the two on the shift; [`Error::Conflict`] before the shift begins,
/// once it is closed, and on a shadow shift.
pub fn add(c: &mut Conn, act: &Act, shift_id: i64, new: &NewAlert) -> Result<i64> {
    let detail = ShiftDetail::lock(c, shift_id, &act.actor)?;
    detail.may_write(&act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    allow(c, (&act.actor, act.now), &detail, Step::Line)?;
    let times = (alert_at(&detail.shift, act.now), act.now);
    let id = store::insert_alert(c, &detail.shift, new, times, by_id)?;
    let details = json!({
        "alert": id,
        "title": new.title.as_str(),
        "acknowledged": new.acknowledged,
        "actionable": new.actionable,
        "understood": new.understood,
        "escalated": new.escalated,
    });
    audit::record(c, act, entry(&detail, "shift.alert_added").details(details))?;
    Ok(id)
}

/// Whether someone may take lines back: those who write lines, and those who answer for them in the debrief.
///
/// Errors: [`Error::Forbidden`] with who may.
pub fn may_take_back(detail: &ShiftDetail, actor: &Actor) -> Result<()> {
    detail
        .may_write(actor)
        .or_else(|why| detail.may_debrief(actor).map_err(|_| why))
}

/// Takes a line back. It stays readable and no longer counts.
///
/// Errors: [`Error::Forbidden`]; [`Error::Conflict`] once the shift is closed, or when someone took the line back
/// before.
pub fn take_back(c: &mut Conn, act: &Act, shift_id: i64, alert_id: i64) -> Result<()> {
    let detail = ShiftDetail::lock(c, shift_id, &act.actor)?;
    may_take_back(&detail, &act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    allow(c, (&act.actor, act.now), &detail, Step::Line)?;
    let lines = store::alerts(c, shift_id)?;
    let line = lines.iter().find(|line| line.id == alert_id);
    let line = line.ok_or(Error::NotFound("line of the ledger"))?;
    if line.by_id != by_id && detail.may_debrief(&act.actor).is_err() {
        return Err(Error::Forbidden(
            "Only the writer of a line, or the people who can debrief the shift, can take it back."
                .into(),
        ));
    }
    if !store::undo_alert(c, shift_id, alert_id, by_id, act.now)? {
        return Err(Error::Conflict(
            "This line was taken back already. It stays as it is.".into(),
        ));
    }
    let entry = entry(&detail, "shift.alert_undone").details(json!({ "alert": alert_id }));
    audit::record(c, act, entry)
}
