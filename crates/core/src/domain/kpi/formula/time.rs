//! How long something took.

use super::{median, percentile};
use crate::db::types::{Day, UtcTime};
use crate::domain::kpi::Measure;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// A ramp that led to a clearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    pub area_id: i64,
    /// Days from the start of the pairing to the clearance, without paused ones.
    pub days: i64,
    /// The days that the area plans for it.
    pub planned: i64,
}

/// Median days to a clearance. Ramps that took 40, 61 and 90 days: 61 days, n = 3.
pub fn to_clearance(granted: &[Granted]) -> Measure {
    Measure::of(median(&days(granted)), granted.len())
}

/// The days within which four of five came to their clearance. Of 40, 61 and 90 days: 90 days.
pub fn to_clearance_of_most(granted: &[Granted]) -> Measure {
    Measure::of(percentile(&days(granted), 80), granted.len())
}

/// The planned days: of several areas, the median over these ramps.
pub fn planned(granted: &[Granted]) -> Measure {
    let planned: Vec<f64> = granted.iter().map(|g| whole(g.planned)).collect();
    Measure::of(median(&planned), granted.len())
}

fn days(granted: &[Granted]) -> Vec<f64> {
    granted.iter().map(|g| whole(g.days)).collect()
}

fn whole(days: i64) -> f64 {
    f64::from(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Days from one moment to another; none when it is earlier.
pub fn between(from: UtcTime, to: UtcTime) -> f64 {
    whole(to.seconds_since(from).max(0)) / whole(SECONDS_OF_A_DAY)
}

/// Median days of those. Logged after 0, 1 and 8 days: 1 day, n = 3.
pub fn median_days(days: &[f64]) -> Measure {
    Measure::of(median(days), days.len())
}

/// Days from Monday to Friday after the first day, up to the last. From a Friday to the next Monday it is one; on the
/// same day, none.
pub fn working_days(from: Day, to: Day) -> i64 {
    let days = to.days_since(from).max(0);
    let weekday = i64::from(from.date().weekday().to_monday_zero_offset());
    // Complete weeks have five; the rest is less than a week.
    let rest = (1..=days % 7).filter(|n| (weekday + n) % 7 < 5).count();
    days / 7 * 5 + i64::try_from(rest).unwrap_or(0)
}

/// A sign-off that was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub area_id: i64,
    pub requested_on: Day,
    pub decided_on: Day,
    /// It was returned, not granted.
    pub is_returned: bool,
}

impl Decided {
    pub fn days(&self) -> i64 {
        working_days(self.requested_on, self.decided_on)
    }
}

/// Median working days to a decision. After 1, 2, 4 and 9 working days: 3 working days, n = 4.
pub fn turnaround(decided: &[Decided]) -> Measure {
    let days: Vec<f64> = decided.iter().map(|d| whole(d.days())).collect();
    Measure::of(median(&days), decided.len())
}

/// How many of them were returned. One of four: 25 %.
pub fn returned(decided: &[Decided]) -> Measure {
    let returned = decided.iter().filter(|d| d.is_returned).count();
    Measure::share(returned, decided.len())
}
