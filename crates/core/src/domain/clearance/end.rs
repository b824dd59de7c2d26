//! When a clearance ends, in the one wording that pages, files, mail and chats share.

use super::model::Clearance;
use super::{ClearanceKind, Standing, standing};
use crate::db::types::Day;

/// What ends a clearance, if nothing is practised until then. Each day is inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The last day it was granted for.
    LastDay(Day),
    /// The last day it holds without practice.
    Practice(Day),
}

impl End {
    /// What ends it first.
    pub fn of(held: &Clearance) -> Self {
        match held.holds_until < held.ends_on {
            true => Self::Practice(held.holds_until),
            false => Self::LastDay(held.ends_on),
        }
    }

    /// What ends it, the first one in front: of two, the last day says so even when there is none.
    pub fn all(held: &Clearance) -> Vec<Self> {
        let (first, last) = (Self::of(held), Self::LastDay(held.ends_on));
        let also = (first != last).then_some(last);
        std::iter::once(first).chain(also).collect()
    }

    pub fn day(self) -> Day {
        match self {
            Self::LastDay(day) | Self::Practice(day) => day,
        }
    }

    /// The words before its day, after the word of a status: `Cleared` *until* 27 Feb 2027, *practise by*,
    /// *1 more practice by*.
    pub fn words(self, held: &Clearance) -> String {
        match self {
            Self::LastDay(day) if day == Day::NEVER => "with".into(),
            Self::LastDay(_) => "until".into(),
            Self::Practice(_) => practice_words(&held.missing_words().unwrap_or_default()),
        }
    }

    /// The same where the day stands alone: *cleared until*, *interim until*, *practise by*.
    pub fn words_alone(self, held: &Clearance) -> String {
        let words = self.words(held);
        match (self, held.kind) {
            (Self::Practice(_), _) => words,
            (Self::LastDay(_), ClearanceKind::Full) => format!("cleared {words}"),
            (Self::LastDay(_), ClearanceKind::Interim) => format!("interim {words}"),
        }
    }
}

/// The words before the day on which missing practice ends a clearance. `missing` is what an amount lacks then; empty
/// where one practice is enough.
pub fn practice_words(missing: &str) -> String {
    match missing {
        "" => "practise by".into(),
        missing => format!("{missing} by"),
    }
}

impl Clearance {
    /// The words before the day that ends it first, where the day stands alone.
    pub fn end_words(&self) -> String {
        End::of(self).words_alone(self)
    }

    /// The words before the day that ends it first, or ended it before today, after the word of its status: `until`,
    /// `practise by`, `on`.
    pub fn words_after_status(&self, today: Day) -> String {
        match standing(Some(self), today) {
            Standing::Lapsed | Standing::None => "on".into(),
            _ => End::of(self).words(self),
        }
    }

    /// The same where the day stands alone: `cleared until`, `practise by`, `lapsed on`.
    pub fn words_alone(&self, today: Day) -> String {
        match standing(Some(self), today) {
            Standing::Lapsed => "lapsed on".into(),
            Standing::None => "ended on".into(),
            _ => self.end_words(),
        }
    }

    /// Those words and the day: `practise by 27 Feb 2027`.
    pub fn end_text(&self, today: Day) -> String {
        format!("{} {}", self.words_alone(today), self.holds_until.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{clearance, day};

    fn held(kind: ClearanceKind, ends_on: Day, holds_until: Day, need: &str) -> Clearance {
        Clearance {
            kind,
            practice: need.parse().unwrap(),
            practice_left: 2,
            holds_until,
            ..clearance(1, 1, ends_on)
        }
    }

    #[test]
    fn what_ends_a_clearance_first_is_said_first_and_in_the_same_words() {
        use ClearanceKind::{Full, Interim};
        let (soon, late) = (day("2027-02-27"), day("2027-11-29"));
        for (kind, ends_on, holds_until, need, after, alone, all) in [
            (Full, soon, soon, "1 practices", "until", "cleared until", 1),
            (
                Interim,
                soon,
                soon,
                "1 practices",
                "until",
                "interim until",
                1,
            ),
            (
                Full,
                late,
                soon,
                "1 practices",
                "practise by",
                "practise by",
                2,
            ),
            (
                Full,
                late,
                soon,
                "3 practices",
                "1 more practice by",
                "1 more practice by",
                2,
            ),
            (
                Full,
                Day::NEVER,
                soon,
                "1 practices",
                "practise by",
                "practise by",
                2,
            ),
        ] {
            let held = held(kind, ends_on, holds_until, need);
            let ends = End::all(&held);
            assert_eq!((ends.len(), ends[0]), (all, End::of(&held)));
            assert_eq!(ends[0].day(), soon);
            for today in [day("2026-12-01"), soon] {
                assert_eq!(held.words_after_status(today), after);
                assert_eq!(held.words_alone(today), alone);
                assert_eq!(held.end_text(today), format!("{alone} 27 Feb 2027"));
            }
            let over = held.end_text(soon.plus_days(1));
            let word = if kind == Full { "lapsed" } else { "ended" };
            assert_eq!(over, format!("{word} on 27 Feb 2027"));
            assert_eq!(held.words_after_status(soon.plus_days(1)), "on");
        }
        let forever = held(Full, Day::NEVER, Day::NEVER, "1 practices");
        assert_eq!(forever.end_text(soon), "cleared with no end date");
    }
}
