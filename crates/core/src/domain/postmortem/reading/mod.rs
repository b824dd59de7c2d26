//! Staged reveal: a reader starts with the symptoms, says what they would do, and only then sees what was done.

pub mod store;

use std::collections::BTreeSet;

use super::{Document, State};
use crate::domain::people::Actor;

/// The question before the first point.
pub const FIRST_QUESTION: &str =
    "This is all you know. What do you look at, what do you do, and who do you call?";

/// The steps of a document: 0 is the symptoms, the others are the numbers (from 1) of the points with a question.
pub fn steps(document: &Document) -> Vec<usize> {
    let context = (1..).zip(&document.points);
    let context = context.filter(|(_, point)| !point.question.is_empty());
    std::iter::once(0).chain(context.map(|(n, _)| n)).collect()
}

/// The next step of a reader with these answers; `None` when they have answered all.
pub fn step_at(document: &Document, answered: &BTreeSet<usize>) -> Option<usize> {
    steps(document).into_iter().find(|n| !answered.contains(n))
}

/// How much of a point a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Whole,
    /// What was seen, and the question.
    Asked,
}

/// The points that a reader at a step sees, by number from 1, and how much of each.
pub fn seen(document: &Document, step: Option<usize>) -> Vec<(usize, Seen)> {
    let numbers = 1..=document.points.len();
    match step {
        None => numbers.map(|n| (n, Seen::Whole)).collect(),
        Some(step) => numbers
            .take_while(|n| *n <= step)
            .map(|n| (n, if n == step { Seen::Asked } else { Seen::Whole }))
            .collect(),
    }
}

/// What its page keeps back from a reader until they have said what they would do: everything, unless they know it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Its author, or answers for one of its areas.
    pub is_concerned: bool,
    /// Answered every question.
    pub has_read: bool,
    pub has_discussed: bool,
}

impl Reader {
    pub fn is_kept_back(self, state: State) -> bool {
        state == State::Teachable && !self.is_concerned && !self.has_read && !self.has_discussed
    }
}

/// Who may see a reader's answers, and whether they came to a club.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concerned {
    pub reader: i64,
    /// Mentors of their open ramps, now.
    pub mentors: Vec<i64>,
    pub teams: Vec<i64>,
}

impl Concerned {
    /// The reader, their mentors, and leads of their teams (rule 9).
    pub fn may_see(&self, actor: &Actor) -> bool {
        actor.is(self.reader)
            || self.mentors.iter().any(|id| actor.is(*id))
            || actor.leads_any(&self.teams)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::postmortem::Point;
    use crate::domain::postmortem::document::tests::document;
    use proptest::prelude::*;

    fn context(questions: &[bool]) -> Document {
        Document {
            points: questions
                .iter()
                .map(|asks| Point {
                    saw: "Something".into(),
                    question: if *asks {
                        "What now?".into()
                    } else {
                        String::new()
                    },
                    ..Point::default()
                })
                .collect(),
            ..document()
        }
    }

    #[test]
    fn one_step_after_the_other() {
        let document = context(&[true, false, true]);
        assert_eq!(steps(&document), [0, 1, 3]);
        let at = |answered: &[usize]| {
            let step = step_at(&document, &answered.iter().copied().collect());
            (step, seen(&document, step))
        };
        use Seen::{Asked, Whole};
        assert_eq!(at(&[]), (Some(0), vec![]));
        assert_eq!(at(&[0]), (Some(1), vec![(1, Asked)]));
        assert_eq!(
            at(&[0, 1]),
            (Some(3), vec![(1, Whole), (2, Whole), (3, Asked)])
        );
        assert_eq!(
            at(&[0, 1, 3]),
            (None, vec![(1, Whole), (2, Whole), (3, Whole)])
        );
    }

    #[test]
    fn a_teachable_one_is_kept_back_from_those_who_do_not_know_it() {
        let new = Reader {
            is_concerned: false,
            has_read: false,
            has_discussed: false,
        };
        assert!(new.is_kept_back(State::Teachable));
        assert!(!new.is_kept_back(State::Retired));
        for knows in [
            Reader {
                is_concerned: true,
                ..new
            },
            Reader {
                has_read: true,
                ..new
            },
            Reader {
                has_discussed: true,
                ..new
            },
        ] {
            assert!(!knows.is_kept_back(State::Teachable), "{knows:?}");
        }
    }

    #[test]
    fn answers_are_for_the_reader_their_mentors_and_their_leads() {
        let concerned = Concerned {
            reader: 1,
            mentors: vec![2],
            teams: vec![10],
        };
        let actor = |id: i64, leads: &[i64]| Actor {
            id: Some(id),
            leads: leads.to_vec(),
            ..Actor::operator()
        };
        for (actor, sees) in [
            (actor(1, &[]), true),
            (actor(2, &[]), true),
            (actor(3, &[10]), true),
            (actor(3, &[11]), false),
            (actor(4, &[]), false),
        ] {
            assert_eq!(concerned.may_see(&actor), sees, "{:?}", actor.id);
        }
    }

    proptest! {
        #[test]
        fn a_point_is_hidden_until_its_question_is_answered(
            questions in prop::collection::vec(any::<bool>(), 0..8),
            answered in prop::collection::btree_set(0_usize..9, 0..9),
        ) {
            let document = context(&questions);
            let step = step_at(&document, &answered);
            for (n, how) in seen(&document, step) {
                if how == Seen::Whole && !document.points[n - 1].question.is_empty() {
                    prop_assert!(answered.contains(&n), "point {} was told unasked", n);
                }
            }
            if let Some(step) = step {
                prop_assert!(!answered.contains(&step));
            }
        }
    }
}
