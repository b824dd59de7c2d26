//! What will be of an area's cover if nothing changes, when the next clearance can be expected, and who could be paired
//! next. Pure: planned practice counts for nothing, and a clearance that ends is not renewed.

pub mod next;
pub mod pairing;

use std::collections::HashMap;

use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::standing;

/// The days ahead that a forecast looks at.
pub const STEPS: [i64; 4] = [0, 30, 60, 90];

/// Cover of an area on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    pub day: Day,
    pub cleared: i64,
    /// Whose clearance ended since the step before, the soonest first.
    pub ended: Vec<Clearance>,
}

/// How many people cover an area on a day; `held` is the latest clearance of each who has not left.
pub fn cleared(held: &[Clearance], day: Day) -> i64 {
    let covers = held
        .iter()
        .filter(|held| standing(Some(held), day).is_cover());
    i64::try_from(covers.count()).unwrap_or(i64::MAX)
}

/// Clearances that cover on a day and no longer on a later one, the soonest first.
fn ending(held: &[Clearance], from: Day, to: Day) -> Vec<Clearance> {
    let is_cover = |held: &Clearance, day| standing(Some(held), day).is_cover();
    let mut all: Vec<Clearance> = held
        .iter()
        .filter(|held| is_cover(held, from) && !is_cover(held, to))
        .cloned()
        .collect();
    all.sort_by_key(|held| (held.holds_until, held.person_id));
    all
}

/// Cover today and at each step.
pub fn outlook(held: &[Clearance], today: Day) -> Vec<Outlook> {
    let mut before = today;
    let step = |ahead: i64| {
        let day = today.plus_days(ahead);
        let ended = ending(held, before, day);
        before = day;
        Outlook {
            day,
            cleared: cleared(held, day),
            ended,
        }
    };
    STEPS.into_iter().map(step).collect()
}

/// The clearances that are left without these people.
pub fn without(held: &[Clearance], people: &[i64]) -> Vec<Clearance> {
    let stays = |held: &&Clearance| !people.contains(&held.person_id);
    held.iter().filter(stays).cloned().collect()
}

/// What threatens the cover of an area in the steps ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// So many people are missing now.
    Short(i64),
    /// The first day below the minimum.
    FallsShort(Day),
    /// One leaver breaks the cover.
    NoSpare,
    Calm,
}

impl Risk {
    /// Whether somebody who is cleared on that day comes before cover falls below its minimum. None where no day threatens
    /// it.
    pub fn is_met_on(self, cleared_on: Day) -> Option<bool> {
        match self {
            Self::FallsShort(day) => Some(cleared_on < day),
            Self::Short(_) | Self::NoSpare | Self::Calm => None,
        }
    }
}

/// How many clearances end within each of the steps ahead, by days.
pub fn lapsing(held: &[Clearance], today: Day) -> Vec<(i64, usize)> {
    let steps = STEPS.into_iter().filter(|ahead| *ahead > 0);
    steps
        .map(|ahead| (ahead, ending(held, today, today.plus_days(ahead)).len()))
        .collect()
}

pub fn risk(held: &[Clearance], minimum: i64, today: Day) -> Risk {
    let now = cleared(held, today);
    if now < minimum {
        return Risk::Short(minimum - now);
    }
    let last = STEPS.into_iter().max().unwrap_or_default();
    let ends = ending(held, today, today.plus_days(last));
    let spare = usize::try_from(now - minimum).unwrap_or_default();
    match ends.get(spare) {
        Some(held) => Risk::FallsShort(held.holds_until.plus_days(1)),
        None if now == minimum => Risk::NoSpare,
        None => Risk::Calm,
    }
}

/// Who holds each competency at level 4 or higher, as mentors judged last.
///
/// `judged` names person, competency and level, the latest last. The competencies with exactly one person come back with
/// that person, in the order of `codes`.
pub fn single_points<'a>(
    codes: impl IntoIterator<Item = &'a str>,
    judged: &[(i64, String, u8)],
) -> Vec<(&'a str, i64)> {
    let mut latest: HashMap<&str, HashMap<i64, u8>> = HashMap::new();
    for (person, code, level) in judged {
        latest.entry(code).or_default().insert(*person, *level);
    }
    let holder = |code: &str| {
        let mut alone = latest
            .get(code)?
            .iter()
            .filter(|(_, level)| **level >= ALONE);
        match (alone.next(), alone.next()) {
            (Some((one, _)), None) => Some(*one),
            _ => None,
        }
    };
    let codes = codes.into_iter();
    codes
        .filter_map(|code| Some((code, holder(code)?)))
        .collect()
}

