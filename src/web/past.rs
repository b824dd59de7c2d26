//! The past day of a page: `at=2026-03-01`.

use crate::db::types::Day;
use crate::error::FieldErrors;
use crate::web::{Fields, query_string};

/// No team has clearances in a tool from before that year.
const FIRST_YEAR: i16 = 1970;

/// A page's past day, as typed and as shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// The past day; `None` for today.
    pub day: Option<Day>,
    pub typed: String,
    pub errors: FieldErrors,
    /// The latest day that is allowed.
    pub latest: String,
}

impl Past {
    /// Reads the field `at`. Days are UTC days, as for clearances; today counts as empty.
    pub fn parse(query: &Fields, today: Day) -> Self {
        let typed = query.trimmed("at").to_owned();
        let latest = today.plus_days(-1);
        let mut errors = FieldErrors::default();
        let day = Day::parse(&typed).filter(|day| day.date().year() >= FIRST_YEAR);
        if day.is_none() && !typed.is_empty() {
            errors.add("at", format!("Enter a day like {latest}."));
        } else if day.is_some_and(|day| day > today) {
            errors.add(
                "at",
                format!("That day is in the future (UTC). The latest to look back at is {latest}."),
            );
        }
        Self {
            day: day.filter(|day| *day < today),
            typed,
            errors,
            latest: latest.to_string(),
        }
    }

    pub fn is_past(&self) -> bool {
        self.day.is_some()
    }

    /// The day in full: `Sunday 1 March 2026`.
    pub fn words(&self) -> String {
        self.day
            .map(|day| day.date().strftime("%A %-d %B %Y").to_string())
            .unwrap_or_default()
    }

    /// The address of a page that shows the same day: `under` is the folder, `name` the page.
    pub fn of(&self, under: &str, name: &str) -> String {
        let at = self.day.map(|day| ("at", day.to_string()));
        let pairs = at.iter().map(|(key, day)| (*key, day.as_str()));
        format!("{under}{name}{}", query_string(pairs))
    }

    pub fn titled(&self, title: &str) -> String {
        match self.day {
            Some(_) => format!("{title}, {}", self.words()),
            None => title.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(at: &str) -> Past {
        let query = Fields::parse(format!("at={at}").as_bytes()).unwrap();
        Past::parse(&query, Day::parse("2026-03-01").unwrap())
    }

    #[test]
    fn a_past_day_is_taken_and_today_is_nothing_special() {
        assert_eq!(asked("2026-02-28").day, Day::parse("2026-02-28"));
        assert_eq!(asked("2024-02-29").words(), "Thursday 29 February 2024");
        for live in ["", "2026-03-01"] {
            let today = asked(live);
            assert!(!today.is_past() && today.errors.is_empty(), "{live}");
            assert_eq!(today.of("/areas/", "payments"), "/areas/payments");
        }
        assert_eq!(
            asked("2026-02-28").of("/areas/", "payments"),
            "/areas/payments?at=2026-02-28"
        );
    }

    #[test]
    fn a_wrong_past_day_is_reported_at_the_field_and_stays_there() {
        for (typed, sentence) in [
            ("2026-03-02", "in the future"),
            ("2026-02-30", "like 2026-02-28"),
            ("yesterday", "like 2026-02-28"),
            ("-5000-01-01", "like 2026-02-28"),
        ] {
            let wrong = asked(typed);
            assert!(!wrong.is_past());
            assert_eq!(wrong.typed, typed);
            let said = wrong.errors.get("at").unwrap();
            assert!(said.contains(sentence), "{said}");
        }
    }
}
