//! SQL of sessions, sign-in attempts, passwords and form keys.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use crate::db::fixed::Fixed;
use crate::db::schema::{
    auth_sessions, form_keys, known_browsers, memberships, people, sign_in_attempts,
};
use crate::db::types::UtcTime;
use crate::db::{Conn, Each, Unlocked, id_in};
use crate::domain::auth::{IDLE_HOURS, KNOWN_HOURS, WINDOW_SECONDS};
use crate::domain::people::Actor;
use crate::domain::people::model::{Membership, Person};
use crate::domain::people::next::Part;
use crate::error::{Error, Result};

/// A valid session, its person, and their teams.
#[derive(Debug)]
pub struct LiveSession {
    /// Row of the session.
    pub id: i64,
    /// When it was last used.
    pub last_seen_at: UtcTime,
    pub person: Person,
    pub memberships: Vec<Membership>,
    /// Notifications they have not read; at most a hundred are counted.
    pub unread: i64,
    pub part: Part,
}

/// The session with that token hash, if it is neither idle nor expired and its person has not left. Every page and
/// every form asks this first, so it is one statement. `unread` counts the notifications of a row
/// of `people`, and `part` says whether they mentor a ramp and whether they are on one.
pub fn live_session(
    c: &mut Conn,
    token_hash: &str,
    unread: Fixed<BigInt>,
    part: (Fixed<Bool>, Fixed<Bool>),
    (idle_since, now): (UtcTime, UtcTime),
) -> Result<Option<LiveSession>> {
    type Row = (i64, UtcTime, Person, Option<Membership>, i64, (bool, bool));
    let rows: Vec<Row> = auth_sessions::table
        .inner_join(people::table.left_join(memberships::table))
        .filter(
            auth_sessions::token_hash
                .eq(token_hash)
                .and(auth_sessions::last_seen_at.gt(idle_since))
                .and(auth_sessions::expires_at.gt(now))
                .and(people::deactivated_at.is_null()),
        )
        .select((
            auth_sessions::id,
            auth_sessions::last_seen_at,
            Person::as_select(),
            Option::<Membership>::as_select(),
            unread,
            part,
        ))
        .order(memberships::team_id)
        .load(c)?;
    let mut live: Option<LiveSession> = None;
    for (id, last_seen_at, person, membership, unread, (mentors, ramps)) in rows {
        live.get_or_insert_with(|| LiveSession {
            id,
            last_seen_at,
            person,
            memberships: Vec::new(),
            unread,
            part: Part { mentors, ramps },
        })
        .memberships
        .extend(membership);
    }
    Ok(live)
}

/// A session that is open.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OpenSession {
    pub token_hash: String,
    pub created_at: UtcTime,
    pub last_seen_at: UtcTime,
}

