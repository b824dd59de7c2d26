//! The calendar a person named: when it is read again, and what went wrong. SQL of it.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{busy_calendars, people};
use crate::db::types::UtcTime;
use crate::error::Result;

/// A calendar is read again after that.
const SECONDS_BETWEEN: i64 = 1800;
/// The longest wait after failures.
const LONGEST_WAIT: i64 = 24 * 3600;
/// Longest problem kept.
pub const PROBLEM_CHARS: usize = 300;

/// Seconds until a calendar is read again: longer after each failure.
pub fn wait(failures: i32) -> i64 {
    let doubled = u32::try_from(failures).unwrap_or_default().min(10);
    (SECONDS_BETWEEN << doubled).min(LONGEST_WAIT)
}

/// The calendar of a person, as their page shows it. Its address is a secret.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Named {
    pub address: String,
    pub named_at: UtcTime,
    /// When it was read last, whatever came of it.
    pub read_at: Option<UtcTime>,
    /// Why it could not be read, in words; empty when it could.
    pub problem: String,
}

pub fn of(c: &mut Conn, person_id: i64) -> Result<Option<Named>> {
    Ok(busy_calendars::table
        .find(person_id)
        .select((
            busy_calendars::address,
            busy_calendars::named_at,
            busy_calendars::read_at,
            busy_calendars::problem,
        ))
        .first(c)
        .optional()?)
}

/// Names a calendar, in place of the one before; it is due at once.
pub fn put(c: &mut Conn, person_id: i64, address: &str, now: UtcTime) -> Result<()> {
    remove(c, person_id)?;
    diesel::insert_into(busy_calendars::table)
        .values((
            busy_calendars::person_id.eq(person_id),
            busy_calendars::address.eq(address),
            busy_calendars::named_at.eq(now),
            busy_calendars::due_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Forgets a person's calendar; false when there was none.
pub fn remove(c: &mut Conn, person_id: i64) -> Result<bool> {
    Ok(diesel::delete(busy_calendars::table.find(person_id)).execute(c)? == 1)
}

/// A calendar to be read now.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Due {
    pub person_id: i64,
    pub address: String,
    /// The zone of times without one.
    pub time_zone: String,
    pub failures: i32,
    due_at: UtcTime,
}

/// Takes calendars that are due, so that nobody else reads them meanwhile; the longest due first.
pub fn take(c: &mut Conn, now: UtcTime, most: i64) -> Result<Vec<Due>> {
    let due: Vec<Due> = busy_calendars::table
        .inner_join(people::table)
        .filter(busy_calendars::due_at.le(now))
        .filter(people::deactivated_at.is_null())
        .order((busy_calendars::due_at, busy_calendars::person_id))
        .limit(most)
        .select((
            busy_calendars::person_id,
            busy_calendars::address,
            people::time_zone,
            busy_calendars::failures,
            busy_calendars::due_at,
        ))
        .load(c)?;
    let mut taken = Vec::new();
    for calendar in due {
        let still = busy_calendars::table.filter(
            busy_calendars::person_id
                .eq(calendar.person_id)
                .and(busy_calendars::due_at.eq(calendar.due_at)),
        );
        let next = now.plus_seconds(wait(calendar.failures));
        let is_ours = diesel::update(still)
            .set(busy_calendars::due_at.eq(next))
            .execute(c)?
            == 1;
        if is_ours {
            taken.push(calendar);
        }
    }
    Ok(taken)
}

/// Notes what came of a reading, and when the next one is; false when the person named another calendar meanwhile.
pub fn note(c: &mut Conn, of: &Due, problem: &str, now: UtcTime) -> Result<bool> {
    let failures = match problem {
        "" => 0,
        _ => of.failures.saturating_add(1),
    };
    let same = busy_calendars::table.filter(
        busy_calendars::person_id
            .eq(of.person_id)
            .and(busy_calendars::address.eq(of.address.clone())),
    );
    let noted = diesel::update(same)
        .set((
            busy_calendars::read_at.eq(now),
            busy_calendars::failures.eq(failures),
            busy_calendars::problem.eq(problem),
            busy_calendars::due_at.eq(now.plus_seconds(wait(failures))),
        ))
        .execute(c)?;
    Ok(noted == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_that_fails_is_asked_less_and_less_often() {
        let waits: Vec<i64> = [0, 1, 2, 5, 6, 1000, -1].map(wait).into();
        assert_eq!(waits, [1800, 3600, 7200, 57_600, 86_400, 86_400, 1800]);
    }
}
