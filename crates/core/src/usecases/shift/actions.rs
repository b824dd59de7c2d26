//! Planning, moving and cancelling a shift, and changing its brief.

use serde_json::{Value, json};

use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, exactly_one};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance;
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::ramp::work;
use crate::domain::shift::lifecycle::{ChangeKind, Denied, Step, check_move, step};
use crate::domain::shift::store;
use crate::domain::shift::store::Change;
use crate::domain::shift::{Brief, Hours, NewShift, Reason, ShiftState};
use crate::error::{Error, FieldErrors, Result};
use crate::text;
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::actions::mentors;
use crate::usecases::shift::availability::conflict;
use crate::usecases::shift::detail::ShiftDetail;

/// The mentee and the mentors may plan on a running ramp: [`work::may_plan`].
///
/// Errors: [`Error::Forbidden`]; [`Error::Conflict`] on a ramp that is not accepted, paused or closed.
pub fn may_plan(dossier: &Dossier, actor: &Actor) -> Result<()> {
    let state = dossier.ramp.state;
    match work::may_plan(&dossier.parties, state, actor) {
        Ok(()) => Ok(()),
        Err(work::Denied::Who) => Err(Error::Forbidden(format!(
            "Shifts on this ramp can be planned only by {} and {}.",
            dossier.mentee().name,
            mentors(dossier)
        ))),
        Err(work::Denied::State) => Err(Error::Conflict(format!(
            "Shifts can be planned only on a running ramp. This one is {}.",
            state.label().to_lowercase()
        ))),
    }
}

/// Everyone a shift can be with, by name: cleared in the area, has not left, and not the mentee.
pub fn on_call(c: &mut Conn, area_id: i64, mentee_id: i64, today: Day) -> Result<Vec<Person>> {
    let held = clearance::store::latest_in_area(c, area_id)?;
    let cleared: Vec<i64> = held
        .iter()
        .filter(|k| clearance::standing(Some(k), today).is_cover() && k.person_id != mentee_id)
        .map(|k| k.person_id)
        .collect();
    let mut all = people::store::by_ids(c, &cleared)?;
    all.retain(|p| p.deactivated_at.is_none());
    all.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
    Ok(all)
}

/// Plans a shift; returns its row.
///
/// Errors: As [`may_plan`]; [`Error::Invalid`] when the hours are past or taken, or the person on call is not cleared.
pub fn plan(c: &mut Conn, act: &Act, ramp_id: i64, new: &NewShift) -> Result<i64> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    may_plan(&dossier, &act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    put(c, act, &dossier, new, (by_id, &Reason::default()))
}

/// Plans a shift on a locked ramp, for somebody who may; `why` may be empty.
///
/// Errors: [`Error::Invalid`], as [`plan`].
pub fn put(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    new: &NewShift,
    (by_id, why): (i64, &Reason),
) -> Result<i64> {
    let today = act.now.day();
    let mut errors = FieldErrors::default();
    let both = (dossier.ramp.mentee_id, new.with_id);
    clearance::store::lock_latest_of(c, (new.with_id, dossier.area.id))?;
    if let Err((field, sentence)) = new.hours.check_ahead(act.now) {
        errors.add(field, sentence);
    } else if let Some(sentence) = conflict(c, act, both, new.hours, None)? {
        errors.add("starts_at", sentence);
    }
    let with = on_call(c, dossier.area.id, dossier.ramp.mentee_id, today)?;
    if !with.iter().any(|p| p.id == new.with_id) {
        let area = &dossier.area.name;
        errors.add(
            "with",
            format!("Choose someone who is cleared in {area} today."),
        );
    }
    errors.or(())?;
    let id = store::insert(c, &dossier.ramp, new, by_id, act.now)?;
    record_change(c, id, ChangeKind::Planned, why.as_str(), (by_id, act.now))?;
    let planned = causes::shift(&dossier.ramp, id, ("planned", new.hours.starts_at()));
    notify::tell(c, act, &planned, [dossier.ramp.mentee_id, new.with_id])?;
    let details = json!({
        "ramp": dossier.ramp.id,
        "kind": new.kind,
        "with": new.with_id,
        "starts_at": new.hours.starts_at().iso(),
        "ends_at": new.hours.ends_at().iso(),
        "brief": brief_details(&new.brief),
    });
    let details = audit::with_reason(details, why);
    let entry = Entry::new("shift.planned", format!("shift:{id}"));
    let entry = entry.person(dossier.ramp.mentee_id).area(dossier.area.id);
    audit::record(c, act, entry.details(details))?;
    Ok(id)
}

