//! SQL of pictures. One never changes; a removed one is no longer shown to anyone.

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Kind, New, Owner, OwnerKind};
use crate::db::Conn;
use crate::db::schema::pictures;
use crate::db::types::UtcTime;
use crate::error::{Error, Result};

/// A picture without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Listed {
    pub owner_id: i64,
    /// In its owner, from 1.
    pub number: i32,
    pub alt: String,
    pub width: i32,
    pub height: i32,
}

/// The pictures of some owners of a kind, the first one first.
pub fn of(c: &mut Conn, kind: OwnerKind, ids: &[i64]) -> Result<Vec<Listed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(pictures::table
        .filter(
            pictures::owner_kind
                .eq(kind)
                .and(pictures::owner_id.eq_any(ids))
                .and(pictures::removed_at.is_null()),
        )
        .order((pictures::owner_id, pictures::number))
        .select((
            pictures::owner_id,
            pictures::number,
            pictures::alt,
            pictures::width,
            pictures::height,
        ))
        .load(c)?)
}

/// How it is kept, and its bytes.
///
/// Errors: [`Error::NotFound`], also when it was removed.
pub fn bytes_of(c: &mut Conn, (kind, id): Owner, number: i32) -> Result<(Kind, Vec<u8>)> {
    pictures::table
        .filter(
            pictures::owner_kind
                .eq(kind)
                .and(pictures::owner_id.eq(id))
                .and(pictures::number.eq(number))
                .and(pictures::removed_at.is_null()),
        )
        .select((pictures::kind, pictures::bytes))
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("picture"))
}

/// Adds a picture to an owner that is locked; returns its number.
pub fn add(c: &mut Conn, (kind, id): Owner, new: &New, by_id: i64, now: UtcTime) -> Result<i32> {
    let last: Option<i32> = pictures::table
        .filter(pictures::owner_kind.eq(kind).and(pictures::owner_id.eq(id)))
        .select(max(pictures::number))
        .first(c)?;
    let number = last.unwrap_or(0).saturating_add(1);
    let side = |n: u32| i32::try_from(n).map_err(Error::fault);
    diesel::insert_into(pictures::table)
        .values((
            pictures::owner_kind.eq(kind),
            pictures::owner_id.eq(id),
            pictures::number.eq(number),
            pictures::kind.eq(new.picture.kind),
            pictures::alt.eq(new.alt.as_str()),
            pictures::width.eq(side(new.picture.width)?),
            pictures::height.eq(side(new.picture.height)?),
            pictures::by_id.eq(by_id),
            pictures::at.eq(now),
            pictures::bytes.eq(&new.picture.bytes),
        ))
        .execute(c)?;
    Ok(number)
}

/// Takes some pictures of an owner away; returns how many were still there.
pub fn remove(c: &mut Conn, (kind, id): Owner, numbers: &[i32], now: UtcTime) -> Result<usize> {
    if numbers.is_empty() {
        return Ok(0);
    }
    Ok(diesel::update(
        pictures::table.filter(
            pictures::owner_kind
                .eq(kind)
                .and(pictures::owner_id.eq(id))
                .and(pictures::number.eq_any(numbers))
                .and(pictures::removed_at.is_null()),
        ),
    )
    .set(pictures::removed_at.eq(now))
    .execute(c)?)
}

/// Empties what a person added and nobody sees any more, bytes and words; for those who are erased.
pub fn forget_person(c: &mut Conn, person_id: i64) -> Result<()> {
    diesel::update(
        pictures::table.filter(
            pictures::by_id
                .eq(person_id)
                .and(pictures::removed_at.is_not_null()),
        ),
    )
    .set((pictures::bytes.eq(Vec::<u8>::new()), pictures::alt.eq("")))
    .execute(c)?;
    Ok(())
}
