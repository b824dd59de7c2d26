//! Ramps and pairings: one mentee's way through one area on one pinned standard, and their mentors.

pub mod arrange;
pub mod clock;
pub mod load;
pub mod model;
pub mod part;
pub mod store;
pub mod work;

use crate::domain::people::Actor;
use crate::domain::ramp::model::Pairing;
use crate::domain::standard::DoneBy;
use crate::text_enum;

/// Sessions up to that many days before the ramp was added still belong to it.
pub const DAYS_BEFORE_RAMP: i64 = 30;

text_enum! {
    pub enum RampState {
        /// Waits until the mentee and the primary mentor have accepted it.
        Proposed = "proposed" / "Proposed",
        Active = "active" / "Active",
        /// The clock is stopped.
        Paused = "paused" / "Paused",
        /// A sign-off is being decided.
        InReview = "in_review" / "In review",
        /// Ended with a clearance.
        Cleared = "cleared" / "Cleared",
        Ended = "ended" / "Ended",
    }
}

impl RampState {
    /// Under way or in review: its clock runs.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Active | Self::InReview)
    }
}

text_enum! {
    /// A mentor's role in a ramp.
    pub enum PairingRole {
        /// Answers for the ramp.
        Primary = "primary" / "Primary",
        /// Helps, and is the deputy.
        Secondary = "secondary" / "Secondary",
    }
}

text_enum! {
    /// How far a mentee has come with a checklist item.
    pub enum MarkKind {
        Open = "open" / "Open",
        /// The mentee says it is done.
        Done = "done" / "Done",
        /// A mentor has checked it.
        Checked = "checked" / "Checked",
    }
}

/// Everyone with a role in a ramp; permission is decided on this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parties {
    pub mentee_id: i64,
    pub mentors: Vec<i64>,
    /// Mentors now and before.
    pub mentors_ever: Vec<i64>,
    /// Who mentored the mentee in this area on an earlier ramp.
    pub mentored_before: Vec<i64>,
    pub mentee_teams: Vec<i64>,
    /// The area's owner team.
    pub owner_team_id: i64,
    /// Designated qualifiers of the area.
    pub qualifiers: Vec<i64>,
}

impl Parties {
    /// `pairings` are those of the ramp, past and present.
    pub fn of(
        mentee_id: i64,
        pairings: &[Pairing],
        mentee_teams: Vec<i64>,
        owner_team_id: i64,
        qualifiers: Vec<i64>,
    ) -> Self {
        let now = pairings.iter().filter(|p| p.until.is_none());
        Self {
            mentee_id,
            mentors: now.map(|p| p.mentor_id).collect(),
            mentors_ever: pairings.iter().map(|p| p.mentor_id).collect(),
            mentored_before: Vec::new(),
            mentee_teams,
            owner_team_id,
            qualifiers,
        }
    }

    pub fn is_mentee(&self, actor: &Actor) -> bool {
        actor.is(self.mentee_id)
    }

    /// A mentor of the ramp now. Nobody mentors themselves.
    pub fn is_mentor(&self, actor: &Actor) -> bool {
        !self.is_mentee(actor) && self.mentors.iter().any(|m| actor.is(*m))
    }

    /// Ever mentored the mentee in this area, on this ramp or an earlier one.
    pub fn ever_mentored(&self, person_id: i64) -> bool {
        let ever = self.mentors.iter().chain(&self.mentors_ever);
        ever.chain(&self.mentored_before).any(|m| *m == person_id)
    }

    /// May arrange the ramp: a lead of either team or an administrator. Nobody arranges their own ramp (rule 1).
    pub fn may_arrange(&self, actor: &Actor) -> bool {
        !self.is_mentee(actor) && (self.is_lead(actor) || actor.is_admin)
    }

    /// A lead of the mentee's team or of the area's owner team.
    pub fn is_lead(&self, actor: &Actor) -> bool {
        actor.leads(self.owner_team_id) || actor.leads_any(&self.mentee_teams)
    }

    /// May read the ramp: everyone it concerns, and administrators (rule 9).
    pub fn may_read(&self, actor: &Actor) -> bool {
        self.concerns(actor) || actor.is_admin
    }

    /// The mentee, mentors now and before, leads of both teams, qualifiers of the area (they may have to sign).
    pub fn concerns(&self, actor: &Actor) -> bool {
        self.is_mentee(actor)
            || self
                .mentors_ever
                .iter()
                .chain(&self.qualifiers)
                .any(|p| actor.is(*p))
            || self.is_lead(actor)
    }
}

/// May start a ramp: a lead of the mentee's team or of the area's owner team, or an administrator; never the mentee
/// (rule 1).
pub fn may_start(actor: &Actor, mentee_id: i64, mentee_teams: &[i64], owner_team_id: i64) -> bool {
    !actor.is(mentee_id)
        && (actor.is_admin || actor.leads(owner_team_id) || actor.leads_any(mentee_teams))
}

/// May start a ramp for somebody, somewhere: what [`may_start`] needs at least.
pub fn may_start_any(actor: &Actor) -> bool {
    actor.is_admin || !actor.leads.is_empty()
}

/// May move a checklist item: the mentee between open and done; a mentor of the ramp to checked, and back to open. If a
/// mentor does the item, a mentor checks it in one step; the mentee does not mark it.
pub fn may_mark(
    parties: &Parties,
    actor: &Actor,
    done_by: DoneBy,
    from: MarkKind,
    to: MarkKind,
) -> Result<(), String> {
    let is_check = from == MarkKind::Checked || to == MarkKind::Checked;
    if from == MarkKind::Checked && to == MarkKind::Done {
        Err("A check that is taken back leaves the item open.".into())
    } else if is_check && !parties.is_mentor(actor) {
        Err("Only a mentor of this ramp can check an item, or take the check back.".into())
    } else if !is_check && !parties.is_mentee(actor) {
        Err("Only the mentee can mark an item as done, or open it again.".into())
    } else if to == MarkKind::Done && done_by == DoneBy::Mentor {
        Err("A mentor does this one, and checks it in one step.".into())
    } else {
        Ok(())
    }
}

