//! A mentor's load compared with what was agreed. Pure.

use super::{PairingRole, RampState};

/// Weeks over which mentoring hours are counted.
pub const WEEKS: i64 = 4;

/// A mentor's load now, and the agreement. Only ramps that run are load: a paused one is none, and a proposed one is
/// promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Pairings of running ramps as the primary mentor.
    pub primary: u32,
    /// The same as the secondary one.
    pub secondary: u32,
    /// What pairings of proposed ramps will be, in halves of a mentee.
    pub promised: u32,
    /// Minutes of sessions held in the last four weeks.
    pub minutes: u32,
    /// Mentees at once that were agreed; `None` without an agreement.
    pub mentees_agreed: Option<u32>,
    /// Hours in four weeks that were agreed; `None` without an agreement.
    pub hours_agreed: Option<u32>,
}

impl PairingRole {
    /// The load of one mentee in this role, in halves.
    pub fn halves(self) -> u32 {
        match self {
            Self::Primary => 2,
            Self::Secondary => 1,
        }
    }
}

impl Load {
    /// All pairings, in halves of a mentee.
    fn halves(&self) -> u32 {
        self.primary * PairingRole::Primary.halves()
            + self.secondary * PairingRole::Secondary.halves()
    }

    /// One more pairing would exceed the agreed mentees, with those that are promised, or the agreed hours are already
    /// used. Without an agreement nothing is exceeded.
    pub fn exceeds_with(&self, role: PairingRole) -> bool {
        let mentees = self
            .mentees_agreed
            .is_some_and(|n| self.halves() + self.promised + role.halves() > n * 2);
        let hours = self.hours_agreed.is_some_and(|n| self.minutes >= n * 60);
        mentees || hours
    }

    /// The load without one pairing of a ramp in that state.
    pub fn without(&self, role: PairingRole, state: RampState) -> Self {
        let mut left = *self;
        let one = match (state, role) {
            (RampState::Proposed, role) => (&mut left.promised, role.halves()),
            (_, PairingRole::Primary) => (&mut left.primary, 1),
            (_, PairingRole::Secondary) => (&mut left.secondary, 1),
        };
        if state.is_running() || state == RampState::Proposed {
            *one.0 = one.0.saturating_sub(one.1);
        }
        left
    }

    /// `1.5 of 2 mentees, 6 of 8 h in 4 weeks`; `1 of 2 mentees and 1 proposed, 6 of 8 h in 4 weeks`.
    pub fn words(&self) -> String {
        let mentees = mentees(self.halves());
        let promised = match self.promised {
            0 => String::new(),
            halves => format!(" and {} proposed", self::mentees(halves)),
        };
        let hours = (self.minutes + 30) / 60;
        let of = |agreed: Option<u32>| agreed.map(|n| format!(" of {n}")).unwrap_or_default();
        let is_one = match self.mentees_agreed {
            Some(agreed) => agreed == 1,
            None => mentees == "1",
        };
        let noun = if is_one { "mentee" } else { "mentees" };
        format!(
            "{mentees}{} {noun}{promised}, {hours}{} h in {WEEKS} weeks",
            of(self.mentees_agreed),
            of(self.hours_agreed)
        )
    }
}

fn mentees(halves: u32) -> String {
    match halves % 2 {
        0 => (halves / 2).to_string(),
        _ => format!("{}.5", halves / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_counts_as_over_capacity() {
        use PairingRole::{Primary, Secondary};
        let load = |primary, secondary, minutes| Load {
            primary,
            secondary,
            promised: 0,
            minutes,
            mentees_agreed: Some(2),
            hours_agreed: Some(8),
        };
        // load, as primary, as secondary
        let table = [
            (load(0, 0, 0), false, false),
            (load(1, 0, 479), false, false),
            (load(1, 1, 0), true, false),
            (load(2, 0, 0), true, true),
            (load(0, 3, 0), true, false),
            (load(0, 0, 480), true, true),
        ];
        for (load, primary, secondary) in table {
            assert_eq!(
                (load.exceeds_with(Primary), load.exceeds_with(Secondary)),
                (primary, secondary),
                "{load:?}"
            );
        }
        let words = load(1, 1, 350).words();
        assert_eq!(words, "1.5 of 2 mentees, 6 of 8 h in 4 weeks");
        let nothing = Load {
            primary: 9,
            ..Load::default()
        };
        assert!(!nothing.exceeds_with(Primary));
        assert_eq!(nothing.words(), "9 mentees, 0 h in 4 weeks");
        let one = Load {
            primary: 1,
            secondary: 0,
            promised: 0,
            minutes: 0,
            mentees_agreed: None,
            hours_agreed: None,
        };
        assert_eq!(one.words(), "1 mentee, 0 h in 4 weeks");
        let agreed = Load {
            mentees_agreed: Some(1),
            ..one
        };
        assert_eq!(agreed.words(), "1 of 1 mentee, 0 h in 4 weeks");
    }

    #[test]
    fn what_is_promised_is_no_load_and_takes_a_place() {
        use PairingRole::{Primary, Secondary};
        let load = Load {
            primary: 1,
            promised: 1,
            mentees_agreed: Some(2),
            ..Load::default()
        };
        assert!(load.exceeds_with(Primary) && !load.exceeds_with(Secondary));
        assert_eq!(
            load.words(),
            "1 of 2 mentees and 0.5 proposed, 0 h in 4 weeks"
        );
        assert_eq!(load.without(Secondary, RampState::Proposed).promised, 0);
        assert_eq!(load.without(Primary, RampState::InReview).primary, 0);
        assert_eq!(load.without(Primary, RampState::Paused), load);
    }

    proptest! {
        #[test]
        fn more_load_never_gives_more_capacity(
            primary in 0_u32..9, secondary in 0_u32..9, promised in 0_u32..9, minutes in 0_u32..9000,
            mentees_agreed in proptest::option::of(0_u32..20), hours_agreed in proptest::option::of(0_u32..80),
        ) {
            let load = Load { primary, secondary, promised, minutes, mentees_agreed, hours_agreed };
            let more = [
                Load { primary: primary + 1, ..load },
                Load { secondary: secondary + 1, ..load },
                Load { promised: promised + 1, ..load },
                Load { minutes: minutes + 1, ..load },
            ];
            for role in PairingRole::ALL {
                for heavier in more {
                    prop_assert!(!load.exceeds_with(*role) || heavier.exceeds_with(*role));
                }
            }
            prop_assert!(!load.exceeds_with(PairingRole::Secondary) || load.exceeds_with(PairingRole::Primary));
        }
    }
}
