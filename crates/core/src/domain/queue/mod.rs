//! The ramp queue: a person asks to ramp in an area, a lead starts the ramp or declines.

pub mod model;
pub mod store;

use crate::text_enum;

/// Most characters of why someone asks, and of why a lead declines.
pub const WORDS: usize = 600;

text_enum! {
    /// What became of a request.
    pub enum Outcome {
        Withdrawn = "withdrawn" / "Withdrawn",
        Declined = "declined" / "Declined",
        /// A ramp of that person in that area began.
        Started = "started" / "Ramp started",
        /// A clearance from before Checkride was recorded.
        Cleared = "cleared" / "Cleared",
        /// The person was deactivated.
        Left = "left" / "Left",
    }
}

/// What a person has in an area already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    pub is_archived: bool,
    /// A standard is published, so that a ramp can start.
    pub has_standard: bool,
    pub is_cleared: bool,
    pub ramps: bool,
    pub waits: bool,
}

/// Whether a person can ask to ramp there.
///
/// Errors: Why not, in a sentence.
pub fn may_ask(standing: Standing) -> Result<(), &'static str> {
    match standing {
        Standing {
            is_archived: true, ..
        } => Err("This area is archived."),
        Standing { ramps: true, .. } => Err("You have an open ramp here."),
        Standing {
            is_cleared: true, ..
        } => Err("You are cleared here."),
        Standing { waits: true, .. } => Err("You asked already. Wait for an answer, or withdraw."),
        Standing {
            has_standard: false,
            ..
        } => Err("Nobody can ramp here yet: the area has no published standard."),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn only_who_has_nothing_there_asks(all in prop::array::uniform5(any::<bool>())) {
            let [is_archived, has_standard, is_cleared, ramps, waits] = all;
            let standing = Standing { is_archived, has_standard, is_cleared, ramps, waits };
            let is_free = has_standard && !(is_archived || is_cleared || ramps || waits);
            prop_assert_eq!(may_ask(standing).is_ok(), is_free);
        }
    }
}