/// The mark that the actor sets next on an item: *done* for the mentee, *checked* for a mentor. `None` where nothing is
/// left for them to set.
pub fn next_mark(
    parties: &Parties,
    actor: &Actor,
    done_by: DoneBy,
    from: MarkKind,
) -> Option<MarkKind> {
    let onward = [MarkKind::Done, MarkKind::Checked].into_iter();
    let mut may =
        onward.filter(|to| *to != from && may_mark(parties, actor, done_by, from, *to).is_ok());
    may.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64) -> Actor {
        Actor {
            id: Some(id),
            is_admin: false,
            ..Actor::operator()
        }
    }

    proptest::proptest! {
        #[test]
        fn a_ramp_that_may_be_started_is_offered(
            is_admin in proptest::bool::ANY,
            leads in proptest::collection::vec(1..4_i64, 0..3),
            mentee in 1..4_i64,
            mentee_teams in proptest::collection::vec(1..4_i64, 0..3),
            owner in 1..4_i64,
        ) {
            let actor = Actor { is_admin, leads, ..person(1) };
            let started = may_start(&actor, mentee, &mentee_teams, owner);
            assert!(!started || (may_start_any(&actor) && mentee != 1));
        }
    }

    #[test]
    fn who_may_move_an_item() {
        use MarkKind::{Checked, Done, Open};
        let parties = Parties {
            mentee_id: 1,
            mentors: vec![2],
            mentors_ever: vec![2, 3],
            ..Parties::default()
        };
        let admin = Actor {
            is_admin: true,
            ..person(9)
        };
        // actor, from, to, allowed
        let table = [
            (person(1), Open, Done, true),
            (person(1), Done, Open, true),
            (person(1), Done, Checked, false),
            (person(1), Checked, Open, false),
            (person(2), Done, Checked, true),
            (person(2), Open, Checked, true),
            (person(2), Checked, Open, true),
            (person(2), Checked, Done, false),
            (person(2), Open, Done, false),
            (person(3), Done, Checked, false),
            (admin, Done, Checked, false),
        ];
        for (actor, from, to, allowed) in table {
            assert_eq!(
                may_mark(&parties, &actor, DoneBy::Mentee, from, to).is_ok(),
                allowed,
                "{:?} {from:?} {to:?}",
                actor.id
            );
        }
    }

    #[test]
    fn a_mentor_checks_a_mentors_item_in_one_step() {
        use MarkKind::{Checked, Done, Open};
        let parties = Parties {
            mentee_id: 1,
            mentors: vec![2],
            ..Parties::default()
        };
        // actor, from, to, allowed; the mentee may reopen what was done before a version gave it to the mentor
        let table = [
            (person(1), Open, Done, false),
            (person(1), Done, Open, true),
            (person(1), Open, Checked, false),
            (person(2), Open, Checked, true),
            (person(2), Done, Checked, true),
            (person(2), Checked, Open, true),
        ];
        for (actor, from, to, allowed) in table {
            let may = may_mark(&parties, &actor, DoneBy::Mentor, from, to);
            assert_eq!(may.is_ok(), allowed, "{:?} {from:?} {to:?}", actor.id);
        }
    }

    #[test]
    fn the_mentee_marks_done_and_a_mentor_checks() {
        use MarkKind::{Checked, Done, Open};
        let parties = Parties {
            mentee_id: 1,
            mentors: vec![2],
            ..Parties::default()
        };
        // mark now; next for the mentee, for a mentor, for somebody else
        let table = [
            (DoneBy::Mentee, Open, Some(Done), Some(Checked)),
            (DoneBy::Mentee, Done, None, Some(Checked)),
            (DoneBy::Mentee, Checked, None, None),
            (DoneBy::Mentor, Open, None, Some(Checked)),
            (DoneBy::Mentor, Checked, None, None),
        ];
        for (done_by, from, mentee, mentor) in table {
            let next = |id| next_mark(&parties, &person(id), done_by, from);
            assert_eq!(
                (next(1), next(2), next(3)),
                (mentee, mentor, None),
                "{done_by:?} {from:?}"
            );
        }
    }

    #[test]
    fn a_mentor_on_their_own_ramp_is_no_mentor() {
        let parties = Parties {
            mentee_id: 1,
            mentors: vec![1],
            ..Parties::default()
        };
        assert!(!parties.is_mentor(&person(1)));
    }

    #[test]
    fn who_may_read_a_ramp() {
        let parties = Parties {
            mentee_id: 1,
            mentors: vec![2],
            mentors_ever: vec![2, 3],
            mentored_before: vec![4],
            mentee_teams: vec![10],
            owner_team_id: 20,
            qualifiers: vec![4],
        };
        let lead = |team| Actor {
            leads: vec![team],
            ..person(50)
        };
        for actor in [
            person(1),
            person(2),
            person(3),
            person(4),
            lead(10),
            lead(20),
        ] {
            assert!(parties.may_read(&actor), "{actor:?}");
        }
        for actor in [
            person(5),
            lead(30),
            Actor {
                teams: vec![10, 20],
                ..person(6)
            },
        ] {
            assert!(!parties.may_read(&actor), "{actor:?}");
        }
    }
}