/// Sessions of a person that are neither idle nor expired, the one used last first.
pub fn open_sessions(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<Vec<OpenSession>> {
    Ok(auth_sessions::table
        .filter(
            auth_sessions::person_id
                .eq(person_id)
                .and(auth_sessions::last_seen_at.gt(now.plus_hours(-IDLE_HOURS)))
                .and(auth_sessions::expires_at.gt(now)),
        )
        .select((
            auth_sessions::token_hash,
            auth_sessions::created_at,
            auth_sessions::last_seen_at,
        ))
        .order((auth_sessions::last_seen_at.desc(), auth_sessions::id.desc()))
        .limit(SHOWN)
        .load(c)?)
}

/// Open sessions that are shown at most.
const SHOWN: i64 = 50;

/// Someone with the rights they have now; `None` when they have left, or that session of theirs has ended.
pub fn still_here(c: &mut Conn, person_id: i64, session: Option<i64>) -> Result<Option<Actor>> {
    let mut query = people::table
        .left_join(memberships::table)
        .filter(people::id.eq(person_id))
        .filter(people::deactivated_at.is_null())
        .select((Person::as_select(), Option::<Membership>::as_select()))
        .order(memberships::team_id)
        .into_boxed();
    if let Some(session) = session {
        let open = auth_sessions::table.filter(auth_sessions::id.eq(session));
        query = query.filter(diesel::dsl::exists(open));
    }
    let rows: Vec<(Person, Option<Membership>)> = query.load(c)?;
    let (people, memberships): (Vec<Person>, Vec<Option<Membership>>) = rows.into_iter().unzip();
    let memberships: Vec<Membership> = memberships.into_iter().flatten().collect();
    let person = people.into_iter().next();
    Ok(person.map(|person| Actor::of(person, &memberships)))
}

/// Those of them who have not left, with the rights they have now.
pub fn here(c: &mut Conn, person_ids: &[i64]) -> Result<Vec<Actor>> {
    let rows: Vec<(Person, Option<Membership>)> = people::table
        .left_join(memberships::table)
        .filter(id_in(people::id, person_ids))
        .filter(people::deactivated_at.is_null())
        .select((Person::as_select(), Option::<Membership>::as_select()))
        .order((people::id, memberships::team_id))
        .load(c)?;
    let by_person = rows.chunk_by(|(one, _), (next, _)| one.id == next.id);
    let actor = |rows: &[(Person, Option<Membership>)]| {
        let memberships: Vec<Membership> = rows.iter().filter_map(|(_, m)| m.clone()).collect();
        rows.first()
            .map(|(person, _)| Actor::of(person.clone(), &memberships))
    };
    Ok(by_person.filter_map(actor).collect())
}

pub fn insert_session(
    c: &mut Conn,
    token_hash: &str,
    person_id: i64,
    now: UtcTime,
    expires_at: UtcTime,
) -> Result<()> {
    diesel::insert_into(auth_sessions::table)
        .values((
            auth_sessions::token_hash.eq(token_hash),
            auth_sessions::person_id.eq(person_id),
            auth_sessions::created_at.eq(now),
            auth_sessions::last_seen_at.eq(now),
            auth_sessions::expires_at.eq(expires_at),
        ))
        .execute(c)?;
    Ok(())
}

pub fn touch_session(c: &mut Conn, id: i64, now: UtcTime) -> Result<()> {
    diesel::update(auth_sessions::table.find(id))
        .set(auth_sessions::last_seen_at.eq(now))
        .execute(c)?;
    Ok(())
}

pub fn end_session(c: &mut Conn, token_hash: &str) -> Result<()> {
    diesel::delete(auth_sessions::table.filter(auth_sessions::token_hash.eq(token_hash)))
        .execute(c)?;
    Ok(())
}

/// Gives a session another token.
pub fn renew_session(c: &mut Conn, old_hash: &str, new_hash: &str) -> Result<()> {
    diesel::update(auth_sessions::table.filter(auth_sessions::token_hash.eq(old_hash)))
        .set(auth_sessions::token_hash.eq(new_hash))
        .execute(c)?;
    Ok(())
}

/// Ends every session of a person except `except`; returns how many.
pub fn end_sessions_of(c: &mut Conn, person_id: i64, except: Option<&str>) -> Result<usize> {
    let but = except.unwrap_or_default();
    Ok(diesel::delete(
        auth_sessions::table.filter(
            auth_sessions::person_id
                .eq(person_id)
                .and(auth_sessions::token_hash.ne(but)),
        ),
    )
    .execute(c)?)
}

pub fn password_hash(c: &mut Conn, person_id: i64) -> Result<Option<String>> {
    Ok(people::table
        .find(person_id)
        .select(people::password_hash)
        .first(c)?)
}

pub fn set_password_hash(c: &mut Conn, person_id: i64, hash: &str) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set(people::password_hash.eq(hash))
        .execute(c)?;
    Ok(())
}

/// Tries since then and until now, by account, address or both: how many, and the first. A clock that was ahead left
/// some in the future; they do not count.
pub fn tries(
    c: &mut Conn,
    account_key: Option<&str>,
    address: Option<&str>,
    (since, now): (UtcTime, UtcTime),
) -> Result<(i64, Option<UtcTime>)> {
    use diesel::dsl::{count_star, min};
    let mut query = sign_in_attempts::table
        .select((count_star(), min(sign_in_attempts::at)))
        .filter(
            sign_in_attempts::at
                .gt(since)
                .and(sign_in_attempts::at.le(now)),
        )
        .into_boxed();
    if let Some(key) = account_key {
        query = query.filter(sign_in_attempts::account_key.eq(key));
    }
    if let Some(address) = address {
        query = query.filter(sign_in_attempts::address.eq(address));
    }
    Ok(query.first(c)?)
}

