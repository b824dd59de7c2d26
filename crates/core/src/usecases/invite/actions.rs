//! One-time links: make, look up, use.

use serde_json::json;

use super::letters;
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::auth::{Cookies, Source};
use crate::domain::invite::model::Invite;
use crate::domain::invite::store;
use crate::domain::invite::{DAYS, State, Token, state};
use crate::domain::outbox::{self, model::New};
use crate::domain::people;
use crate::domain::people::model::Person;
use crate::domain::people::{Actor, NewPerson};
use crate::error::{Error, Result};
use crate::text::email::email_key;

/// Makes a link for a person; their earlier link stops working.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when the person has left.
pub fn issue(c: &mut Conn, act: &Act, person: &Person) -> Result<Token> {
    make(c, act, person, false)
}

/// Makes a link, and mails it to the person.
///
/// Errors: Those of [`issue`].
pub fn mail(c: &mut Conn, act: &Act, person: &Person) -> Result<Token> {
    make(c, act, person, true)
}

fn make(c: &mut Conn, act: &Act, person: &Person, by_mail: bool) -> Result<Token> {
    require_admin(act)?;
    // Two at once would leave two links that work.
    let person = crate::usecases::people::admin::hold(c, act, &person.handle)?;
    if person.deactivated_at.is_some() {
        return Err(Error::Conflict(format!(
            "{} has left. Reactivate the account first.",
            person.name
        )));
    }
    let revoked = end_links(c, person.id, act.now)?;
    let (token, expires_at) = (Token::fresh(), act.now.plus_hours(24 * DAYS));
    store::insert(
        c,
        &token.hash(),
        Some(person.id),
        act.actor.id,
        act.now,
        expires_at,
    )?;
    if by_mail {
        let letter = letters::invited(&person, &token, &act.actor.name, (act.now, expires_at));
        let to = (person.id, person.email.as_str());
        let mail = New::mail(token.letter_key(), to, &letter, act.now)?;
        outbox::store::post(c, &mail, act.now)?;
    }
    let details = json!({ "expires": expires_at.iso(), "revoked": revoked, "by_mail": by_mail });
    let entry = Entry::new("invite.issued", format!("person:{}", person.id));
    audit::record(c, act, entry.person(person.id).details(details))?;
    Ok(token)
}

/// Revokes the link of a person; returns whether one worked.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator.
pub fn revoke(c: &mut Conn, act: &Act, person_id: i64) -> Result<bool> {
    require_admin(act)?;
    act.hold(c, &[person_id])?;
    if end_links(c, person_id, act.now)? == 0 {
        return Ok(false);
    }
    let entry = Entry::new("invite.revoked", format!("person:{person_id}"));
    audit::record(c, act, entry.person(person_id))?;
    Ok(true)
}

