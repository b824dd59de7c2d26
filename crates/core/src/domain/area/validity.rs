//! How long the clearances of an area last.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

use crate::db::types::Day;
use crate::text_value;

/// How clearances end by themselves. Stored as `months`, `never` or the day of the year, `03-31`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Ends {
    /// After the area's months.
    AfterMonths,
    EachYear(YearDay),
    Never,
}

text_value!(Ends);

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AfterMonths => f.write_str("months"),
            Self::EachYear(day) => write!(f, "{day}"),
            Self::Never => f.write_str("never"),
        }
    }
}

impl FromStr for Ends {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "months" => Ok(Self::AfterMonths),
            "never" => Ok(Self::Never),
            day => day.parse().map(Self::EachYear),
        }
    }
}

/// A day that is in every year: `03-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearDay {
    month: i8,
    day: i8,
}

impl YearDay {
    /// The first such day after `day`.
    pub fn after(self, day: Day) -> Day {
        let in_year = |year| civil::Date::new(year, self.month, self.day).map(Day::from);
        let year = day.date().year();
        match in_year(year) {
            Ok(this) if this > day => this,
            _ => in_year(year.saturating_add(1)).unwrap_or(Day::NEVER),
        }
    }

    /// `31 Mar`.
    pub fn words(self) -> String {
        let day = civil::Date::new(2001, self.month, self.day);
        day.map_or_else(|_| self.to_string(), |d| d.strftime("%-d %b").to_string())
    }
}

impl fmt::Display for YearDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for YearDay {
    type Err = String;

    /// Reads `03-31`. 29 February is refused: not every year has it.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.trim().split_once('-');
        let both = parts.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        let of_the_year = both.filter(|(month, day)| civil::Date::new(2001, *month, *day).is_ok());
        of_the_year
            .map(|(month, day)| Self { month, day })
            .ok_or_else(|| "Enter a day that every year has, like 03-31 for 31 Mar.".into())
    }
}

/// A day of the year that is closer than that is not proposed: the one after it is.
const MONTHS_AHEAD: i32 = 3;

/// How long a clearance of an area lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    Months(i32),
    /// Until such a day.
    EachYear(YearDay),
    Never,
}

impl Validity {
    pub fn new(ends: Ends, months: i32) -> Self {
        match ends {
            Ends::AfterMonths => Self::Months(months),
            Ends::EachYear(day) => Self::EachYear(day),
            Ends::Never => Self::Never,
        }
    }

    /// How long a clearance lasts: `12 months`, `until 31 Mar`, `without an end date`.
    pub fn words(self) -> String {
        match self {
            Self::Months(1) => "1 month".into(),
            Self::Months(n) => format!("{n} months"),
            Self::EachYear(day) => format!("until {}", day.words()),
            Self::Never => "without an end date".into(),
        }
    }

    /// The usual last day of a clearance granted today: of a day of the year, the first that is at least three months
    /// ahead.
    pub fn usual_end(self, today: Day) -> Day {
        match self {
            Self::Months(n) => today.plus_months(n),
            Self::EachYear(day) => match day.after(today) {
                close if close < today.plus_months(MONTHS_AHEAD) => day.after(close),
                next => next,
            },
            Self::Never => Day::NEVER,
        }
    }

    /// The latest last day of a clearance granted today: a month of grace, or the same day a year later.
    pub fn latest_end(self, today: Day) -> Day {
        match self {
            Self::Months(n) => today.plus_months(n.saturating_add(1)),
            Self::EachYear(day) => day.after(day.after(today)),
            Self::Never => Day::NEVER,
        }
    }