/// Moves a shift from the hours the form showed.
///
/// Errors: As [`ShiftDetail::may_arrange`]; [`Error::Conflict`] when it is no longer planned, or someone moved it
/// meanwhile; [`Error::Invalid`] when the hours are not possible, or without a reason.
pub fn reschedule(
    c: &mut Conn,
    act: &Act,
    id: i64,
    (from, to): (Hours, Hours),
    reason: &Reason,
) -> Result<()> {
    let (detail, by_id) = lock_for_step(c, act, id, Step::Move)?;
    let shift = &detail.shift;
    let now = Hours::new(shift.starts_at, shift.ends_at).map_err(Error::fault)?;
    if now != from {
        return Err(Error::Conflict(format!(
            "This shift was moved to {} in the meantime. Look at it again.",
            act.moment(shift.starts_at)
        )));
    }
    put_elsewhere(c, act, &detail, to, (by_id, reason))
}

/// Moves a locked shift, for somebody who may.
///
/// Errors: [`Error::Invalid`], as [`reschedule`].
pub fn put_elsewhere(
    c: &mut Conn,
    act: &Act,
    detail: &ShiftDetail,
    to: Hours,
    (by_id, reason): (i64, &Reason),
) -> Result<()> {
    let (shift, id) = (&detail.shift, detail.shift.id);
    let from = Hours::new(shift.starts_at, shift.ends_at).map_err(Error::fault)?;
    let mut errors = FieldErrors::default();
    if from == to {
        errors.add("starts_at", "It is planned for then already.");
    } else if let Err((field, sentence)) = check_move(shift, to, act.now) {
        errors.add(field, sentence);
    } else if let Some(sentence) = conflict(c, act, (shift.mentee_id, shift.with_id), to, Some(id))?
    {
        errors.add("starts_at", sentence);
    }
    require_reason(reason, "move_reason", &mut errors);
    errors.or(())?;
    exactly_one(store::set_hours(c, id, from, to)?)?;
    record_change(c, id, ChangeKind::Moved, reason.as_str(), (by_id, act.now))?;
    let moved = causes::shift(&detail.ramp, id, ("moved", to.starts_at()));
    notify::tell_all(c, act, &moved, causes::on_shift(shift))?;
    let hours = |h: Hours| json!([h.starts_at().iso(), h.ends_at().iso()]);
    let details = json!({ "from": hours(from), "to": hours(to), "reason": reason.as_str() });
    audit::record(c, act, entry(detail, "shift.moved").details(details))
}

/// Changes the brief of a shift.
///
/// Errors: As [`ShiftDetail::may_arrange`]; [`Error::Conflict`] when it is no longer planned; [`Error::Invalid`]
/// without a reason.
pub fn rebrief(c: &mut Conn, act: &Act, id: i64, brief: &Brief, reason: &Reason) -> Result<()> {
    let (detail, by_id) = lock_for_step(c, act, id, Step::Brief)?;
    let mut errors = FieldErrors::default();
    require_reason(reason, "brief_reason", &mut errors);
    errors.or(())?;
    exactly_one(store::set_brief(c, id, brief)?)?;
    let change = ChangeKind::Briefed;
    record_change(c, id, change, reason.as_str(), (by_id, act.now))?;
    let shift = &detail.shift;
    let before = json!({
        "may_page": shift.may_page,
        "runbooks": shift.runbooks,
        "learner_job": shift.learner_job,
        "who_may_touch": shift.who_may_touch,
    });
    let details = json!({ "from": before, "to": brief_details(brief), "reason": reason.as_str() });
    audit::record(c, act, entry(&detail, "shift.rebriefed").details(details))
}

