//! Planning, moving and cancelling a session, and recording a no-show.

use serde_json::json;

use crate::db::types::UtcTime;
use crate::db::{Conn, exactly_one};
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::calendar::difference::{News, news};
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::Kind;
use crate::domain::people::Actor;
use crate::domain::ramp::store::pairs;
use crate::domain::ramp::work;
use crate::domain::session::lifecycle::{ChangeKind, Step, step};
use crate::domain::session::model::Session;
use crate::domain::session::plan::{Absent, NewPlan, check_ahead, holder, overlapping};
use crate::domain::session::store::Change;
use crate::domain::session::{SessionState, store};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::hook;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::actions::{
    change, entry, is_party, parties, refuse, require_open, session_of,
};
use crate::usecases::session::discussed;
use crate::words::Words;

/// Free text; may be empty.
pub type Reason = Words<500>;

/// The mentee and the mentors of an open ramp may change what they agreed on.
pub fn may_arrange(dossier: &Dossier, actor: &Actor) -> Result<()> {
    if !is_party(dossier, actor) {
        return Err(Error::Forbidden(format!(
            "Only the people who hold the sessions of this ramp can arrange them: {}.",
            parties(dossier)
        )));
    }
    require_open(dossier)
}

/// They may plan sessions while the clock of the ramp runs: [`work::may_plan`].
///
/// Errors: As [`may_arrange`], and [`Error::Conflict`] on a ramp that is not accepted or is paused.
pub fn may_plan(dossier: &Dossier, actor: &Actor) -> Result<()> {
    let state = dossier.ramp.state;
    if work::may_plan(&dossier.parties, state, actor).is_ok() {
        return Ok(());
    }
    may_arrange(dossier, actor)?;
    Err(Error::Conflict(format!(
        "Sessions can be planned only on a running ramp. This one is {}.",
        state.label().to_lowercase()
    )))
}

/// Returns the row of the new session.
///
/// Errors: As [`may_plan`]; [`Error::Invalid`] when the time is past or taken, or mentor and topics do not belong to
/// this ramp.
pub fn plan(c: &mut Conn, act: &Act, ramp_id: i64, new: &NewPlan) -> Result<i64> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    may_plan(&dossier, &act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let content = &dossier.standard.content;
    let mut errors = FieldErrors::default();
    if let Err(sentence) = check_time(&dossier, act, new.starts_at, new.minutes.number(), None) {
        errors.add("starts_at", sentence);
    }
    let mentors = &dossier.parties.mentors;
    let usual = mentors.iter().find(|m| **m == by_id).or(mentors.first());
    let mentor = new.mentor_id.or(usual.copied());
    let mentor = mentor.filter(|m| mentors.contains(m));
    if mentor.is_none() {
        errors.add("mentor", "Choose one of the mentors of this ramp.");
    }
    let known = |code: &String| content.competency(code).is_some() || content.item(code).is_some();
    if !new.topics.iter().all(known) {
        errors.add(
            "topic",
            "Something you chose is not part of this ramp's standard. Load the page again.",
        );
    }
    let named = (new.kind, new.postmortem_id);
    if let Err(sentence) = discussed::check(c, dossier.ramp.area_id, named, None)? {
        errors.add("postmortem", sentence);
    }
    errors.or(())?;
    let mentor_id = mentor.unwrap_or_default();
    let id = store::insert_plan(c, ramp_id, mentor_id, new, by_id, act.now)?;
    store::insert_change(
        c,
        &Change {
            to_at: Some(new.starts_at),
            ..change(id, ChangeKind::Planned, by_id, act.now)
        },
    )?;
    let planned = causes::session(Kind::SessionPlanned, &dossier.ramp, id, new.starts_at);
    notify::tell(c, act, &planned, [mentor_id, dossier.ramp.mentee_id])?;
    let event = Event::new(Told::Planned, id, dossier.area.id, act.now);
    hook::publish(c, &event, act.now)?;
    let details = json!({
        "ramp": ramp_id,
        "mentor": mentor_id,
        "kind": new.kind,
        "starts_at": new.starts_at.iso(),
        "minutes": new.minutes.number(),
        "agenda": new.agenda.as_str(),
        "topics": new.topics,
        "postmortem": new.postmortem_id,
    });
    audit::record(c, act, entry(&dossier, "session.planned", id, details))?;
    Ok(id)
}

