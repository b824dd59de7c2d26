//! The sign-offs that somebody may read.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::schema::{memberships, pairings, people, ramps, signoffs};
use crate::db::{Conn, id_in};
use crate::domain::people::Actor;
use crate::domain::postmortem::store::search::reader;
use crate::domain::ramp::store::may_read_ramp;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::store::Decided;
use crate::error::Result;

/// The areas that somebody answers for, which the other questions ask for.
pub fn answers_for(c: &mut Conn, actor: &Actor) -> Result<Vec<i64>> {
    Ok(reader(c, actor)?.answers_for)
}

/// The open ones that somebody may read, oldest first, from behind the one with the row `after`; one more than `most` where there are more.
/// Those of people who left only where `with_left` says so: nobody has to decide about them.
pub fn open(
    c: &mut Conn,
    (actor, answers_for): (&Actor, &[i64]),
    (after, most): (i64, usize),
    with_left: bool,
) -> Result<Vec<Signoff>> {
    let mut found = all_open()
        .filter(signoffs::id.gt(after))
        .filter(may_read_ramp!(actor, answers_for))
        .order(signoffs::id)
        .limit(i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX))
        .select(Signoff::as_select())
        .into_boxed();
    if !with_left {
        found = found.filter(people::deactivated_at.is_null());
    }
    Ok(found.load(c)?)
}

/// The open ones of those areas, oldest first. Only in the areas one answers for can be a key that is theirs to turn: it takes a
/// qualifier of the area or a lead of its owner team.
pub fn open_in(c: &mut Conn, area_ids: &[i64]) -> Result<Vec<Signoff>> {
    Ok(all_open()
        .filter(people::deactivated_at.is_null())
        .filter(id_in(ramps::area_id, area_ids))
        .order(signoffs::id)
        .select(Signoff::as_select())
        .load(c)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn all_open() -> _ {
    signoffs::table
        .inner_join(ramps::table.inner_join(people::table.on(people::id.eq(ramps::mentee_id))))
        .filter(signoffs::decided_at.is_null())
}

/// Decided sign-offs that are looked through for those somebody may read.
const LOOKED_THROUGH: i64 = 200;

/// Those of the latest decided ones, the latest first; at most `most`.
pub fn decided_lately(
    c: &mut Conn,
    (actor, answers_for): (&Actor, &[i64]),
    most: i64,
) -> Result<Vec<Decided>> {
    let late = diesel::alias!(signoffs as late);
    let (at, id) = (late.field(signoffs::decided_at), late.field(signoffs::id));
    let latest = late
        .filter(at.is_not_null())
        .order((at.desc(), id.desc()))
        .limit(LOOKED_THROUGH)
        .select(id);
    Ok(signoffs::table
        .inner_join(ramps::table)
        .filter(signoffs::id.eq_any(latest))
        .filter(may_read_ramp!(actor, answers_for))
        .order((signoffs::decided_at.desc(), signoffs::id.desc()))
        .limit(most)
        .select(Decided::as_select())
        .load(c)?)
}
