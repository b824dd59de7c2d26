//! SQL of the hours and absences of people, and of the spans in which a calendar says they are busy.

use std::collections::HashMap;

use diesel::prelude::*;

use super::free::Span;
use super::{Absence, Hours, Week};
use crate::db::schema::{absences, busy_spans, weekly_hours};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::error::Result;

/// The week of each of those people who set one.
pub fn weeks(c: &mut Conn, people: &[i64]) -> Result<HashMap<i64, Week>> {
    let rows: Vec<(i64, i32, i32, i32)> = weekly_hours::table
        .filter(id_in(weekly_hours::person_id, people))
        .select((
            weekly_hours::person_id,
            weekly_hours::weekday,
            weekly_hours::from_minute,
            weekly_hours::to_minute,
        ))
        .load(c)?;
    let mut hours: HashMap<i64, Vec<Hours>> = HashMap::new();
    for (person_id, weekday, from, to) in rows {
        let span = Hours { weekday, from, to };
        hours.entry(person_id).or_default().push(span);
    }
    let weeks = hours.into_iter();
    Ok(weeks.map(|(id, rows)| (id, Week::stored(rows))).collect())
}

pub fn set_week(c: &mut Conn, person_id: i64, week: &Week) -> Result<()> {
    diesel::delete(weekly_hours::table.filter(weekly_hours::person_id.eq(person_id))).execute(c)?;
    for hours in week.hours() {
        diesel::insert_into(weekly_hours::table)
            .values((
                weekly_hours::person_id.eq(person_id),
                weekly_hours::weekday.eq(hours.weekday),
                weekly_hours::from_minute.eq(hours.from),
                weekly_hours::to_minute.eq(hours.to),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// An absence as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub id: i64,
    pub person_id: i64,
    pub absence: Absence,
}

/// Absences of those people that end on that day or later, the first one first.
pub fn absences_of(c: &mut Conn, people: &[i64], from: Day) -> Result<Vec<Kept>> {
    let rows: Vec<(i64, i64, Day, Day)> = absences::table
        .filter(id_in(absences::person_id, people))
        .filter(
            absences::last_on
                .ge(from)
                .and(absences::removed_at.is_null()),
        )
        .order((absences::first_on, absences::id))
        .select((
            absences::id,
            absences::person_id,
            absences::first_on,
            absences::last_on,
        ))
        .load(c)?;
    let kept = rows
        .into_iter()
        .map(|(id, person_id, first_on, last_on)| Kept {
            id,
            person_id,
            absence: Absence { first_on, last_on },
        });
    Ok(kept.collect())
}

pub fn add_absence(c: &mut Conn, person_id: i64, absence: Absence, now: UtcTime) -> Result<i64> {
    Ok(diesel::insert_into(absences::table)
        .values((
            absences::person_id.eq(person_id),
            absences::first_on.eq(absence.first_on),
            absences::last_on.eq(absence.last_on),
            absences::added_at.eq(now),
        ))
        .returning(absences::id)
        .get_result(c)?)
}

/// Takes an absence of a person back; `None` when there is none.
pub fn remove_absence(
    c: &mut Conn,
    person_id: i64,
    id: i64,
    now: UtcTime,
) -> Result<Option<Absence>> {
    let open = absences::table.filter(
        absences::id
            .eq(id)
            .and(absences::person_id.eq(person_id))
            .and(absences::removed_at.is_null()),
    );
    let days: Option<(Day, Day)> = diesel::update(open)
        .set(absences::removed_at.eq(now))
        .returning((absences::first_on, absences::last_on))
        .get_result(c)
        .optional()?;
    Ok(days.map(|(first_on, last_on)| Absence { first_on, last_on }))
}

/// When calendars say that those people are busy, between two moments.
pub fn busy(
    c: &mut Conn,
    people: &[i64],
    (from, until): (UtcTime, UtcTime),
) -> Result<Vec<(i64, Span)>> {
    let rows: Vec<(i64, UtcTime, UtcTime)> = busy_spans::table
        .filter(id_in(busy_spans::person_id, people))
        .filter(
            busy_spans::starts_at
                .lt(until)
                .and(busy_spans::ends_at.gt(from)),
        )
        .select((
            busy_spans::person_id,
            busy_spans::starts_at,
            busy_spans::ends_at,
        ))
        .load(c)?;
    let spans = rows.into_iter();
    Ok(spans
        .map(|(id, from, to)| (id, Span { from, to }))
        .collect())
}

/// Replaces what is known of a person's calendar. The spans are merged: no two begin at once.
pub fn set_busy(c: &mut Conn, person_id: i64, spans: &[Span]) -> Result<()> {
    diesel::delete(busy_spans::table.filter(busy_spans::person_id.eq(person_id))).execute(c)?;
    for span in spans {
        diesel::insert_into(busy_spans::table)
            .values((
                busy_spans::person_id.eq(person_id),
                busy_spans::starts_at.eq(span.from),
                busy_spans::ends_at.eq(span.to),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Forgets when a person can meet: they asked to be erased.
pub fn forget(c: &mut Conn, person_id: i64) -> Result<()> {
    diesel::delete(weekly_hours::table.filter(weekly_hours::person_id.eq(person_id))).execute(c)?;
    diesel::delete(absences::table.filter(absences::person_id.eq(person_id))).execute(c)?;
    diesel::delete(busy_spans::table.filter(busy_spans::person_id.eq(person_id))).execute(c)?;
    Ok(())
}
