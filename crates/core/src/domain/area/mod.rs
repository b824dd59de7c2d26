//! Responsibility areas, the systems they cover, and who may sign for them.

pub mod form;
pub mod labels;
pub mod model;
pub mod practice;
pub mod store;
pub mod systems;
pub mod validity;

use std::ops::RangeInclusive;

use crate::domain::people::Actor;
use crate::text;

/// 1 is most critical.
pub const TIERS: RangeInclusive<i32> = 1..=3;
/// How many people must be cleared.
pub const MINIMUM_COVER: RangeInclusive<i32> = 0..=1000;
/// How long a ramp should take.
pub const TARGET_WEEKS: RangeInclusive<i32> = 1..=520;
/// How long a clearance lasts.
pub const VALIDITY_MONTHS: RangeInclusive<i32> = 1..=120;
/// Months of validity of an area whose clearances end in another way.
pub const USUAL_MONTHS: i32 = 12;
/// The window of the practice rule.
pub const RECENCY_DAYS: RangeInclusive<i32> = 1..=3650;

/// The prefix of every code in an area.
pub fn parse_code(text: &str) -> Result<String, String> {
    let text = text::line(text, "The code")?;
    let is_code = (2..=6).contains(&text.len()) && text.chars().all(|c| c.is_ascii_uppercase());
    if is_code {
        Ok(text)
    } else {
        Err(format!(
            "Write 2 to 6 capital letters like PAY, not “{text}”."
        ))
    }
}

/// Whether a word can be an area's name in URLs. `new` is a page of its own.
pub fn is_slug(word: &str) -> bool {
    (1..=60).contains(&word.len())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !word.starts_with('-')
        && !word.ends_with('-')
        && word != "new"
}

/// May add and archive areas: administrators.
pub fn may_manage(actor: &Actor) -> bool {
    actor.is_admin
}

/// May change an area, its systems and its qualifiers: leads of the owner team, and administrators.
pub fn may_change(actor: &Actor, owner_team_id: i64) -> bool {
    actor.is_admin || actor.leads(owner_team_id)
}

/// Who can sign in an area once a designation has ended: designated, here and cleared.
pub fn signers_left(left: &[&str]) -> String {
    match left {
        [] => "The area then has no qualifier: no first key can be turned.".into(),
        [one] => format!("The area then has one qualifier who can sign: {one}."),
        all => format!(
            "The area then has {} qualifiers who can sign: {}.",
            all.len(),
            all.join(", ")
        ),
    }
}

/// So many qualifiers can sign: a ramp's own mentor turns one key, and never both.
pub const ENOUGH_QUALIFIERS: i32 = 2;
/// Counts above this are not exact: a few more say nothing about cover, and would make the pages of a large
/// organisation slow.
pub const MAX_EXACT_COUNT: i64 = 50;

/// A number of people in words: `50+` from [`MAX_EXACT_COUNT`] on.
pub fn number_word(n: i64) -> String {
    if n < MAX_EXACT_COUNT {
        n.to_string()
    } else {
        format!("{MAX_EXACT_COUNT}+")
    }
}

/// How many people are cleared compared with the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    ShortBy(i64),
    AtMinimum,
    Spare(i64),
}

impl Cover {
    pub fn of(cleared: i64, minimum: i64) -> Self {
        match cleared - minimum {
            n if n < 0 => Self::ShortBy(-n),
            0 => Self::AtMinimum,
            n => Self::Spare(n),
        }
    }

    /// In words: `Short by 1`, `At minimum`, `2 spare`.
    pub fn label(self) -> String {
        match self {
            Self::ShortBy(n) => format!("Short by {n}"),
            Self::AtMinimum => "At minimum".into(),
            Self::Spare(n) => format!("{} spare", number_word(n)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_says_how_many_are_missing_or_spare() {
        let labels: Vec<_> = (1..=4)
            .map(|cleared| Cover::of(cleared, 3).label())
            .collect();
        assert_eq!(
            labels,
            ["Short by 2", "Short by 1", "At minimum", "1 spare"]
        );
    }
}
