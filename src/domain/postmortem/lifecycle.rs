//! The life of a post-mortem: what leads where, and who may.

use crate::domain::people::Actor;
use crate::text_enum;

text_enum! {
    /// Where a post-mortem stands.
    pub enum State {
        Draft = "draft" / "Draft",
        /// Somebody is to look at it.
        InReview = "in_review" / "In review",
        /// Open to all members; discussing it counts.
        Teachable = "teachable" / "Teachable",
        /// Out of use. What was discussed stays discussed.
        Retired = "retired" / "Retired",
    }
}

text_enum! {
    /// What moves it from one state to another.
    pub enum Transition {
        /// The author has written what there is to say.
        Submit = "submit" / "Ask for a review",
        Return = "return" / "Back to the draft",
        /// Others can learn from it.
        Approve = "approve" / "Make it teachable",
        /// Nobody should learn from it any more.
        Retire = "retire" / "Retire it",
        /// It is to be written anew.
        Reopen = "reopen" / "Open it as a draft",
    }
}

/// Where a deed leads from a state; nowhere when it makes no sense there.
pub fn leads_to(state: State, deed: Transition) -> Option<State> {
    match (state, deed) {
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

/// Whom a post-mortem concerns beyond its readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who wrote it first; nobody for one that was imported at the command line.
    pub author: Option<i64>,
    /// Teams that own its areas.
    pub owner_teams: Vec<i64>,
    /// Designated qualifiers of its areas.
    pub qualifiers: Vec<i64>,
    /// Who wrote in it since it was last teachable.
    pub writers: Vec<i64>,
    pub state: State,
    /// All members could read it once.
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

    /// Whether all members may read it: a teachable one, and a retired one that was.
    pub fn is_open(&self) -> bool {
        match self.state {
            State::Teachable => true,
            State::Retired => self.was_open,
            State::Draft | State::InReview => false,
        }
    }

    /// Reads it: everybody once it is open, else its author and who answers for one of its areas.
    pub fn may_read(&self, actor: &Actor) -> bool {
        self.is_open() || self.is_author(actor) || self.answers_for(actor)
    }

    /// Writes in it while it is a draft or in review: its author and the leads.
    pub fn may_edit(&self, actor: &Actor) -> bool {
        matches!(self.state, State::Draft | State::InReview)
            && (self.is_author(actor) || self.is_lead(actor))
    }

    fn has_written(&self, actor: &Actor) -> bool {
        self.is_author(actor) || self.writers.iter().any(|id| actor.is(*id))
    }

    /// Whether somebody may do that to it, where it stands. What others learn from is decided by who answers for one of
    /// its areas, and never by its author, nor by anybody who wrote in it since that was last decided.
    pub fn may(&self, actor: &Actor, deed: Transition) -> bool {
        let writes = self.is_author(actor) || self.is_lead(actor);
        leads_to(self.state, deed).is_some()
            && match deed {
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

/// Who may do that, as a sentence.
pub fn who_may(deed: Transition) -> &'static str {
    match deed {
        Transition::Submit => "A review is asked for by its author or a lead of one of its areas.",
        Transition::Return => {
            "It goes back to the draft by its author, a lead or a qualifier of one of its areas."
        }
        Transition::Approve => {
            "It is made teachable by a lead or a qualifier of one of its areas who is not its author, and wrote nothing in it \
             since it was last teachable."
        }
        Transition::Retire => {
            "A draft is retired by its author or a lead, a teachable one by a lead or a qualifier of one of its areas."
        }
        Transition::Reopen => {
            "It is opened as a draft by a lead or a qualifier of one of its areas."
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

    fn circle(state: State) -> Access {
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
        let ways: Vec<_> = State::ALL
            .iter()
            .flat_map(|from| Transition::ALL.iter().map(move |deed| (*from, *deed)))
            .filter_map(|(from, deed)| Some((from, deed, leads_to(from, deed)?)))
            .collect();
        assert_eq!(
            ways,
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
    fn who_may_what() {
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
        for (state, deed, expected) in table {
            let may = roles().map(|a| circle(state).may(&a, deed));
            assert_eq!(may, expected, "{state:?} {deed:?}");
        }
        let reads = |state| roles().map(|a| circle(state).may_read(&a));
        assert_eq!(reads(State::Draft), [true, true, true, false]);
        assert_eq!(reads(State::Teachable), [true; 4]);
        assert_eq!(reads(State::Retired), [true, true, true, false]);
        let edits = |state| roles().map(|a| circle(state).may_edit(&a));
        assert_eq!(edits(State::InReview), [true, true, false, false]);
        assert_eq!(edits(State::Teachable), [false; 4]);
    }

    #[test]
    fn nobody_makes_teachable_what_they_wrote_themselves_whatever_hats_they_wear() {
        let mine = Access {
            qualifiers: vec![1, 3],
            ..circle(State::InReview)
        };
        assert!(!mine.may(&actor(1, &[10]), Transition::Approve));
        let written_in = Access {
            writers: vec![2, 3],
            ..circle(State::InReview)
        };
        for (writer, leads) in [(2, &[10][..]), (3, &[])] {
            assert!(!written_in.may(&actor(writer, leads), Transition::Approve));
            assert!(written_in.may(&actor(writer, leads), Transition::Return));
        }
        assert!(written_in.may(&actor(5, &[10]), Transition::Approve));
        let nobody_s = Access {
            author: None,
            ..circle(State::InReview)
        };
        assert!(nobody_s.may(&actor(3, &[]), Transition::Approve));
    }
}
