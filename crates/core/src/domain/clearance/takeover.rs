//! Clearances from before Checkride.

use std::cmp::Reverse;

use crate::db::types::Day;

/// Last days for that many people, in order: in the second half of the time until `last`, the usual last day of the area, each as
/// far from the `taken` ones and from each other as weeks allow. Nobody should renew a whole team in one week.
pub fn last_days(people: usize, taken: &[Day], today: Day, last: Day) -> Vec<Day> {
    if last == Day::NEVER {
        return vec![last; people];
    }
    let weeks = weeks(today, last);
    let mut all = taken.to_vec();
    for _ in 0..people {
        let away = |day: Day, other: &Day| day.days_since(*other).abs();
        let best = weeks.iter().copied().max_by_key(|day| {
            let near = all.iter().filter(|other| away(*day, other) < 7).count();
            let nearest = all.iter().map(|other| away(*day, other)).min();
            (Reverse(near), nearest.unwrap_or(i64::MAX), *day)
        });
        all.push(best.unwrap_or(last));
    }
    let mut proposed = all.split_off(taken.len());
    proposed.sort_unstable();
    proposed
}

/// A day a week, from the last one back to the middle.
fn weeks(today: Day, last: Day) -> Vec<Day> {
    let half = last.days_since(today) / 2;
    (0..=half / 7).map(|n| last.plus_days(-7 * n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;
    use proptest::prelude::*;

    fn near(day: Day, others: &[Day]) -> usize {
        let all = others.iter();
        all.filter(|other| day.days_since(**other).abs() < 7)
            .count()
    }

    #[test]
    fn a_team_of_three_renews_in_three_different_seasons() {
        let days = last_days(3, &[], day("2026-11-29"), day("2027-11-29"));
        let words: Vec<String> = days.iter().map(Day::to_string).collect();
        assert_eq!(words, ["2027-05-31", "2027-08-30", "2027-11-29"]);
    }

    proptest! {
        #[test]
        fn last_days_are_valid_and_spread_over_the_weeks(
            people in 0..70_usize,
            months in 1..=120_i32,
            from in 0..4_000_i64,
            taken in prop::collection::vec(-100..4_000_i64, 0..8),
        ) {
            let today = day("2026-01-31").plus_days(from);
            let taken: Vec<Day> = taken.into_iter().map(|n| today.plus_days(n)).collect();
            let last = today.plus_months(months);
            let days = last_days(people, &taken, today, last);
            prop_assert_eq!(days.len(), people);
            prop_assert!(days.is_sorted());
            let weeks = weeks(today, last);
            for day in &days {
                prop_assert!(*day > today && *day <= last);
                prop_assert!(day.days_since(today) * 2 >= last.days_since(today));
                // Where a week is free nobody shares one, and else nobody shares one with more people than there must be.
                let most = people.div_ceil(weeks.len()) + 2 * taken.len();
                prop_assert!(near(*day, &days) <= most.max(1));
            }
            let free = weeks.iter().filter(|day| near(**day, &taken) == 0).count();
            if people <= free {
                for (n, day) in days.iter().enumerate() {
                    prop_assert_eq!(near(*day, &taken), 0);
                    prop_assert_eq!(near(*day, &days[..n]), 0);
                }
            }
        }
    }
}
