//! A mentor's private notes on a ramp. Nobody but their author reads them: not the mentee, not a lead, not an administrator,
//! no export and no search.

use diesel::prelude::*;

use crate::db::schema::private_notes;
use crate::db::types::UtcTime;
use crate::db::{Conn, is_unique_violation};
use crate::domain::people::Actor;
use crate::domain::ramp::Parties;
use crate::error::{Error, Result};

/// Keeps notes on a ramp: its mentors, now and before.
pub fn may_keep(parties: &Parties, actor: &Actor) -> bool {
    !parties.is_mentee(actor) && parties.mentors_ever.iter().any(|id| actor.is(*id))
}

/// The latest version of somebody's notes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable)]
pub struct Note {
    /// 0 before the first.
    pub number: i32,
    pub body: String,
    pub at: Option<UtcTime>,
}

/// The notes of one author on a ramp.
pub fn of_author(c: &mut Conn, ramp_id: i64, author_id: i64) -> Result<Note> {
    let latest = private_notes::table
        .filter(
            private_notes::ramp_id
                .eq(ramp_id)
                .and(private_notes::author_id.eq(author_id)),
        )
        .order(private_notes::number.desc())
        .select((
            private_notes::number,
            private_notes::body,
            private_notes::at.nullable(),
        ))
        .first(c)
        .optional()?;
    Ok(latest.unwrap_or_default())
}

/// Stores the version after `seen`.
///
/// Errors: [`Error::Conflict`] when there is one already.
pub fn insert(
    c: &mut Conn,
    (ramp_id, author_id): (i64, i64),
    seen: i32,
    body: &str,
    at: UtcTime,
) -> Result<()> {
    let stored = diesel::insert_into(private_notes::table)
        .values((
            private_notes::ramp_id.eq(ramp_id),
            private_notes::author_id.eq(author_id),
            private_notes::number.eq(seen.saturating_add(1)),
            private_notes::body.eq(body),
            private_notes::at.eq(at),
        ))
        .execute(c);
    match stored {
        Ok(_) => Ok(()),
        Err(e) if is_unique_violation(&e, "private_notes") => Err(changed()),
        Err(e) => Err(e.into()),
    }
}

/// The notes changed in another window.
pub fn changed() -> Error {
    Error::Conflict("These notes changed while you were editing. Compare and save again.".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentors_keep_notes_and_nobody_else() {
        let parties = Parties {
            mentee_id: 1,
            mentors: vec![2],
            mentors_ever: vec![2, 3],
            qualifiers: vec![4],
            owner_team_id: 20,
            ..Parties::default()
        };
        let person = |id, is_admin| Actor {
            id: Some(id),
            is_admin,
            leads: vec![20],
            ..Actor::operator()
        };
        let may: Vec<i64> = (1..6)
            .filter(|id| may_keep(&parties, &person(*id, *id == 5)))
            .collect();
        assert_eq!(may, [2, 3]);
    }
}
