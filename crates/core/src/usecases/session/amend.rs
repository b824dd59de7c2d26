//! Undoing a fresh record, and correcting an older one. The original stays in both cases.

use serde_json::json;

use crate::db::{Conn, exactly_one};
use crate::domain::assessment::{Stream, counting};
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::people::Actor;
use crate::domain::ramp::PairingRole;
use crate::domain::session::difference::{Snapshot, differences};
use crate::domain::session::lifecycle::{ChangeKind, Step, standing, step};
use crate::domain::session::model::Session;
use crate::domain::session::store::{Change, Held};
use crate::domain::session::{NewSession, next, store};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::actions::{
    change, check, details, entry, refuse, require_open, session_of,
};
use crate::usecases::session::planning::Reason;
use crate::usecases::session::{discussed, overlap};

/// Only the person who recorded the session may undo it, on an open ramp.
pub fn may_undo(dossier: &Dossier, session: &Session, actor: &Actor) -> Result<()> {
    if !actor.is(session.recorder()) {
        return Err(Error::Forbidden(format!(
            "Only the person who recorded a session can undo it: {}.",
            dossier.person(session.recorder()).name
        )));
    }
    require_unreviewed(dossier, session)
}

/// The person who recorded the session and the primary mentor may correct it, on an open ramp.
pub fn may_correct(dossier: &Dossier, session: &Session, actor: &Actor) -> Result<()> {
    let primary = dossier
        .pairings
        .iter()
        .find(|p| p.until.is_none() && p.role == PairingRole::Primary)
        .map(|p| p.mentor_id);
    let is_mentor = dossier.parties.is_mentor(actor);
    let is_recorder_or_primary =
        actor.is(session.recorder()) || primary.is_some_and(|id| actor.is(id));
    if !is_mentor || !is_recorder_or_primary {
        let recorder = dossier.person(session.recorder()).name;
        let or = match primary.filter(|id| *id != session.recorder()) {
            Some(id) => format!(" or by the primary mentor, {}", dossier.person(id).name),
            None => String::new(),
        };
        return Err(Error::Forbidden(format!(
            "This session can be corrected only by {recorder}, who recorded it, while they mentor this ramp{or}."
        )));
    }
    require_unreviewed(dossier, session)
}

/// Requires an open ramp. A session that an open sign-off rests on cannot change until the decision.
fn require_unreviewed(dossier: &Dossier, session: &Session) -> Result<()> {
    require_open(dossier)?;
    match dossier.open_signoff() {
        None => Ok(()),
        Some(signoff) if session.recorded_at >= signoff.requested_at => Ok(()),
        Some(_) => Err(Error::Conflict(
            "A sign-off of this ramp is being decided. You can amend its record after it is decided or withdrawn.".into(),
        )),
    }
}

/// An assessment that rests on this very row, counting or not.
pub fn assessment_resting_on(
    dossier: &Dossier,
    session_id: i64,
) -> Option<&crate::domain::assessment::model::Assessment> {
    dossier
        .assessments
        .iter()
        .find(|a| a.evidence_session_id == Some(session_id))
}

