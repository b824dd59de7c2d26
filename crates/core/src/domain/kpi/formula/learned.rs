//! Whether what was written is read and practised: post-mortems, drills, standards.

use super::{Measure, median, number, ratio};
use crate::db::types::{Day, UtcTime};

/// A post-mortem that is teachable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teachable {
    pub postmortem_id: i64,
    pub published_at: UtcTime,
    /// When it was used in a session, club or drill.
    pub used_at: Vec<UtcTime>,
}

impl Teachable {
    pub fn is_used(&self, since: UtcTime) -> bool {
        self.used_at.iter().any(|at| *at >= since)
    }

    /// Days until it was first used.
    pub fn first_use(&self) -> Option<f64> {
        let first = self.used_at.iter().min()?;
        Some(super::time::between(self.published_at, *first))
    }
}

/// Post-mortems used since then. 3 of 4: 75 %, n = 4.
pub fn postmortem_use(all: &[Teachable], since: UtcTime) -> Measure {
    let used = all.iter().filter(|p| p.is_used(since));
    Measure::share(used.count(), all.len())
}

/// Median days from the publication to the first use. First used after 3, 10 and 40 days: 10 days, n = 3.
pub fn days_to_first_use(all: &[Teachable]) -> Measure {
    let days: Vec<f64> = all.iter().filter_map(Teachable::first_use).collect();
    Measure::of(median(&days), days.len())
}

/// A drill debriefed in the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drilled {
    pub drill_id: i64,
    pub area_id: i64,
    /// What was observed of someone is recorded.
    pub has_evidence: bool,
}

/// Drills debriefed for each area. 5 drills in 2 areas: 2.50, n = 2.
pub fn drill_rhythm(drills: &[Drilled], areas: usize) -> Measure {
    Measure::of(ratio(number(drills.len()), number(areas)), areas)
}

/// Drills with recorded evidence. 4 of 5: 80 %, n = 5.
pub fn drills_with_evidence(drills: &[Drilled]) -> Measure {
    let with = drills.iter().filter(|d| d.has_evidence);
    Measure::share(with.count(), drills.len())
}

/// A section of a current standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub area_id: i64,
    pub label: String,
    /// The day since which its text is the same.
    pub since: Day,
}

/// Sections changed on that day or later. 6 of 8: 75 %, n = 8.
pub fn freshness(sections: &[Section], since: Day) -> Measure {
    let fresh = sections.iter().filter(|s| s.since >= since);
    Measure::share(fresh.count(), sections.len())
}

/// Escalations for each page in someone's first shifts alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstShifts {
    pub pages: usize,
    pub escalated: usize,
}

/// 2 of 8 pages were escalated: 25 %, n = 8.
pub fn first_shifts(all: &[FirstShifts]) -> Measure {
    let escalated = all.iter().map(|s| s.escalated).sum();
    Measure::share(escalated, all.iter().map(|s| s.pages).sum())
}
