//! What mentors carry, and whether pairs meet.

use super::{Measure, greatest, median, number, ratio};
use crate::db::types::Day;
use crate::domain::ramp::clock::{Clock, is_stale};

/// A mentor with at least one active pairing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mentor {
    pub person_id: i64,
    pub primary: u32,
    pub secondary: u32,
    /// Minutes of sessions held in the last four weeks.
    pub minutes: u32,
    /// Hours in four weeks that were agreed.
    pub hours_agreed: Option<u32>,
}

impl Mentor {
    /// 1 for each mentee as primary, 0.5 as secondary. Primary for one and secondary for two: 2.
    pub fn load(&self) -> f64 {
        f64::from(self.primary) + f64::from(self.secondary) / 2.0
    }

    /// Mentoring hours for each agreed hour. 9 of 8 hours: 1.13.
    pub fn hours(&self) -> Option<f64> {
        let hours = f64::from(self.minutes) / 60.0;
        ratio(hours, f64::from(self.hours_agreed?))
    }
}

fn loads(mentors: &[Mentor]) -> Vec<f64> {
    mentors.iter().map(Mentor::load).collect()
}

/// The greatest load of a mentor. Loads of 1, 1.5 and 3: 3, n = 3.
pub fn load(mentors: &[Mentor]) -> Measure {
    Measure::of(greatest(&loads(mentors)), mentors.len())
}

/// The greatest share of agreed hours that a mentor used; n counts those who agreed on hours.
pub fn hours(mentors: &[Mentor]) -> Measure {
    let each: Vec<f64> = mentors.iter().filter_map(Mentor::hours).collect();
    Measure::of(greatest(&each), each.len())
}

/// The greatest load for the median load. Loads of 1, 1.5 and 3: 3 / 1.5 = 2.00, n = 3.
pub fn spread(mentors: &[Mentor]) -> Measure {
    let loads = loads(mentors);
    let spread = greatest(&loads).zip(median(&loads));
    Measure::of(
        spread.and_then(|(most, middle)| ratio(most, middle)),
        mentors.len(),
    )
}

/// The days of a window: from the first until the day after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub from: Day,
    pub until: Day,
}

/// Days of the window in which a pairing was active: it lasted, and the clock of its ramp ran.
pub fn active_days(clock: &Clock, (since, until): (Day, Option<Day>), window: Days) -> i64 {
    let from = window.from.max(since);
    let to = until.map_or(window.until, |until| window.until.min(until));
    if to <= from {
        return 0;
    }
    clock.elapsed(to) - clock.elapsed(from)
}

/// A pairing of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paired {
    pub area_id: i64,
    pub ramp_id: i64,
    /// Days of the window in which it was active.
    pub active_days: i64,
    /// Agreed days from one session to the next.
    pub interval_days: i32,
    /// It is active now: it lasts, and the clock of its ramp runs.
    pub is_active: bool,
    /// The day of the last session, or of its start when there was none.
    pub last_on: Day,
}

impl Paired {
    /// Sessions that the agreed interval asks for. 42 active days, every 7 days: 6.
    pub fn expected(&self) -> f64 {
        let days = f64::from(i32::try_from(self.active_days).unwrap_or(i32::MAX));
        ratio(days, f64::from(self.interval_days)).unwrap_or_default()
    }

    /// No session for more than 14 days and more than two agreed intervals.
    pub fn is_stale(&self, today: Day) -> bool {
        self.is_active && is_stale(self.last_on, self.interval_days, today)
    }
}

/// Sessions held for those that the agreed intervals ask for. 9 held; pairings that ask for 6 and 4: 0.90, n = 2.
pub fn cadence(held: usize, paired: &[Paired]) -> Measure {
    let active = paired.iter().filter(|p| p.active_days > 0);
    let expected = active.clone().map(Paired::expected).sum();
    Measure::of(ratio(number(held), expected), active.count())
}

/// Active pairings without a session for too long. One of four: 25 %, n = 4.
pub fn stale(paired: &[Paired], today: Day) -> Measure {
    let active = paired.iter().filter(|p| p.is_active);
    let stale = active.clone().filter(|p| p.is_stale(today));
    Measure::share(stale.count(), active.count())
}

/// What became of a session that was planned, or held without a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Held,
    Cancelled,
    NoShow,
}

/// Sessions held of all that were held, cancelled or missed. 17 held, 2 cancelled, 1 missed: 85 %, n = 20.
pub fn reliability(outcomes: &[Outcome]) -> Measure {
    let held = outcomes.iter().filter(|o| **o == Outcome::Held);
    Measure::share(held.count(), outcomes.len())
}
