//! SQL of notifications, of the choices about mail, and of the rounds in which people are looked at.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::model::{Cause, Notification};
use super::{Choice, Kind};
use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{leases, mail_choices, mail_settings, notifications, people, rounds};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, Each, Unlocked, id_in};
use crate::error::Result;
use crate::forms::random_hex;

/// Tells a person; the row, or `None` when they were told this before. What waited before and waits again is told again.
pub fn tell(
    c: &mut Conn,
    person_id: i64,
    cause: &Cause,
    actor_id: Option<i64>,
    (now, digest_at): (UtcTime, Option<UtcTime>),
) -> Result<Option<i64>> {
    let key = cause.key();
    let row = (
        notifications::person_id.eq(person_id),
        notifications::kind.eq(cause.kind),
        notifications::thread.eq(cause.thread()),
        notifications::object.eq(&cause.object),
        notifications::cause.eq(&key),
        notifications::path.eq(&cause.path),
        notifications::actor_id.eq(actor_id),
        notifications::subject_id.eq(cause.subject_id),
        notifications::area_id.eq(cause.area_id),
        notifications::title.eq(&cause.title),
        notifications::at.eq(cause.at),
        notifications::due_on.eq(cause.due_on),
        notifications::created_at.eq(now),
        notifications::digest_at.eq(digest_at),
    );
    let new: Option<i64> = Each(
        diesel::insert_into(notifications::table)
            .values(row)
            .on_conflict_do_nothing()
            .returning(notifications::id),
    )
    .get_result(c)
    .optional()?;
    if new.is_some() {
        return Ok(new);
    }
    let done = notifications::person_id
        .eq(person_id)
        .and(notifications::cause.eq(&key))
        .and(notifications::done_at.lt(now).assume_not_null());
    Ok(diesel::update(notifications::table.filter(done))
        .set((
            notifications::created_at.eq(now),
            notifications::path.eq(&cause.path),
            notifications::actor_id.eq(actor_id),
            notifications::title.eq(&cause.title),
            notifications::at.eq(cause.at),
            notifications::due_on.eq(cause.due_on),
            notifications::read_at.eq(None::<UtcTime>),
            notifications::done_at.eq(None::<UtcTime>),
            notifications::digest_at.eq(digest_at),
        ))
        .returning(notifications::id)
        .get_result(c)
        .optional()?)
}

/// What waited about an object has been done: for a person, or for everyone it waited for.
pub fn done(
    c: &mut Conn,
    kind: Kind,
    object: &str,
    person_id: Option<i64>,
    now: UtcTime,
) -> Result<usize> {
    let open = notifications::object
        .eq(object)
        .and(notifications::kind.eq(kind))
        .and(notifications::done_at.is_null());
    let mut query = diesel::update(notifications::table.filter(open))
        .set(notifications::done_at.eq(now))
        .into_boxed();
    if let Some(id) = person_id {
        query = query.filter(notifications::person_id.eq(id));
    }
    Ok(query.execute(c)?)
}

/// What of a person's is done, by row.
pub fn done_by_id(c: &mut Conn, ids: &[i64], now: UtcTime) -> Result<usize> {
    Ok(diesel::update(
        notifications::table
            .filter(id_in(notifications::id, ids).and(notifications::done_at.is_null())),
    )
    .set(notifications::done_at.eq(now))
    .execute(c)?)
}

/// What of these kinds a person was told by then, and is not done: row and cause.
pub fn open(
    c: &mut Conn,
    person_id: i64,
    of: impl Fn(Kind) -> bool,
    by: UtcTime,
) -> Result<Vec<(i64, String)>> {
    let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|k| of(*k)).collect();
    Ok(notifications::table
        .filter(
            notifications::person_id
                .eq(person_id)
                .and(notifications::done_at.is_null())
                .and(notifications::created_at.le(by))
                .and(notifications::kind.eq_any(kinds)),
        )
        .select((notifications::id, notifications::cause))
        .order(notifications::id)
        .load(c)?)
}

/// Those of these causes that a person was told.
pub fn known(c: &mut Conn, person_id: i64, causes: &[String]) -> Result<Vec<String>> {
    if causes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(notifications::table
        .filter(
            notifications::person_id
                .eq(person_id)
                .and(notifications::cause.eq_any(causes.to_vec())),
        )
        .select(notifications::cause)
        .load(c)?)
}

/// A place in the list: when the last one on the page before was told, and its row.
pub type After = (UtcTime, i64);

/// What a person was told, the latest first.
pub fn page(
    c: &mut Conn,
    person_id: i64,
    after: Option<After>,
    limit: usize,
) -> Result<Vec<Notification>> {
    let mut query = notifications::table
        .filter(notifications::person_id.eq(person_id))
        .select(Notification::as_select())
        .order((notifications::created_at.desc(), notifications::id.desc()))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    if let Some((at, id)) = after {
        let same = notifications::created_at
            .eq(at)
            .and(notifications::id.lt(id));
        query = query.filter(notifications::created_at.lt(at).or(same));
    }
    Ok(query.load(c)?)
}

