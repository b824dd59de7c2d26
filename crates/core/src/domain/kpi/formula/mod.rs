//! The formula of each figure: pure functions over small facts. docs/kpis.md shows the examples of the tests.

pub mod cover;
pub mod judged;
pub mod learned;
pub mod mentoring;
pub mod ramps;
#[cfg(test)]
mod tests;
pub mod time;

use super::Measure;

impl Measure {
    /// `value` counted over so many things; nothing where they are none.
    pub fn of(value: Option<f64>, n: usize) -> Self {
        Self {
            value,
            n: u32::try_from(n).unwrap_or(u32::MAX),
        }
    }

    /// How many of so many.
    pub fn share(part: usize, all: usize) -> Self {
        Self::of(ratio(number(part), number(all)), all)
    }

    /// A number of things that were found among so many.
    pub fn count(found: usize, among: usize) -> Self {
        Self::of((among > 0).then(|| number(found)), among)
    }
}

/// Counts are far below the numbers that a float cannot hold.
pub fn number(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The quotient; `None` for a divisor that is not above zero.
pub fn ratio(part: f64, all: f64) -> Option<f64> {
    (all > 0.0).then(|| part / all)
}

/// The middle value, or the mean of the two in the middle.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2)?;
    match sorted.len() % 2 {
        0 => Some((sorted.get(sorted.len() / 2 - 1)? + upper) / 2.0),
        _ => Some(*upper),
    }
}

/// The least value that at least so many per cent of all values do not exceed.
pub fn percentile(values: &[f64], percent: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(place - 1).copied()
}

/// The mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    ratio(values.iter().sum(), number(values.len()))
}

/// The greatest; `None` of nothing.
pub fn greatest(values: &[f64]) -> Option<f64> {
    values.iter().copied().max_by(f64::total_cmp)
}

/// The least; `None` of nothing.
pub fn least(values: &[f64]) -> Option<f64> {
    values.iter().copied().min_by(f64::total_cmp)
}
