//! Transitions of a ramp: who may make them, and in which state. Pure.

use super::model::Pairing;
use super::{PairingRole, Parties, RampState};
use crate::db::types::UtcTime;
use crate::domain::people::Actor;
use crate::text_enum;

text_enum! {
    /// The word is the end of its address, the label the text of its button.
    pub enum Transition {
        /// The mentee or the primary mentor accepts the ramp.
        Accept = "accept" / "Accept",
        /// One of them declines; the ramp ends.
        Decline = "decline" / "Decline",
        Pause = "pause" / "Pause",
        /// The clock runs again.
        Resume = "resume" / "Resume",
        /// Its target day moves.
        Target = "target" / "Change the target",
        /// Another mentor takes over this role from now on.
        HandOver = "hand-over" / "Hand over",
        /// A secondary mentor helps from now on.
        AddMentor = "add-mentor" / "Add a secondary mentor",
        /// The secondary mentor stops.
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

/// Who has that role in a ramp now.
pub fn holder(pairings: &[Pairing], role: PairingRole) -> Option<&Pairing> {
    pairings
        .iter()
        .find(|p| p.role == role && p.until.is_none())
}

/// The two who must accept: the mentee and the primary mentor.
pub fn asked(mentee_id: i64, pairings: &[Pairing]) -> Vec<i64> {
    let primary = holder(pairings, PairingRole::Primary).map(|p| p.mentor_id);
    std::iter::once(mentee_id).chain(primary).collect()
}

/// Those of [`asked`] who have not accepted yet; `accepted` are the people who have.
pub fn awaited(mentee_id: i64, pairings: &[Pairing], accepted: &[i64]) -> Vec<i64> {
    let mut ids = asked(mentee_id, pairings);
    ids.retain(|id| !accepted.contains(id));
    ids
}

impl Transition {
    /// Whether the ramp is over after it.
    pub fn ends(self) -> bool {
        matches!(self, Self::Decline | Self::End)
    }

    /// Whether it is possible in that state. While a sign-off is being decided, clock, mentors and end do not change:
    /// the rights to the keys and the record must stay as they were.
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

    /// May this person do it, by their relation to the ramp? `role` is the role that changes in
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
        let arranges = parties.may_arrange(actor);
        let (may, who) = match self {
            Self::Accept | Self::Decline => (
                parties.is_mentee(actor) || is_primary,
                "Only the mentee and the primary mentor can accept or decline a ramp.",
            ),
            Self::Pause | Self::Resume | Self::Target => (
                arranges || parties.is_mentor(actor),
                "This is for the mentors of the ramp, leads of the mentee's or the owner team, and administrators.",
            ),
            Self::HandOver | Self::RemoveMentor => (
                arranges || is_primary || (holds(role) && parties.is_mentor(actor)),
                "Only that mentor, the primary mentor, leads of the mentee's or the owner \
                 team, and administrators can hand over a mentor's part.",
            ),
            Self::AddMentor | Self::End => (
                arranges || is_primary,
                "This is for the primary mentor, leads of the mentee's or the owner team, and administrators.",
            ),
        };
        if may { Ok(()) } else { Err(who.into()) }
    }

    /// What a ramp's page offers a person: possible in its state, allowed for them, and with something to change.
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
        for transition in Self::ALL.iter().copied().filter(|t| t.fits(state)) {
            let roles = match transition {
                Self::HandOver => &both[..],
                Self::RemoveMentor | Self::AddMentor => &both[1..],
                _ => &both[..1],
            };
            for role in roles.iter().copied() {
                let has_object = match transition {
                    Self::Accept | Self::Decline => awaited.iter().any(|id| actor.is(*id)),
                    Self::AddMentor => !has_helper,
                    Self::RemoveMentor => has_helper,
                    Self::HandOver => holder(pairings, role).is_some(),
                    _ => true,
                };
                if has_object && transition.permit(parties, pairings, role, actor).is_ok() {
                    offered.push((transition, role));
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

    /// Mentee 1, primary 2, secondary 3, former mentor 4; the mentee is in team 10, team 20 owns the area.
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
    fn transitions_by_role() {
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
        // mentee, primary, secondary, former mentor, qualifier, mentee's lead, owner lead, other lead, administrator
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
        for (transition, role, expected) in table {
            let found = everybody
                .each_ref()
                .map(|a| i32::from(transition.permit(&parties, &pairings, role, a).is_ok()));
            assert_eq!(found, expected, "{transition:?} {role:?}");
        }
    }

    #[test]
    fn nothing_moves_under_a_sign_off_but_the_target_and_nothing_at_all_after_the_end() {
        for transition in Transition::ALL.iter().copied() {
            assert_eq!(
                transition.fits(RampState::InReview),
                transition == Transition::Target,
                "{transition:?}"
            );
            assert!(!transition.fits(RampState::Cleared) && !transition.fits(RampState::Ended));
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
