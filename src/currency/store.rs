//! SQL of qualifying activity.

use diesel::prelude::*;

use super::{ActivityKind, last_practice, until};
use crate::clearance::ClearanceKind;
use crate::clearance::store::lock_latest;
use crate::db::Conn;
use crate::db::schema::{activities, clearances};
use crate::db::types::{Day, UtcTime};
use crate::error::Result;

/// Practice to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = activities)]
pub struct NewActivity {
    /// Who practised.
    pub person_id: i64,
    /// In which area.
    pub area_id: i64,
    /// What it was.
    pub kind: ActivityKind,
    /// The day (UTC) on which it was.
    pub day: Day,
    /// What happened, in words; may be empty.
    pub note: String,
    /// Where it is written down.
    pub link: Option<String>,
    /// The shift it was.
    pub shift_id: Option<i64>,
    /// The drill it was.
    pub drill_id: Option<i64>,
    /// Who says so.
    pub by_id: i64,
    /// When it was written down.
    pub recorded_at: UtcTime,
}

/// Keeps practice, of whoever it is, and lets the clearance that holds know.
///
/// # Errors
/// A database fault.
pub fn record(c: &mut Conn, new: &NewActivity) -> Result<i64> {
    let key = (new.person_id, new.area_id);
    let held = lock_latest(c, key)?;
    let id = diesel::insert_into(activities::table)
        .values(new)
        .returning(activities::id)
        .get_result(c)?;
    if let Some(held) = held.filter(|held| held.kind == ClearanceKind::Full) {
        let days: Vec<Day> = activities::table
            .filter(
                activities::person_id
                    .eq(key.0)
                    .and(activities::area_id.eq(key.1))
                    .and(activities::day.gt(held.practice_from))
                    .and(activities::undone_at.is_null()),
            )
            .select(activities::day)
            .load(c)?;
        let practised_on = last_practice(held.practice_from, held.recency_days, &days);
        let holds_until = until(held.kind, held.ends_on, practised_on, held.recency_days);
        diesel::update(clearances::table.find(held.id))
            .set((
                clearances::practised_on.eq(practised_on),
                clearances::holds_until.eq(holds_until),
            ))
            .execute(c)?;
    }
    Ok(id)
}
