//! When people can meet: their own hours and absences, and the next times that two of them have free.

use std::collections::HashMap;

use serde_json::json;

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::audit::{self, Act, Entry};
use crate::domain::availability::free::{DAYS_AHEAD, Side, Span, next_free};
use crate::domain::availability::store::{self, Kept};
use crate::domain::availability::{Absence, Week, next_absence};
use crate::error::{Error, Result};
use crate::time::LocalTime;
use crate::usecases::calendar::engagements;
use crate::usecases::people::admin::changed_meanwhile;

/// Most absences of one person that are ahead.
const MOST_ABSENCES: usize = 40;
/// How far ahead an absence is named where a mentor is chosen.
const NAMED_DAYS: i64 = 28;

/// What a person says of themselves.
#[derive(Debug, Clone)]
pub struct Own {
    pub week: Week,
    /// Whether they set it; otherwise it is the usual one.
    pub is_set: bool,
    /// Those of now and ahead, the first one first.
    pub absences: Vec<Kept>,
}

pub fn own(c: &mut Conn, person_id: i64, today: Day) -> Result<Own> {
    let set = store::weeks(c, &[person_id])?.remove(&person_id);
    Ok(Own {
        is_set: set.is_some(),
        week: set.unwrap_or_else(Week::usual),
        absences: store::absences_of(c, &[person_id], today)?,
    })
}

/// Replaces the hours `shown`, which the form showed.
///
/// Errors: [`Error::SignedOut`] for the operator; [`Error::Conflict`] when they were changed since.
pub fn set_week(c: &mut Conn, act: &Act, shown: &str, week: &Week) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[id])?;
    let was = own(c, id, act.now.day())?;
    let object = format!("person:{id}");
    if was.week.line() != shown {
        let what = "your weekly hours";
        return Err(changed_meanwhile(
            c,
            act,
            &["person.hours_changed"],
            &object,
            what,
        )?);
    }
    if was.is_set && was.week == *week {
        return Ok(());
    }
    store::set_week(c, id, week)?;
    let details = json!({ "from": was.week.line(), "to": week.line() });
    let entry = Entry::new("person.hours_changed", object).person(id);
    audit::record(c, act, entry.details(details))
}

/// Errors: [`Error::SignedOut`] for the operator; [`Error::Invalid`] when the days are named already, or too many are.
pub fn add_absence(c: &mut Conn, act: &Act, absence: Absence) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[id])?;
    let known = store::absences_of(c, &[id], act.now.day().plus_days(-1))?;
    if known.len() >= MOST_ABSENCES {
        let sentence = format!("You have {MOST_ABSENCES} absences. Remove one first.");
        return Err(Error::field("first_on", sentence));
    }
    let mut both = known.iter().map(|k| k.absence);
    if both.any(|k| k.first_on <= absence.last_on && absence.first_on <= k.last_on) {
        let sentence = "You have an absence on one of these days already.";
        return Err(Error::field("first_on", sentence));
    }
    store::add_absence(c, id, absence, act.now)?;
    record(c, act, "person.absence_added", id, absence)
}

/// Errors: [`Error::NotFound`] when it is no absence of the actor, or was removed before.
pub fn remove_absence(c: &mut Conn, act: &Act, absence_id: i64) -> Result<Absence> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[id])?;
    let removed = store::remove_absence(c, id, absence_id, act.now)?;
    let absence = removed.ok_or(Error::NotFound("absence"))?;
    record(c, act, "person.absence_removed", id, absence)?;
    Ok(absence)
}

fn record(c: &mut Conn, act: &Act, action: &'static str, id: i64, absence: Absence) -> Result<()> {
    let details = json!({
        "first": absence.first_on.to_string(),
        "last": absence.last_on.to_string(),
    });
    let entry = Entry::new(action, format!("person:{id}")).person(id);
    audit::record(c, act, entry.details(details))
}

/// The absence of each of those people that is named where a mentor is chosen, in words: `away 1 Dec to 4 Dec`.
pub fn named(c: &mut Conn, people: &[i64], local: &LocalTime) -> Result<HashMap<i64, String>> {
    let today = local.today();
    let mut absences: HashMap<i64, Vec<Absence>> = HashMap::new();
    for kept in store::absences_of(c, people, today)? {
        absences
            .entry(kept.person_id)
            .or_default()
            .push(kept.absence);
    }
    let words = |all: &[Absence]| {
        let absence = next_absence(all, today, NAMED_DAYS)?;
        let (first, last) = (
            local.day(absence.first_on).text,
            local.day(absence.last_on).text,
        );
        Some(match absence.first_on == absence.last_on {
            true => format!("away on {first}"),
            false if absence.first_on <= today => format!("away until {last}"),
            false => format!("away {first} to {last}"),
        })
    };
    let named = absences.into_iter();
    Ok(named
        .filter_map(|(id, all)| Some((id, words(&all)?)))
        .collect())
}

/// Someone who is to meet others: who, and their time zone.
pub type Guest = (i64, String);

/// The next starts at which all of them are free for that many minutes. Nobody learns why a time is not among them.
pub fn free_times(
    c: &mut Conn,
    guests: &[Guest],
    minutes: i32,
    now: UtcTime,
    most: usize,
) -> Result<Vec<UtcTime>> {
    let ids: Vec<i64> = guests.iter().map(|(id, _)| *id).collect();
    // What began earlier may last until now: a shift lasts for days.
    let range = (
        now.plus_hours(-24 * 15),
        now.plus_hours(24 * (DAYS_AHEAD + 1)),
    );
    let mut weeks = store::weeks(c, &ids)?;
    let absences = store::absences_of(c, &ids, now.day().plus_days(-1))?;
    let elsewhere = store::busy(c, &ids, range)?;
    let planned = engagements::of_people(c, &ids, range)?;
    let mut sides = Vec::new();
    for (id, zone) in guests {
        let planned = planned.iter().filter(|e| e.is_with(*id)).map(|e| Span {
            from: e.starts_at,
            to: e.ends_at,
        });
        let told = elsewhere.iter().filter(|(whose, _)| whose == id);
        sides.push(Side {
            zone: zone.clone(),
            week: weeks.remove(id).unwrap_or_else(Week::usual),
            absences: absences
                .iter()
                .filter(|k| k.person_id == *id)
                .map(|k| k.absence)
                .collect(),
            busy: planned.chain(told.map(|(_, span)| *span)).collect(),
        });
    }
    Ok(next_free(&sides, minutes, now, most))
}
