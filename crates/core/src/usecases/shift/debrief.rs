//! Closing a shift by its debrief, and correcting one. A closed shift and its ledger count.

use std::collections::BTreeMap;

use serde_json::json;

use crate::db::{Conn, exactly_one};
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::currency::ActivityKind;
use crate::domain::currency::store::{NewActivity, record};
use crate::domain::notification::Kind;
use crate::domain::people::store::name_of;
use crate::domain::shift::lifecycle::{ChangeKind, Step};
use crate::domain::shift::model::{Alert, Shift};
use crate::domain::shift::store;
use crate::domain::shift::{NewAlert, NewDebrief, Verdict};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::notify;
use crate::usecases::shift::actions::{allow, entry, record_change};
use crate::usecases::shift::detail::ShiftDetail;
use crate::words::Title;

/// Closes a shift, or replaces the debrief that the form showed.
///
/// Errors: [`Error::Forbidden`] for everyone but the person on call and the mentors; [`Error::Conflict`] before the
/// shift is over, and when someone closed or corrected it meanwhile; [`Error::Invalid`] when the ledger has changed
/// since the form was opened, or a competency is not part of this ramp.
pub fn write(c: &mut Conn, act: &Act, shift_id: i64, new: &NewDebrief) -> Result<()> {
    let detail = ShiftDetail::lock(c, shift_id, &act.actor)?;
    detail.may_debrief(&act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let (wanted, change, action) = match new.corrects {
        None => (Step::Debrief, ChangeKind::Debriefed, "shift.debriefed"),
        Some(_) => (Step::Correct, ChangeKind::Corrected, "shift.corrected"),
    };
    allow(c, (&act.actor, act.now), &detail, wanted)?;
    require_latest(c, act, shift_id, new)?;
    let LedgerChanges {
        removed,
        not_understood,
    } = check(c, &detail, new)?;
    if new.corrects.is_none() {
        exactly_one(store::set_debriefed(c, shift_id, act.now)?)?;
        practise(c, act, &detail, by_id)?;
    }
    for line in removed.iter().chain(&not_understood) {
        exactly_one(store::undo_alert(c, shift_id, line.id, by_id, act.now)?)?;
    }
    let mut replaced = Vec::new();
    for line in &not_understood {
        let times = (line.at, act.now);
        let new_line = as_not_understood(line)?;
        let id = store::insert_alert(c, &detail.shift, &new_line, times, by_id)?;
        replaced.push(json!({ "from": line.id, "to": id }));
    }
    let id = store::insert_debrief(c, shift_id, new, by_id, act.now)?;
    record_change(c, shift_id, change, "", (by_id, act.now))?;
    let details = json!({
        "debrief": id,
        "went_well": new.went_well.as_str(),
        "went_badly": new.went_badly.as_str(),
        "observations": new.observations,
        "taken_back": removed.iter().map(|line| line.id).collect::<Vec<_>>(),
        "not_understood": replaced,
        "corrects": new.corrects,
    });
    for kind in [Kind::DebriefDue, Kind::ShiftRuns] {
        notify::done(c, act, kind, &format!("shift:{}", detail.shift.id))?;
    }
    audit::record(c, act, entry(&detail, action).details(details))
}

/// A correction replaces the latest debrief only.
fn require_latest(c: &mut Conn, act: &Act, shift_id: i64, new: &NewDebrief) -> Result<()> {
    let Some(seen) = new.corrects else {
        return Ok(());
    };
    match store::debriefs(c, shift_id)?.first() {
        Some((latest, _)) if latest.id != seen => Err(Error::Conflict(format!(
            "{} corrected this debrief on {}. Your change was not saved: read that one first.",
            name_of(c, Some(latest.by_id))?,
            act.moment(latest.at)
        ))),
        _ => Ok(()),
    }
}

/// Changes of a debrief to the lines of the ledger.
struct LedgerChanges {
    /// Lines that no longer count.
    removed: Vec<Alert>,
    /// Lines recorded as understood that were not.
    not_understood: Vec<Alert>,
}

/// The same line, not understood.
fn as_not_understood(line: &Alert) -> Result<NewAlert> {
    Ok(NewAlert {
        title: Title::parse(&line.title).map_err(Error::fault)?,
        acknowledged: line.acknowledged,
        actionable: line.actionable,
        understood: false,
        escalated: line.escalated,
    })
}

/// Checks the input against ledger and standard; returns the changed lines.
fn check(c: &mut Conn, detail: &ShiftDetail, new: &NewDebrief) -> Result<LedgerChanges> {
    let mut errors = FieldErrors::default();
    let mut standing = store::alerts(c, detail.shift.id)?;
    standing.retain(|line| line.undone_at.is_none());
    if !new.has_seen(standing.iter().map(|line| line.id)) {
        errors.add(
            "lines",
            "The ledger has changed since this page was loaded. Look at its lines again.",
        );
    }
    let content = &detail.standard.content;
    let known = |code: &String| content.competency(code).is_some();
    if !new.observations.keys().all(known) {
        errors.add(
            "",
            "A competency you marked is not part of this ramp's standard. Load the page again.",
        );
    }
    errors.or(())?;
    let (mut removed, mut not_understood) = (Vec::new(), Vec::new());
    for line in standing {
        match new.lines.get(&line.id) {
            Some(Verdict::Out) => removed.push(line),
            // A line that was not understood before stays as it is.
            Some(Verdict::NotUnderstood) if line.understood => not_understood.push(line),
            Some(Verdict::NotUnderstood | Verdict::Stands) | None => {}
        }
    }
    Ok(LedgerChanges {
        removed,
        not_understood,
    })
}

/// How long a shift took; None for one of less than a minute.
fn minutes(shift: &Shift) -> Option<i32> {
    let minutes = shift.ends_at.seconds_since(shift.starts_at) / 60;
    i32::try_from(minutes).ok().filter(|n| *n > 0)
}

/// The shift is practice for both: it keeps their clearances in the area current.
fn practise(c: &mut Conn, act: &Act, detail: &ShiftDetail, by_id: i64) -> Result<()> {
    let shift = &detail.shift;
    // In the order of their rows, so that two debriefs of the same people do not deadlock.
    let both = BTreeMap::from([(shift.mentee_id, "mentee"), (shift.with_id, "on call")]);
    for (person_id, part) in both {
        let activity = NewActivity {
            person_id,
            area_id: shift.area_id,
            kind: ActivityKind::Shift,
            day: shift.ends_at.day(),
            note: format!("{}, {part}", shift.kind.label()),
            link: None,
            shift_id: Some(shift.id),
            drill_id: None,
            by_id,
            recorded_at: act.now,
            minutes: minutes(shift),
        };
        record(c, &activity)?;
    }
    Ok(())
}
