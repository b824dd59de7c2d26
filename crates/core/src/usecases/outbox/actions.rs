//! The queue of messages: look, retry, cancel.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit::{self, Act, Entry};
use crate::domain::outbox::State;
use crate::domain::outbox::model::Message;
use crate::domain::outbox::store;
use crate::domain::people::Actor;
use crate::error::{Error, Result};

/// Messages of a page.
pub const PAGE: usize = 50;

fn require_admin(actor: &Actor) -> Result<()> {
    if actor.is_admin {
        return Ok(());
    }
    let sentence = "Only an administrator may see and change the messages that leave.";
    Err(Error::Forbidden(sentence.into()))
}

/// A page of the queue, the newest first, and the row that the next page begins before.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator.
pub fn page(
    c: &mut Conn,
    actor: &Actor,
    wanted: store::Filter,
    before: Option<i64>,
) -> Result<(Vec<Message>, Option<i64>)> {
    require_admin(actor)?;
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut all = store::list(c, wanted, before, most)?;
    let has_more = all.len() > PAGE;
    all.truncate(PAGE);
    let last = all.last().map(|m| m.id).filter(|_| has_more);
    Ok((all, last))
}

/// Whether a message can be sent again by hand: what it said is still kept, and a mail that arrived stays one.
pub fn may_retry(message: &Message) -> bool {
    message.state != State::Sent && !message.body.is_empty()
}

/// Sends a message now that waits, or that was given up or cancelled.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when it cannot be sent again.
pub fn retry(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let message = found(c, act, id)?;
    if !may_retry(&message) || !store::retry(c, id, act.now)? {
        return Err(refused(&message, act));
    }
    record(c, act, "message.retried", &message)
}

/// Cancels a message that waits.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when it does not wait.
pub fn cancel(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let message = found(c, act, id)?;
    if !store::cancel(c, id, "Cancelled by an administrator", act.now)? {
        return Err(refused(&message, act));
    }
    record(c, act, "message.cancelled", &message)
}

fn found(c: &mut Conn, act: &Act, id: i64) -> Result<Message> {
    require_admin(&act.actor)?;
    store::by_id(c, id)?.ok_or(Error::NotFound("message"))
}

fn refused(message: &Message, act: &Act) -> Error {
    let sentence = match message.state {
        State::Waiting if message.is_being_sent(act.now) => {
            "This message is being sent now. Wait a minute and look again."
        }
        State::Sent => "This message was sent.",
        _ if message.body.is_empty() => {
            "What this message said is no longer kept. Make a new one where it came from."
        }
        _ => "This message changed while you looked. Look again.",
    };
    Error::Conflict(sentence.into())
}

fn record(c: &mut Conn, act: &Act, action: &'static str, message: &Message) -> Result<()> {
    let mut entry = Entry::new(action, format!("message:{}", message.id));
    if let Some(person) = message.person_id {
        entry = entry.person(person);
    }
    let details = json!({ "number": message.id, "attempts": message.attempts });
    audit::record(c, act, entry.details(details))
}
