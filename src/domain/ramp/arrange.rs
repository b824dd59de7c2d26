//! What is arranged about a ramp beside the work on it: who may do what, and while it is in which state. Pure.

use super::model::Pairing;
use super::{PairingRole, Parties, RampState};
use crate::db::types::UtcTime;
use crate::domain::people::Actor;
use crate::text_enum;

text_enum! {
    /// Something arranged about a ramp; the word is the end of its address, the label what a button says.
    pub enum Transition {
        /// The mentee or the primary mentor agrees to it.
        Accept = "accept" / "Accept",
        /// One of them does not; the ramp ends.
        Decline = "decline" / "Decline",
        Pause = "pause" / "Pause",
        /// The clock goes on.
        Resume = "resume" / "Resume",
        /// The day it should be done by moves.
        Target = "target" / "Change the target",
        /// Somebody else answers for it, or helps, from now on.
        HandOver = "hand-over" / "Hand over",
        /// Somebody helps from now on.
        AddMentor = "add-mentor" / "Add a secondary mentor",
        /// The secondary mentor helps no more.
        RemoveMentor = "remove-mentor" / "End the secondary pairing",
        /// It ends without a clearance.
        End = "end" / "End the ramp",
    }
}

/// Who accepted a proposed ramp, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    pub person_id: i64,
    pub at: UtcTime,
}

/// Who has that part in a ramp now.
pub fn holder(pairings: &[Pairing], role: PairingRole) -> Option<&Pairing> {
    pairings
        .iter()
        .find(|p| p.role == role && p.until.is_none())
}

/// The two who must agree: the mentee, and who is to answer for the ramp.
pub fn asked(mentee_id: i64, pairings: &[Pairing]) -> Vec<i64> {
    let primary = holder(pairings, PairingRole::Primary).map(|p| p.mentor_id);
    std::iter::once(mentee_id).chain(primary).collect()
}

/// Those of [`asked`] who have not agreed yet; `accepted` are the people who have.
pub fn awaited(mentee_id: i64, pairings: &[Pairing], accepted: &[i64]) -> Vec<i64> {
    let mut ids = asked(mentee_id, pairings);
    ids.retain(|id| !accepted.contains(id));
    ids
}

impl Transition {
    /// While the ramp is in that state it can be done at all. While a sign-off is being decided neither clock, mentors
    /// nor end change: who may turn which key, and what the record says, must not move under it.
    pub fn fits(self, state: RampState) -> bool {
        use RampState::{Active, InReview, Paused, Proposed};
        match self {
            Self::Accept | Self::Decline => state == Proposed,
            Self::Pause => state == Active,
            Self::Resume => state == Paused,
            Self::Target => matches!(state, Proposed | Active | Paused | InReview),
            Self::HandOver | Self::AddMentor | Self::RemoveMentor => {
                matches!(state, Active | Paused)
            }
            Self::End => matches!(state, Proposed | Active | Paused),
        }
    }

    /// May this person do it, as far as the parties say? `role` is the part that changes hands, for
    /// [`Transition::HandOver`].
    pub fn permit(
        self,
        parties: &Parties,
        pairings: &[Pairing],
        role: PairingRole,
        actor: &Actor,
    ) -> Result<(), String> {
        let holds = |role| holder(pairings, role).is_some_and(|p| actor.is(p.mentor_id));
        let is_primary = holds(PairingRole::Primary) && parties.is_mentor(actor);
        let arranges = parties.is_lead(actor) || actor.is_admin;
        let (may, who) = match self {
            Self::Accept | Self::Decline => (
                parties.is_mentee(actor) || is_primary,
                "A ramp is accepted or declined by the mentee and the primary mentor.",
            ),
            Self::Pause | Self::Resume | Self::Target => (
                arranges || parties.is_mentor(actor),
                "This is for the mentors of the ramp, leads of the mentee's or the owner team, and administrators.",
            ),
            Self::HandOver | Self::RemoveMentor => (
                arranges || is_primary || (holds(role) && parties.is_mentor(actor)),
                "A mentor's part is handed over by that mentor, the primary mentor, leads of the mentee's or the \
                 owner team, and administrators.",
            ),
            Self::AddMentor | Self::End => (
                arranges || is_primary,
                "This is for the primary mentor, leads of the mentee's or the owner team, and administrators.",
            ),
        };
        if may { Ok(()) } else { Err(who.into()) }
    }

