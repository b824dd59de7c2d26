//! Signing in and out. Passwords are hashed outside any transaction.

use super::letters;
use crate::db::Conn;
use crate::db::locks::{Order, one_at_a_time};
use crate::db::types::UtcTime;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::auth::{
    ABSOLUTE_HOURS, ACCOUNT_TRIES, ACCOUNT_TRIES_EVERYWHERE, ADDRESS_TRIES, Cookies, IDLE_HOURS,
    Source, WINDOW_SECONDS, is_new_place, store, token_hash,
};
use crate::domain::notification;
use crate::domain::outbox::{self, model::New};
use crate::domain::people;
use crate::domain::people::Actor;
use crate::domain::people::next::Part;
use crate::domain::ramp;
use crate::error::{Error, Result};
use crate::forms::{new_key, random_hex};
use crate::text::email::email_key;
use crate::usecases::invite::actions::end_links;

/// A sign-in before the password is checked.
#[derive(Debug)]
pub struct Candidate {
    /// The account, if one may sign in.
    pub person_id: Option<i64>,
    /// Its password hash, if it has one.
    pub password_hash: Option<String>,
    /// Where the try is counted.
    pub source: Source,
}

/// Finds the account of a try whose password is checked next. [`settle`] counts it when it was wrong.
///
/// Errors: [`Error::TooMany`] when the account or the address failed too often, whether or not the account exists.
pub fn begin(
    c: &mut Conn,
    account_key: &str,
    (address, browser): (&str, Option<&str>),
    now: UtcTime,
) -> Result<Candidate> {
    let source = match browser {
        Some(token) if store::is_known_browser(c, account_key, &token_hash(token))? => {
            Source::Known(token.to_owned())
        }
        _ => Source::SignIn(address.to_owned()),
    };
    refuse_too_many(c, account_key, &source, now)?;
    let account = store::account(c, account_key)?;
    Ok(Candidate {
        person_id: account.as_ref().map(|(id, _)| *id),
        password_hash: account.and_then(|(_, hash)| hash),
        source,
    })
}

/// Counts a try whose password was wrong. Those that are being checked count for nobody, so that many may come at once.
///
/// Errors: [`Error::TooMany`] when others failed too often meanwhile. Then nobody may learn whether the password was
/// right: many guesses at once would pass the limit.
pub fn settle(
    c: &mut Conn,
    account_key: &str,
    source: &Source,
    now: UtcTime,
    fits: bool,
) -> Result<()> {
    if !fits {
        return count_try(c, account_key, source, now);
    }
    refuse_too_many(c, account_key, source, now)
}

/// Counts a failed try at an account, or at a one-time link.
///
/// Errors: [`Error::TooMany`] when there were too many tries at it or from there.
pub fn count_try(c: &mut Conn, account_key: &str, source: &Source, now: UtcTime) -> Result<()> {
    let key = &source.key();
    one_at_a_time(c, Order::SignInsOfAccount, account_key)?;
    one_at_a_time(c, Order::SignInsFromAddress, key)?;
    refuse_too_many(c, account_key, source, now)?;
    store::insert_try(c, account_key, key, now)
}

fn refuse_too_many(c: &mut Conn, account_key: &str, source: &Source, now: UtcTime) -> Result<()> {
    let window = (now.plus_seconds(-WINDOW_SECONDS), now);
    let key = &source.key();
    let mut limits = vec![(Some(account_key), Some(key.as_str()), ACCOUNT_TRIES)];
    // What strangers do elsewhere locks nobody out of a browser that is known.
    if !matches!(source, Source::Known(_)) {
        limits.push((Some(account_key), None, ACCOUNT_TRIES_EVERYWHERE));
        limits.push((None, Some(key), ADDRESS_TRIES));
    }
    for (account, from, limit) in limits {
        let (count, first) = store::tries(c, account, from, window)?;
        if count >= limit {
            let wait = first.map_or(WINDOW_SECONDS, |f| {
                f.plus_seconds(WINDOW_SECONDS).seconds_since(now)
            });
            return Err(Error::TooMany(
                u64::try_from(wait.clamp(1, WINDOW_SECONDS)).unwrap_or(1),
            ));
        }
    }
    Ok(())
}

/// Takes back the tries of an account from there: the password was right.
pub fn forget_tries(c: &mut Conn, account_key: &str, source: &Source) -> Result<()> {
    store::forget_tries(c, account_key, &source.key())
}

