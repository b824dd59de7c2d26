//! SQL of pairings: who mentored when and why, and the load of mentors.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::fixed::{Fixed, fixed};
use crate::db::list::{List, Listed, entries, listed_when, row_id};
use crate::db::schema::{pairings, people, ramps};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::people::next::Part;
use crate::domain::ramp::PairingRole;
use crate::error::Result;

/// What part a row of `people` has in ramps now: whether they mentor one whose sessions can be recorded, and whether they
/// are the mentee of one on which sessions can be planned. The same states as in [`crate::domain::ramp::work`].
pub fn part_of_person() -> (Fixed<Bool>, Fixed<Bool>) {
    (
        fixed(
            "EXISTS (SELECT 1 FROM pairings g JOIN ramps r ON r.id = g.ramp_id WHERE g.mentor_id = people.id \
             AND g.until IS NULL AND r.closed_at IS NULL AND r.state <> 'proposed')",
        ),
        fixed(
            "EXISTS (SELECT 1 FROM ramps r WHERE r.mentee_id = people.id AND r.closed_at IS NULL \
             AND r.state IN ('active', 'in_review'))",
        ),
    )
}

/// The part that one person has in ramps now.
pub fn part(c: &mut Conn, person_id: i64) -> Result<Part> {
    let (mentors, ramps) = people::table
        .find(person_id)
        .select(part_of_person())
        .first(c)?;
    Ok(Part { mentors, ramps })
}

/// SQL of the current pairings (`g`) on ramps under way (`o`): who mentors whom now.
pub const MENTORED: &str = "pairings g JOIN ramps o ON o.id = g.ramp_id AND g.until IS NULL \
     AND o.closed_at IS NULL AND o.state <> 'proposed'";

/// Who mentored the mentee of a row of `ramps` in its area before, on an earlier ramp; only where `when` is true of it.
pub fn mentored_before(when: &str) -> Listed {
    listed_when(
        when,
        &["CAST(e.mentor_id AS TEXT)"],
        "pairings e JOIN ramps b ON b.id = e.ramp_id WHERE b.mentee_id = ramps.mentee_id AND b.area_id = ramps.area_id \
         AND b.id <> ramps.id",
    )
}

/// The same for several ramps, by their rows.
pub fn all_mentored_before(c: &mut Conn, ramp_ids: &[i64]) -> Result<HashMap<i64, Vec<i64>>> {
    let rows: Vec<(i64, List)> = ramps::table
        .filter(id_in(ramps::id, ramp_ids))
        .select((ramps::id, mentored_before("TRUE")))
        .load(c)?;
    let read = |(id, before)| Ok((id, entries(before, row_id)?));
    rows.into_iter().map(read).collect()
}

/// The mentors now of a person's open ramp in an area.
pub fn mentors_now(c: &mut Conn, (mentee_id, area_id): (i64, i64)) -> Result<Vec<i64>> {
    Ok(pairings::table
        .inner_join(ramps::table)
        .filter(
            ramps::mentee_id
                .eq(mentee_id)
                .and(ramps::area_id.eq(area_id)),
        )
        .filter(ramps::closed_at.is_null().and(pairings::until.is_null()))
        .select(pairings::mentor_id)
        .load(c)?)
}

/// The mentors of a ramp now, the primary one first.
pub fn mentors_of(c: &mut Conn, ramp_id: i64) -> Result<Vec<i64>> {
    let rows: Vec<(PairingRole, i64)> = pairings::table
        .filter(pairings::ramp_id.eq(ramp_id).and(pairings::until.is_null()))
        .order(pairings::id)
        .select((pairings::role, pairings::mentor_id))
        .load(c)?;
    let of = |wanted| rows.iter().filter(move |(role, _)| *role == wanted);
    let all = of(PairingRole::Primary).chain(of(PairingRole::Secondary));
    Ok(all.map(|(_, id)| *id).collect())
}

/// Everyone who ever mentored a person in an area.
pub fn ever_mentored(c: &mut Conn, (mentee_id, area_id): (i64, i64)) -> Result<Vec<i64>> {
    Ok(pairings::table
        .inner_join(ramps::table)
        .filter(
            ramps::mentee_id
                .eq(mentee_id)
                .and(ramps::area_id.eq(area_id)),
        )
        .select(pairings::mentor_id)
        .distinct()
        .load(c)?)
}

/// A row of `pairings` with the reasons for its begin and end.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pairings)]
pub struct PairingHistory {
    pub mentor_id: i64,
    pub role: PairingRole,
    pub since: UtcTime,
    /// Until when; `None` while it lasts.
    pub until: Option<UtcTime>,
    /// Why it exceeds the mentor's agreed load, if it does.
    pub over_capacity_reason: Option<String>,
    /// Why someone ended it, if someone did.
    pub ended_reason: Option<String>,
    pub ended_by: Option<i64>,
}

#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = pairings)]
pub struct NewPairing<'a> {
    pub ramp_id: i64,
    pub mentor_id: i64,
    pub role: PairingRole,
    /// Agreed days from one session to the next.
    pub interval_days: i32,
    /// Why it exceeds the mentor's agreed load, if it does.
    pub over_capacity_reason: Option<&'a str>,
}

pub fn begin(c: &mut Conn, new: NewPairing<'_>, now: UtcTime) -> Result<()> {
    diesel::insert_into(pairings::table)
        .values((new, pairings::since.eq(now)))
        .execute(c)?;
    Ok(())
}

/// Ends a mentor's current pairing on a ramp; false when there is none.
pub fn end(
    c: &mut Conn,
    (ramp_id, mentor_id): (i64, i64),
    reason: &str,
    by_id: i64,
    now: UtcTime,
) -> Result<bool> {
    let lasting = pairings::table.filter(
        pairings::ramp_id
            .eq(ramp_id)
            .and(pairings::mentor_id.eq(mentor_id))
            .and(pairings::until.is_null()),
    );
    let ended = diesel::update(lasting)
        .set((
            pairings::until.eq(now),
            pairings::ended_reason.eq(reason),
            pairings::ended_by.eq(by_id),
        ))
        .execute(c)?;
    Ok(ended == 1)
}
