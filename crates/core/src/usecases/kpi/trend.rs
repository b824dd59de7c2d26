//! How figures went over a year: a point at the end of each month before, and one on the day itself.

use super::cache;
use super::{Scope, figures};
use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::error::Result;

/// Points of a trend, the day itself included.
pub const POINTS: i32 = 12;

/// The point that a figure is compared with is so many months before the day.
const EARLIER_MONTHS: i32 = 3;

/// The last days of the months before a day, and the day, the first one first.
pub fn days(day: Day) -> Vec<Day> {
    let mut days: Vec<Day> = (1..POINTS)
        .rev()
        .map(|months| month_end(day, months))
        .collect();
    days.push(day);
    days
}

/// The day with which a figure of that day is compared: the end of a month about a window before.
pub fn earlier(day: Day) -> Day {
    month_end(day, EARLIER_MONTHS)
}

/// The last day of the month that many months before.
fn month_end(day: Day, months: i32) -> Day {
    let first = Day::from(day.date().first_of_month());
    first.plus_months(1 - months).plus_days(-1)
}

/// Computes the figures of a scope on a day. `c` shows what was known then, and `now` is the last moment of a day that is
/// over.
pub fn compute(c: &mut Conn, scope: &Scope, now: UtcTime) -> Result<Vec<cache::Known>> {
    let figures = figures(c, scope, now)?;
    Ok(figures.into_iter().map(cache::Known::from).collect())
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
        assert_eq!(earlier(day("2027-03-31")), day("2026-12-31"));
        assert_eq!(earlier(day("2027-03-01")), day("2026-12-31"));
    }

    proptest! {
        #[test]
        fn the_points_of_a_trend_are_in_order_and_shared_by_the_days_of_a_month(n in 0_i64..3000) {
            let one = day("2020-01-01").plus_days(n);
            let all = days(one);
            prop_assert!(all.is_sorted() && all.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(all.contains(&earlier(one)));
            let next = days(one.plus_days(1));
            if one.date().month() == one.plus_days(1).date().month() {
                prop_assert_eq!(&all[..11], &next[..11]);
            }
        }
    }
}
