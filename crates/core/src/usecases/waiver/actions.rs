//! Asking for a waiver, deciding it, revoking it.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::people::Actor;
use crate::domain::ramp::RampState;
use crate::domain::signoff::Key;
use crate::domain::signoff::Note;
use crate::domain::signoff::independent::Exception;
pub use crate::domain::waiver::form::{Decision, WaiverRequest};
use crate::domain::waiver::model::Waiver;
use crate::domain::waiver::store;
use crate::domain::waiver::store::{Decided, NewWaiver};
use crate::domain::waiver::{WaiverState, can_waive, holding, label, moves, parts, state, waiting};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::home::waiting::causes::waiver_waits;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::signoff::actions::{hold_clearances, permit_independent};

/// Asks for a waiver; returns its row.
///
/// Errors: [`Error::Forbidden`] unless the actor is the mentee or a mentor of the ramp; [`Error::Conflict`] while a
/// sign-off is open, when the ramp is not open, or when the same waiver is pending; [`Error::Invalid`] when it cannot
/// be waived, or is waived for as long already.
pub fn ask(c: &mut Conn, act: &Act, ramp_id: i64, asked: &WaiverRequest) -> Result<i64> {
    let today = act.now.day();
    let dossier = Dossier::lock(c, ramp_id, today)?;
    let by = may_ask(&dossier, &act.actor)?;
    movable(&dossier)?;
    let content = &dossier.standard.content;
    can_waive(&asked.excused, content, &dossier.readiness)
        .map_err(|sentence| Error::field("subject", sentence))?;
    if let Some(open) = waiting(&dossier.waivers, &asked.excused, today) {
        return Err(Error::Conflict(format!(
            "{} asked for this waiver already, until {}. It waits to be decided.",
            dossier.person(open.asked_by).name,
            open.ends_on.words()
        )));
    }
    if let Some(held) = holding(&dossier.waivers, &asked.excused, today)
        && held.ends_on >= asked.ends_on
    {
        return Err(Error::field(
            "ends_on",
            format!("It is waived until {} already.", held.ends_on.words()),
        ));
    }
    let (subject, code) = parts(&asked.excused);
    let new = NewWaiver {
        ramp_id,
        subject,
        code,
        reason: asked.reason.as_str(),
        asked_until: asked.ends_on,
        ends_on: asked.ends_on,
        asked_by: by,
        asked_at: act.now,
    };
    let id = store::insert(c, &new)?;
    let details = json!({
        "waiver": id, "what": label(&asked.excused, content), "ends_on": asked.ends_on.to_string(),
        "reason": asked.reason.as_str(),
    });
    let key = (Key::Second, None);
    let to = notify::key_holders(c, act, ramp_id, key)?;
    notify::tell(c, act, &waiver_waits(&dossier.ramp), to)?;
    audit::record(c, act, entry("waiver.asked", &dossier).details(details))?;
    Ok(id)
}

/// Decides a pending waiver: grants it until the requested day or an earlier one, or refuses it.
///
/// Errors: [`Error::Forbidden`] unless the actor is independent; [`Error::Conflict`] when it is decided or over, a
/// sign-off is open, or the ramp is not open; [`Error::Invalid`] when the last day is later than the requested one.
pub fn decide(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    id: i64,
    decision: &Decision,
) -> Result<WaiverState> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by = permit(c, act, &dossier)?;
    movable(&dossier)?;
    let waiver = of(c, ramp_id, id)?;
    require(c, act, &waiver, WaiverState::Pending)?;
    let (granted, ends_on, note) = match decision {
        Decision::Grant { ends_on, note } => (true, *ends_on, note),
        Decision::Refuse(note) => (false, waiver.ends_on, note),
    };
    if ends_on > waiver.asked_until {
        return Err(Error::field(
            "ends_on",
            format!(
                "It was asked for until {}; a waiver may end sooner, not later.",
                waiver.asked_until.words()
            ),
        ));
    }
    let decided = Decided {
        granted,
        ends_on,
        by,
        at: act.now,
        note: note.as_str(),
    };
    if !store::decide(c, id, decided)? {
        let now = of(c, ramp_id, id)?;
        return Err(overtaken(c, act, &now)?);
    }
    tell_decided(
        c,
        act,
        &dossier,
        if granted { "granted" } else { "refused" },
    )?;
    let (action, state) = if granted {
        ("waiver.granted", WaiverState::Active)
    } else {
        ("waiver.refused", WaiverState::Refused)
    };
    let details = json!({
        "waiver": id, "what": label(&waiver.excused(), &dossier.standard.content),
        "asked_until": waiver.asked_until.to_string(), "ends_on": ends_on.to_string(), "note": note.as_str(),
    });
    audit::record(c, act, entry(action, &dossier).details(details))?;
    Ok(state)
}

