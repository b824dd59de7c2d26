//! SQL of one-time links.

use crate::domain::invite::model::Invite;
use diesel::prelude::*;

use super::Times;
use crate::db::schema::invites;
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::error::Result;

pub fn insert(
    c: &mut Conn,
    token_hash: &str,
    person_id: Option<i64>,
    created_by: Option<i64>,
    now: UtcTime,
    expires_at: UtcTime,
) -> Result<()> {
    diesel::insert_into(invites::table)
        .values((
            invites::token_hash.eq(token_hash),
            invites::person_id.eq(person_id),
            invites::created_by.eq(created_by),
            invites::created_at.eq(now),
            invites::expires_at.eq(expires_at),
        ))
        .execute(c)?;
    Ok(())
}

/// A link that a person asked for.
pub fn insert_reset(
    c: &mut Conn,
    token_hash: &str,
    person_id: i64,
    now: UtcTime,
    expires_at: UtcTime,
) -> Result<()> {
    diesel::insert_into(invites::table)
        .values((
            invites::token_hash.eq(token_hash),
            invites::person_id.eq(person_id),
            invites::created_at.eq(now),
            invites::expires_at.eq(expires_at),
            invites::is_reset.eq(true),
        ))
        .execute(c)?;
    Ok(())
}

/// How many links work that a person asked for.
pub fn open_resets(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<i64> {
    Ok(invites::table
        .filter(
            invites::person_id
                .eq(person_id)
                .and(invites::is_reset)
                .and(works(now)),
        )
        .count()
        .get_result(c)?)
}

#[diesel::dsl::auto_type]
fn works(now: UtcTime) -> _ {
    invites::used_at
        .is_null()
        .and(invites::revoked_at.is_null())
        .and(invites::expires_at.gt(now))
}

/// The link of that token hash.
pub fn by_hash(c: &mut Conn, token_hash: &str) -> Result<Option<Invite>> {
    type Row = (
        i64,
        Option<i64>,
        UtcTime,
        Option<UtcTime>,
        Option<UtcTime>,
        bool,
    );
    let row: Option<Row> = invites::table
        .filter(invites::token_hash.eq(token_hash))
        .select((
            invites::id,
            invites::person_id,
            invites::expires_at,
            invites::used_at,
            invites::revoked_at,
            invites::is_reset,
        ))
        .first(c)
        .optional()?;
    Ok(row.map(
        |(id, person_id, expires_at, used_at, revoked_at, is_reset)| Invite {
            id,
            person_id,
            is_reset,
            times: Times {
                expires_at,
                used_at,
                revoked_at,
            },
        },
    ))
}

/// Uses a link; false when it no longer works.
pub fn spend(c: &mut Conn, id: i64, now: UtcTime) -> Result<bool> {
    let open = invites::table.find(id).filter(works(now));
    Ok(diesel::update(open)
        .set(invites::used_at.eq(now))
        .execute(c)?
        == 1)
}

/// Revokes the working links of a person (or those for the first administrator, when there is none); returns how many.
pub fn revoke(c: &mut Conn, person_id: Option<i64>, now: UtcTime) -> Result<usize> {
    let open = works(now);
    let revoked = invites::revoked_at.eq(now);
    Ok(match person_id {
        Some(id) => diesel::update(invites::table.filter(invites::person_id.eq(id).and(open)))
            .set(revoked)
            .execute(c)?,
        None => diesel::update(invites::table.filter(invites::person_id.is_null().and(open)))
            .set(revoked)
            .execute(c)?,
    })
}

/// Until when the links still work that administrators made for people.
pub fn open_of(
    c: &mut Conn,
    person_ids: &[i64],
    now: UtcTime,
) -> Result<Vec<(Option<i64>, UtcTime)>> {
    Ok(invites::table
        .filter(id_in(invites::person_id.assume_not_null(), person_ids))
        .filter(works(now))
        .filter(invites::is_reset.eq(false))
        .select((invites::person_id, invites::expires_at))
        .load(c)?)
}
