//! What a change of one clearance does to the cover of its area; shown before the decision.

use super::model::Clearance;
use super::{EXPIRING_DAYS, standing};
use crate::db::types::Day;
use crate::domain::area::Cover;
use crate::domain::area::model::Area;
use crate::time::LocalTime;

/// Who covers an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub cleared: i64,
    /// Those of them whose clearance ends within 30 days, and when; the soonest first.
    pub ending: Vec<(i64, Day)>,
}

/// Cover before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub now: Coverage,
    /// As it would be.
    pub after: Coverage,
}

/// Who covers an area on a day, by the latest clearance of each person who has not left.
pub fn coverage<'a>(held: impl IntoIterator<Item = &'a Clearance>, today: Day) -> Coverage {
    let count: Vec<&Clearance> = held
        .into_iter()
        .filter(|clearance| standing(Some(clearance), today).is_cover())
        .collect();
    let mut ending: Vec<(i64, Day)> = count
        .iter()
        .filter(|clearance| clearance.holds_until.days_since(today) <= EXPIRING_DAYS)
        .map(|clearance| (clearance.person_id, clearance.holds_until))
        .collect();
    ending.sort_by_key(|(person, day)| (*day, *person));
    Coverage {
        cleared: i64::try_from(count.len()).unwrap_or(i64::MAX),
        ending,
    }
}

/// The change of an area's cover when `changed` replaces its holder's clearance there.
pub fn effect(held: &[Clearance], changed: &Clearance, today: Day) -> Effect {
    let others = held.iter().filter(|c| c.person_id != changed.person_id);
    Effect {
        now: coverage(held, today),
        after: coverage(others.chain([changed]), today),
    }
}

/// An effect in words.
pub struct EffectView {
    pub area: String,
    /// How many count now.
    pub now: i64,
    pub after: i64,
    pub minimum: i64,
    /// `Short by 1`.
    pub words_now: String,
    /// `At minimum`.
    pub words_after: String,
    /// `Priya Raman on 4 Dec, Jonas Weber on 9 Dec`; empty when none ends within 30 days.
    pub ending_now: String,
    pub ending_after: String,
}

impl EffectView {
    /// The effect on that area. `name` must know everyone who is cleared there.
    pub fn of<'a>(
        effect: &Effect,
        area: &Area,
        name: impl Fn(i64) -> &'a str,
        local: &LocalTime,
    ) -> Self {
        let minimum = i64::from(area.minimum_cover);
        let ending = |coverage: &Coverage| {
            let all: Vec<String> = coverage
                .ending
                .iter()
                .map(|(person, day)| format!("{} on {}", name(*person), local.day(*day).text))
                .collect();
            all.join(", ")
        };
        Self {
            area: area.name.clone(),
            now: effect.now.cleared,
            after: effect.after.cleared,
            minimum,
            words_now: Cover::of(effect.now.cleared, minimum).label(),
            words_after: Cover::of(effect.after.cleared, minimum).label(),
            ending_now: ending(&effect.now),
            ending_after: ending(&effect.after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clearance::ClearanceState;
    use crate::sample::clearance;
    use proptest::prelude::*;

    fn today() -> Day {
        Day::parse("2026-11-23").unwrap()
    }

    fn held(person_id: i64, ends_in: i64, state: ClearanceState) -> Clearance {
        Clearance {
            state,
            ..clearance(person_id, 1, today().plus_days(ends_in))
        }
    }

    #[test]
    fn coverage_counts_people_and_those_that_end_soon() {
        use ClearanceState::{Revoked, Suspended, Valid};
        let all = [
            held(1, 200, Valid),
            held(2, 30, Valid),
            held(3, 0, Valid),
            held(4, -1, Valid),
            held(5, 200, Suspended),
            held(6, 200, Revoked),
        ];
        let found = coverage(&all, today());
        assert_eq!(found.cleared, 3);
        assert_eq!(
            found.ending,
            [(3, today()), (2, today().plus_days(30))],
            "soonest first, lapsed ones not at all"
        );
        let renewed = effect(&all, &held(3, 365, Valid), today());
        assert_eq!((renewed.now.cleared, renewed.after.cleared), (3, 3));
        assert_eq!(renewed.after.ending, [(2, today().plus_days(30))]);
        let suspended = effect(&all, &held(1, 200, Suspended), today());
        assert_eq!(suspended.after.cleared, 2);
        let reinstated = effect(&all, &held(5, 200, Valid), today());
        assert_eq!(reinstated.after.cleared, 4);
        assert_eq!(effect(&all, &held(7, 200, Valid), today()).after.cleared, 4);
    }

    proptest! {
        #[test]
        fn one_clearance_moves_cover_by_one_at_most(
            all in prop::collection::vec((-40..400_i64, 0..3_usize), 0..8),
            person in 0..9_i64,
            ends_in in -40..400_i64,
            state in 0..3_usize,
        ) {
            let state_of = |n: usize| ClearanceState::ALL[n];
            let all: Vec<_> = (0..)
                .zip(&all)
                .map(|(id, (ends_in, state))| held(id, *ends_in, state_of(*state)))
                .collect();
            let changed = held(person, ends_in, state_of(state));
            let effect = effect(&all, &changed, today());
            prop_assert!((effect.after.cleared - effect.now.cleared).abs() <= 1);
            for coverage in [&effect.now, &effect.after] {
                prop_assert!(i64::try_from(coverage.ending.len()).unwrap() <= coverage.cleared);
            }
            if !standing(Some(&changed), today()).is_cover() {
                prop_assert!(effect.after.cleared <= effect.now.cleared);
            }
        }
    }
}
