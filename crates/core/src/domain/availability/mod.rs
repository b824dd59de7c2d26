//! When people can meet: the hours of their week, the days they are away, and the next times that are free.

pub mod free;
pub mod store;

use crate::db::types::Day;
use crate::domain::people::Actor;
use crate::error::{Error, FieldErrors, Result};

/// Most spans of hours on one weekday.
const MOST_A_DAY: usize = 6;
/// An absence is at most that long, and begins at most that far ahead.
const MOST_DAYS: i64 = 366;
const MIDNIGHT: i32 = 24 * 60;

/// Who reads that somebody is away, outside the work that they plan together: they themselves, administrators, and the leads
/// of their teams and of the team that owns the area, who choose mentors and fill shifts.
pub fn may_read_absences(actor: &Actor, person_id: i64, teams: &[i64], owner_team_id: i64) -> bool {
    actor.is(person_id) || actor.is_admin || actor.leads(owner_team_id) || actor.leads_any(teams)
}

/// Monday first. The fields of the form have these names.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Hours of a weekday, on the clock of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// 1 is Monday.
    pub weekday: i32,
    /// Minutes from midnight.
    pub from: i32,
    /// Minutes from midnight, exclusive; at most 1440.
    pub to: i32,
}

/// The hours of a week: in order, none overlaps another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week(Vec<Hours>);

impl Week {
    /// What holds until a person says otherwise: Monday to Friday, 09:00 to 17:00.
    pub fn usual() -> Self {
        let day = |weekday| Hours {
            weekday,
            from: 9 * 60,
            to: 17 * 60,
        };
        Self((1..=5).map(day).collect())
    }

    /// Rows as stored; the usual week where there are none.
    pub fn stored(mut rows: Vec<Hours>) -> Self {
        if rows.is_empty() {
            return Self::usual();
        }
        rows.sort_unstable();
        Self(rows)
    }

    /// Reads the hours of each weekday as typed: `09:00-12:00, 13:00-17:00`, empty for none.
    ///
    /// Errors: [`Error::Invalid`] with a sentence for every weekday that cannot be read.
    pub fn parse<'a>(typed: impl Fn(&str) -> &'a str) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut week = Vec::new();
        for (weekday, name) in (1..).zip(WEEKDAYS) {
            match day(weekday, typed(name)) {
                Ok(hours) => week.extend(hours),
                Err(sentence) => errors.add(name, sentence),
            }
        }
        if week.is_empty() && errors.is_empty() {
            return Err(Error::field(
                "Monday",
                "Enter hours for at least one day. To be away, add an absence.",
            ));
        }
        errors.or(Self(week))
    }

    /// The hours of a weekday, as they are typed.
    pub fn text(&self, weekday: i32) -> String {
        let spans = self.of(weekday);
        let spans: Vec<String> = spans
            .map(|h| format!("{}-{}", clock(h.from), clock(h.to)))
            .collect();
        spans.join(", ")
    }

    /// All of it in one line, for comparing and for the audit log.
    pub fn line(&self) -> String {
        let days = (1..).zip(WEEKDAYS).filter_map(|(weekday, name)| {
            let text = self.text(weekday);
            (!text.is_empty()).then(|| format!("{name} {text}"))
        });
        days.collect::<Vec<_>>().join("; ")
    }

    pub fn hours(&self) -> &[Hours] {
        &self.0
    }

    pub fn of(&self, weekday: i32) -> impl Iterator<Item = Hours> {
        self.0.iter().copied().filter(move |h| h.weekday == weekday)
    }
}

fn day(weekday: i32, typed: &str) -> std::result::Result<Vec<Hours>, String> {
    // Phones put the longer dash in.
    let typed = typed.replace(['–', '—'], "-");
    let parts = typed
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut hours = Vec::new();
    for part in parts {
        let (from, to) = part
            .split_once('-')
            .and_then(|(from, to)| Some((minute(from)?, minute(to)?)))
            .ok_or("Enter hours such as 09:00-12:00, 13:00-17:00.")?;
        if from >= to {
            return Err(format!("{part} ends before it begins."));
        }
        hours.push(Hours { weekday, from, to });
    }
    if hours.len() > MOST_A_DAY {
        return Err(format!("Enter at most {MOST_A_DAY} spans for a day."));
    }
    hours.sort_unstable();
    let overlap = hours
        .iter()
        .zip(hours.iter().skip(1))
        .any(|(one, next)| next.from < one.to);
    match overlap {
        true => Err("These hours overlap.".into()),
        false => Ok(hours),
    }
}

/// Reads `9`, `9:30` or `24:00` as minutes from midnight.
fn minute(typed: &str) -> Option<i32> {
    let (hour, minute) = typed.trim().split_once(':').unwrap_or((typed.trim(), "00"));
    let number = |digits: &str, most: usize| {
        let fits = (1..=most).contains(&digits.len());
        let plain = fits && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<i32>().ok()).flatten()
    };
    let minutes = number(minute, 2).filter(|m| minute.len() == 2 && *m < 60)?;
    let all = number(hour, 2)? * 60 + minutes;
    (all <= MIDNIGHT).then_some(all)
}

fn clock(minutes: i32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days on which somebody is away, both ends inclusive, in their own zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    pub first_on: Day,
    pub last_on: Day,
}

impl Absence {
    /// Reads the two days of the form.
    ///
    /// Errors: [`Error::Invalid`] with a sentence for each field that is wrong.
    pub fn parse(first: &str, last: &str, today: Day) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let first_on = Day::parse(first);
        if first_on.is_none() {
            errors.add("first_on", "Enter the first day.");
        }
        let last_on = match last.trim() {
            "" => first_on,
            last => Day::parse(last),
        };
        if last_on.is_none() && !last.trim().is_empty() {
            errors.add(
                "last_on",
                "Enter the last day, or leave it empty for one day.",
            );
        }
        let (Some(first_on), Some(last_on)) = (first_on, last_on) else {
            return Err(Error::Invalid(errors));
        };
        if last_on < first_on {
            errors.add("last_on", "The last day is before the first one.");
        } else if last_on < today {
            errors.add("last_on", "These days are over.");
        } else if first_on > today.plus_days(MOST_DAYS) {
            errors.add("first_on", "Enter a day within a year.");
        } else if last_on.days_since(first_on) > MOST_DAYS {
            errors.add("last_on", "An absence is at most a year long.");
        }
        errors.or(Self { first_on, last_on })
    }

    pub fn covers(&self, day: Day) -> bool {
        (self.first_on..=self.last_on).contains(&day)
    }
}

/// Whether somebody with these absences is away on a day in their zone.
pub fn is_absent(absences: &[Absence], day: Day) -> bool {
    absences.iter().any(|absence| absence.covers(day))
}

/// The absence that somebody is in, or the next one within `days`.
pub fn next_absence(absences: &[Absence], today: Day, days: i64) -> Option<Absence> {
    let ahead = absences
        .iter()
        .copied()
        .filter(|absence| absence.last_on >= today && absence.first_on <= today.plus_days(days));
    ahead.min_by_key(|absence| absence.first_on)
}

#[cfg(test)]
mod tests;
