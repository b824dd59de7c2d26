//! The lifecycle of a post-mortem: which transitions there are, and who may make them.

use crate::domain::people::Actor;
use crate::text_enum;

text_enum! {
    pub enum State {
        Draft = "draft" / "Draft",
        /// Waits for a review.
        InReview = "in_review" / "In review",
        /// Open to all members; discussing it counts.
        Teachable = "teachable" / "Teachable",
        /// Out of use. Earlier discussions still count.
        Retired = "retired" / "Retired",
    }
}

text_enum! {
    pub enum Transition {
        /// The author has finished it.
        Submit = "submit" / "Ask for a review",
        Return = "return" / "Back to the draft",
        /// Others can learn from it.
        Approve = "approve" / "Make it teachable",
        /// Nobody should learn from it now.
        Retire = "retire" / "Retire it",
        /// It needs a rewrite.
        Reopen = "reopen" / "Open it as a draft",
    }
}

/// The state a transition leads to; `None` when it is not allowed in this state.
pub fn leads_to(state: State, transition: Transition) -> Option<State> {
    match (state, transition) {
        (State::Draft, Transition::Submit) => Some(State::InReview),
        (State::InReview, Transition::Return)
        | (State::Teachable | State::Retired, Transition::Reopen) => Some(State::Draft),
        (State::InReview, Transition::Approve) => Some(State::Teachable),
        (State::Draft | State::InReview | State::Teachable, Transition::Retire) => {
            Some(State::Retired)
        }
        _ => None,
    }
}

/// People with special rights on a post-mortem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who wrote it first; `None` when it was imported at the command line.
    pub author: Option<i64>,
    /// Teams that own its areas.
    pub owner_teams: Vec<i64>,
    /// Designated qualifiers of its areas.
    pub qualifiers: Vec<i64>,
    /// Everyone who edited it since it was last teachable.
    pub writers: Vec<i64>,
    pub state: State,
    /// All members could once read it.
    pub was_open: bool,
}

impl Access {
    fn is_author(&self, actor: &Actor) -> bool {
        self.author.is_some_and(|id| actor.is(id))
    }

    /// A lead of a team that owns one of its areas.
    pub fn is_lead(&self, actor: &Actor) -> bool {
        actor.leads_any(&self.owner_teams)
    }

    /// Answers for one of its areas: leads the team that owns it, or is designated to sign for it.
    pub fn answers_for(&self, actor: &Actor) -> bool {
        self.is_lead(actor) || self.qualifiers.iter().any(|id| actor.is(*id))
    }

    /// Knows how it went: the author, and those who answer for one of its areas.
    pub fn is_concerned(&self, actor: &Actor) -> bool {
        self.is_author(actor) || self.answers_for(actor)
    }

    /// Whether all members may read it: when it is teachable, or retired after that.
    pub fn is_open(&self) -> bool {
        match self.state {
            State::Teachable => true,
            State::Retired => self.was_open,
            State::Draft | State::InReview => false,
        }
    }

    /// Reads it: everyone once it is open; before that its author and those who answer for one of its areas.
    pub fn may_read(&self, actor: &Actor) -> bool {
        self.is_open() || self.is_author(actor) || self.answers_for(actor)
    }

    /// Edits a draft, or one in review: its author and the leads.
    pub fn may_edit(&self, actor: &Actor) -> bool {
        matches!(self.state, State::Draft | State::InReview)
            && (self.is_author(actor) || self.is_lead(actor))
    }

    fn has_written(&self, actor: &Actor) -> bool {
        self.is_author(actor) || self.writers.iter().any(|id| actor.is(*id))
    }

    /// Whether someone may make a transition now. Those who answer for one of its areas decide what others learn from,
    /// but never its author, nor anyone who edited it since the last such decision.
    pub fn may(&self, actor: &Actor, transition: Transition) -> bool {
        let writes = self.is_author(actor) || self.is_lead(actor);
        leads_to(self.state, transition).is_some()
            && match transition {
                Transition::Submit => writes,
                Transition::Return => writes || self.answers_for(actor),
                Transition::Approve => self.answers_for(actor) && !self.has_written(actor),
                Transition::Retire if self.state == State::Teachable => self.answers_for(actor),
                Transition::Retire => writes,
                Transition::Reopen => {
                    self.answers_for(actor) || (self.is_author(actor) && !self.was_open)
                }
            }
    }
}

