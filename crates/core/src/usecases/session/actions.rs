//! Recording a session, and who may do it.

use serde_json::json;

use crate::db::types::UtcTime;
use crate::db::{Conn, exactly_one};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::Kind;
use crate::domain::people::Actor;
use crate::domain::ramp::work;
use crate::domain::session::lifecycle::{ChangeKind, Denied, Step, step};
use crate::domain::session::model::Session;
use crate::domain::session::store::{Change, Held};
use crate::domain::session::{NewSession, SessionState, check_start, next, store};
use crate::domain::standard::Group;
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::hook;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::{discussed, overlap};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub id: i64,
    pub mentee: String,
    /// The group to assess first; `None` when the standard has no competencies.
    pub assess_first: Option<Group>,
}

/// Records a held session, planned or not.
///
/// Errors: [`Error::Forbidden`] for everyone but a mentor of the ramp, [`Error::Conflict`] when the ramp is closed or
/// the plan is no longer open, [`Error::Invalid`] when start or observations do not fit the ramp.
pub fn record(c: &mut Conn, act: &Act, ramp_id: i64, new: &NewSession) -> Result<Recorded> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    may_record(&dossier, &act.actor)?;
    let mentor_id = act.actor.id.ok_or(Error::SignedOut)?;
    let plan = match new.plan_id {
        Some(id) => Some(session_of(&dossier, id)?.clone()),
        None => None,
    };
    if let Some(plan) = &plan {
        step(plan, Step::Hold, act.now).or_else(|why| refuse(c, act, &dossier, plan, why))?;
    }
    check(&dossier, act, new)?;
    overlap::ask(c, act, &dossier, new, None)?;
    let stored = plan.as_ref().and_then(|p| p.postmortem_id);
    let named = (new.kind, new.postmortem_id);
    discussed::check(c, dossier.ramp.area_id, named, stored)?
        .map_err(|sentence| Error::field("postmortem", sentence))?;
    if let Some(plan) = &plan {
        exactly_one(store::supersede(c, plan.id, act.now)?)?;
    }
    let held = Held {
        ramp_id,
        mentor_id,
        new,
        agenda: plan.as_ref().map_or("", |p| p.agenda.as_str()),
        supersedes_id: new.plan_id,
        recorded_by: mentor_id,
        recorded_at: act.now,
    };
    let id = store::insert_held(c, &held)?;
    store::insert_change(
        c,
        &Change {
            from_at: plan.as_ref().map(|p| p.starts_at),
            to_at: Some(new.starts_at),
            ..change(id, ChangeKind::Held, mentor_id, act.now)
        },
    )?;
    let mut done = Vec::new();
    for action in &dossier.next_actions {
        // Someone may have ticked it off meanwhile. It is done either way.
        if new.done.contains(&action.id) {
            next::store::tick(c, action.id, mentor_id, Some(id), act.now)?;
            done.push(action.id);
        }
    }
    next::store::insert(c, (ramp_id, id), &new.next_actions, &[], act.now)?;
    let content = &dossier.standard.content;
    let practised = content
        .competencies
        .iter()
        .find(|c| new.observations.contains_key(&c.code));
    let recorded = Recorded {
        id,
        mentee: dossier.mentee().name.to_owned(),
        assess_first: practised
            .map(|c| c.group)
            .or_else(|| content.groups().first().copied()),
    };
    let told = causes::session(Kind::SessionRecorded, &dossier.ramp, id, new.starts_at);
    notify::tell(c, act, &told, causes::everyone(&dossier))?;
    let event = Event::new(Told::Held, id, dossier.area.id, act.now);
    hook::publish(c, &event, act.now)?;
    if let Some(plan) = &plan {
        notify::done(
            c,
            act,
            Kind::SessionToRecord,
            &format!("session:{}", plan.id),
        )?;
    }
    let mut details = details(new);
    if let Some(map) = details.as_object_mut() {
        map.insert("ramp".into(), json!(ramp_id));
        map.insert("plan".into(), json!(new.plan_id));
        map.insert("done".into(), json!(done));
    }
    audit::record(c, act, entry(&dossier, "session.recorded", id, details))?;
    Ok(recorded)
}

/// Checks the input against the ramp.
///
/// Errors: [`Error::Invalid`] with everything that does not fit.
pub fn check(dossier: &Dossier, act: &Act, new: &NewSession) -> Result<()> {
    let content = &dossier.standard.content;
    let mut errors = FieldErrors::default();
    if let Err(sentence) = check_start(new.starts_at, act.now, dossier.ramp.created_at) {
        errors.add("starts_at", sentence);
    }
    if new
        .observations
        .keys()
        .any(|code| content.competency(code).is_none())
    {
        errors.add(
            "",
            "A competency you marked is not part of this ramp's standard. Load the page again.",
        );
    }
    errors.or(())
}

