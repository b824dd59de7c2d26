//! Another day of a page than today: `at=2026-03-01`.

use crate::db::types::Day;
use crate::error::FieldErrors;
use crate::web::{Fields, query_string};

/// How far ahead a page can look.
const DAYS_AHEAD: i64 = 366;
/// So many days from tomorrow are one tap away: the same weekday next week is among them.
const NEAR: i64 = 8;
/// No team has clearances in a tool from before that year.
const FIRST_YEAR: i16 = 1970;

/// A day to come that is one tap away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// As in the address.
    pub at: String,
    /// `Tomorrow`, `Tue 8 Dec`.
    pub word: String,
}

/// A page's past day, or day to come, as typed and as shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// The other day; `None` for today.
    pub day: Option<Day>,
    /// Today, where the other day is to come.
    pub ahead_of: Option<Day>,
    pub typed: String,
    pub errors: FieldErrors,
    /// The latest day that is allowed.
    pub latest: String,
    /// The next days; none where nothing is known ahead.
    pub near: Vec<Near>,
}

impl Past {
    /// Reads the field `at`. Days are UTC days, as for clearances; today counts as empty.
    pub fn parse(query: &Fields, today: Day) -> Self {
        Self::within(query, today, DAYS_AHEAD)
    }

    /// The same for a page of which nothing is known ahead.
    pub fn over(query: &Fields, today: Day) -> Self {
        Self::within(query, today, 0)
    }

    fn within(query: &Fields, today: Day, days_ahead: i64) -> Self {
        let typed = query.trimmed("at").to_owned();
        let (yesterday, latest) = (today.plus_days(-1), today.plus_days(days_ahead));
        let mut errors = FieldErrors::default();
        let day = Day::parse(&typed).filter(|day| day.date().year() >= FIRST_YEAR);
        if day.is_none() && !typed.is_empty() {
            errors.add("at", format!("Enter a day like {yesterday}."));
        } else if day.is_some_and(|day| day > latest) {
            errors.add(
                "at",
                match days_ahead {
                    0 => "This day is not over (days are counted in UTC).".into(),
                    _ => format!(
                        "That day is too far ahead. The latest to look at is {} (UTC).",
                        latest.words()
                    ),
                },
            );
        }
        let day = day.filter(|day| *day != today && *day <= latest);
        Self {
            day,
            ahead_of: day.is_some_and(|day| day > today).then_some(today),
            typed,
            errors,
            latest: latest.to_string(),
            near: (1..=NEAR.min(days_ahead))
                .map(|n| near(today.plus_days(n), n))
                .collect(),
        }
    }

    pub fn is_other_day(&self) -> bool {
        self.day.is_some()
    }

    pub fn is_ahead(&self) -> bool {
        self.ahead_of.is_some()
    }

    /// The past day that is read from the history. A day to come is read from what is known now.
    pub fn looks_back(&self) -> Option<Day> {
        self.day.filter(|_| !self.is_ahead())
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

    /// The same where that page knows past days alone: on a day to come it is as it is today.
    pub fn of_past(&self, under: &str, name: &str) -> String {
        match self.is_ahead() {
            true => format!("{under}{name}"),
            false => self.of(under, name),
        }
    }

    /// The address of the page `today` on a day that is near.
    pub fn on(&self, today: &str, near: &Near) -> String {
        let joint = if today.contains('?') { '&' } else { '?' };
        format!("{today}{joint}at={}", near.at)
    }

    pub fn is_on(&self, near: &Near) -> bool {
        self.day.is_some_and(|day| day.to_string() == near.at)
    }

    /// The day is not one tap away: the form that asks for any is open.
    pub fn is_far(&self) -> bool {
        self.is_other_day() && !self.near.iter().any(|near| self.is_on(near))
    }

    pub fn titled(&self, title: &str) -> String {
        match self.day {
            Some(_) => format!("{title}, {}", self.words()),
            None => title.to_owned(),
        }
    }
}

fn near(day: Day, ahead: i64) -> Near {
    Near {
        at: day.to_string(),
        word: match ahead {
            1 => "Tomorrow".into(),
            _ => day.date().strftime("%a %-d %b").to_string(),
        },
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
            assert!(!today.is_other_day() && today.errors.is_empty(), "{live}");
            assert_eq!(today.of("/areas/", "payments"), "/areas/payments");
        }
        assert_eq!(
            asked("2026-02-28").of("/areas/", "payments"),
            "/areas/payments?at=2026-02-28"
        );
    }

    #[test]
    fn a_day_to_come_is_shown_as_it_will_be() {
        let ahead = asked("2026-12-08");
        assert!(ahead.is_other_day() && ahead.is_ahead());
        assert_eq!(ahead.ahead_of, Day::parse("2026-03-01"));
        assert_eq!(ahead.looks_back(), None);
        let back = asked("2026-02-28");
        assert_eq!((back.is_ahead(), back.looks_back()), (false, back.day));
    }

    #[test]
    fn the_same_weekday_next_week_is_one_of_the_near_days() {
        let today = asked("2026-03-03");
        let words: Vec<_> = today.near.iter().map(|n| n.word.as_str()).collect();
        assert_eq!(
            words,
            [
                "Tomorrow",
                "Tue 3 Mar",
                "Wed 4 Mar",
                "Thu 5 Mar",
                "Fri 6 Mar",
                "Sat 7 Mar",
                "Sun 8 Mar",
                "Mon 9 Mar"
            ]
        );
        let shown: Vec<_> = today.near.iter().map(|n| today.is_on(n)).collect();
        assert_eq!(shown.iter().position(|is| *is), Some(1));
        assert!(!today.is_far() && asked("2026-03-10").is_far() && !asked("").is_far());
        assert_eq!(
            today.on("/areas/edge", &today.near[0]),
            "/areas/edge?at=2026-03-02"
        );
        assert_eq!(
            today.on("/board?area=edge", &today.near[1]),
            "/board?area=edge&at=2026-03-03"
        );
    }

    #[test]
    fn where_nothing_is_known_ahead_a_day_to_come_is_refused() {
        let today = Day::parse("2026-03-01").unwrap();
        let asked = |at: &str| Past::over(&Fields::of(&[("at", at)]), today);
        assert!(asked("2026-03-02").errors.get("at").is_some());
        assert_eq!(asked("2026-03-02").day, None);
        assert!(asked("").near.is_empty());
        assert_eq!(asked("2026-02-28").day, Day::parse("2026-02-28"));
    }

    #[test]
    fn a_wrong_past_day_is_reported_at_the_field_and_stays_there() {
        for (typed, sentence) in [
            ("2027-03-03", "too far ahead"),
            ("2026-02-30", "like 2026-02-28"),
            ("yesterday", "like 2026-02-28"),
            ("-5000-01-01", "like 2026-02-28"),
        ] {
            let wrong = asked(typed);
            assert!(!wrong.is_other_day());
            assert_eq!(wrong.typed, typed);
            let said = wrong.errors.get("at").unwrap();
            assert!(said.contains(sentence), "{said}");
        }
    }
}