/// Starts a session after the right password, ends the earlier session of the browser, and returns what the browser keeps
/// from now on. `matched_hash` is the hash the password matched, outside any transaction; `None` for someone who signs in without one.
///
/// Errors: [`Error::SignedOut`] when the person left, or has another password, meanwhile.
pub fn complete(
    c: &mut Conn,
    person_id: i64,
    matched_hash: Option<&str>,
    cookies: &Cookies,
    act: &Act,
) -> Result<Cookies> {
    // Locked, so that leaving, or changing a leaked password, ends every session there is.
    people::store::lock(c, &[person_id])?;
    if matched_hash.is_some() && store::password_hash(c, person_id)?.as_deref() != matched_hash {
        return Err(Error::SignedOut);
    }
    let person = people::store::by_id(c, person_id)?.filter(|p| p.deactivated_at.is_none());
    let person = person.ok_or(Error::SignedOut)?;
    let browser = match &cookies.browser {
        Some(token) if store::is_browser(c, &token_hash(token))? => token.clone(),
        _ => random_hex::<32>(),
    };
    for source in [
        Source::SignIn(act.address.clone()),
        Source::Known(browser.clone()),
    ] {
        forget_tries(c, &email_key(&person.email), &source)?;
    }
    if let Some(old) = &cookies.session {
        store::end_session(c, &token_hash(old))?;
    }
    let account_key = email_key(&person.email);
    let knows_this = store::is_known_browser(c, &account_key, &token_hash(&browser))?;
    let is_new = is_new_place(store::knows_a_browser(c, person_id)?, knows_this);
    store::know_browser(c, person_id, &token_hash(&browser), act.now)?;
    let token = random_hex::<32>();
    if is_new {
        let letter = letters::new_place(&person, &act.address, act.now);
        let key = format!("sign-in:{}", new_key());
        let to = (person_id, person.email.as_str());
        outbox::store::post(c, &New::mail(key, to, &letter, act.now)?, act.now)?;
    }
    store::insert_session(
        c,
        &token_hash(&token),
        person_id,
        act.now,
        act.now.plus_hours(ABSOLUTE_HOURS),
    )?;
    let actor = people::store::actor(c, person)?;
    let act = Act {
        actor,
        ..act.clone()
    };
    audit::record(
        c,
        &act,
        Entry::new("session.signed_in", format!("person:{person_id}")).person(person_id),
    )?;
    Ok(Cookies {
        session: Some(token),
        browser: Some(browser),
    })
}

/// Who is signed in.
#[derive(Debug)]
pub struct SignedIn {
    pub actor: Actor,
    /// The row of the session.
    pub session: i64,
    /// Notifications they have not read; at most a hundred are counted.
    pub unread: i64,
    pub part: Part,
    /// Whether "last seen" is due to be stored again.
    pub is_due: bool,
}

/// The person behind a token.
///
/// Errors: [`Error::SignedOut`] when the token is unknown, idle, expired, or its person has left.
pub fn signed_in(c: &mut Conn, token: &str, now: UtcTime) -> Result<SignedIn> {
    let unread = notification::store::unread_of_person();
    let part = ramp::store::pairs::part_of_person();
    let since = now.plus_hours(-IDLE_HOURS);
    let session = store::live_session(c, &token_hash(token), unread, part, (since, now))?;
    let session = session.ok_or(Error::SignedOut)?;
    Ok(SignedIn {
        actor: Actor::of(session.person, &session.memberships),
        session: session.id,
        unread: session.unread,
        part: session.part,
        is_due: now.seconds_since(session.last_seen_at) > crate::domain::auth::SEEN_EVERY_SECONDS,
    })
}

pub fn sign_out(c: &mut Conn, act: &Act, token: &str, everywhere: bool) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    // Who signs out may have been signed out already.
    people::store::lock(c, &[id])?;
    if everywhere {
        store::end_sessions_of(c, id, None)?;
    } else {
        store::end_session(c, &token_hash(token))?;
    }
    let action = if everywhere {
        "session.signed_out_everywhere"
    } else {
        "session.signed_out"
    };
    audit::record(
        c,
        act,
        Entry::new(action, format!("person:{id}")).person(id),
    )
}

/// Changes the actor's password, and takes back the tries at it. `kept` is what the browser keeps from now on. `matched_hash` is the hash the old one matched, outside any
/// transaction. Every other session ends, and this one gets a new token in place of the old.
///
/// Errors: [`Error::Conflict`] when the password has changed meanwhile.
pub fn change_password(
    c: &mut Conn,
    act: &Act,
    (account_key, matched_hash): (&str, Option<&str>),
    source: &Source,
    hash: &str,
    (old_token, kept): (&str, &Cookies),
) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[])?;
    forget_tries(c, account_key, source)?;
    if store::password_hash(c, id)?.as_deref() != matched_hash {
        return Err(Error::Conflict(
            "Your password was changed in the meantime. Your change was not saved.".into(),
        ));
    }
    let hashed = |token: &Option<String>| token.as_deref().map(token_hash);
    let (session, browser) = (hashed(&kept.session), hashed(&kept.browser));
    if let Some(session) = &session {
        store::renew_session(c, &token_hash(old_token), session)?;
    }
    set_password(c, act, id, hash, (session.as_deref(), browser.as_deref()))
}

/// Stores a new password. Every session of the person ends, and every browser is forgotten, but for those of these token
/// hashes. Links that set a password end.
///
/// Errors: [`Error::Forbidden`] unless it is the actor's own or the actor is an administrator.
pub fn set_password(
    c: &mut Conn,
    act: &Act,
    person_id: i64,
    hash: &str,
    (session, browser): (Option<&str>, Option<&str>),
) -> Result<()> {
    if !act.actor.is(person_id) && !act.actor.is_admin {
        return Err(Error::Forbidden(
            "Only you or an administrator may set your password.".into(),
        ));
    }
    act.hold(c, &[person_id])?;
    store::set_password_hash(c, person_id, hash)?;
    store::end_sessions_of(c, person_id, session)?;
    store::forget_browsers(c, person_id, browser)?;
    end_links(c, person_id, act.now)?;
    audit::record(
        c,
        act,
        Entry::new("person.password_set", format!("person:{person_id}")).person(person_id),
    )
}
