//! SQL of the outbox.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::model::{Message, New};
use super::{
    BODY_HOURS, Channel, KEPT_HOURS, LEASE_SECONDS, MOST_ATTEMPTS, Outcome, State, clipped,
    next_attempt,
};
use crate::db::schema::messages;
use crate::db::types::UtcTime;
use crate::db::{Conn, Each, Unlocked, id_in};
use crate::error::Result;

/// Rows that one sweep changes at most, so that it holds no lock for long.
const SWEEP: i64 = 500;

/// Posts a message; `None` when one of that key was posted before.
pub fn post(c: &mut Conn, new: &New, now: UtcTime) -> Result<Option<i64>> {
    let row = (
        messages::channel.eq(new.channel),
        messages::key.eq(&new.key),
        messages::subject.eq(&new.subject),
        messages::person_id.eq(new.person_id),
        messages::address.eq(&new.address),
        messages::hook_id.eq(new.hook_id),
        messages::body.eq(&new.body),
        messages::is_secret.eq(new.is_secret),
        messages::created_at.eq(now),
        messages::due_at.eq(new.due_at),
        messages::state.eq(State::Waiting),
    );
    let posted = Each(
        diesel::insert_into(messages::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    if posted == 0 {
        return Ok(None);
    }
    let id = messages::table
        .filter(messages::key.eq(&new.key))
        .select(messages::id)
        .first(c)?;
    Ok(Some(id))
}

/// Whether a message of that key was posted, and is kept.
pub fn is_posted(c: &mut Conn, key: &str) -> Result<bool> {
    let posted = messages::table.filter(messages::key.eq(key));
    Ok(diesel::select(exists(posted)).get_result(c)?)
}

/// Whether a worker would find something to send.
pub fn is_due(c: &mut Conn, channel: Channel, now: UtcTime) -> Result<bool> {
    let due = messages::table
        .filter(
            messages::channel
                .eq(channel)
                .and(messages::state.eq(State::Waiting))
                .and(messages::due_at.le(now)),
        )
        .filter(is_free(now));
    Ok(diesel::select(exists(due)).get_result(c)?)
}

/// What a worker took.
#[derive(Debug, Default)]
pub struct Taken {
    pub messages: Vec<Message>,
    /// What it found whose attempts never ended.
    pub given_up: Vec<i64>,
}

/// Takes what is due, the oldest first, for the time of the lease. Nobody else gets it meanwhile. It counts as an attempt,
/// so that a message that kills its process is not tried for ever.
pub fn take(
    c: &mut Conn,
    channel: Channel,
    worker: &str,
    now: UtcTime,
    limit: i64,
) -> Result<Taken> {
    let due: Vec<i64> = Unlocked(
        messages::table
            .filter(
                messages::channel
                    .eq(channel)
                    .and(messages::state.eq(State::Waiting))
                    .and(messages::due_at.le(now)),
            )
            .filter(is_free(now))
            .order((messages::due_at, messages::id))
            .limit(limit)
            .select(messages::id),
    )
    .load(c)?;
    let given_up = give_up(c, &due, now)?;
    let waiting = || id_in(messages::id, &due).and(messages::state.eq(State::Waiting));
    diesel::update(messages::table.filter(waiting()))
        .set((
            messages::taken_by.eq(worker),
            messages::taken_until.eq(now.plus_seconds(LEASE_SECONDS)),
            messages::attempts.eq(messages::attempts + 1),
        ))
        .execute(c)?;
    let messages = messages::table
        .filter(waiting())
        .order((messages::due_at, messages::id))
        .select(Message::as_select())
        .load(c)?;
    Ok(Taken { messages, given_up })
}

/// Gives up those of them that were taken too often; which they were.
fn give_up(c: &mut Conn, due: &[i64], now: UtcTime) -> Result<Vec<i64>> {
    let over: Vec<i64> = messages::table
        .filter(id_in(messages::id, due).and(messages::attempts.ge(MOST_ATTEMPTS)))
        .select(messages::id)
        .load(c)?;
    if over.is_empty() {
        return Ok(over);
    }
    diesel::update(messages::table.filter(id_in(messages::id, &over)))
        .set((
            messages::state.eq(State::GivenUp),
            messages::ended_at.eq(now),
            messages::taken_by.eq(None::<String>),
            messages::taken_until.eq(None::<UtcTime>),
            messages::answer.eq("No attempt came to an end."),
        ))
        .execute(c)?;
    let secret = messages::table.filter(id_in(messages::id, &over).and(messages::is_secret));
    diesel::update(secret)
        .set(messages::body.eq(""))
        .execute(c)?;
    let given_up = over.len();
    tracing::warn!(given_up, "messages whose attempts never ended are given up");
    Ok(over)
}

/// Ends an attempt; false when the worker does not have the message any longer, because its lease was over. What is waiting
/// still gets another attempt, or is given up after the last one.
pub fn end(
    c: &mut Conn,
    message: &Message,
    worker: &str,
    outcome: &Outcome,
    random: u32,
    now: UtcTime,
) -> Result<bool> {
    let (answer, next) = match outcome {
        Outcome::Sent(answer) => (answer, Err(State::Sent)),
        Outcome::Never(answer) => (answer, Err(State::GivenUp)),
        Outcome::Cancelled(answer) => (answer, Err(State::Cancelled)),
        Outcome::Later(answer) => {
            let next = next_attempt(message.attempts, random).ok_or(State::GivenUp);
            (answer, next)
        }
    };
    let (state, ended_at, due_at) = match next {
        Ok(wait) => (State::Waiting, None, now.plus_seconds(wait)),
        Err(state) => (state, Some(now), message.due_at),
    };
    let is_emptied = ended_at.is_some() && (message.is_secret || state == State::Cancelled);
    let own = messages::table.filter(
        messages::id
            .eq(message.id)
            .and(messages::state.eq(State::Waiting))
            .and(messages::taken_by.eq(worker)),
    );
    Ok(diesel::update(own)
        .set((
            messages::state.eq(state),
            messages::ended_at.eq(ended_at),
            messages::due_at.eq(due_at),
            messages::answer.eq(clipped(answer)),
            // What it says else may have been rewritten meanwhile.
            is_emptied.then(|| messages::body.eq("")),
            messages::taken_by.eq(None::<String>),
            messages::taken_until.eq(None::<UtcTime>),
        ))
        .execute(c)?
        == 1)
}

/// The address to which a message goes now.
pub fn readdress(c: &mut Conn, id: i64, address: &str) -> Result<()> {
    diesel::update(messages::table.find(id))
        .set(messages::address.eq(address))
        .execute(c)?;
    Ok(())
}

/// Sends a message again, or at once; false when it is being sent, or what it said is not kept any longer.
pub fn retry(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    let open = messages::table
        .filter(messages::id.eq(id).and(messages::body.ne("")))
        .filter(is_free(now));
    Ok(diesel::update(open)
        .set((
            messages::state.eq(State::Waiting),
            messages::ended_at.eq(None::<UtcTime>),
            messages::due_at.eq(now),
            messages::attempts.eq(0),
            messages::taken_by.eq(None::<String>),
            messages::taken_until.eq(None::<UtcTime>),
        ))
        .execute(c)?
        == 1)
}

/// Cancels a message that is waiting; false when it is not, or is being sent. What a secret one said is deleted.
pub fn cancel(c: &mut Conn, id: i64, answer: &str, now: UtcTime) -> Result<bool> {
    let waiting = messages::table
        .filter(messages::id.eq(id).and(messages::state.eq(State::Waiting)))
        .filter(is_free(now));
    let cancelled = diesel::update(waiting)
        .set((
            messages::state.eq(State::Cancelled),
            messages::ended_at.eq(now),
            messages::answer.eq(clipped(answer)),
        ))
        .execute(c)?
        == 1;
    let secret = messages::table.filter(messages::id.eq(id).and(messages::is_secret));
    if cancelled {
        diesel::update(secret)
            .set(messages::body.eq(""))
            .execute(c)?;
    }
    Ok(cancelled)
}

/// No worker has it now.
#[diesel::dsl::auto_type]
fn is_free(now: UtcTime) -> _ {
    messages::taken_until
        .is_null()
        .or(messages::taken_until.le(now))
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Message>> {
    Ok(messages::table
        .find(id)
        .select(Message::as_select())
        .first(c)
        .optional()?)
}

/// Which messages a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<State>,
    pub channel: Option<Channel>,
    pub hook_id: Option<i64>,
}

/// At most `limit` messages before that row, the newest first.
pub fn list(c: &mut Conn, wanted: Filter, before: Option<i64>, limit: i64) -> Result<Vec<Message>> {
    let mut query = messages::table
        .select(Message::as_select())
        .order(messages::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(messages::state.eq(state));
    }
    if let Some(channel) = wanted.channel {
        query = query.filter(messages::channel.eq(channel));
    }
    if let Some(hook_id) = wanted.hook_id {
        query = query.filter(messages::hook_id.eq(hook_id));
    }
    if let Some(before) = before {
        query = query.filter(messages::id.lt(before));
    }
    Ok(query.load(c)?)
}

/// Rewrites what messages say, where `change` has something else; how many it were. A subject is plain text, a body JSON.
pub fn rewrite(
    c: &mut Conn,
    change: impl Fn(&str) -> Option<String>,
    change_json: impl Fn(&str) -> Option<String>,
) -> Result<usize> {
    let (mut after, mut rewritten) = (0, 0);
    loop {
        let rows: Vec<(i64, String, String)> = messages::table
            .filter(messages::id.gt(after))
            .order(messages::id)
            .limit(SWEEP)
            .select((messages::id, messages::subject, messages::body))
            .load(c)?;
        let Some((last, ..)) = rows.last() else {
            return Ok(rewritten);
        };
        after = *last;
        for (id, subject, body) in rows {
            let (new_subject, new_body) = (change(&subject), change_json(&body));
            if new_subject.is_none() && new_body.is_none() {
                continue;
            }
            diesel::update(messages::table.find(id))
                .set((
                    messages::subject.eq(new_subject.unwrap_or(subject)),
                    messages::body.eq(new_body.unwrap_or(body)),
                ))
                .execute(c)?;
            rewritten += 1;
        }
    }
}

/// Deletes every message to a person, sent or not; for one who is erased.
pub fn forget_person(c: &mut Conn, person_id: i64) -> Result<()> {
    diesel::delete(messages::table.filter(messages::person_id.eq(person_id))).execute(c)?;
    Ok(())
}

/// Notes what was posted before then as sent, without a body: the history of the demo was told long ago.
pub fn leave_before(c: &mut Conn, at: UtcTime) -> Result<()> {
    let old = messages::created_at
        .lt(at)
        .and(messages::state.eq(State::Waiting));
    diesel::update(messages::table.filter(old))
        .set((
            messages::state.eq(State::Sent),
            messages::ended_at.eq(messages::created_at.nullable()),
            messages::body.eq(""),
            messages::answer.eq("Sent"),
        ))
        .execute(c)?;
    Ok(())
}

/// Cancels what waits for a person who has left.
pub fn cancel_for(c: &mut Conn, person_id: i64, answer: &str, now: UtcTime) -> Result<usize> {
    let waiting = messages::table.filter(
        messages::person_id
            .eq(person_id)
            .and(messages::state.eq(State::Waiting)),
    );
    Ok(diesel::update(waiting)
        .set((
            messages::state.eq(State::Cancelled),
            messages::ended_at.eq(now),
            messages::answer.eq(clipped(answer)),
            messages::body.eq(""),
        ))
        .execute(c)?)
}

/// Cancels the mails with a one-time link that wait for a person.
pub fn cancel_secrets_for(
    c: &mut Conn,
    person_id: i64,
    answer: &str,
    now: UtcTime,
) -> Result<usize> {
    let waiting = messages::table.filter(
        messages::person_id
            .eq(person_id)
            .and(messages::is_secret)
            .and(messages::state.eq(State::Waiting)),
    );
    Ok(diesel::update(waiting)
        .set((
            messages::state.eq(State::Cancelled),
            messages::ended_at.eq(now),
            messages::answer.eq(clipped(answer)),
            messages::body.eq(""),
        ))
        .execute(c)?)
}

/// Empties the bodies of messages that ended long ago, and deletes those that ended longer ago. Returns whether there may
/// be more.
pub fn sweep(c: &mut Conn, now: UtcTime) -> Result<bool> {
    let old: Vec<i64> = Unlocked(
        messages::table
            .filter(messages::ended_at.le(now.plus_hours(-KEPT_HOURS)))
            .select(messages::id)
            .limit(SWEEP),
    )
    .load(c)?;
    diesel::delete(messages::table.filter(id_in(messages::id, &old))).execute(c)?;
    let full: Vec<i64> = Unlocked(
        messages::table
            .filter(messages::ended_at.le(now.plus_hours(-BODY_HOURS)))
            // Not bound: only so do the databases use the index of what is not empty.
            .filter(diesel::dsl::sql::<Bool>("body <> ''"))
            .select(messages::id)
            .limit(SWEEP),
    )
    .load(c)?;
    diesel::update(messages::table.filter(id_in(messages::id, &full)))
        .set(messages::body.eq(""))
        .execute(c)?;
    let most = old.len().max(full.len());
    Ok(i64::try_from(most).is_ok_and(|n| n == SWEEP))
}