/// The person who may sign in with that e-mail, and their password hash.
pub fn account(c: &mut Conn, email_key: &str) -> Result<Option<(i64, Option<String>)>> {
    Ok(people::table
        .filter(
            people::email_key
                .eq(email_key)
                .and(people::deactivated_at.is_null()),
        )
        .select((people::id, people::password_hash))
        .first(c)
        .optional()?)
}

pub fn insert_try(c: &mut Conn, account_key: &str, address: &str, now: UtcTime) -> Result<()> {
    diesel::insert_into(sign_in_attempts::table)
        .values((
            sign_in_attempts::account_key.eq(account_key),
            sign_in_attempts::address.eq(address),
            sign_in_attempts::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

pub fn forget_tries(c: &mut Conn, account_key: &str, address: &str) -> Result<()> {
    let of = sign_in_attempts::account_key
        .eq(account_key)
        .and(sign_in_attempts::address.eq(address));
    diesel::delete(sign_in_attempts::table.filter(of)).execute(c)?;
    Ok(())
}

/// Whether the person with that e-mail signed in before in the browser of that token.
pub fn is_known_browser(c: &mut Conn, email_key: &str, token_hash: &str) -> Result<bool> {
    let known: Option<i64> = known_browsers::table
        .inner_join(people::table)
        .filter(known_browsers::token_hash.eq(token_hash))
        .filter(people::email_key.eq(email_key))
        .select(people::id)
        .first(c)
        .optional()?;
    Ok(known.is_some())
}

/// Whether a person signed in before, in whichever browser.
pub fn knows_a_browser(c: &mut Conn, person_id: i64) -> Result<bool> {
    let known = known_browsers::table.filter(known_browsers::person_id.eq(person_id));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(c)?)
}

/// Keeps that a person signed in in the browser of that token.
pub fn know_browser(c: &mut Conn, person_id: i64, token_hash: &str, now: UtcTime) -> Result<()> {
    Each(
        diesel::insert_into(known_browsers::table)
            .values((
                known_browsers::person_id.eq(person_id),
                known_browsers::token_hash.eq(token_hash),
                known_browsers::seen_at.eq(now),
            ))
            .on_conflict((known_browsers::person_id, known_browsers::token_hash))
            .do_update()
            .set(known_browsers::seen_at.eq(now)),
    )
    .execute(c)?;
    let too_many: Vec<String> = known_browsers::table
        .filter(known_browsers::person_id.eq(person_id))
        .order((known_browsers::seen_at.desc(), known_browsers::token_hash))
        .offset(KNOWN)
        .limit(KNOWN)
        .select(known_browsers::token_hash)
        .load(c)?;
    for token_hash in &too_many {
        diesel::delete(known_browsers::table.find((person_id, token_hash))).execute(c)?;
    }
    Ok(())
}

/// Whether anyone signed in in the browser of that token.
pub fn is_browser(c: &mut Conn, token_hash: &str) -> Result<bool> {
    let known = known_browsers::table.filter(known_browsers::token_hash.eq(token_hash));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(c)?)
}

/// Forgets the browsers of a person, but for the one of that token hash.
pub fn forget_browsers(c: &mut Conn, person_id: i64, except: Option<&str>) -> Result<()> {
    let but = except.unwrap_or_default();
    diesel::delete(
        known_browsers::table.filter(
            known_browsers::person_id
                .eq(person_id)
                .and(known_browsers::token_hash.ne(but)),
        ),
    )
    .execute(c)?;
    Ok(())
}

/// Browsers of one person that are known at most: each has tries of its own.
const KNOWN: i64 = 20;

/// Takes a form key for what was sent with it. `None` when this request has it now; else location and message of the
/// first answer to the same form.
///
/// On PostgreSQL a second request with the same key waits here until the first one is committed or undone.
///
/// Errors: [`Error::Conflict`] when something else was sent with the key before.
pub fn take_form_key(
    c: &mut Conn,
    (person_id, key): (i64, &str),
    content: &str,
    now: UtcTime,
) -> Result<Option<(String, String)>> {
    let taken = Each(
        diesel::insert_into(form_keys::table)
            .values((
                form_keys::person_id.eq(person_id),
                form_keys::form_key.eq(key),
                form_keys::created_at.eq(now),
                form_keys::location.eq(""),
                form_keys::flash.eq(""),
                form_keys::content.eq(content),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    if taken == 1 {
        return Ok(None);
    }
    // Not there any more: it was swept away this moment, after two days. The next try finds it so.
    let answer = form_answer(c, (person_id, key), content)?;
    answer.map(Some).ok_or(Error::Busy)
}

pub fn keep_form_answer(
    c: &mut Conn,
    (person_id, key): (i64, &str),
    location: &str,
    flash: &str,
) -> Result<()> {
    diesel::update(form_keys::table.find((person_id, key)))
        .set((form_keys::location.eq(location), form_keys::flash.eq(flash)))
        .execute(c)?;
    Ok(())
}

/// Gives a key back that was taken and not used.
pub fn give_form_key_back(c: &mut Conn, (person_id, key): (i64, &str)) -> Result<()> {
    diesel::delete(form_keys::table.find((person_id, key))).execute(c)?;
    Ok(())
}

/// Location and message of the first answer to a form, if it was answered.
///
/// Errors: [`Error::Conflict`] when something else was sent with the key before.
pub fn form_answer(
    c: &mut Conn,
    (person_id, key): (i64, &str),
    content: &str,
) -> Result<Option<(String, String)>> {
    let known: Option<(String, String, String)> = form_keys::table
        .find((person_id, key))
        .select((form_keys::location, form_keys::flash, form_keys::content))
        .first(c)
        .optional()?;
    match known {
        None => Ok(None),
        // An older version kept only the key.
        Some((location, flash, first)) if first.is_empty() || first == content => {
            Ok(Some((location, flash)))
        }
        Some(_) => Err(Error::Conflict(
            "This form was sent before with something else in it. Nothing was stored this time. Check it and send it again."
                .into(),
        )),
    }
}

/// Deletes what signing in left of a person who left, and the messages of their last forms.
pub fn forget_person(c: &mut Conn, person_id: i64, email_key: &str) -> Result<()> {
    set_no_password(c, person_id)?;
    forget_browsers(c, person_id, None)?;
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::account_key.eq(email_key)))
        .execute(c)?;
    diesel::delete(form_keys::table.filter(form_keys::person_id.eq(person_id))).execute(c)?;
    Ok(())
}

fn set_no_password(c: &mut Conn, person_id: i64) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set(people::password_hash.eq(None::<String>))
        .execute(c)?;
    Ok(())
}

/// Rows that one sweep deletes at most, so that it holds no lock for long.
const SWEEP: i64 = 500;

/// Deletes sessions that are over, browsers not seen for long, tries that count no longer and keys of forms that nobody sends again; leaves out what
/// somebody else holds. Returns whether there may be more.
pub fn sweep(c: &mut Conn, now: UtcTime) -> Result<bool> {
    let keys: Vec<(i64, String)> = Unlocked(
        form_keys::table
            .filter(form_keys::created_at.le(now.plus_hours(-48)))
            .select((form_keys::person_id, form_keys::form_key))
            .limit(SWEEP),
    )
    .load(c)?;
    for key in &keys {
        diesel::delete(form_keys::table.find((key.0, &key.1))).execute(c)?;
    }
    let window = now.plus_seconds(-WINDOW_SECONDS);
    let tries: Vec<i64> = Unlocked(
        sign_in_attempts::table
            .filter(sign_in_attempts::at.le(window))
            .select(sign_in_attempts::id)
            .limit(SWEEP),
    )
    .load(c)?;
    diesel::delete(sign_in_attempts::table.filter(id_in(sign_in_attempts::id, &tries)))
        .execute(c)?;
    let sessions: Vec<i64> = Unlocked(
        auth_sessions::table
            .filter(auth_sessions::expires_at.le(now))
            .select(auth_sessions::id)
            .limit(SWEEP),
    )
    .load(c)?;
    diesel::delete(auth_sessions::table.filter(id_in(auth_sessions::id, &sessions))).execute(c)?;
    let browsers: Vec<(i64, String)> = Unlocked(
        known_browsers::table
            .filter(known_browsers::seen_at.le(now.plus_hours(-KNOWN_HOURS)))
            .select((known_browsers::person_id, known_browsers::token_hash))
            .limit(SWEEP),
    )
    .load(c)?;
    for browser in &browsers {
        diesel::delete(known_browsers::table.find((browser.0, &browser.1))).execute(c)?;
    }
    let most = keys
        .len()
        .max(tries.len())
        .max(sessions.len())
        .max(browsers.len());
    Ok(i64::try_from(most).is_ok_and(|n| n == SWEEP))
}