    /// What a ramp's page offers somebody: what fits its state, is theirs to do, and has something to be done to.
    pub fn offered(
        state: RampState,
        parties: &Parties,
        pairings: &[Pairing],
        accepted: &[Acceptance],
        actor: &Actor,
    ) -> Vec<(Self, PairingRole)> {
        let accepted: Vec<i64> = accepted.iter().map(|a| a.person_id).collect();
        let awaited = awaited(parties.mentee_id, pairings, &accepted);
        let has_helper = holder(pairings, PairingRole::Secondary).is_some();
        let both = [PairingRole::Primary, PairingRole::Secondary];
        let mut offered = Vec::new();
        for deed in Self::ALL.iter().copied().filter(|d| d.fits(state)) {
            let roles = match deed {
                Self::HandOver => &both[..],
                Self::RemoveMentor | Self::AddMentor => &both[1..],
                _ => &both[..1],
            };
            for role in roles.iter().copied() {
                let has_object = match deed {
                    Self::Accept | Self::Decline => awaited.iter().any(|id| actor.is(*id)),
                    Self::AddMentor => !has_helper,
                    Self::RemoveMentor => has_helper,
                    Self::HandOver => holder(pairings, role).is_some(),
                    _ => true,
                };
                if has_object && deed.permit(parties, pairings, role, actor).is_ok() {
                    offered.push((deed, role));
                }
            }
        }
        offered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> UtcTime {
        crate::sample::at("2026-11-12T10:00:00Z")
    }

    fn pairing(mentor_id: i64, role: PairingRole, is_past: bool) -> Pairing {
        Pairing {
            ramp_id: 1,
            mentor_id,
            role,
            interval_days: 7,
            since: at(),
            until: is_past.then(at),
        }
    }

    /// Mentee 1, primary 2, secondary 3, past mentor 4; the mentee is in team 10, team 20 owns the area.
    fn ground() -> (Parties, Vec<Pairing>) {
        use PairingRole::{Primary, Secondary};
        let pairings = vec![
            pairing(4, Primary, true),
            pairing(2, Primary, false),
            pairing(3, Secondary, false),
        ];
        (Parties::of(1, &pairings, vec![10], 20, vec![5]), pairings)
    }

    fn person(id: i64) -> Actor {
        Actor {
            id: Some(id),
            is_admin: false,
            ..Actor::operator()
        }
    }

    #[test]
    fn who_may_arrange_what() {
        let (parties, pairings) = ground();
        let lead = |team| Actor {
            leads: vec![team],
            ..person(50)
        };
        let admin = Actor {
            is_admin: true,
            ..person(9)
        };
        let everybody = [
            person(1),
            person(2),
            person(3),
            person(4),
            person(5),
            lead(10),
            lead(20),
            lead(30),
            admin,
        ];
        use PairingRole::{Primary, Secondary};
        // mentee, primary, secondary, past mentor, qualifier, mentee's lead, owner lead, other lead, administrator
        let table = [
            (Transition::Accept, Primary, [1, 1, 0, 0, 0, 0, 0, 0, 0]),
            (Transition::Decline, Primary, [1, 1, 0, 0, 0, 0, 0, 0, 0]),
            (Transition::Pause, Primary, [0, 1, 1, 0, 0, 1, 1, 0, 1]),
            (Transition::Resume, Primary, [0, 1, 1, 0, 0, 1, 1, 0, 1]),
            (Transition::Target, Primary, [0, 1, 1, 0, 0, 1, 1, 0, 1]),
            (Transition::HandOver, Primary, [0, 1, 0, 0, 0, 1, 1, 0, 1]),
            (Transition::HandOver, Secondary, [0, 1, 1, 0, 0, 1, 1, 0, 1]),
            (
                Transition::AddMentor,
                Secondary,
                [0, 1, 0, 0, 0, 1, 1, 0, 1],
            ),
            (
                Transition::RemoveMentor,
                Secondary,
                [0, 1, 1, 0, 0, 1, 1, 0, 1],
            ),
            (Transition::End, Primary, [0, 1, 0, 0, 0, 1, 1, 0, 1]),
        ];
        for (deed, role, expected) in table {
            let found = everybody
                .each_ref()
                .map(|a| i32::from(deed.permit(&parties, &pairings, role, a).is_ok()));
            assert_eq!(found, expected, "{deed:?} {role:?}");
        }
    }

    #[test]
    fn nothing_moves_under_a_sign_off_but_the_target_and_nothing_at_all_after_the_end() {
        for deed in Transition::ALL.iter().copied() {
            assert_eq!(
                deed.fits(RampState::InReview),
                deed == Transition::Target,
                "{deed:?}"
            );
            assert!(!deed.fits(RampState::Cleared) && !deed.fits(RampState::Ended));
        }
    }

    #[test]
    fn the_mentee_and_the_primary_mentor_are_awaited_until_each_has_accepted() {
        let (parties, pairings) = ground();
        let yes = |person_id| Acceptance {
            person_id,
            at: at(),
        };
        assert_eq!(awaited(1, &pairings, &[]), [1, 2]);
        assert_eq!(
            awaited(1, &pairings, &[2, 3, 4]),
            [1],
            "others accept nothing"
        );
        assert_eq!(awaited(1, &pairings, &[2, 1]), Vec::<i64>::new());
        let offered = |who: i64, accepted: &[Acceptance]| {
            let all = Transition::offered(
                RampState::Proposed,
                &parties,
                &pairings,
                accepted,
                &person(who),
            );
            all.into_iter().map(|(d, _)| d).collect::<Vec<_>>()
        };
        assert_eq!(
            offered(1, &[yes(2)]),
            [Transition::Accept, Transition::Decline]
        );
        assert_eq!(offered(1, &[yes(1)]), [], "once is enough");
    }
}
