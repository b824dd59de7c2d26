//! Changes of a clearance after it was granted, and who may make them. Pure.

use super::model::Clearance;
use super::{ClearanceKind, ClearanceState};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It counts for nothing until it is reinstated.
    Suspend,
    /// It ends for good.
    Revoke,
    /// A suspended one counts again.
    Reinstate,
}

impl Transition {
    pub const ALL: [Self; 3] = [Self::Suspend, Self::Revoke, Self::Reinstate];

    /// Its word in addresses and in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Revoke => "revoke",
            Self::Reinstate => "reinstate",
        }
    }

    /// The word on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend",
            Self::Revoke => "Revoke",
            Self::Reinstate => "Reinstate",
        }
    }

    /// What someone did who brought a clearance into that state: only reinstating makes it valid.
    pub fn done(to: ClearanceState) -> &'static str {
        match to {
            ClearanceState::Suspended => "suspended",
            ClearanceState::Revoked => "revoked",
            ClearanceState::Valid => "reinstated",
        }
    }

    /// Whether it undoes what somebody independent decided, so that somebody independent does it (rule 1).
    pub fn needs_independence(self) -> bool {
        self == Self::Reinstate
    }

    /// The state it leads this clearance to.
    pub fn of(self, held: &Clearance) -> Result<ClearanceState, &'static str> {
        match (held.kind, held.state) {
            (ClearanceKind::Interim, ClearanceState::Revoked) => Err(
                "This interim clearance is revoked and cannot be reinstated. The ramp continues to its sign-off.",
            ),
            (_, state) => self.from(state),
        }
    }

    /// The state it leads to from `state`.
    pub fn from(self, state: ClearanceState) -> Result<ClearanceState, &'static str> {
        use ClearanceState::{Revoked, Suspended, Valid};
        match (self, state) {
            (Self::Suspend, Valid) => Ok(Suspended),
            (Self::Revoke, Valid | Suspended) => Ok(Revoked),
            (Self::Reinstate, Suspended) => Ok(Valid),
            (Self::Suspend, Suspended) => Err("This clearance is suspended already."),
            (Self::Reinstate, Valid) => Err("This clearance is not suspended."),
            (_, Revoked) => Err(
                "This clearance is revoked and cannot be reinstated. To be cleared again \
                 takes a new ramp and a new sign-off.",
            ),
        }
    }
}

/// A person as the rule sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// It is their own clearance.
    pub is_holder: bool,
    /// Leads the area's owner team.
    pub leads_owner_team: bool,
    /// Is designated for the area.
    pub is_designated: bool,
    /// Is cleared in the area now.
    pub is_cleared: bool,
    /// Never mentored the holder in the area, and did not turn the first key.
    pub is_independent: bool,
}

/// Why a person may not change a clearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    Holder,
    /// They are designated, but their own clearance is not valid.
    NotCleared,
    /// They are neither a qualifier of the area nor a lead of its owner team.
    Outside,
    /// They mentored the holder in the area.
    Mentor,
}

/// Why a designation alone is not enough.
pub fn not_cleared(area: &str) -> String {
    format!("You are designated to sign for {area}, but your own clearance in it is not valid now.")
}

impl Denied {
    /// The reason in words, for the person it is about.
    pub fn sentence(self, area: &str, owner_team: &str) -> String {
        let who = format!(
            "Only a cleared qualifier of {area} or a lead of {owner_team} can suspend, \
             revoke or reinstate a clearance, or tick off its conditions."
        );
        let why = match self {
            Self::Holder => "This is your own clearance: nobody signs for themselves.".into(),
            Self::NotCleared => not_cleared(area),
            Self::Mentor => {
                return format!(
                    "You mentored this person in {area}. Only a qualifier of {area} or a lead of \
                     {owner_team} who never did can close this."
                );
            }
            Self::Outside => return who,
        };
        format!("{why} {who}")
    }
}

/// May this person suspend or revoke the clearance? Administrators have no extra right.
pub fn may_oversee(authority: Authority) -> Result<(), Denied> {
    match authority {
        Authority {
            is_holder: true, ..
        } => Err(Denied::Holder),
        Authority {
            leads_owner_team: true,
            ..
        } => Ok(()),
        Authority {
            is_designated: false,
            ..
        } => Err(Denied::Outside),
        Authority {
            is_cleared: false, ..
        } => Err(Denied::NotCleared),
        _ => Ok(()),
    }
}

/// May this person close what somebody independent asked for: tick off a condition, reinstate the clearance, close its
/// delta review (rule 1)?
pub fn may_close(authority: Authority) -> Result<(), Denied> {
    may_oversee(authority)?;
    match authority.is_independent {
        true => Ok(()),
        false => Err(Denied::Mentor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_transition_leads_to_one_state() {
        use ClearanceState::{Revoked, Suspended, Valid};
        let table = [
            (Transition::Suspend, [Some(Suspended), None, None]),
            (Transition::Revoke, [Some(Revoked), Some(Revoked), None]),
            (Transition::Reinstate, [None, Some(Valid), None]),
        ];
        for (transition, expected) in table {
            let to = [Valid, Suspended, Revoked].map(|state| transition.from(state).ok());
            assert_eq!(
                to, expected,
                "{transition:?} from valid, suspended, revoked"
            );
        }
    }

    #[test]
    fn who_may() {
        let authority = |is_holder, leads_owner_team, is_designated, is_cleared| {
            let independent = Authority {
                is_holder,
                leads_owner_team,
                is_designated,
                is_cleared,
                is_independent: true,
            };
            let mentor = Authority {
                is_independent: false,
                ..independent
            };
            let may = may_oversee(independent);
            assert_eq!(may_oversee(mentor), may, "a mentor may suspend");
            assert_eq!(may_close(independent), may);
            assert_eq!(may_close(mentor), may.and(Err(Denied::Mentor)));
            may
        };
        assert_eq!(authority(false, true, false, false), Ok(()), "a lead");
        assert_eq!(authority(false, false, true, true), Ok(()), "a qualifier");
        assert_eq!(
            authority(false, false, true, false),
            Err(Denied::NotCleared)
        );
        assert_eq!(authority(false, false, false, true), Err(Denied::Outside));
        assert_eq!(authority(true, true, true, true), Err(Denied::Holder));
    }

    proptest! {
        #[test]
        fn revoked_is_the_end_whatever_is_tried(tried in prop::collection::vec(0..3_usize, 0..20)) {
            let mut state = ClearanceState::Valid;
            let mut was_revoked = false;
            for n in tried {
                state = Transition::ALL[n].from(state).unwrap_or(state);
                was_revoked |= state == ClearanceState::Revoked;
                prop_assert_eq!(was_revoked, state == ClearanceState::Revoked);
            }
        }
    }
}
