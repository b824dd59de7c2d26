//! Clearances from before Checkride.

use std::cmp::Reverse;

use crate::db::types::Day;
use crate::domain::area::validity::Validity;

/// Last days for that many people, in order. Of months, they are in the second half of the time until the usual last day of
/// the area, each as far from the `taken` ones and from each other as weeks allow: nobody should renew a whole team in one
/// week. Else each is the usual last day.
pub fn last_days(people: usize, taken: &[Day], today: Day, validity: Validity) -> Vec<Day> {
    let last = validity.usual_end(today);
    if !matches!(validity, Validity::Months(_)) {
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
        let days = last_days(3, &[], day("2026-11-29"), Validity::Months(12));
        let words: Vec<String> = days.iter().map(Day::to_string).collect();
        assert_eq!(words, ["2027-05-31", "2027-08-30", "2027-11-29"]);
    }

    #[test]
    fn a_day_of_the_year_and_no_end_are_the_same_for_everyone_and_can_be_saved() {
        for (ends, today, last) in [
            ("03-31", "2026-11-29", "2027-03-31"),
            ("03-31", "2027-03-01", "2028-03-31"),
            ("never", "2026-11-29", "9999-01-01"),
        ] {
            let (validity, today) = (Validity::new(ends.parse().unwrap(), 12), day(today));
            let days = last_days(2, &[], today, validity);
            assert_eq!(days, [day(last), day(last)]);
            assert_eq!(validity.check_end(days[0], today), Ok(()));
        }
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
            let days = last_days(people, &taken, today, Validity::Months(months));
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
