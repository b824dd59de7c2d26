//! Adding, trying, pausing and removing a hook, and sending a message again.

use serde_json::json;

use super::message;
use crate::db::Conn;
use crate::db::locks::{self, Order};
use crate::db::types::UtcTime;
use crate::domain::audit::{self, Act, Entry, Reason};
use crate::domain::hook::form::{NewHook, joined};
use crate::domain::hook::model::Hook;
use crate::domain::hook::{Dialect, Event, Kind, MOST, Owner, may_manage, payload, store};
use crate::domain::outbox::{self, State};
use crate::domain::people::Actor;
use crate::domain::{area, people};
use crate::error::{Error, Result};

/// A hook with the name of its team or area.
#[derive(Clone, PartialEq, Eq)]
pub struct Managed {
    pub hook: Hook,
    pub of: String,
}

/// Adds a hook. Returns its row and the secret that signs for it, which nothing shows again.
///
/// Errors: [`Error::Forbidden`] unless the actor leads the team, or the team that owns the area, or is an administrator;
/// [`Error::Invalid`] when there are enough of them, or one of that name.
pub fn add(c: &mut Conn, act: &Act, new: &NewHook) -> Result<(i64, Option<String>)> {
    let (teams, areas) = match new.owner {
        Owner::Team(id) => {
            locks::lock(c, Order::Team, &[id])?;
            (vec![id], vec![])
        }
        Owner::Area(id) => {
            locks::lock(c, Order::Area, &[id])?;
            (vec![], vec![id])
        }
    };
    let of = permit(c, &act.actor, new.owner)?;
    let others = store::of(c, &teams, &areas)?;
    if others.len() >= MOST {
        let sentence = format!("{of} has {MOST} hooks. Remove one first.");
        return Err(Error::field("owner", sentence));
    }
    if others.iter().any(|hook| hook.name == new.name) {
        let sentence = format!("{of} has a hook of this name. Choose another name.");
        return Err(Error::field("name", sentence));
    }
    let secret = (new.dialect == Dialect::Signed).then(payload::fresh_secret);
    let made = (act.actor.id, act.now);
    let id = store::insert(c, new, secret.as_deref().unwrap_or_default(), made)?;
    let details = json!({
        "name": new.name, "of": of, "dialect": new.dialect, "leads_to": new.address.shown(),
        "kinds": joined(&new.kinds),
    });
    let entry = entry("hook.added", id, Some(new.owner));
    audit::record(c, act, entry.details(details))?;
    Ok((id, secret))
}

/// Sends a test, also by a hook that is paused.
///
/// Errors: As [`managed`]; [`Error::Conflict`] when it was removed.
pub fn test(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let found = open(c, act, id)?;
    let event = Event::test(id, act.now);
    let to = (id, found.hook.name.clone());
    let test = message(&event, to, "Test".into(), act.now)?;
    outbox::store::post(c, &test, act.now)?;
    audit::record(c, act, named("hook.tested", &found))
}

/// Errors: As [`managed`]; [`Error::Conflict`] when it is paused or removed.
pub fn pause(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let found = open(c, act, id)?;
    if !store::pause(c, id, (act.actor.id, ""), act.now)? {
        return Err(Error::Conflict("This hook is paused already.".into()));
    }
    audit::record(c, act, named("hook.paused", &found))
}

/// Errors: As [`managed`]; [`Error::Conflict`] when it is not paused, or removed.
pub fn resume(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let found = open(c, act, id)?;
    if !store::resume(c, id)? {
        return Err(Error::Conflict("This hook is not paused.".into()));
    }
    audit::record(c, act, named("hook.resumed", &found))
}

