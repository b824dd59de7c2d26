//! When a ramp can be expected to end, from the lines its gates ask for.

use crate::db::types::Day;
use crate::domain::shift::ShiftKind;

/// Beyond that many days an estimate says nothing.
const MOST_DAYS: i64 = 5 * 365;

/// How far a ramp is, in lines that its gates ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    pub met: i64,
    pub lines: i64,
    /// Days spent on it, pauses excluded.
    pub days: i64,
    /// Days from its start to its target, pauses excluded.
    pub planned: i64,
}

/// The days between which every line can be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    pub first: Day,
    pub last: Day,
    /// The speed so far is part of it; without it only the speed that the plan asks for is.
    pub is_measured: bool,
}

impl Work {
    fn left(&self) -> i64 {
        (self.lines - self.met).max(0)
    }

    /// One end of the range is at the speed so far, the other at the speed that the plan asks for. None without lines or
    /// a plan.
    pub fn expected(&self, today: Day) -> Option<Expected> {
        if self.lines <= 0 || self.planned <= 0 {
            return None;
        }
        let ceil = |n: i64, by: i64| (n / by + i64::from(n % by > 0)).min(MOST_DAYS);
        let by_plan = ceil(self.left() * self.planned, self.lines);
        let so_far =
            (self.met > 0 && self.days > 0).then(|| ceil(self.left() * self.days, self.met));
        let other = so_far.unwrap_or(by_plan);
        Some(Expected {
            first: today.plus_days(by_plan.min(other)),
            last: today.plus_days(by_plan.max(other)),
            is_measured: so_far.is_some(),
        })
    }

    /// Lines a week, in tenths: needed until the target, so far, and covered by what is booked until then. None where the
    /// days to count over are none.
    pub fn paces(&self, booked: i64, days_left: i64) -> Paces {
        let tenths = |lines: i64, days: i64| (days > 0).then(|| (lines * 70 + days / 2) / days);
        Paces {
            required: tenths(self.left(), days_left),
            current: tenths(self.met, self.days),
            booked: tenths(booked.min(self.left()), days_left),
        }
    }
}

/// Lines a week, in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paces {
    pub required: Option<i64>,
    pub current: Option<i64>,
    pub booked: Option<i64>,
}

/// The paces of several ramps added up, each over those where it is known.
pub fn together(all: &[Paces]) -> Paces {
    let sum = |of: fn(&Paces) -> Option<i64>| all.iter().filter_map(of).reduce(|a, b| a + b);
    Paces {
        required: sum(|p| p.required),
        current: sum(|p| p.current),
        booked: sum(|p| p.booked),
    }
}

/// Whether a shift of that kind counts for a gate, by the gate's word.
pub fn moves(kind: ShiftKind, gate: &str) -> bool {
    match kind {
        ShiftKind::Shadow => gate == "shadow",
        ShiftKind::ReverseShadow => gate == "ledger",
    }
}

/// `1.5 a week`.
pub fn pace_words(tenths: i64) -> String {
    format!("{}.{} a week", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;
    use proptest::prelude::*;

    #[test]
    fn a_ramp_is_expected_between_its_own_speed_and_that_of_its_plan() {
        let today = day("2026-11-30");
        let work = Work {
            met: 10,
            lines: 20,
            days: 60,
            planned: 84,
        };
        // Ten lines are left: 60 days at the speed so far, 42 at that of the plan.
        let expected = work.expected(today).unwrap();
        assert_eq!(
            (expected.first, expected.last),
            (today.plus_days(42), today.plus_days(60))
        );
        let paces = work.paces(3, 24);
        assert_eq!(
            (paces.required, paces.current, paces.booked),
            (Some(29), Some(12), Some(9))
        );
        assert_eq!(pace_words(29), "2.9 a week");
        let fresh = Work {
            met: 0,
            days: 0,
            ..work
        };
        assert!(!fresh.expected(today).unwrap().is_measured);
        assert_eq!(fresh.paces(0, -1).required, None);
        assert_eq!(Work { lines: 0, ..work }.expected(today), None);
    }

    #[test]
    fn paces_of_an_area_leave_out_what_is_not_known() {
        let pace = |required, current| Paces {
            required,
            current,
            booked: None,
        };
        let all = [pace(Some(29), Some(12)), pace(None, Some(5))];
        assert_eq!(together(&all), pace(Some(29), Some(17)));
        assert_eq!(together(&[]), Paces::default());
    }

    proptest! {
        #[test]
        fn more_met_is_never_expected_later(lines in 1..60_i64, met in 0..60_i64, days in 0..400_i64, planned in 1..400_i64) {
            let today = day("2026-11-30");
            let at = |met: i64| Work { met: met.min(lines), lines, days, planned }.expected(today).unwrap();
            let (one, more) = (at(met), at(met + 1));
            prop_assert!(one.first >= today && one.last >= one.first);
            prop_assert!(more.first <= one.first);
            if one.is_measured {
                prop_assert!(more.last <= one.last);
            }
        }
    }
}
