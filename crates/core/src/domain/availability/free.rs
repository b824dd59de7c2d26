//! The next times at which people are free together. Pure.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::{Absence, Week, is_absent};
use crate::db::types::{Day, UtcTime};

/// Times are offered this far ahead.
pub const DAYS_AHEAD: i64 = 28;
/// Nobody is surprised by a session that soon.
const NOTICE_SECONDS: i64 = 3600;
/// Times are offered on a full quarter of an hour.
const STEP_SECONDS: i64 = 900;
/// At most that many on one day, and so far apart, so that the offer is a choice.
const MOST_A_DAY: usize = 2;
const APART_SECONDS: i64 = 2 * 3600;

/// A span of time, its end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: UtcTime,
    pub to: UtcTime,
}

impl Span {
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// What is known of one person.
#[derive(Debug, Clone)]
pub struct Side {
    /// IANA name of their time zone.
    pub zone: String,
    pub week: Week,
    pub absences: Vec<Absence>,
    /// When they are busy, in any order.
    pub busy: Vec<Span>,
}

/// The next starts of a meeting of that many minutes at which everyone is free: in the hours of each in their own zone, on
/// no day away, while nobody is busy.
pub fn next_free(sides: &[Side], minutes: i32, now: UtcTime, most: usize) -> Vec<UtcTime> {
    let from = now.plus_seconds(NOTICE_SECONDS);
    let until = now.plus_hours(24 * DAYS_AHEAD);
    let length = 60 * i64::from(minutes);
    let mut common = vec![Span { from, to: until }];
    for side in sides {
        common = both(&common, &side.open(from, until));
        common = without(&common, side.busy.clone());
    }
    let zone = sides
        .first()
        .map_or(TimeZone::UTC, |side| zone_of(&side.zone));
    let mut offered: Vec<UtcTime> = Vec::new();
    for span in common {
        let mut start = rounded_up(span.from);
        while start.plus_seconds(length) <= span.to && offered.len() < most {
            let day = |at: UtcTime| zone.to_datetime(at.timestamp()).date();
            let of_day = offered.iter().filter(|at| day(**at) == day(start)).count();
            let last = offered.last();
            let apart = last.is_none_or(|at| start.seconds_since(*at) >= APART_SECONDS);
            if of_day < MOST_A_DAY && apart {
                offered.push(start);
            }
            start = start.plus_seconds(STEP_SECONDS);
        }
    }
    offered
}

impl Side {
    /// The hours of their week between two moments, days away left out; in order. Hours that meet, over midnight too, are
    /// one span.
    fn open(&self, from: UtcTime, until: UtcTime) -> Vec<Span> {
        let zone = zone_of(&self.zone);
        let mut open: Vec<Span> = Vec::new();
        let mut since = from;
        // While the clocks of a zone are not changed, hours of a day are moments: none is skipped, none comes twice.
        while since < until {
            let offset = zone.to_offset(since.timestamp());
            let change = zone.following(since.timestamp()).next();
            let change = change.map_or(until, |t| UtcTime::from(t.timestamp()).min(until));
            for span in self.hours(offset, since, change) {
                match open.last_mut() {
                    Some(last) if last.to == span.from => last.to = span.to,
                    _ => open.push(span),
                }
            }
            since = change;
        }
        open
    }

    /// The same while the clocks of the zone are that far from UTC.
    fn hours(&self, offset: Offset, from: UtcTime, until: UtcTime) -> Vec<Span> {
        let days = offset.to_datetime(from.timestamp()).date().series(1.day());
        let last = offset.to_datetime(until.timestamp()).date();
        let days = days.take_while(|day| *day <= last);
        let here = days.filter(|day| !is_absent(&self.absences, Day::from(*day)));
        let spans = here.flat_map(|day| {
            let weekday = i32::from(day.weekday().to_monday_one_offset());
            self.week.of(weekday).filter_map(move |hours| {
                let span = Span {
                    from: moment(offset, day, hours.from)?.max(from),
                    to: moment(offset, day, hours.to)?.min(until),
                };
                (span.from < span.to).then_some(span)
            })
        });
        spans.collect()
    }
}

fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A minute of a day on clocks that are that far from UTC.
fn moment(offset: Offset, day: Date, minute: i32) -> Option<UtcTime> {
    let civil = day.at(0, 0, 0, 0).checked_add(minute.minutes()).ok()?;
    Some(offset.to_timestamp(civil).ok()?.into())
}

fn rounded_up(at: UtcTime) -> UtcTime {
    let down = at.rounded_down(STEP_SECONDS);
    match down < at {
        true => down.plus_seconds(STEP_SECONDS),
        false => down,
    }
}

/// What two lists in order have in common.
fn both(one: &[Span], other: &[Span]) -> Vec<Span> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut common = Vec::new();
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        let span = Span {
            from: a.from.max(b.from),
            to: a.to.min(b.to),
        };
        let a_ends_first = a.to <= b.to;
        if span.from < span.to {
            common.push(span);
        }
        match a_ends_first {
            true => one.next(),
            false => other.next(),
        };
    }
    common
}

/// A list in order without what is busy.
fn without(spans: &[Span], mut busy: Vec<Span>) -> Vec<Span> {
    busy.sort_unstable();
    let mut left = Vec::new();
    for span in spans {
        let mut from = span.from;
        for taken in &busy {
            if taken.from >= span.to {
                break;
            }
            if taken.to <= from {
                continue;
            }
            if from < taken.from {
                left.push(Span {
                    from,
                    to: taken.from,
                });
            }
            from = taken.to;
        }
        if from < span.to {
            left.push(Span { from, to: span.to });
        }
    }
    left
}
