//! What was computed, day by day, and when a figure crossed its target.

use diesel::prelude::*;

use crate::db::schema::{kpi_crossings, kpi_days};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, Each};
use crate::domain::kpi::Kpi;
use crate::error::Result;

/// Whether the figure missed its target when that was last decided.
pub fn is_missed(c: &mut Conn, scope: &str, kpi: Kpi) -> Result<bool> {
    let last: Option<bool> = kpi_crossings::table
        .filter(
            kpi_crossings::scope
                .eq(scope)
                .and(kpi_crossings::kpi.eq(kpi.word())),
        )
        .order(kpi_crossings::id.desc())
        .select(kpi_crossings::is_missed)
        .first(c)
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Notes that a figure crossed its target on that day; the row, or none when that was noted before.
pub fn cross(
    c: &mut Conn,
    (scope, kpi): (&str, Kpi),
    (day, is_missed): (Day, bool),
    now: UtcTime,
) -> Result<Option<i64>> {
    let row = (
        kpi_crossings::scope.eq(scope),
        kpi_crossings::kpi.eq(kpi.word()),
        kpi_crossings::day.eq(day),
        kpi_crossings::is_missed.eq(is_missed),
        kpi_crossings::at.eq(now),
    );
    let made = Each(
        diesel::insert_into(kpi_crossings::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    if made == 0 {
        return Ok(None);
    }
    let id = kpi_crossings::table
        .filter(
            kpi_crossings::scope
                .eq(scope)
                .and(kpi_crossings::kpi.eq(kpi.word()))
                .and(kpi_crossings::day.eq(day)),
        )
        .select(kpi_crossings::id)
        .first(c)?;
    Ok(Some(id))
}

/// Figures of a scope as they were computed: the day, when, and the figures as JSON.
pub type Computed = (Day, UtcTime, String);

/// What was computed of a scope for these days.
pub fn days(c: &mut Conn, scope: &str, days: &[Day]) -> Result<Vec<Computed>> {
    Ok(kpi_days::table
        .filter(kpi_days::scope.eq(scope))
        .filter(kpi_days::day.eq_any(days.to_vec()))
        .select((kpi_days::day, kpi_days::computed_at, kpi_days::figures))
        .load(c)?)
}

/// The scopes that were computed for that day at that moment or later.
pub fn computed_scopes(c: &mut Conn, day: Day, since: UtcTime) -> Result<Vec<String>> {
    Ok(kpi_days::table
        .filter(kpi_days::day.eq(day).and(kpi_days::computed_at.ge(since)))
        .select(kpi_days::scope)
        .load(c)?)
}

/// The last day up to that one that was computed of a scope.
pub fn last_until(c: &mut Conn, scope: &str, day: Day) -> Result<Option<Computed>> {
    Ok(kpi_days::table
        .filter(kpi_days::scope.eq(scope).and(kpi_days::day.le(day)))
        .order(kpi_days::day.desc())
        .select((kpi_days::day, kpi_days::computed_at, kpi_days::figures))
        .first(c)
        .optional()?)
}

/// The rows behind the figures of a day, as JSON, as long as they are kept.
pub fn behind(c: &mut Conn, scope: &str, day: Day) -> Result<Option<String>> {
    let kept: Option<Option<String>> = kpi_days::table
        .find((scope, day))
        .select(kpi_days::behind)
        .first(c)
        .optional()?;
    Ok(kept.flatten())
}

/// Whether the rows behind the figures of a day are kept.
pub fn has_behind(c: &mut Conn, scope: &str, day: Day) -> Result<bool> {
    let kept = kpi_days::table
        .find((scope, day))
        .filter(kpi_days::behind.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(kept)).get_result(c)?)
}

/// Every scope with what was computed of it for that day at that moment or later.
pub fn all_of(c: &mut Conn, day: Day, since: UtcTime) -> Result<Vec<(String, String)>> {
    Ok(kpi_days::table
        .filter(kpi_days::day.eq(day).and(kpi_days::computed_at.ge(since)))
        .order(kpi_days::scope)
        .select((kpi_days::scope, kpi_days::figures))
        .load(c)?)
}

/// Keeps what was computed: the figures, and the rows behind them. What was computed later for the same day stays.
pub fn keep_day(
    c: &mut Conn,
    (scope, day): (&str, Day),
    (figures, behind): (&str, &str),
    now: UtcTime,
) -> Result<()> {
    let row = (
        kpi_days::scope.eq(scope),
        kpi_days::day.eq(day),
        kpi_days::computed_at.eq(now),
        kpi_days::figures.eq(figures),
        kpi_days::behind.eq(behind),
    );
    let made = Each(
        diesel::insert_into(kpi_days::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    if made == 0 {
        let older = kpi_days::scope
            .eq(scope)
            .and(kpi_days::day.eq(day))
            .and(kpi_days::computed_at.le(now));
        diesel::update(kpi_days::table.filter(older))
            .set((
                kpi_days::computed_at.eq(now),
                kpi_days::figures.eq(figures),
                kpi_days::behind.eq(behind),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Forgets the rows behind figures that were computed before that moment; the figures stay.
pub fn drop_behind(c: &mut Conn, before: UtcTime) -> Result<usize> {
    let old = kpi_days::computed_at
        .lt(before)
        .and(kpi_days::behind.is_not_null());
    Ok(diesel::update(kpi_days::table.filter(old))
        .set(kpi_days::behind.eq(None::<String>))
        .execute(c)?)
}

/// Forgets everything that was computed.
pub fn drop_days(c: &mut Conn) -> Result<usize> {
    Ok(diesel::delete(kpi_days::table).execute(c)?)
}
