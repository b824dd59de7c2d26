//! SQL of sign-offs.

use crate::domain::signoff::model::Signoff;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable};

use super::{MUTUAL_HOURS, SignoffState};
use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{ramps, signoffs, void_first_keys};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::clearance::store::covering;
use crate::error::{Error, Result};

/// The last day on which the first key of a row of `signoffs` counts, while the second one is due.
pub fn first_key_until() -> Fixed<Nullable<Date>> {
    let covers = covering("k");
    fixed(format!(
        "CASE WHEN signoffs.state = 'first_key' THEN (SELECT k.holds_until FROM clearances k JOIN ramps r ON r.area_id = k.area_id \
         JOIN people p ON p.id = k.person_id \
         WHERE r.id = signoffs.ramp_id AND k.person_id = signoffs.first_key_by \
         AND {covers} AND p.deactivated_at IS NULL \
         AND EXISTS (SELECT 1 FROM qualifiers q WHERE q.area_id = k.area_id AND q.person_id = k.person_id \
         AND q.until IS NULL AND q.since <= signoffs.first_key_at) \
         AND NOT EXISTS (SELECT 1 FROM clearance_changes h JOIN clearances o ON o.id = h.clearance_id \
         WHERE o.person_id = k.person_id AND o.area_id = k.area_id AND h.state <> 'valid' \
         AND h.at >= signoffs.first_key_at) \
         AND NOT EXISTS (SELECT 1 FROM departures d WHERE d.person_id = k.person_id \
         AND d.left_at >= signoffs.first_key_at)) END"
    ))
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Signoff> {
    signoffs::table
        .find(id)
        .select(Signoff::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("sign-off"))
}

/// Sign-offs of those ramps, newest first.
pub fn of_ramps(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<Signoff>> {
    Ok(signoffs::table
        .filter(id_in(signoffs::ramp_id, ramp_ids))
        .order(signoffs::id.desc())
        .select(Signoff::as_select())
        .load(c)?)
}

/// A decided sign-off without its record, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signoffs)]
pub struct Decided {
    pub id: i64,
    pub ramp_id: i64,
    pub state: SignoffState,
    /// Who decided; every decided one has someone.
    #[diesel(column_name = decided_by)]
    pub by: Option<i64>,
    #[diesel(column_name = decided_at)]
    pub at: Option<UtcTime>,
    /// Last day of the clearance it granted.
    pub ends_on: Option<Day>,
}

/// Sign-offs that are decided, the latest first; those that follow one, where one is given.
pub fn decided(c: &mut Conn, after: Option<&Decided>, limit: i64) -> Result<Vec<Decided>> {
    let at = after.and_then(|last| last.at).unwrap_or(UtcTime::MAX);
    let same = signoffs::decided_at
        .eq(at)
        .and(signoffs::id.lt(after.map_or(i64::MAX, |last| last.id)));
    Ok(signoffs::table
        .filter(signoffs::decided_at.is_not_null())
        .filter(signoffs::decided_at.le(at))
        .filter(signoffs::decided_at.lt(at).or(same))
        .order((signoffs::decided_at.desc(), signoffs::id.desc()))
        .limit(limit)
        .select(Decided::as_select())
        .load(c)?)
}

/// Adds a sign-off. The database refuses a second open one of the same ramp.
pub fn insert(
    c: &mut Conn,
    ramp_id: i64,
    by_id: i64,
    note: &str,
    now: UtcTime,
) -> std::result::Result<i64, diesel::result::Error> {
    diesel::insert_into(signoffs::table)
        .values((
            signoffs::ramp_id.eq(ramp_id),
            signoffs::state.eq(SignoffState::Requested),
            signoffs::requested_by.eq(by_id),
            signoffs::requested_at.eq(now),
            signoffs::request_note.eq(note),
        ))
        .returning(signoffs::id)
        .get_result(c)
}

/// Whom of `people` this person turned a key for within [`MUTUAL_HOURS`] before a moment, each with the latest time.
pub fn cleared_by(
    c: &mut Conn,
    signer_id: i64,
    people: &[i64],
    until: UtcTime,
) -> Result<Vec<(i64, UtcTime)>> {
    let signed = signoffs::first_key_by
        .eq(signer_id)
        .or(signoffs::decided_by.eq(signer_id));
    let mut found: Vec<(i64, Option<UtcTime>)> = signoffs::table
        .inner_join(ramps::table)
        .filter(signoffs::state.eq(SignoffState::Granted))
        .filter(signed)
        .filter(signoffs::decided_at.between(until.plus_hours(-MUTUAL_HOURS), until))
        .filter(id_in(ramps::mentee_id, people))
        .order((ramps::mentee_id, signoffs::id.desc()))
        .select((ramps::mentee_id, signoffs::decided_at))
        .load(c)?;
    found.dedup_by_key(|(person, _)| *person);
    let dated = found
        .into_iter()
        .filter_map(|(person, at)| Some((person, at?)));
    Ok(dated.collect())
}

/// A first key whose holder lost the right to it, and in whose place another one was turned.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct VoidKey {
    pub by_id: i64,
    pub at: UtcTime,
    pub note: String,
}

/// The void first keys of a sign-off, oldest first.
pub fn void_keys(c: &mut Conn, signoff_id: i64) -> Result<Vec<VoidKey>> {
    use void_first_keys as v;
    Ok(v::table
        .filter(v::signoff_id.eq(signoff_id))
        .order((v::at, v::id))
        .select((v::by_id, v::at, v::note))
        .load(c)?)
}

/// Turns the first key of a sign-off as it was read; false when it was no longer in that state. A void key that it takes the
/// place of is kept beside it.
pub fn turn_first_key(
    c: &mut Conn,
    was: &Signoff,
    by_id: i64,
    note: &str,
    now: UtcTime,
) -> Result<bool> {
    use void_first_keys as v;
    if let (Some(by), Some(at)) = (was.first_key_by, was.first_key_at) {
        let note = was.first_key_note.as_deref().unwrap_or_default();
        diesel::insert_into(v::table)
            .values((
                v::signoff_id.eq(was.id),
                v::by_id.eq(by),
                v::at.eq(at),
                v::note.eq(note),
            ))
            .execute(c)?;
    }
    let is_as_read = signoffs::id.eq(was.id).and(signoffs::state.eq(was.state));
    let changed = diesel::update(signoffs::table.filter(is_as_read))
        .set((
            signoffs::state.eq(SignoffState::FirstKey),
            signoffs::first_key_by.eq(by_id),
            signoffs::first_key_at.eq(now),
            signoffs::first_key_note.eq(note),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// Decides a sign-off in state `from`, and freezes its record; false when it was no longer in that state.
pub fn decide(c: &mut Conn, from: SignoffState, decided: &Signoff) -> Result<bool> {
    let changed = diesel::update(
        signoffs::table.filter(signoffs::id.eq(decided.id).and(signoffs::state.eq(from))),
    )
    .set((
        signoffs::state.eq(decided.state),
        signoffs::decided_by.eq(decided.decided_by),
        signoffs::decided_at.eq(decided.decided_at),
        signoffs::decision_note.eq(&decided.decision_note),
        signoffs::ends_on.eq(decided.ends_on),
        signoffs::record.eq(&decided.record),
    ))
    .execute(c)?;
    Ok(changed == 1)
}

/// All frozen records, by sign-off.
pub fn records(c: &mut Conn) -> Result<Vec<(i64, String)>> {
    Ok(signoffs::table
        .filter(signoffs::record.is_not_null())
        .select((signoffs::id, signoffs::record.assume_not_null()))
        .load(c)?)
}

/// Writes a frozen record without the traces of a person.
pub fn rewrite_record(c: &mut Conn, id: i64, record: &str) -> Result<()> {
    diesel::update(signoffs::table.find(id))
        .set(signoffs::record.eq(record))
        .execute(c)?;
    Ok(())
}