pub fn details(new: &NewSession) -> serde_json::Value {
    let actions: Vec<_> = new.next_actions.iter().map(|w| w.as_str()).collect();
    json!({
        "kind": new.kind,
        "starts_at": new.starts_at.iso(),
        "minutes": new.minutes.number(),
        "summary": new.summary.as_str(),
        "next_actions": actions,
        "observations": new.observations,
        "postmortem": new.postmortem_id,
    })
}

pub fn entry(
    dossier: &Dossier,
    action: &'static str,
    id: i64,
    details: serde_json::Value,
) -> Entry {
    Entry::new(action, format!("session:{id}"))
        .person(dossier.ramp.mentee_id)
        .area(dossier.ramp.area_id)
        .details(details)
}

/// A change to store, without times and reason.
pub fn change(session_id: i64, kind: ChangeKind, by_id: i64, at: UtcTime) -> Change {
    Change {
        session_id,
        kind,
        from_at: None,
        to_at: None,
        absent: None,
        reason: String::new(),
        by_id,
        at,
    }
}

pub fn session_of(dossier: &Dossier, id: i64) -> Result<&Session> {
    dossier
        .sessions
        .iter()
        .find(|s| s.id == id)
        .ok_or(Error::NotFound("session"))
}

/// Says why a step is refused: who did what meanwhile, and when.
pub fn refuse<T>(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    session: &Session,
    why: Denied,
) -> Result<T> {
    let later = dossier
        .sessions
        .iter()
        .find(|s| s.supersedes_id == Some(session.id) && s.undone_at.is_none());
    let describe = |by: i64, verb: &str, at: UtcTime, then: &str| {
        let who = dossier.person(by).name;
        format!("{who} {verb} this session on {}. {then}", act.moment(at))
    };
    let last = store::changes(c, &[session.id])?.pop();
    let sentence = match (why, later, last) {
        (Denied::Superseded, Some(later), _) => {
            let verb = match session.state {
                SessionState::Held => "corrected",
                _ => "recorded",
            };
            let then = "Your change was not saved: look at that record first.";
            describe(later.recorder(), verb, later.recorded_at, then)
        }
        (Denied::Undone | Denied::Is(_), _, Some(last)) => {
            let verb = match last.kind {
                ChangeKind::Undone => "took back",
                ChangeKind::Cancelled => "cancelled",
                _ => "closed",
            };
            describe(last.by_id, verb, last.at, "It stays as it is.")
        }
        (Denied::NotBegun, ..) => {
            "This session has not begun. Move it or cancel it instead.".into()
        }
        (Denied::TooLate, ..) => {
            "A session can be undone for ten minutes after it was recorded. Correct it instead: the original stays \
             readable."
                .into()
        }
        (Denied::NotHeld, ..) => "Only a recorded session can be undone or corrected.".into(),
        _ => "This session has changed in the meantime. Look at it again.".into(),
    };
    Err(Error::Conflict(sentence))
}

/// Only mentors of an open ramp may record: [`work::may_record`].
pub fn may_record(dossier: &Dossier, actor: &Actor) -> Result<()> {
    match work::may_record(&dossier.parties, dossier.ramp.state, actor) {
        Ok(()) => Ok(()),
        Err(work::Denied::Who) => Err(Error::Forbidden(format!(
            "Sessions with {} in {} can be recorded only by the mentors of this ramp: {}.",
            dossier.mentee().name,
            dossier.area.name,
            mentors(dossier)
        ))),
        Err(work::Denied::State) => {
            require_open(dossier)?;
            Err(Error::Conflict("This ramp is not accepted yet.".into()))
        }
    }
}

/// Requires an accepted and open ramp.
///
/// Errors: [`Error::Conflict`] with the day the ramp was closed, or who has not accepted it yet.
pub fn require_open(dossier: &Dossier) -> Result<()> {
    match dossier.ramp.closed_at {
        None => dossier.require_accepted(),
        Some(at) => Err(Error::Conflict(format!(
            "{}’s ramp in {} was closed on {} ({}). Its record stays as it was then.",
            dossier.mentee().name,
            dossier.area.name,
            at.day().words(),
            dossier.ramp.state.label().to_lowercase()
        ))),
    }
}

pub fn is_party(dossier: &Dossier, actor: &Actor) -> bool {
    dossier.parties.is_mentee(actor) || dossier.parties.is_mentor(actor)
}

pub fn parties(dossier: &Dossier) -> String {
    format!("{} and {}", dossier.mentee().name, mentors(dossier))
}

/// Names of the current mentors, in words.
pub fn mentors(dossier: &Dossier) -> String {
    let names: Vec<_> = dossier
        .parties
        .mentors
        .iter()
        .map(|id| dossier.person(*id).name)
        .collect();
    if names.is_empty() {
        "nobody now".into()
    } else {
        names.join(" and ")
    }
}