/// Who may make a transition, as a sentence.
pub fn who_may(transition: Transition) -> &'static str {
    match transition {
        Transition::Submit => "Only its author or a lead of one of its areas can ask for a review.",
        Transition::Return => {
            "Only its author, or a lead or a qualifier of one of its areas, can send it back to the draft."
        }
        Transition::Approve => {
            "Only a lead or a qualifier of one of its areas can make it teachable: not its \
             author, nor anyone who wrote in it since it was last teachable."
        }
        Transition::Retire => {
            "Only its author or a lead can retire a draft. Only a lead or a qualifier of one of its areas can retire a teachable one."
        }
        Transition::Reopen => {
            "Only a lead or a qualifier of one of its areas can open it as a draft."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(id: i64, leads: &[i64]) -> Actor {
        Actor {
            id: Some(id),
            leads: leads.to_vec(),
            is_admin: false,
            ..Actor::operator()
        }
    }

    fn access(state: State) -> Access {
        Access {
            author: Some(1),
            owner_teams: vec![10],
            qualifiers: vec![3],
            writers: Vec::new(),
            state,
            was_open: state == State::Teachable,
        }
    }

    #[test]
    fn every_way_through_its_life() {
        use Transition::{Approve, Reopen, Retire, Return, Submit};
        let transitions: Vec<_> = State::ALL
            .iter()
            .flat_map(|from| {
                Transition::ALL
                    .iter()
                    .map(move |transition| (*from, *transition))
            })
            .filter_map(|(from, transition)| Some((from, transition, leads_to(from, transition)?)))
            .collect();
        assert_eq!(
            transitions,
            [
                (State::Draft, Submit, State::InReview),
                (State::Draft, Retire, State::Retired),
                (State::InReview, Return, State::Draft),
                (State::InReview, Approve, State::Teachable),
                (State::InReview, Retire, State::Retired),
                (State::Teachable, Retire, State::Retired),
                (State::Teachable, Reopen, State::Draft),
                (State::Retired, Reopen, State::Draft),
            ]
        );
    }

    /// Author, lead, qualifier, member.
    fn roles() -> [Actor; 4] {
        [
            actor(1, &[]),
            actor(2, &[10]),
            actor(3, &[]),
            actor(4, &[11]),
        ]
    }

    #[test]
    fn transitions_by_role() {
        let table = [
            (State::Draft, Transition::Submit, [true, true, false, false]),
            (State::Draft, Transition::Retire, [true, true, false, false]),
            (
                State::InReview,
                Transition::Return,
                [true, true, true, false],
            ),
            (
                State::InReview,
                Transition::Approve,
                [false, true, true, false],
            ),
            (
                State::Teachable,
                Transition::Retire,
                [false, true, true, false],
            ),
            (
                State::Teachable,
                Transition::Reopen,
                [false, true, true, false],
            ),
            (
                State::Draft,
                Transition::Approve,
                [false, false, false, false],
            ),
        ];
        for (state, transition, expected) in table {
            let may = roles().map(|a| access(state).may(&a, transition));
            assert_eq!(may, expected, "{state:?} {transition:?}");
        }
        let reads = |state| roles().map(|a| access(state).may_read(&a));
        assert_eq!(reads(State::Draft), [true, true, true, false]);
        assert_eq!(reads(State::Teachable), [true; 4]);
        assert_eq!(reads(State::Retired), [true, true, true, false]);
        let edits = |state| roles().map(|a| access(state).may_edit(&a));
        assert_eq!(edits(State::InReview), [true, true, false, false]);
        assert_eq!(edits(State::Teachable), [false; 4]);
    }

    #[test]
    fn nobody_approves_what_they_wrote_with_any_role() {
        let mine = Access {
            qualifiers: vec![1, 3],
            ..access(State::InReview)
        };
        assert!(!mine.may(&actor(1, &[10]), Transition::Approve));
        let written_in = Access {
            writers: vec![2, 3],
            ..access(State::InReview)
        };
        for (writer, leads) in [(2, &[10][..]), (3, &[])] {
            assert!(!written_in.may(&actor(writer, leads), Transition::Approve));
            assert!(written_in.may(&actor(writer, leads), Transition::Return));
        }
        assert!(written_in.may(&actor(5, &[10]), Transition::Approve));
        let nobody_s = Access {
            author: None,
            ..access(State::InReview)
        };
        assert!(nobody_s.may(&actor(3, &[]), Transition::Approve));
    }
}