/// Revokes a waiver before its end: the item or gate it excused is open again.
///
/// Errors: [`Error::Forbidden`] unless the actor is independent; [`Error::Conflict`] when it is not active, a sign-off
/// is open, or the ramp is not open.
pub fn revoke(c: &mut Conn, act: &Act, ramp_id: i64, id: i64, reason: &Note) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by = permit(c, act, &dossier)?;
    movable(&dossier)?;
    let waiver = of(c, ramp_id, id)?;
    require(c, act, &waiver, WaiverState::Active)?;
    if !store::revoke(c, id, by, reason.as_str(), act.now)? {
        let now = of(c, ramp_id, id)?;
        return Err(overtaken(c, act, &now)?);
    }
    tell_decided(c, act, &dossier, "revoked")?;
    let details = json!({
        "waiver": id, "what": label(&waiver.excused(), &dossier.standard.content), "reason": reason.as_str(),
        "ends_on": waiver.ends_on.to_string(),
    });
    audit::record(c, act, entry("waiver.revoked", &dossier).details(details))
}

/// Tells mentee and mentors what was decided. Others no longer have to decide, unless another waiver waits.
fn tell_decided(c: &mut Conn, act: &Act, dossier: &Dossier, how: &str) -> Result<()> {
    let ramp = &dossier.ramp;
    let cause = causes::ramp(Kind::WaiverDecided, ramp, "/waivers").titled(how);
    notify::tell(c, act, &cause, causes::everyone(dossier))?;
    let today = act.now.day();
    let mut all = store::of_ramp(c, ramp.id)?.into_iter();
    if all.any(|w| state(&w, today) == WaiverState::Pending) {
        return Ok(());
    }
    notify::done(c, act, Kind::WaiverAsked, &format!("ramp:{}", ramp.id))
}

/// The mentee or a current mentor of the ramp may ask.
///
/// Errors: [`Error::Forbidden`] with who may.
pub fn may_ask(dossier: &Dossier, actor: &Actor) -> Result<i64> {
    let parties = &dossier.parties;
    let is_theirs = parties.is_mentee(actor) || parties.is_mentor(actor);
    actor.id.filter(|_| is_theirs).ok_or_else(|| {
        Error::Forbidden(format!(
            "Only {} or a mentor of this ramp can ask for a waiver.",
            dossier.mentee().name
        ))
    })
}

/// Waivers change only on an open ramp without an open sign-off.
///
/// Errors: [`Error::Conflict`] with the state it is in.
pub fn movable(dossier: &Dossier) -> Result<()> {
    dossier.require_accepted()?;
    if moves(dossier.ramp.state) {
        return Ok(());
    }
    if dossier.ramp.state == RampState::InReview {
        return Err(Error::Conflict(
            "A sign-off of this ramp is being decided. What it rests on cannot change until \
             it is granted, returned or withdrawn."
                .into(),
        ));
    }
    Err(Error::Conflict(
        "This ramp is closed; its waivers stay as they are.".into(),
    ))
}

fn permit(c: &mut Conn, act: &Act, dossier: &Dossier) -> Result<i64> {
    hold_clearances(c, &act.actor, &[])?;
    permit_independent(c, (&act.actor, act.now.day()), dossier, Exception::Waiver)
}

/// A waiver of that ramp. The caller holds the lock of the ramp.
fn of(c: &mut Conn, ramp_id: i64, id: i64) -> Result<Waiver> {
    let mut all = store::of_ramp(c, ramp_id)?.into_iter();
    all.find(|w| w.id == id).ok_or(Error::NotFound("waiver"))
}

fn require(c: &mut Conn, act: &Act, waiver: &Waiver, needed: WaiverState) -> Result<()> {
    if state(waiver, act.now.day()) == needed {
        Ok(())
    } else {
        Err(overtaken(c, act, waiver)?)
    }
}

/// The waiver is not as the form showed it: says who changed it and when, or that its day has passed.
fn overtaken(c: &mut Conn, act: &Act, waiver: &Waiver) -> Result<Error> {
    let (who, what, at) = match state(waiver, act.now.day()) {
        WaiverState::Pending => {
            return Ok(Error::Conflict(
                "Nobody has decided on this waiver yet. Your change was not saved.".into(),
            ));
        }
        WaiverState::Expired => {
            return Ok(Error::Conflict(format!(
                "This waiver ended on {}. Your change was not saved.",
                waiver.ends_on.words()
            )));
        }
        WaiverState::Active => (waiver.decided_by, "granted this waiver", waiver.decided_at),
        WaiverState::Refused => (waiver.decided_by, "refused this waiver", waiver.decided_at),
        WaiverState::Revoked => (waiver.revoked_by, "revoked this waiver", waiver.revoked_at),
    };
    let name = people::store::name_of(c, who)?;
    let when = at.map(|at| format!(" on {}", act.moment(at)));
    Ok(Error::Conflict(format!(
        "{name} {what}{}. Your change was not saved.",
        when.unwrap_or_default()
    )))
}

fn entry(action: &'static str, dossier: &Dossier) -> Entry {
    Entry::new(action, format!("ramp:{}", dossier.ramp.id))
        .person(dossier.ramp.mentee_id)
        .area(dossier.area.id)
}
