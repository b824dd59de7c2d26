//! What happened about this day in another year comes back to mind.

use crate::db::types::Day;

/// Days before and after a day that belong to it.
const WITHIN: i64 = 7;
/// Years that are looked back on.
const YEARS: i32 = 10;

/// The weeks around this day in every year before: the first day of each, and the one after its last.
#[must_use]
pub fn spans(today: Day) -> Vec<(Day, Day)> {
    (1..=YEARS)
        .map(|years| today.plus_months(-12 * years))
        .map(|day| (day.plus_days(-WITHIN), day.plus_days(WITHIN + 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_remembered(began: &str, today: &str) -> bool {
        let (began, today) = (Day::parse(began).unwrap(), Day::parse(today).unwrap());
        spans(today)
            .iter()
            .any(|(from, to)| (*from..*to).contains(&began))
    }

    #[test]
    fn a_week_on_either_side_of_the_day_a_year_ago() {
        for (began, today, expected) in [
            ("2025-11-23", "2026-11-23", true),
            ("2025-11-16", "2026-11-23", true),
            ("2025-11-15", "2026-11-23", false),
            ("2025-11-30", "2026-11-23", true),
            ("2025-12-01", "2026-11-23", false),
            ("2026-11-20", "2026-11-23", false),
            ("2016-11-23", "2026-11-23", true),
            ("2015-11-23", "2026-11-23", false),
            ("2025-12-29", "2027-01-02", true),
            ("2024-02-29", "2025-02-28", true),
            ("2027-02-28", "2028-02-29", true),
        ] {
            assert_eq!(is_remembered(began, today), expected, "{began} on {today}");
        }
    }
}
