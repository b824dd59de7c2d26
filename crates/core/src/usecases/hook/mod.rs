//! Chat hooks: what is told by whom is decided in the transaction of its cause, and sent by a worker.

pub mod actions;
pub mod delivery;
pub mod detail;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::hook::model::Hook;
use crate::domain::hook::{Event, store};
use crate::domain::outbox::Channel;
use crate::domain::outbox::model::New;
use crate::domain::{area, outbox, people};
use crate::error::Result;

/// Posts an event to every hook that listens: those of its area, of the team that owns the area, and of the teams of the
/// person whose clearance it is. A use case calls it before its audit row.
pub fn publish(c: &mut Conn, event: &Event, now: UtcTime) -> Result<()> {
    for message in messages(c, event, now)? {
        outbox::store::post(c, &message, now)?;
    }
    Ok(())
}

/// What [`publish`] would still post.
pub fn unposted(c: &mut Conn, event: &Event, now: UtcTime) -> Result<Vec<New>> {
    let mut unposted = Vec::new();
    for message in messages(c, event, now)? {
        if !outbox::store::is_posted(c, &message.key)? {
            unposted.push(message);
        }
    }
    Ok(unposted)
}

fn messages(c: &mut Conn, event: &Event, now: UtcTime) -> Result<Vec<New>> {
    let mut teams: Vec<i64> = match event.area_id() {
        Some(_) => Vec::new(),
        None => event.team_id().into_iter().collect(),
    };
    if let Some(id) = event.person_id() {
        let places = people::store::memberships_of(c, id)?;
        teams.extend(places.iter().map(|m| m.team_id));
    }
    let hooks = store::listening(c, event.kind(), &teams, event.area_id())?;
    if hooks.is_empty() {
        return Ok(Vec::new());
    }
    let name = match (event.area_id(), event.team_id()) {
        (Some(id), _) => area::store::by_id(c, id)?.name,
        (None, Some(id)) => people::store::team_name(c, id)?,
        (None, None) => return Ok(Vec::new()),
    };
    let message = |hook: Hook| {
        let subject = format!("{}, {name}", event.kind().label());
        message(event, (hook.id, hook.name), subject, now)
    };
    hooks.into_iter().map(message).collect()
}

fn message(event: &Event, (id, name): (i64, String), subject: String, now: UtcTime) -> Result<New> {
    Ok(New {
        channel: Channel::Hook,
        key: event.key(id),
        subject,
        person_id: None,
        address: name,
        hook_id: Some(id),
        body: event.to_json()?,
        is_secret: false,
        due_at: now,
    })
}