/// The lowest level of somebody who works alone.
const ALONE: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clearance::{ClearanceKind, ClearanceState};
    use crate::sample::{clearance, day};
    use proptest::prelude::*;

    fn today() -> Day {
        day("2026-11-30")
    }

    fn held(person_id: i64, ends_in: i64, state: usize, is_full: bool) -> Clearance {
        Clearance {
            state: ClearanceState::ALL[state],
            kind: match is_full {
                true => ClearanceKind::Full,
                false => ClearanceKind::Interim,
            },
            ..clearance(person_id, 1, today().plus_days(ends_in))
        }
    }

    fn area() -> impl Strategy<Value = Vec<Clearance>> {
        let one = (-40..200_i64, 0..3_usize, prop::bool::weighted(0.9));
        prop::collection::vec(one, 0..10).prop_map(|all| {
            let each = (0..).zip(all);
            each.map(|(id, (ends_in, state, is_full))| held(id, ends_in, state, is_full))
                .collect()
        })
    }

    #[test]
    fn the_first_day_below_the_minimum_is_the_day_after_a_last_day() {
        let all = [
            held(1, 10, 0, true),
            held(2, 40, 0, true),
            held(3, 300, 0, true),
        ];
        for (minimum, expected) in [
            (4, Risk::Short(1)),
            (3, Risk::FallsShort(day("2026-12-11"))),
            (2, Risk::FallsShort(day("2027-01-10"))),
            (1, Risk::Calm),
        ] {
            assert_eq!(risk(&all, minimum, today()), expected, "{minimum}");
        }
        assert_eq!(risk(&all[2..], 1, today()), Risk::NoSpare);
    }

    #[test]
    fn a_single_point_is_held_by_exactly_one_at_their_latest_level() {
        let judged = |person, code: &str, level| (person, code.to_owned(), level);
        let all = [
            judged(1, "A", 4),
            judged(2, "A", 5),
            judged(1, "B", 4),
            judged(2, "B", 4),
            judged(2, "B", 3),
            judged(3, "C", 3),
        ];
        assert_eq!(single_points(["A", "B", "C", "D"], &all), [("B", 1)]);
    }

    proptest! {
        #[test]
        fn a_forecast_of_today_is_the_cover_of_the_board(all in area()) {
            let first = outlook(&all, today()).remove(0);
            prop_assert_eq!(first.day, today());
            let covers = |held: &&Clearance| standing(Some(held), today()).is_cover();
            let cleared = all.iter().filter(covers).count();
            prop_assert_eq!(first.cleared, i64::try_from(cleared).unwrap());
            prop_assert!(first.ended.is_empty());
        }

        #[test]
        fn what_lapses_is_what_cover_loses(all in area()) {
            let steps = outlook(&all, today());
            for ((ahead, lapsing), step) in lapsing(&all, today()).into_iter().zip(&steps[1..]) {
                prop_assert_eq!(step.day, today().plus_days(ahead));
                prop_assert_eq!(steps[0].cleared - step.cleared, i64::try_from(lapsing).unwrap());
            }
        }

        #[test]
        fn later_days_and_leavers_never_raise_cover(all in area(), gone in prop::collection::vec(0..10_i64, 0..4)) {
            let stays = outlook(&all, today());
            for pair in stays.windows(2) {
                prop_assert!(pair[1].cleared <= pair[0].cleared);
                let ended = i64::try_from(pair[1].ended.len()).unwrap();
                prop_assert_eq!(pair[0].cleared - pair[1].cleared, ended);
            }
            let left = outlook(&without(&all, &gone), today());
            for (left, stays) in left.iter().zip(&stays) {
                prop_assert!(left.cleared <= stays.cleared);
            }
        }

        #[test]
        fn the_risk_names_the_first_day_below_the_minimum(all in area(), minimum in 0..6_i64) {
            let below = |ahead: i64| cleared(&all, today().plus_days(ahead)) < minimum;
            let first = (0..=90).find(|ahead| below(*ahead));
            let expected = match risk(&all, minimum, today()) {
                Risk::Short(_) => Some(0),
                Risk::FallsShort(day) => Some(day.days_since(today())),
                Risk::NoSpare | Risk::Calm => None,
            };
            prop_assert_eq!(first, expected);
        }
    }
}