/// Errors: As [`ShiftDetail::may_arrange`]; [`Error::Conflict`] when it is no longer planned; [`Error::Invalid`]
/// without a reason.
pub fn cancel(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<()> {
    let (detail, by_id) = lock_for_step(c, act, id, Step::Cancel)?;
    detail.may_cancel(&act.actor, act.now)?;
    let mut errors = FieldErrors::default();
    require_reason(reason, "cancel_reason", &mut errors);
    errors.or(())?;
    put_off(c, act, &detail, (by_id, reason))
}

/// Cancels a locked shift that is planned, for somebody who may.
pub fn put_off(
    c: &mut Conn,
    act: &Act,
    detail: &ShiftDetail,
    (by_id, reason): (i64, &Reason),
) -> Result<()> {
    let id = detail.shift.id;
    exactly_one(store::cancel(c, id)?)?;
    let change = ChangeKind::Cancelled;
    record_change(c, id, change, reason.as_str(), (by_id, act.now))?;
    let at = detail.shift.starts_at;
    let cancelled = causes::shift(&detail.ramp, id, ("cancelled", at));
    notify::tell_all(c, act, &cancelled, causes::on_shift(&detail.shift))?;
    for kind in [Kind::DebriefDue, Kind::ShiftRuns] {
        notify::done(c, act, kind, &format!("shift:{id}"))?;
    }
    let details = json!({
        "starts_at": detail.shift.starts_at.iso(),
        "ends_at": detail.shift.ends_at.iso(),
        "reason": reason.as_str(),
    });
    audit::record(c, act, entry(detail, "shift.cancelled").details(details))
}

/// Cancels the shifts that have not begun on a ramp that closes, in the same transaction. Returns them for the audit
/// entry of the closing. A shift that has begun still waits for its debrief.
pub fn cancel_planned(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    reason: &str,
    by_id: i64,
) -> Result<Vec<i64>> {
    let mut cancelled = Vec::new();
    for shift in dossier.shifts.iter().filter(|s| s.starts_at > act.now) {
        if store::cancel(c, shift.id)? {
            record_change(c, shift.id, ChangeKind::Cancelled, reason, (by_id, act.now))?;
            let told = causes::shift(&dossier.ramp, shift.id, ("cancelled", shift.starts_at));
            notify::tell_all(c, act, &told, [dossier.ramp.mentee_id, shift.with_id])?;
            cancelled.push(shift.id);
        }
    }
    Ok(cancelled)
}

/// A locked shift, if the actor may arrange it and its state allows the step; and the actor's row.
fn lock_for_step(c: &mut Conn, act: &Act, id: i64, wanted: Step) -> Result<(ShiftDetail, i64)> {
    let detail = ShiftDetail::lock(c, id, &act.actor)?;
    detail.may_arrange(&act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    allow(c, (&act.actor, act.now), &detail, wanted)?;
    Ok((detail, by_id))
}

/// Checks that the state of the shift allows the step.
///
/// Errors: [`Error::Conflict`] that says who did what meanwhile, and when.
pub fn allow(
    c: &mut Conn,
    who: (&Actor, UtcTime),
    detail: &ShiftDetail,
    wanted: Step,
) -> Result<()> {
    let Err(why) = step(&detail.shift, wanted, who.1) else {
        return Ok(());
    };
    let shift = &detail.shift;
    let sentence = match why {
        Denied::Is(ShiftState::Planned) => "This shift has no debrief yet.".into(),
        Denied::Is(_) => {
            let last = store::changes(c, shift.id)?.pop();
            let Some(last) = last else {
                return Err(Error::fault("a closed shift without a change"));
            };
            format!(
                "{} {} on {}. Your change was not saved.",
                people::store::name_of(c, Some(last.by_id))?,
                match last.kind {
                    ChangeKind::Cancelled => "cancelled this shift",
                    ChangeKind::Corrected => "corrected the debrief of this shift",
                    _ => "debriefed this shift",
                },
                who.0.moment(last.at, who.1)
            )
        }
        Denied::NotBegun => format!(
            "This shift begins on {}.",
            who.0.moment(shift.starts_at, who.1)
        ),
        Denied::Runs => format!(
            "This shift runs until {}. If it ended sooner, move its end first.",
            who.0.moment(shift.ends_at, who.1)
        ),
        Denied::NoLedger => {
            "A shadow shift has no ledger: the mentee watches, and takes no alert.".into()
        }
    };
    Err(Error::Conflict(sentence))
}

pub fn record_change(
    c: &mut Conn,
    id: i64,
    kind: ChangeKind,
    reason: &str,
    (by_id, at): (i64, UtcTime),
) -> Result<()> {
    let change = Change {
        kind,
        reason: reason.to_owned(),
        by_id,
        at,
    };
    store::insert_change(c, id, &change)
}

pub fn entry(detail: &ShiftDetail, action: &'static str) -> Entry {
    Entry::new(action, format!("shift:{}", detail.shift.id))
        .person(detail.shift.mentee_id)
        .area(detail.shift.area_id)
}

fn require_reason(reason: &Reason, field: &str, errors: &mut FieldErrors) {
    if reason.is_empty() {
        errors.add(field, "Say why, in a few words.");
    }
}

fn brief_details(brief: &Brief) -> Value {
    json!({
        "may_page": brief.may_page.as_str(),
        "runbooks": brief.runbooks.as_str(),
        "learner_job": brief.learner_job.as_str(),
        "who_may_touch": brief.who_may_touch.as_str(),
    })
}
