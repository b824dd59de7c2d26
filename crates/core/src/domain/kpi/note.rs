//! What the owner of a target says about its figure: why it is as it is, and what comes next.

use super::Kpi;
use crate::db::types::{Day, UtcTime};
use crate::error::FieldErrors;
use crate::words::Words;

/// A note is asked for that many days after the last one.
pub const EVERY_DAYS: i64 = 30;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub kpi: Kpi,
    pub why: String,
    pub next: String,
    pub by_id: i64,
    pub at: UtcTime,
}

/// A note as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    pub why: Words<1000>,
    pub next: Words<1000>,
}

impl NewNote {
    /// Errors: [`crate::error::Error::Invalid`] with a sentence at each field that is empty or too long.
    pub fn parse(why: &str, next: &str) -> crate::error::Result<Self> {
        let mut errors = FieldErrors::default();
        let mut field = |name: &str, text: &str, missing: &str| {
            let words = Words::required(text, missing);
            words.map_err(|sentence| errors.add(name, sentence)).ok()
        };
        let why = field("why", why, "Say why the number is as it is.");
        let next = field("next", next, "Say what comes next.");
        let read = why.zip(next);
        errors.or(())?;
        let (why, next) = read.ok_or_else(crate::error::Error::incomplete)?;
        Ok(Self { why, next })
    }
}

/// From which day on a note is asked for. `since` is the day on which the owner got the target.
pub fn due_on(since: Day, last: Option<Day>) -> Day {
    last.map_or(since, |last| last.max(since))
        .plus_days(EVERY_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::sample::day;

    #[test]
    fn a_note_is_asked_for_a_month_after_the_last_one() {
        let since = day("2026-10-01");
        assert_eq!(due_on(since, None), day("2026-10-31"));
        assert_eq!(due_on(since, Some(day("2026-10-20"))), day("2026-11-19"));
        assert_eq!(
            due_on(since, Some(day("2026-05-01"))),
            day("2026-10-31"),
            "the note of an owner before"
        );
    }

    #[test]
    fn both_fields_of_a_note_are_needed() {
        assert!(NewNote::parse("Two left", "Pair Amara in January").is_ok());
        let Err(Error::Invalid(errors)) = NewNote::parse(" ", &"x".repeat(1001)) else {
            panic!("it was taken");
        };
        assert!(errors.get("why").is_some() && errors.get("next").is_some());
    }
}