/// Revokes the links of a person, and cancels the mails that would bring one; returns how many worked.
pub fn end_links(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<usize> {
    let revoked = store::revoke(c, Some(person_id), now)?;
    outbox::store::cancel_secrets_for(c, person_id, "The link in it no longer works.", now)?;
    Ok(revoked)
}

fn require_admin(act: &Act) -> Result<()> {
    if act.actor.is_admin {
        return Ok(());
    }
    let sentence = "Only an administrator may invite people.";
    Err(Error::Forbidden(sentence.into()))
}

/// What a link leads to.
#[derive(Debug)]
pub enum LinkState {
    /// No link has that token.
    Unknown,
    /// A link that does not work, and its person.
    Closed(State, Option<Person>),
    /// A link that works.
    Open(Invite, Option<Person>),
}

/// Looks up a link. Every look-up counts as a try from its address. A link that exists takes the try
/// back.
pub fn look_up(c: &mut Conn, token: &str, address: &str, now: UtcTime) -> Result<LinkState> {
    let hash = crate::domain::auth::token_hash(token);
    let key = format!("link {hash}");
    let source = Source::Link(address.to_owned());
    crate::usecases::auth::actions::count_try(c, &key, &source, now)?;
    let found = find(c, &hash, now)?;
    if !matches!(found, LinkState::Unknown) {
        crate::usecases::auth::actions::forget_tries(c, &key, &source)?;
    }
    Ok(found)
}

fn find(c: &mut Conn, hash: &str, now: UtcTime) -> Result<LinkState> {
    let Some(invite) = store::by_hash(c, hash)? else {
        return Ok(LinkState::Unknown);
    };
    let person = match invite.person_id {
        Some(id) => people::store::by_id(c, id)?,
        None => None,
    };
    let left = person.as_ref().and_then(|p| p.deactivated_at);
    Ok(match (state(&invite.times, now), left) {
        (State::Open, Some(at)) => LinkState::Closed(State::Revoked(at), person),
        (State::Open, None) => LinkState::Open(invite, person),
        (over, _) => LinkState::Closed(over, person),
    })
}

#[derive(Debug)]
pub enum SignIn {
    /// Signed in: what the browser keeps.
    Done(Cookies),
    /// The link stopped working since it was looked up, or never did.
    Refused(LinkState),
}

/// Uses a link: spends it, sets the password, signs in. Of many at once exactly one succeeds.
pub fn use_link(
    c: &mut Conn,
    act: &Act,
    token: &str,
    password_hash: &str,
    cookies: &Cookies,
) -> Result<SignIn> {
    let hash = crate::domain::auth::token_hash(token);
    if let LinkState::Open(_, Some(person)) = find(c, &hash, act.now)? {
        // Locked before the link is checked, so that nobody signs in while they are marked as left.
        people::store::lock(c, &[person.id])?;
    }
    let (invite, person) = match find(c, &hash, act.now)? {
        LinkState::Open(invite, Some(person)) => (invite, person),
        other => return Ok(SignIn::Refused(other)),
    };
    if !store::spend(c, invite.id, act.now)? {
        return Ok(SignIn::Refused(find(c, &hash, act.now)?));
    }
    let id = person.id;
    // Before the first audit entry, whose lock is the last to take.
    let source = Source::SignIn(act.address.clone());
    crate::usecases::auth::actions::forget_tries(c, &email_key(&person.email), &source)?;
    let actor = people::store::actor(c, person)?;
    let act = &Act {
        actor,
        ..act.clone()
    };
    crate::usecases::auth::actions::set_password(c, act, id, password_hash, (None, None))?;
    let action = match invite.is_reset {
        true => "reset.used",
        false => "invite.used",
    };
    let entry = Entry::new(action, format!("person:{id}"));
    audit::record(c, act, entry.person(id))?;
    Ok(SignIn::Done(crate::usecases::auth::actions::complete(
        c, id, None, cookies, act,
    )?))
}

/// Makes the link for the first administrator; `None` when someone has an account. Earlier links stop working.
pub fn offer_setup(c: &mut Conn, now: UtcTime) -> Result<Option<Token>> {
    if !people::store::is_empty(c)? {
        return Ok(None);
    }
    store::revoke(c, None, now)?;
    let token = Token::fresh();
    let expires_at = now.plus_hours(24 * DAYS);
    store::insert(c, &token.hash(), None, None, now, expires_at)?;
    let act = Act::operator(now);
    let entry = Entry::new("setup.offered", "installation:1".into());
    audit::record(c, &act, entry)?;
    Ok(Some(token))
}

/// Creates the first administrator by a link, and signs them in.
pub fn set_up(
    c: &mut Conn,
    act: &Act,
    token: &str,
    new: &NewPerson,
    password_hash: &str,
    cookies: &Cookies,
) -> Result<SignIn> {
    let hash = crate::domain::auth::token_hash(token);
    // No one else becomes the first administrator meanwhile.
    crate::usecases::people::actions::one_at_a_time(c)?;
    let invite = match find(c, &hash, act.now)? {
        LinkState::Open(invite, None) => invite,
        other => return Ok(SignIn::Refused(other)),
    };
    if !people::store::is_empty(c)? {
        let over = State::Revoked(act.now);
        return Ok(SignIn::Refused(LinkState::Closed(over, None)));
    }
    if !store::spend(c, invite.id, act.now)? {
        return Ok(SignIn::Refused(find(c, &hash, act.now)?));
    }
    let act = &Act {
        actor: Actor {
            name: "Set-up link".into(),
            ..Actor::operator()
        },
        ..act.clone()
    };
    let id = crate::usecases::people::actions::add(c, act, new, true)?;
    crate::usecases::auth::actions::set_password(c, act, id, password_hash, (None, None))?;
    Ok(SignIn::Done(crate::usecases::auth::actions::complete(
        c, id, None, cookies, act,
    )?))
}