    /// The last day of a clearance is after today, and not after the latest one.
    pub fn check_end(self, ends_on: Day, today: Day) -> Result<(), String> {
        let latest = self.latest_end(today);
        if ends_on <= today {
            Err("The clearance must end after today.".into())
        } else if ends_on == Day::NEVER && self != Self::Never {
            Err("Clearances of this area have an end date. Enter the last day.".into())
        } else if let Self::EachYear(day) = self
            && ends_on != day.after(today)
            && ends_on != latest
        {
            Err(format!(
                "Clearances of this area end on {}: enter {} or {}.",
                day.words(),
                day.after(today).words(),
                latest.words()
            ))
        } else if ends_on > latest {
            Err(format!(
                "The clearance can last until {} at most: the area gives {}.",
                latest.words(),
                self.words()
            ))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;
    use proptest::prelude::*;

    fn each(text: &str) -> Validity {
        Validity::EachYear(text.parse().unwrap())
    }

    #[test]
    fn a_day_of_the_year_ends_it_on_the_first_that_is_three_months_ahead() {
        for (granted, usual, latest) in [
            ("2026-11-30", "2027-03-31", "2028-03-31"),
            ("2026-12-31", "2027-03-31", "2028-03-31"),
            ("2027-01-01", "2028-03-31", "2028-03-31"),
            ("2027-03-30", "2028-03-31", "2028-03-31"),
            ("2027-03-31", "2028-03-31", "2029-03-31"),
        ] {
            let (validity, granted) = (each("03-31"), day(granted));
            assert_eq!(validity.usual_end(granted), day(usual));
            assert_eq!(validity.latest_end(granted), day(latest));
            // The close one can still be chosen.
            let close = YearDay { month: 3, day: 31 }.after(granted);
            assert_eq!(validity.check_end(close, granted), Ok(()));
        }
        assert!("02-29".parse::<YearDay>().is_err());
        assert!("13-01".parse::<YearDay>().is_err());
        assert_eq!(each("03-31").words(), "until 31 Mar");
    }

    #[test]
    fn only_an_area_without_an_end_gives_no_end_date() {
        let today = day("2026-11-30");
        assert_eq!(Validity::Never.usual_end(today), Day::NEVER);
        assert_eq!(Validity::Never.check_end(Day::NEVER, today), Ok(()));
        assert_eq!(Validity::Never.check_end(day("2027-01-01"), today), Ok(()));
        for validity in [Validity::Months(12), each("03-31")] {
            assert!(validity.check_end(Day::NEVER, today).is_err());
        }
    }

    #[test]
    fn a_clearance_ends_after_today_and_within_reach() {
        let (today, year) = (day("2026-01-31"), Validity::Months(12));
        let check = |text: &str| year.check_end(day(text), today);
        assert!(check("2026-01-31").is_err());
        assert!(check("2026-02-01").is_ok());
        assert!(check("2027-02-28").is_ok());
        assert!(check("2027-03-01").is_err());
        assert_eq!(year.check_end(year.usual_end(today), today), Ok(()));
    }

    #[test]
    fn months_of_validity_end_in_the_month_they_lead_to_over_a_leap_day_too() {
        // granted on, months, last day
        for (granted, months, last) in [
            ("2027-02-28", 12, "2028-02-28"),
            ("2028-02-29", 12, "2029-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2027-08-29", 6, "2028-02-29"),
            ("2027-08-31", 6, "2028-02-29"),
            ("2026-08-31", 6, "2027-02-28"),
        ] {
            let (granted, validity) = (day(granted), Validity::Months(months));
            assert_eq!(validity.usual_end(granted), day(last), "{granted}");
            // A month of grace, and not a day more.
            let latest = validity.latest_end(granted);
            assert_eq!(latest, granted.plus_months(months + 1));
            assert!(validity.check_end(latest, granted).is_ok());
            assert!(validity.check_end(latest.plus_days(1), granted).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_reads_back_and_the_usual_end_is_allowed(
            kind in 0..3_usize, month in 1..=12_i8, of_month in 1..=28_i8, months in 1..=120_i32, offset in 0..4_000_i64,
        ) {
            let year_day = YearDay { month, day: of_month };
            let ends = [Ends::AfterMonths, Ends::EachYear(year_day), Ends::Never][kind];
            prop_assert_eq!(ends.to_string().parse(), Ok(ends));
            let (validity, today) = (Validity::new(ends, months), day("2026-01-31").plus_days(offset));
            let usual = validity.usual_end(today);
            prop_assert_eq!(validity.check_end(usual, today), Ok(()));
            prop_assert!(usual > today && usual <= validity.latest_end(today));
        }
    }
}