/// Undoes the record of a session within ten minutes. The row stays and no longer counts; the session it superseded
/// counts again; the actions it ticked off are open again. Returns the session.
///
/// Errors: As [`may_undo`]; [`Error::Conflict`] when it is too late, someone corrected it, or an assessment rests on
/// it.
pub fn undo(c: &mut Conn, act: &Act, id: i64) -> Result<Session> {
    let ramp_id = store::by_id(c, id)?.ramp_id;
    let dossier = Dossier::lock_of(c, ramp_id, act, "session")?;
    let session = session_of(&dossier, id)?.clone();
    may_undo(&dossier, &session, &act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    step(&session, Step::Undo, act.now).or_else(|why| refuse(c, act, &dossier, &session, why))?;
    if let Some(judged) = assessment_resting_on(&dossier, id) {
        return Err(Error::Conflict(format!(
            "{}’s assessment of {} rests on this session already, so it cannot be undone. Correct it instead.",
            dossier.person(judged.by_id).name,
            judged.competency_code
        )));
    }
    exactly_one(store::undo(c, &session, act.now)?)?;
    if let Some(original) = session.supersedes_id {
        next::store::restore_ticks(c, id, original)?;
    }
    let reopened = next::store::reopen_done_in(c, id)?;
    store::insert_change(c, &change(id, ChangeKind::Undone, by_id, act.now))?;
    let details = json!({ "stands_again": session.supersedes_id, "reopened": reopened });
    audit::record(c, act, entry(&dossier, "session.undone", id, details))?;
    Ok(session)
}

pub fn snapshot(
    dossier: &Dossier,
    session: &Session,
    next: &[next::store::NextAction],
) -> Snapshot {
    Snapshot {
        kind: session.kind,
        starts_at: session.starts_at,
        minutes: session.minutes,
        summary: session.summary.clone(),
        postmortem_id: session.postmortem_id,
        next_actions: next
            .iter()
            .filter(|a| a.session_id == session.id)
            .map(|a| a.body.clone())
            .collect(),
        observations: dossier
            .observations
            .iter()
            .filter(|o| o.session_id == session.id)
            .map(|o| (o.competency_code.clone(), o.help_level))
            .collect(),
    }
}

/// Competencies whose counting assessment rests on this session, or on the one it corrects. A correction must keep
/// them.
pub fn required_by_assessments(dossier: &Dossier, session: &Session) -> Vec<(String, String)> {
    let streams = [Stream::Mentor, Stream::Self_];
    let content = &dossier.standard.content;
    let all = content.competencies.iter().flat_map(|competency| {
        streams.iter().filter_map(|stream| {
            let judged = counting(&dossier.assessments, &competency.code, *stream)?;
            let rests = standing(&dossier.sessions, judged.evidence_session_id?)?;
            let by = dossier.person(judged.by_id).name.to_owned();
            (rests.id == session.id).then(|| (competency.code.clone(), by))
        })
    });
    all.collect()
}

/// Replaces a recorded session by a correction; returns the new row. Evidence moves from the original to the
/// correction. The original keeps its text.
///
/// Errors: As [`may_correct`]; [`Error::Conflict`] when someone corrected or undid it, [`Error::Invalid`] when nothing
/// differs, something does not fit the ramp, or an assessment would lose its evidence.
pub fn correct(c: &mut Conn, act: &Act, id: i64, new: &NewSession, reason: &Reason) -> Result<i64> {
    let ramp_id = store::by_id(c, id)?.ramp_id;
    let dossier = Dossier::lock_of(c, ramp_id, act, "session")?;
    let session = session_of(&dossier, id)?.clone();
    may_correct(&dossier, &session, &act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    step(&session, Step::Correct, act.now)
        .or_else(|why| refuse(c, act, &dossier, &session, why))?;
    check(&dossier, act, new)?;
    overlap::ask(c, act, &dossier, new, Some(&session))?;
    let before = next::store::of_sessions(c, &[id])?;
    let before_change = snapshot(&dossier, &session, &before);
    let is = Snapshot {
        kind: new.kind,
        starts_at: new.starts_at,
        minutes: new.minutes.number(),
        summary: new.summary.as_str().to_owned(),
        next_actions: new
            .next_actions
            .iter()
            .map(|w| w.as_str().to_owned())
            .collect(),
        observations: new.observations.clone(),
        postmortem_id: new.postmortem_id,
    };
    let mut errors = FieldErrors::default();
    let named = (new.kind, new.postmortem_id);
    if let Err(sentence) = discussed::check(c, dossier.ramp.area_id, named, session.postmortem_id)?
    {
        errors.add("postmortem", sentence);
    }
    if differences(&before_change, &is).is_empty() {
        errors.add("", "Nothing here differs from what is recorded.");
    }
    let lost = required_by_assessments(&dossier, &session)
        .into_iter()
        .find(|(code, _)| !new.observations.contains_key(code));
    if let Some((code, by)) = lost {
        errors.add(
            "practised",
            format!(
                "{by}’s assessment of {code} rests on this session. Keep {code} as practised, or let it be assessed \
                 again on something else first."
            ),
        );
    }
    errors.or(())?;
    exactly_one(store::supersede(c, id, act.now)?)?;
    let held = Held {
        ramp_id,
        mentor_id: session.mentor_id,
        new,
        agenda: &session.agenda,
        supersedes_id: Some(id),
        recorded_by: by_id,
        recorded_at: act.now,
    };
    let correction = store::insert_held(c, &held)?;
    next::store::insert(
        c,
        (ramp_id, correction),
        &new.next_actions,
        &before,
        act.now,
    )?;
    store::insert_change(
        c,
        &Change {
            from_at: Some(session.starts_at),
            to_at: Some(new.starts_at),
            reason: reason.as_str().to_owned(),
            ..change(id, ChangeKind::Corrected, by_id, act.now)
        },
    )?;
    let mut details = details(new);
    if let Some(map) = details.as_object_mut() {
        map.insert("corrects".into(), json!(id));
        map.insert("reason".into(), json!(reason.as_str()));
        map.insert("ramp".into(), json!(ramp_id));
    }
    audit::record(
        c,
        act,
        entry(&dossier, "session.corrected", correction, details),
    )?;
    Ok(correction)
}
