//! Feedback after a session, from both sides: nobody reads the other's before both are in.

pub mod store;

use crate::error;
use crate::error::Error;
use crate::text_enum;
use crate::words::Words;
use store::Row;

/// Most characters in an answer.
pub const WORDS: usize = 600;

text_enum! {
    /// Who of the two says it.
    pub enum Side {
        Mentee = "mentee" / "Mentee",
        Mentor = "mentor" / "Mentor",
    }
}

impl Side {
    pub fn other(self) -> Self {
        match self {
            Self::Mentee => Self::Mentor,
            Self::Mentor => Self::Mentee,
        }
    }

    /// The two questions this side is asked.
    pub fn questions(self) -> [&'static str; 2] {
        match self {
            Self::Mentee => ["What helped you most?", "What should your mentor change?"],
            Self::Mentor => [
                "What did your mentee do well?",
                "What should they try next?",
            ],
        }
    }
}

/// The answers of one side, a text a question; one of them says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeedback {
    pub first: Words<WORDS>,
    pub second: Words<WORDS>,
}

impl NewFeedback {
    /// Errors: [`Error::Invalid`] when neither says anything.
    pub fn new(first: Words<WORDS>, second: Words<WORDS>) -> error::Result<Self> {
        if first.is_empty() && second.is_empty() {
            return Err(Error::field(
                "first",
                "Answer at least one of the two questions.",
            ));
        }
        Ok(Self { first, second })
    }
}

/// Whether both read both: both are in. `rows` are those of one session, in any order.
pub fn is_open(rows: &[Row]) -> bool {
    let is_in = |side| rows.iter().any(|row| row.side == side);
    is_in(Side::Mentee) && is_in(Side::Mentor)
}

/// What a side said last.
pub fn latest(rows: &[Row], side: Side) -> Option<&Row> {
    rows.iter()
        .filter(|row| row.side == side)
        .max_by_key(|row| row.id)
}

/// What someone of that side reads of the other.
pub fn read_by(rows: &[Row], side: Side) -> Option<&Row> {
    latest(rows, side.other()).filter(|_| is_open(rows))
}

/// Who is concerned when that side has answered: the other one, that it is in; both can read once it is open.
pub fn audience(side: Side, mentee_id: i64, mentor_id: i64) -> Vec<i64> {
    match side {
        Side::Mentee => vec![mentor_id],
        Side::Mentor => vec![mentee_id],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::UtcTime;
    use crate::sample::at;
    use proptest::prelude::*;

    fn start() -> UtcTime {
        at("2026-11-12T10:00:00Z")
    }

    fn rows(script: &[(Side, i64)]) -> Vec<Row> {
        (1..)
            .zip(script)
            .map(|(id, (side, hours))| Row {
                id,
                session_id: 1,
                by_id: 1,
                side: *side,
                first: String::new(),
                second: String::new(),
                at: start().plus_hours(*hours),
            })
            .collect()
    }

    #[test]
    fn one_side_is_read_when_both_are_in_and_never_before() {
        use Side::{Mentee, Mentor};
        // answers with their hour, who is read by the mentor
        type Case<'a> = (&'a [(Side, i64)], Option<i64>);
        let table: [Case<'_>; 6] = [
            (&[], None),
            (&[(Mentee, 0)], None),
            (&[(Mentee, 0), (Mentee, 100)], None),
            (&[(Mentee, 0), (Mentor, 1)], Some(1)),
            (&[(Mentor, 0)], None),
            (&[(Mentor, 0), (Mentee, 900)], Some(2)),
        ];
        for (script, expected) in table {
            let rows = rows(script);
            let read = read_by(&rows, Mentor).map(|row| row.id);
            assert_eq!(read, expected, "{script:?}");
        }
    }

    #[test]
    fn something_is_said() {
        let words = |text: &str| Words::parse(text).unwrap();
        assert!(NewFeedback::new(words(" "), words("")).is_err());
        assert!(NewFeedback::new(words(""), words("Slower")).is_ok());
        assert_eq!(audience(Side::Mentee, 1, 2), [2]);
        assert_eq!(audience(Side::Mentor, 1, 2), [1]);
    }

    proptest! {
        #[test]
        fn nothing_is_read_of_one_side_alone(script in prop::collection::vec((any::<bool>(), 0..1000_i64), 1..8)) {
            let side = |own: bool| if own { Side::Mentee } else { Side::Mentor };
            let script: Vec<_> = script.into_iter().map(|(own, hour)| (side(own), hour)).collect();
            let both = script.iter().any(|(s, _)| *s == Side::Mentee) && script.iter().any(|(s, _)| *s == Side::Mentor);
            prop_assert_eq!(is_open(&rows(&script)), both);
        }
    }
}
