//! When people are told: not at night, a digest in the morning, working days. All on the clock of the person.

use jiff::civil::{DateTime, Weekday};

use crate::db::types::Day;

/// The first hour of a person's day in which reminders and digests come, and the first in which they do not any more.
const MORNING: i8 = 8;
const EVENING: i8 = 20;

/// Reminders wait for the morning. What somebody did is told at any hour.
pub fn is_quiet(local: DateTime) -> bool {
    !(MORNING..EVENING).contains(&local.hour())
}

/// The daily mail comes on the morning of a working day, once.
pub fn is_daily_due(local: DateTime, last: Option<Day>) -> bool {
    !is_quiet(local)
        && is_working_day(local.date().into())
        && last.is_none_or(|last| last < local.date().into())
}

/// The weekly mail comes on Monday, once.
pub fn is_weekly_due(local: DateTime, last: Option<Day>) -> bool {
    !is_quiet(local)
        && local.weekday() == Weekday::Monday
        && last.is_none_or(|last| last < local.date().into())
}

/// Monday to Friday.
pub fn is_working_day(day: Day) -> bool {
    !matches!(day.date().weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Whole working days after `from`, up to `today`. What began on a Friday is one working day old on Monday.
pub fn working_days(from: Day, today: Day) -> i64 {
    let days = today.days_since(from).max(0);
    let (weeks, rest) = (days / 7, days % 7);
    let last = (1..=rest).filter(|n| is_working_day(today.plus_days(1 - n)));
    5 * weeks + i64::try_from(last.count()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::UtcTime;
    use crate::sample::{at, day};
    use crate::time::LocalTime;
    use proptest::prelude::*;

    fn local(zone: &str, moment: &str) -> DateTime {
        let moment: UtcTime = at(moment);
        LocalTime::new(zone, moment).civil(moment)
    }

    #[test]
    fn a_morning_is_that_of_the_person_also_over_summer_time() {
        // Clocks in Berlin went forward on 28 March 2027.
        for (moment, quiet) in [
            ("2027-03-26T06:59:00Z", true),
            ("2027-03-26T07:00:00Z", false),
            ("2027-03-29T05:59:00Z", true),
            ("2027-03-29T06:00:00Z", false),
            ("2027-03-29T18:00:00Z", true),
        ] {
            assert_eq!(is_quiet(local("Europe/Berlin", moment)), quiet, "{moment}");
        }
    }

    #[test]
    fn a_week_is_told_on_the_monday_of_the_person() {
        let sunday_evening = "2026-11-29T20:30:00Z";
        assert!(is_weekly_due(
            local("Pacific/Auckland", sunday_evening),
            None
        ));
        assert!(!is_weekly_due(local("Europe/Lisbon", sunday_evening), None));
        let monday = "2026-11-30T09:00:00Z";
        let today = Some(day("2026-11-30"));
        assert!(is_weekly_due(local("Europe/Lisbon", monday), None));
        assert!(!is_weekly_due(local("Europe/Lisbon", monday), today));
        assert!(!is_daily_due(local("Europe/Lisbon", monday), today));
        assert!(is_daily_due(
            local("Europe/Lisbon", monday),
            Some(day("2026-11-29"))
        ));
        assert!(!is_daily_due(
            local("Europe/Lisbon", "2026-11-29T09:00:00Z"),
            None
        ));
    }

    #[test]
    fn a_weekend_makes_nothing_older() {
        let friday = day("2026-11-27");
        for (today, days) in [
            ("2026-11-27", 0),
            ("2026-11-28", 0),
            ("2026-11-29", 0),
            ("2026-11-30", 1),
            ("2026-12-04", 5),
            ("2026-12-07", 6),
            ("2026-11-20", 0),
        ] {
            assert_eq!(working_days(friday, day(today)), days, "{today}");
        }
    }

    proptest! {
        #[test]
        fn working_days_are_counted_one_by_one(start in 0_i64..400, length in 0_i64..60) {
            let from = day("2026-01-01").plus_days(start);
            let one_by_one = (1..=length).filter(|n| is_working_day(from.plus_days(*n))).count();
            prop_assert_eq!(working_days(from, from.plus_days(length)), one_by_one as i64);
        }
    }
}
