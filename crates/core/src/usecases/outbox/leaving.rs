//! A mail right before it leaves: where it goes now, and what it says that is known only then.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::outbox::model::Message;
use crate::domain::outbox::{Letter, store};
use crate::domain::{notification, people};
use crate::error::Result;

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    Send(Box<Letter>, String),
    /// It concerns nobody any longer.
    Cancel(&'static str),
    /// Something has to be written first.
    Write,
}

/// Asks for a write rather than writing when it `only_reads`, because most mails need none.
///
/// Errors: A fault when the body is no letter.
pub fn prepare(c: &mut Conn, message: &Message, now: UtcTime, only_reads: bool) -> Result<Leaving> {
    let mut letter = Letter::from_json(&message.body)?;
    if letter.is_over(now) {
        return Ok(Leaving::Cancel("The link in it no longer works."));
    }
    let Some(person_id) = message.person_id else {
        return Ok(Leaving::Send(Box::new(letter), message.address.clone()));
    };
    let person = people::store::by_id(c, person_id)?;
    let Some(person) = person.filter(|p| p.deactivated_at.is_none()) else {
        return Ok(Leaving::Cancel("The person has left."));
    };
    if person.email != message.address {
        if only_reads {
            return Ok(Leaving::Write);
        }
        store::readdress(c, message.id, &person.email)?;
    }
    if let Some(word) = &letter.ends {
        let token = match notification::store::known_mail_token(c, person_id)? {
            Some(token) => token,
            None if only_reads => return Ok(Leaving::Write),
            None => notification::store::mail_token(c, person_id)?,
        };
        letter.unsubscribe = Some(format!("/mail/{token}/{word}"));
    }
    Ok(Leaving::Send(Box::new(letter), person.email))
}
