//! SQL of waivers. The request never changes; a decision and a revocation are written once each.

use crate::domain::waiver::model::{Line, Waiver};
use diesel::prelude::*;

use super::{Subject, excused};
use crate::db::Conn;
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::waivers;
use crate::db::types::{Day, UtcTime};
use crate::error::Result;

#[derive(Debug, Insertable)]
#[diesel(table_name = waivers)]
pub struct NewWaiver<'a> {
    pub ramp_id: i64,
    pub subject: Subject,
    /// The item's code, or the gate's kind.
    pub code: &'a str,
    pub reason: &'a str,
    /// The requested last day.
    pub asked_until: Day,
    pub ends_on: Day,
    pub asked_by: i64,
    pub asked_at: UtcTime,
}

pub fn insert(c: &mut Conn, new: &NewWaiver<'_>) -> Result<i64> {
    Ok(diesel::insert_into(waivers::table)
        .values(new)
        .returning(waivers::id)
        .get_result(c)?)
}

/// Every waiver requested on a ramp, newest first.
pub fn of_ramp(c: &mut Conn, ramp_id: i64) -> Result<Vec<Waiver>> {
    Ok(waivers::table
        .filter(waivers::ramp_id.eq(ramp_id))
        .order(waivers::id.desc())
        .select(Waiver::as_select())
        .load(c)?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided<'a> {
    pub granted: bool,
    /// The new last day.
    pub ends_on: Day,
    pub by: i64,
    pub at: UtcTime,
    pub note: &'a str,
}

/// Decides a pending one; false when it was decided before.
pub fn decide(c: &mut Conn, id: i64, decided: Decided<'_>) -> Result<bool> {
    let open = waivers::table.filter(waivers::id.eq(id).and(waivers::decided_at.is_null()));
    let changed = diesel::update(open)
        .set((
            waivers::granted.eq(Some(decided.granted)),
            waivers::ends_on.eq(decided.ends_on),
            waivers::decided_by.eq(Some(decided.by)),
            waivers::decided_at.eq(Some(decided.at)),
            waivers::decision_note.eq(decided.note),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// Revokes a granted one; false when it was revoked before.
pub fn revoke(c: &mut Conn, id: i64, by: i64, reason: &str, at: UtcTime) -> Result<bool> {
    let granted = waivers::granted.eq(Some(true));
    let open = waivers::table.filter(
        waivers::id
            .eq(id)
            .and(granted)
            .and(waivers::revoked_at.is_null()),
    );
    let changed = diesel::update(open)
        .set((
            waivers::revoked_by.eq(Some(by)),
            waivers::revoked_at.eq(Some(at)),
            waivers::revoke_reason.eq(reason),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// The waivers of a row of `ramps` that were neither refused nor revoked, for [`lines`].
pub fn listed_lines() -> Listed {
    listed(
        &[
            "w.id",
            "w.subject",
            "w.code",
            "CAST(w.ends_on AS TEXT)",
            "w.asked_by",
            "COALESCE(CAST(w.decided_by AS TEXT), '')",
            &plain("w.reason"),
        ],
        "waivers w WHERE w.ramp_id = ramps.id AND w.revoked_at IS NULL AND (w.granted OR w.decided_at IS NULL)",
    )
}

/// The same, only pending ones.
pub fn listed_pending() -> Listed {
    listed(
        &[
            "w.id",
            "w.subject",
            "w.code",
            "CAST(w.ends_on AS TEXT)",
            "w.asked_by",
            "''",
            &plain("w.reason"),
        ],
        "waivers w WHERE w.ramp_id = ramps.id AND w.decided_at IS NULL",
    )
}

/// Reads such a list, oldest first.
pub fn lines(list: List) -> Result<Vec<Line>> {
    let mut lines = entries(list, line)?;
    lines.sort_by_key(|line| line.id);
    Ok(lines)
}

fn line(parts: &[&str]) -> Option<Line> {
    let [id, subject, code, ends_on, asked_by, decided_by, reason] = parts else {
        return None;
    };
    Some(Line {
        id: id.parse().ok()?,
        excused: excused(Subject::parse(subject)?, code)?,
        reason: (*reason).to_owned(),
        ends_on: Day::parse(ends_on)?,
        asked_by: asked_by.parse().ok()?,
        decided_by: match *decided_by {
            "" => None,
            id => Some(id.parse().ok()?),
        },
    })
}
