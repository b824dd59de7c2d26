//! SQL of calendar feeds.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{calendar_feeds, calendar_names, people};
use crate::db::types::UtcTime;
use crate::error::Result;

/// The name of this installation in UIDs.
pub fn name(c: &mut Conn) -> Result<String> {
    Ok(calendar_names::table
        .select(calendar_names::name)
        .first(c)?)
}

/// A secret address that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    pub created_at: UtcTime,
    /// When a calendar program read it last.
    pub read_at: Option<UtcTime>,
}

/// The address of a person that works.
pub fn feed_of(c: &mut Conn, person_id: i64) -> Result<Option<Feed>> {
    let row: Option<(UtcTime, Option<UtcTime>)> = calendar_feeds::table
        .filter(calendar_feeds::person_id.eq(person_id))
        .filter(calendar_feeds::ended_at.is_null())
        .select((calendar_feeds::created_at, calendar_feeds::read_at))
        .first(c)
        .optional()?;
    Ok(row.map(|(created_at, read_at)| Feed {
        created_at,
        read_at,
    }))
}

/// Whose feed has that secret.
#[derive(Debug, Clone, Queryable)]
pub struct Reader {
    pub feed_id: i64,
    pub read_at: Option<UtcTime>,
    pub person_id: i64,
    pub name: String,
    pub time_zone: String,
}

/// Whose feed has that secret; `None` where there is none, or it ended, or the person left.
pub fn reader(c: &mut Conn, token_hash: &str) -> Result<Option<Reader>> {
    Ok(calendar_feeds::table
        .inner_join(people::table)
        .filter(calendar_feeds::token_hash.eq(token_hash))
        .filter(calendar_feeds::ended_at.is_null())
        .filter(people::deactivated_at.is_null())
        .select((
            calendar_feeds::id,
            calendar_feeds::read_at,
            people::id,
            people::name,
            people::time_zone,
        ))
        .first(c)
        .optional()?)
}

pub fn insert(c: &mut Conn, person_id: i64, token_hash: &str, now: UtcTime) -> Result<()> {
    diesel::insert_into(calendar_feeds::table)
        .values((
            calendar_feeds::person_id.eq(person_id),
            calendar_feeds::token_hash.eq(token_hash),
            calendar_feeds::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends the feed of a person; false when there was none.
pub fn end(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<bool> {
    let open = calendar_feeds::table.filter(
        calendar_feeds::person_id
            .eq(person_id)
            .and(calendar_feeds::ended_at.is_null()),
    );
    let ended = diesel::update(open)
        .set(calendar_feeds::ended_at.eq(now))
        .execute(c)?;
    Ok(ended > 0)
}

pub fn touch(c: &mut Conn, feed_id: i64, now: UtcTime) -> Result<()> {
    diesel::update(calendar_feeds::table.find(feed_id))
        .set(calendar_feeds::read_at.eq(now))
        .execute(c)?;
    Ok(())
}
