//! Post-mortems of incidents about a year ago, or several.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::{Day, UtcTime};
use crate::error::Result;

/// Days before and after a day that count as its anniversary.
const DAYS_AROUND: i64 = 7;
/// Years to look back.
const YEARS: i32 = 10;

/// The weeks around this day in earlier years: first day, and day after the last.
pub fn spans(today: Day) -> Vec<(Day, Day)> {
    (1..=YEARS)
        .map(|years| today.plus_months(-12 * years))
        .map(|day| (day.plus_days(-DAYS_AROUND), day.plus_days(DAYS_AROUND + 1)))
        .collect()
}

/// Years since the incident, when its anniversary is about this day.
pub fn years_since(began: Day, today: Day) -> Option<i32> {
    let mut years = (1..).zip(spans(today));
    let of = years.find(|(_, (from, to))| (*from..*to).contains(&began));
    of.map(|(years, _)| years)
}

/// A teachable post-mortem with an anniversary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anniversary {
    pub slug: String,
    pub title: String,
    pub occurred_at: UtcTime,
    pub areas: Vec<i64>,
}

/// SQL: the anniversaries of that day, next to a row of any table.
pub fn on(today: Day) -> Listed {
    let within = |(from, to): (Day, Day)| {
        // Both databases read a day as its first moment here.
        format!("(m.occurred_at >= '{from}' AND m.occurred_at < '{to}')")
    };
    let spans: Vec<String> = spans(today).into_iter().map(within).collect();
    let areas = "(SELECT string_agg(CAST(j.area_id AS TEXT), ',') FROM postmortem_areas j \
                 WHERE j.postmortem_id = m.id)";
    listed(
        &[
            "m.slug",
            &plain("m.title"),
            "CAST(m.occurred_at AS TEXT)",
            &format!("COALESCE({areas}, '')"),
        ],
        &format!(
            "postmortems m WHERE m.state = 'teachable' AND ({})",
            spans.join(" OR ")
        ),
    )
}

/// Latest first.
pub fn anniversaries(list: List) -> Result<Vec<Anniversary>> {
    let mut all = entries(list, |parts| {
        let [slug, title, occurred_at, areas] = parts else {
            return None;
        };
        let areas = areas.split(',').filter(|id| !id.is_empty());
        Some(Anniversary {
            slug: (*slug).to_owned(),
            title: (*title).to_owned(),
            occurred_at: UtcTime::stored(occurred_at)?,
            areas: areas.map(|id| id.parse().ok()).collect::<Option<_>>()?,
        })
    })?;
    all.sort_by(|a, b| (b.occurred_at, &b.slug).cmp(&(a.occurred_at, &a.slug)));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_counted_to_the_day_of_the_anniversary() {
        let of = |began, today| years_since(Day::parse(began).unwrap(), Day::parse(today).unwrap());
        assert_eq!(of("2025-11-30", "2026-11-23"), Some(1));
        assert_eq!(of("2023-11-20", "2026-11-23"), Some(3));
        assert_eq!(of("2025-12-29", "2027-01-02"), Some(1));
        assert_eq!(of("2026-06-01", "2026-11-23"), None);
    }

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