/// Removes a hook for good: its address and secret are deleted.
///
/// Errors: As [`managed`]; [`Error::Invalid`] without a reason; [`Error::Conflict`] when it was removed.
pub fn remove(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<String> {
    let found = open(c, act, id)?;
    audit::require_reason(reason)?;
    if !store::remove(c, id, act.now)? {
        return Err(removed());
    }
    let details = json!({ "name": found.hook.name, "of": found.of });
    let entry = entry("hook.removed", id, found.hook.owner());
    let details = audit::with_reason(details, reason);
    audit::record(c, act, entry.details(details))?;
    Ok(found.hook.name)
}

/// Sends a message of a hook again, under the same name for the other side.
///
/// Errors: As [`managed`]; [`Error::NotFound`] when it is no message of that hook; [`Error::Conflict`] when the hook is
/// paused, the message is being sent, or what it said is deleted.
pub fn send_again(c: &mut Conn, act: &Act, id: i64, message_id: i64) -> Result<()> {
    let found = open(c, act, id)?;
    let message = outbox::store::by_id(c, message_id)?
        .filter(|m| m.hook_id == Some(id))
        .ok_or(Error::NotFound("message"))?;
    if found.hook.paused_at.is_some() {
        let sentence = "This hook is paused. Resume it, then send the message again.";
        return Err(Error::Conflict(sentence.into()));
    }
    if !outbox::store::retry(c, message.id, act.now)? {
        let sentence = match message.body.is_empty() {
            true => "This message is too old: what it said is deleted.",
            false => "This message is being sent now.",
        };
        return Err(Error::Conflict(sentence.into()));
    }
    let details = json!({ "name": found.hook.name, "of": found.of, "message": message.subject });
    let entry = entry("hook.sent_again", id, found.hook.owner());
    audit::record(c, act, entry.details(details))
}

/// Pauses a hook whose message was given up: what follows would be lost one by one. A test changes nothing.
pub fn after_attempt(c: &mut Conn, message_id: i64, now: UtcTime) -> Result<()> {
    let message = outbox::store::by_id(c, message_id)?.filter(|m| m.state == State::GivenUp);
    let Some((message, id)) = message.and_then(|m| m.hook_id.map(|id| (m, id))) else {
        return Ok(());
    };
    let kind = Event::from_json(&message.body).map(|event| event.kind());
    let Some(hook) = store::by_id(c, id)?.filter(|_| kind != Some(Kind::Test)) else {
        return Ok(());
    };
    if !store::pause(c, id, (None, &message.answer), now)? {
        return Ok(());
    }
    let act = Act {
        actor: Actor {
            name: "Checkride".into(),
            ..Actor::operator()
        },
        address: "worker".into(),
        ..Act::operator(now)
    };
    let of = match hook.owner() {
        Some(owner) => permit(c, &act.actor, owner)?,
        None => String::new(),
    };
    let details = json!({ "name": hook.name, "of": of, "because": message.answer });
    let entry = entry("hook.paused", id, hook.owner());
    audit::record(c, &act, entry.details(details))
}

/// A hook, for somebody who may manage it.
///
/// Errors: [`Error::NotFound`]; [`Error::Forbidden`] for everybody else.
pub fn managed(c: &mut Conn, actor: &Actor, id: i64) -> Result<Managed> {
    let hook = store::by_id(c, id)?.ok_or(Error::NotFound("hook"))?;
    let owner = hook.owner().ok_or(Error::NotFound("hook"))?;
    let of = permit(c, actor, owner)?;
    Ok(Managed { hook, of })
}

fn open(c: &mut Conn, act: &Act, id: i64) -> Result<Managed> {
    let found = managed(c, &act.actor, id)?;
    match found.hook.removed_at {
        None => Ok(found),
        Some(_) => Err(removed()),
    }
}

fn removed() -> Error {
    Error::Conflict("This hook was removed.".into())
}

/// The name of the team or area.
fn permit(c: &mut Conn, actor: &Actor, owner: Owner) -> Result<String> {
    let (of, team_id) = match owner {
        Owner::Team(id) => {
            let team = people::store::teams_by_ids(c, &[id])?.pop();
            (team.ok_or(Error::NotFound("team"))?.name, id)
        }
        Owner::Area(id) => {
            let area = area::store::by_id(c, id)?;
            (area.name, area.owner_team_id)
        }
    };
    if may_manage(actor, team_id) {
        return Ok(of);
    }
    Err(Error::Forbidden(format!(
        "Only leads of the team and administrators can manage the hooks of {of}."
    )))
}

fn named(action: &'static str, found: &Managed) -> Entry {
    let details = json!({ "name": found.hook.name, "of": found.of });
    entry(action, found.hook.id, found.hook.owner()).details(details)
}

fn entry(action: &'static str, id: i64, owner: Option<Owner>) -> Entry {
    let entry = Entry::new(action, format!("hook:{id}"));
    match owner {
        Some(Owner::Area(area_id)) => entry.area(area_id),
        _ => entry,
    }
}
