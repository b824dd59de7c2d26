//! A new password without the old one, by a link in a mail.

use serde_json::json;

use super::letters;
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::{self, Act, Entry};
use crate::domain::auth::{self, Source};
use crate::domain::invite::{RESET_MINUTES, RESETS, Token, store};
use crate::domain::outbox::{self, model::New};
use crate::domain::people::{self, Actor};
use crate::error::Result;
use crate::usecases::auth::actions::count_try;

fn key(account_key: &str) -> String {
    format!("reset {account_key}")
}

/// Counts that somebody asked, whether or not there is such an account.
///
/// Errors: [`crate::error::Error::TooMany`] when there were too many from there.
pub fn count(c: &mut Conn, account_key: &str, address: &str, now: UtcTime) -> Result<()> {
    count_try(
        c,
        &key(account_key),
        &Source::Reset(address.to_owned()),
        now,
    )
}

/// Mails a link to the account of that address, if there is one. Anyone can ask, so it ends no earlier link: while
/// [`RESETS`] links work, no other is made. Who asks must not wait for this: how long it takes would tell whether there is
/// an account.
pub fn request(c: &mut Conn, act: &Act, account_key: &str) -> Result<()> {
    let Some((id, _)) = auth::store::account(c, account_key)? else {
        return Ok(());
    };
    // Two at once would both find one link too few.
    people::store::lock(c, &[id])?;
    let person = people::store::by_id(c, id)?.filter(|p| p.deactivated_at.is_none());
    let Some(person) = person else { return Ok(()) };
    if store::open_resets(c, id, act.now)? >= RESETS {
        return Ok(());
    }
    let (token, until) = (Token::fresh(), act.now.plus_seconds(60 * RESET_MINUTES));
    store::insert_reset(c, &token.hash(), id, act.now, until)?;
    let letter = letters::reset(&person, &token, (act.now, until));
    let mail = New::mail(token.letter_key(), (id, &person.email), &letter, act.now)?;
    outbox::store::post(c, &mail, act.now)?;
    let act = Act {
        actor: Actor {
            name: "Sign-in page".into(),
            is_admin: false,
            ..Actor::operator()
        },
        ..act.clone()
    };
    let entry = Entry::new("reset.sent", format!("person:{id}")).person(id);
    audit::record(c, &act, entry.details(json!({ "expires": until.iso() })))
}