pub fn by_id(c: &mut Conn, person_id: i64, id: i64) -> Result<Option<Notification>> {
    Ok(notifications::table
        .filter(
            notifications::id
                .eq(id)
                .and(notifications::person_id.eq(person_id)),
        )
        .select(Notification::as_select())
        .first(c)
        .optional()?)
}

/// How many a row of `people` has not read; more than a hundred count as a hundred.
pub fn unread_of_person() -> Fixed<BigInt> {
    fixed(
        "(SELECT count(*) FROM (SELECT 1 FROM notifications n WHERE n.person_id = people.id \
         AND n.read_at IS NULL AND n.done_at IS NULL LIMIT 100) unread)",
    )
}

/// The same for one person.
pub fn unread(c: &mut Conn, person_id: i64) -> Result<i64> {
    Ok(people::table
        .find(person_id)
        .select(unread_of_person())
        .first(c)?)
}

/// Marks what a person has read: one, or everything up to a moment.
pub fn read(c: &mut Conn, person_id: i64, which: Which, now: UtcTime) -> Result<usize> {
    let own = notifications::person_id
        .eq(person_id)
        .and(notifications::read_at.is_null());
    let mut query = diesel::update(notifications::table.filter(own))
        .set(notifications::read_at.eq(now))
        .into_boxed();
    query = match which {
        Which::One(id) => query.filter(notifications::id.eq(id)),
        Which::UpTo(at) => query.filter(notifications::created_at.le(at)),
    };
    Ok(query.execute(c)?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    One(i64),
    UpTo(UtcTime),
}

/// What waits for the digest of a person, the oldest first.
pub fn for_digest(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<Vec<Notification>> {
    Ok(notifications::table
        .filter(
            notifications::person_id
                .eq(person_id)
                .and(notifications::digest_at.le(now).assume_not_null())
                .and(notifications::read_at.is_null())
                .and(notifications::done_at.is_null()),
        )
        .select(Notification::as_select())
        .order(notifications::id)
        .limit(MOST_IN_DIGEST)
        .load(c)?)
}

/// A mail has no more lines than that; the inbox has all.
const MOST_IN_DIGEST: i64 = 50;

/// The digest has told everything there was.
pub fn digested(c: &mut Conn, person_id: i64) -> Result<()> {
    diesel::update(
        notifications::table.filter(
            notifications::person_id
                .eq(person_id)
                .and(notifications::digest_at.is_not_null()),
        ),
    )
    .set(notifications::digest_at.eq(None::<UtcTime>))
    .execute(c)?;
    Ok(())
}

/// The choices of these people about a kind.
pub fn choices_of(c: &mut Conn, ids: &[i64], kind: Kind) -> Result<Vec<(i64, Choice)>> {
    Ok(mail_choices::table
        .filter(id_in(mail_choices::person_id, ids).and(mail_choices::kind.eq(kind)))
        .select((mail_choices::person_id, mail_choices::choice))
        .load(c)?)
}

/// What a person chose, by kind.
pub fn choices(c: &mut Conn, person_id: i64) -> Result<Vec<(Kind, Choice)>> {
    Ok(mail_choices::table
        .filter(mail_choices::person_id.eq(person_id))
        .select((mail_choices::kind, mail_choices::choice))
        .load(c)?)
}

pub fn choose(c: &mut Conn, person_id: i64, kind: Kind, choice: Choice) -> Result<()> {
    Each(
        diesel::insert_into(mail_choices::table)
            .values((
                mail_choices::person_id.eq(person_id),
                mail_choices::kind.eq(kind),
                mail_choices::choice.eq(choice),
            ))
            .on_conflict((mail_choices::person_id, mail_choices::kind))
            .do_update()
            .set(mail_choices::choice.eq(choice)),
    )
    .execute(c)?;
    Ok(())
}

/// The secret part of the address with which a person ends mails without signing in.
pub fn known_mail_token(c: &mut Conn, person_id: i64) -> Result<Option<String>> {
    Ok(mail_settings::table
        .find(person_id)
        .select(mail_settings::token)
        .first(c)
        .optional()?)
}

/// The same, made when there is none. Only in a transaction that makes one alone: two that make those of several people
/// in another order would wait for each other in a circle.
pub fn mail_token(c: &mut Conn, person_id: i64) -> Result<String> {
    Each(
        diesel::insert_into(mail_settings::table)
            .values((
                mail_settings::person_id.eq(person_id),
                mail_settings::token.eq(random_hex::<32>()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    Ok(mail_settings::table
        .find(person_id)
        .select(mail_settings::token)
        .first(c)?)
}

/// The person whose mails that address ends.
pub fn by_mail_token(c: &mut Conn, token: &str) -> Result<Option<i64>> {
    Ok(mail_settings::table
        .filter(mail_settings::token.eq(token))
        .select(mail_settings::person_id)
        .first(c)
        .optional()?)
}

/// When somebody was looked at last, and got their digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Round {
    pub person_id: i64,
    pub looked_at: Option<UtcTime>,
    pub daily_on: Option<Day>,
    pub weekly_on: Option<Day>,
}

/// People who have not left and were not looked at since then; those who waited longest first.
pub fn due_rounds(c: &mut Conn, since: UtcTime, limit: i64) -> Result<Vec<Round>> {
    let is_new = rounds::looked_at.nullable().is_null();
    Ok(people::table
        .left_join(rounds::table)
        .filter(
            people::deactivated_at.is_null().and(
                rounds::looked_at
                    .nullable()
                    .is_null()
                    .or(rounds::looked_at.lt(since).assume_not_null()),
            ),
        )
        .order((is_new.desc(), rounds::looked_at.nullable(), people::id))
        .limit(limit)
        .select((
            people::id,
            rounds::looked_at.nullable(),
            rounds::daily_on.nullable(),
            rounds::weekly_on.nullable(),
        ))
        .load(c)?)
}

pub fn looked(c: &mut Conn, round: Round, now: UtcTime) -> Result<()> {
    let values = (
        rounds::looked_at.eq(now),
        rounds::daily_on.eq(round.daily_on),
        rounds::weekly_on.eq(round.weekly_on),
    );
    Each(
        diesel::insert_into(rounds::table)
            .values((rounds::person_id.eq(round.person_id), values))
            .on_conflict(rounds::person_id)
            .do_update()
            .set(values),
    )
    .execute(c)?;
    Ok(())
}

/// Notes that those were looked at and nothing came of it. Whoever did something since they were found due is still due: they
/// were looked at as of before it.
pub fn looked_for_nothing(c: &mut Conn, all: &[Round], now: UtcTime) -> Result<()> {
    for round in all {
        let Some(before) = round.looked_at else {
            Each(
                diesel::insert_into(rounds::table)
                    .values((
                        rounds::person_id.eq(round.person_id),
                        rounds::looked_at.eq(now),
                    ))
                    .on_conflict_do_nothing(),
            )
            .execute(c)?;
            continue;
        };
        let as_found = rounds::table.filter(
            rounds::person_id
                .eq(round.person_id)
                .and(rounds::looked_at.eq(before)),
        );
        diesel::update(as_found)
            .set(rounds::looked_at.eq(now))
            .execute(c)?;
    }
    Ok(())
}

/// What was told longer ago than that is not kept.
const KEPT_HOURS: i64 = 24 * 400;
const SWEEP: i64 = 500;

/// Deletes what was told long ago; leaves out what somebody else holds. Returns whether there may be more.
pub fn sweep(c: &mut Conn, now: UtcTime) -> Result<bool> {
    let old: Vec<i64> = Unlocked(
        notifications::table
            .filter(notifications::created_at.le(now.plus_hours(-KEPT_HOURS)))
            .select(notifications::id)
            .limit(SWEEP),
    )
    .load(c)?;
    diesel::delete(notifications::table.filter(id_in(notifications::id, &old))).execute(c)?;
    Ok(i64::try_from(old.len()).is_ok_and(|n| n == SWEEP))
}

/// Deletes what somebody was told, and how they wanted to be.
pub fn forget_person(c: &mut Conn, person_id: i64) -> Result<()> {
    diesel::delete(notifications::table.filter(notifications::person_id.eq(person_id)))
        .execute(c)?;
    diesel::delete(mail_choices::table.filter(mail_choices::person_id.eq(person_id))).execute(c)?;
    diesel::delete(mail_settings::table.find(person_id)).execute(c)?;
    diesel::delete(rounds::table.find(person_id)).execute(c)?;
    Ok(())
}

/// As if somebody had been looked at last at that moment.
pub fn look_again(c: &mut Conn, person_id: i64, at: UtcTime) -> Result<()> {
    diesel::update(rounds::table.find(person_id))
        .set(rounds::looked_at.eq(at))
        .execute(c)?;
    Ok(())
}

/// Takes a job that one process does at a time, or keeps it; false while another process has it.
pub fn lease(c: &mut Conn, (name, by): (&str, &str), until: UtcTime, now: UtcTime) -> Result<bool> {
    Each(
        diesel::insert_into(leases::table)
            .values((
                leases::name.eq(name),
                leases::taken_by.eq(""),
                leases::taken_until.eq(now),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    let free = leases::name
        .eq(name)
        .and(leases::taken_by.eq(by).or(leases::taken_until.le(now)));
    Ok(diesel::update(leases::table.filter(free))
        .set((leases::taken_by.eq(by), leases::taken_until.eq(until)))
        .execute(c)?
        == 1)
}
