//! How much mentoring someone agreed to: their capacity when a mentor is chosen.

pub mod store;

use std::ops::RangeInclusive;

use super::Actor;
use crate::error::{FieldErrors, Result};

/// Mentees at a time.
pub const MENTEES: RangeInclusive<i32> = 0..=20;
/// Hours in four weeks.
pub const HOURS: RangeInclusive<i32> = 0..=80;

/// What someone agreed to; `None` means no agreement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Mentees at a time.
    pub mentees: Option<i32>,
    /// Hours in four weeks.
    pub hours: Option<i32>,
}

impl Agreed {
    /// Reads two fields; each may be empty.
    ///
    /// Errors: [`crate::error::Error::Invalid`] with a sentence at `mentees`, `hours` or both.
    pub fn parse(mentees: &str, hours: &str) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut number = |field: &str, text: &str, range: RangeInclusive<i32>| {
            let text = text.trim();
            let number = text.parse().ok().filter(|n| range.contains(n));
            if number.is_none() && !text.is_empty() {
                let (from, to) = range.into_inner();
                let sentence =
                    format!("Write a whole number from {from} to {to}, or leave it empty.");
                errors.add(field, sentence);
            }
            number
        };
        let agreed = Self {
            mentees: number("mentees", mentees, MENTEES),
            hours: number("hours", hours, HOURS),
        };
        errors.or(agreed)
    }
}

/// Whether someone may record a person's agreement: the person, a lead of one of their teams, an administrator. An
/// agreement has two sides and either may record it; the audit log says who did.
pub fn may_agree(actor: &Actor, person_id: i64, teams: &[i64]) -> bool {
    actor.is(person_id) || actor.leads_any(teams) || actor.is_admin
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_two_sides_of_an_agreement_and_administrators_write_it_down() {
        let actor = |id: i64, leads: Vec<i64>, is_admin: bool| Actor {
            id: Some(id),
            is_admin,
            leads,
            ..Actor::operator()
        };
        for (who, may) in [
            (actor(1, vec![], false), true),
            (actor(2, vec![7], false), true),
            (actor(2, vec![8], false), false),
            (actor(2, vec![], true), true),
        ] {
            assert_eq!(may_agree(&who, 1, &[6, 7]), may, "{who:?}");
        }
    }

    #[test]
    fn both_mistakes_are_reported_at_once() {
        let errors = Agreed::parse("21", "a few").unwrap_err().to_string();
        assert!(errors.contains("from 0 to 20") && errors.contains("from 0 to 80"));
        assert_eq!(Agreed::parse(" ", "").unwrap(), Agreed::default());
    }

    proptest! {
        #[test]
        fn a_number_is_taken_exactly_when_it_is_in_range(n in -100..200_i32) {
            let agreed = Agreed::parse(&n.to_string(), "");
            prop_assert_eq!(agreed.is_ok(), MENTEES.contains(&n));
            let agreed = Agreed::parse("", &n.to_string());
            prop_assert_eq!(agreed.is_ok(), HOURS.contains(&n));
        }
    }
}
