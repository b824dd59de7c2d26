//! How ramps go.

use super::{Measure, median, number, ratio};
use crate::db::types::Day;

/// A ramp that is open on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub ramp_id: i64,
    pub area_id: i64,
    /// Required lines, as on the page of the ramp.
    pub lines: usize,
    pub met: usize,
    /// Days spent on it, without paused ones.
    pub days: i64,
    /// Planned days, without paused ones.
    pub planned: i64,
    /// Its clock runs.
    pub is_running: bool,
    /// Competencies of its standard.
    pub competencies: usize,
    /// Those of them that nobody has observed or judged yet.
    pub unseen: Vec<String>,
    /// Last days of its waivers that were granted and not revoked.
    pub waived_until: Vec<Day>,
}

impl Open {
    /// (lines met / lines) / (days / planned days). `None` while it does not run, and in the first tenth of its time.
    /// 9 of 30 lines on day 20 of 80: 0.30 / 0.25 = 1.20.
    pub fn pace(&self) -> Option<f64> {
        if !self.is_running || self.days <= 0 || self.days * 10 < self.planned {
            return None;
        }
        let time = ratio(whole(self.days), whole(self.planned))?;
        ratio(number(self.met), number(self.lines)).and_then(|done| ratio(done, time))
    }

    /// More than half of its planned days are spent.
    pub fn is_past_half(&self) -> bool {
        self.is_running && self.planned > 0 && self.days * 2 > self.planned
    }
}

fn whole(days: i64) -> f64 {
    f64::from(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Median pace of running ramps. Ramps at 0.80, 1.00 and 1.10: 1.00, n = 3.
pub fn pace(open: &[Open]) -> Measure {
    let each: Vec<f64> = open.iter().filter_map(Open::pace).collect();
    Measure::of(median(&each), each.len())
}

/// Required competencies that nobody has observed, in ramps past half of their time. 3 of 12 and 1 of 8: 20 %, n = 20.
pub fn not_observed(open: &[Open]) -> Measure {
    let late = || open.iter().filter(|r| r.is_past_half());
    let unseen = late().map(|r| r.unseen.len()).sum();
    Measure::share(unseen, late().map(|r| r.competencies).sum())
}

/// Active waivers for each required line of open ramps. 2 waivers on 40 and 60 lines: 2 %, n = 100.
pub fn waiver_load(open: &[Open], today: Day) -> Measure {
    let until = open.iter().flat_map(|r| &r.waived_until);
    let active = until.filter(|until| **until >= today).count();
    let lines = open.iter().map(|r| r.lines).sum();
    Measure::of(ratio(number(active), number(lines)), lines)
}

/// Waivers of open ramps that are past their last day.
pub fn waivers_past_end(open: &[Open], today: Day) -> Measure {
    let until = || open.iter().flat_map(|r| &r.waived_until);
    let past = until().filter(|until| **until < today).count();
    Measure::of(Some(number(past)), until().count())
}
