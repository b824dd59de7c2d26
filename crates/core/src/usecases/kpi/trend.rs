//! How figures went over a year: a point at the end of each month before, and one on the day itself.

use crate::db::types::Day;
use crate::domain::kpi::{Kpi, WINDOW_DAYS};

/// Points of a trend, the day itself included.
pub const POINTS: i32 = 12;

/// The last days of the months before a day, and the day, the first one first.
pub fn days(day: Day) -> Vec<Day> {
    let mut days: Vec<Day> = (1..POINTS)
        .rev()
        .map(|months| month_end(day, months))
        .collect();
    days.push(day);
    days
}

/// The day with which a figure of that day is compared: the last end of a month whose window is over before the window of
/// that day begins. What has no window is compared over the usual one.
pub fn earlier(day: Day, kpi: Kpi) -> Day {
    let over = day.plus_days(-kpi.window().unwrap_or(WINDOW_DAYS));
    month_end(over.plus_days(1), 1)
}

/// The days of a page that shows all figures, the first day first.
pub fn days_of_all(day: Day) -> Vec<Day> {
    let mut days: Vec<Day> = Kpi::ALL.iter().map(|kpi| earlier(day, *kpi)).collect();
    days.push(day);
    days.sort();
    days.dedup();
    days
}

/// The last day of the month that many months before.
fn month_end(day: Day, months: i32) -> Day {
    let first = Day::from(day.date().first_of_month());
    first.plus_months(1 - months).plus_days(-1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;
    use proptest::prelude::*;

    #[test]
    fn a_trend_has_the_ends_of_the_months_before_and_the_day() {
        let all = days(day("2027-03-31"));
        assert_eq!(all.len(), 12);
        assert_eq!(all.first(), Some(&day("2026-04-30")));
        assert_eq!(
            all[9..],
            [day("2027-01-31"), day("2027-02-28"), day("2027-03-31")]
        );
        for (of, kpi, expected) in [
            ("2027-03-31", Kpi::Cadence, "2026-12-31"),
            ("2027-03-30", Kpi::Cadence, "2026-11-30"),
            ("2027-03-01", Kpi::Coverage, "2026-11-30"),
            ("2027-06-29", Kpi::PostmortemUse, "2026-12-31"),
        ] {
            assert_eq!(earlier(day(of), kpi), day(expected), "{of} {kpi:?}");
        }
    }

    proptest! {
        #[test]
        fn the_points_of_a_trend_are_in_order_and_shared_by_the_days_of_a_month(n in 0_i64..3000) {
            let one = day("2020-01-01").plus_days(n);
            let all = days(one);
            prop_assert!(all.is_sorted() && all.windows(2).all(|w| w[0] < w[1]));
            for kpi in Kpi::ALL {
                let before = earlier(one, *kpi);
                prop_assert!(all.contains(&before));
                let window = kpi.window().unwrap_or(WINDOW_DAYS);
                prop_assert!(before < one.plus_days(1 - window), "the windows overlap");
            }
            let next = days(one.plus_days(1));
            if one.date().month() == one.plus_days(1).date().month() {
                prop_assert_eq!(&all[..11], &next[..11]);
            }
        }
    }
}