/// A session must be in the future, at a time when no other is planned.
fn check_time(
    dossier: &Dossier,
    act: &Act,
    starts_at: UtcTime,
    minutes: i32,
    except: Option<i64>,
) -> std::result::Result<(), String> {
    check_ahead(starts_at, act.now)?;
    match overlapping(&dossier.plans, starts_at, minutes, except) {
        None => Ok(()),
        Some(other) => Err(format!(
            "Another session of yours is planned for {} already.",
            act.moment(other.starts_at)
        )),
    }
}

/// A session on its locked ramp, if the actor may arrange it and its state allows the step.
fn lock_for_step(c: &mut Conn, act: &Act, id: i64, wanted: Step) -> Result<(Dossier, Session)> {
    let ramp_id = store::by_id(c, id)?.ramp_id;
    let dossier = Dossier::lock_of(c, ramp_id, act, "session")?;
    may_arrange(&dossier, &act.actor)?;
    let session = session_of(&dossier, id)?.clone();
    step(&session, wanted, act.now).or_else(|why| refuse(c, act, &dossier, &session, why))?;
    Ok((dossier, session))
}

/// Moves a session from the time the form showed.
///
/// Errors: As [`may_arrange`]; [`Error::Conflict`] when it is no longer planned, or someone moved it meanwhile;
/// [`Error::Invalid`] when the new time is not possible.
pub fn reschedule(
    c: &mut Conn,
    act: &Act,
    id: i64,
    (from, to): (UtcTime, UtcTime),
    reason: &Reason,
) -> Result<()> {
    let (dossier, session) = lock_for_step(c, act, id, Step::Move)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    if session.starts_at != from {
        let last = store::changes(c, &[id])?.pop();
        let who = last.map_or("someone", |l| dossier.person(l.by_id).name);
        return Err(Error::Conflict(format!(
            "{who} moved this session to {} in the meantime. Look at it again.",
            act.moment(session.starts_at)
        )));
    }
    if from == to {
        return Err(Error::field("starts_at", "It is planned for then already."));
    }
    check_time(&dossier, act, to, session.minutes, Some(id))
        .map_err(|sentence| Error::field("starts_at", sentence))?;
    exactly_one(store::move_plan(c, id, from, to)?)?;
    store::insert_change(
        c,
        &Change {
            from_at: Some(from),
            to_at: Some(to),
            reason: reason.as_str().to_owned(),
            ..change(id, ChangeKind::Moved, by_id, act.now)
        },
    )?;
    let moved = causes::session(Kind::SessionMoved, &dossier.ramp, id, to);
    notify::tell_all(c, act, &moved, held_by(&dossier, &session))?;
    let details = json!({ "from": from.iso(), "to": to.iso(), "reason": reason.as_str() });
    audit::record(c, act, entry(&dossier, "session.moved", id, details))
}

/// Errors: As [`may_arrange`]; [`Error::Conflict`] when it is no longer planned, [`Error::Invalid`] without a reason.
pub fn cancel(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<()> {
    let (dossier, session) = lock_for_step(c, act, id, Step::Cancel)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    if reason.is_empty() {
        return Err(Error::field("cancel_reason", "Say why, in a few words."));
    }
    exactly_one(store::close_plan(c, id, SessionState::Cancelled)?)?;
    store::insert_change(
        c,
        &Change {
            from_at: Some(session.starts_at),
            reason: reason.as_str().to_owned(),
            ..change(id, ChangeKind::Cancelled, by_id, act.now)
        },
    )?;
    let at = session.starts_at;
    let cancelled = causes::session(Kind::SessionCancelled, &dossier.ramp, id, at);
    notify::tell_all(c, act, &cancelled, held_by(&dossier, &session))?;
    notify::done(c, act, Kind::SessionToRecord, &format!("session:{id}"))?;
    let details = json!({ "starts_at": session.starts_at.iso(), "reason": reason.as_str() });
    audit::record(c, act, entry(&dossier, "session.cancelled", id, details))
}

/// The two who hold a session.
fn held_by(dossier: &Dossier, session: &Session) -> [i64; 2] {
    let mentor = holder(session.mentor_id, &dossier.parties.mentors);
    [mentor, dossier.ramp.mentee_id]
}

/// Tells who holds which future session after the mentors of the ramp changed, in the transaction that changed them.
/// `dossier` is from before.
pub fn hand_over(c: &mut Conn, act: &Act, dossier: &Dossier) -> Result<()> {
    let mentee = dossier.ramp.mentee_id;
    let (was, is) = (
        &dossier.parties.mentors,
        pairs::mentors_of(c, dossier.ramp.id)?,
    );
    for plan in dossier.plans.iter().filter(|p| !p.is_due(act.now)) {
        let held_by = |mentors: &[i64]| {
            let mentor = holder(plan.mentor_id, mentors);
            [(mentor, mentor), (mentee, mentor)]
        };
        for (person, what) in news(&held_by(was), &held_by(&is)) {
            let to = match what {
                News::Joined => "you",
                News::Changed | News::Left => "another mentor",
            };
            let kind = Kind::SessionHandedOver;
            let told = causes::session(kind, &dossier.ramp, plan.id, plan.starts_at).titled(to);
            notify::tell_all(c, act, &told, [person])?;
        }
    }
    Ok(())
}

/// Cancels all planned sessions of a ramp that closes, in the same transaction. Returns the sessions for the audit
/// entry of the closing.
pub fn cancel_planned(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    reason: &str,
    by_id: i64,
) -> Result<Vec<i64>> {
    let mut cancelled = Vec::new();
    for session in &dossier.plans {
        if store::close_plan(c, session.id, SessionState::Cancelled)? {
            let change_to_store = Change {
                from_at: Some(session.starts_at),
                reason: reason.to_owned(),
                ..change(session.id, ChangeKind::Cancelled, by_id, act.now)
            };
            store::insert_change(c, &change_to_store)?;
            let (kind, at) = (Kind::SessionCancelled, session.starts_at);
            let told = causes::session(kind, &dossier.ramp, session.id, at);
            let mentor = holder(session.mentor_id, &dossier.parties.mentors);
            notify::tell_all(c, act, &told, [mentor, dossier.ramp.mentee_id])?;
            cancelled.push(session.id);
        }
    }
    Ok(cancelled)
}

/// Records who did not come, once the session has begun.
///
/// Errors: As [`may_arrange`]; [`Error::Conflict`] when it is no longer planned or has not begun.
pub fn no_show(c: &mut Conn, act: &Act, id: i64, absent: Absent, note: &Reason) -> Result<()> {
    let (dossier, session) = lock_for_step(c, act, id, Step::NoShow)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    exactly_one(store::close_plan(c, id, SessionState::NoShow)?)?;
    store::insert_change(
        c,
        &Change {
            from_at: Some(session.starts_at),
            absent: Some(absent),
            reason: note.as_str().to_owned(),
            ..change(id, ChangeKind::NoShow, by_id, act.now)
        },
    )?;
    notify::done(c, act, Kind::SessionToRecord, &format!("session:{id}"))?;
    let details = json!({
        "starts_at": session.starts_at.iso(),
        "absent": absent,
        "reason": note.as_str(),
    });
    audit::record(c, act, entry(&dossier, "session.no_show", id, details))
}
