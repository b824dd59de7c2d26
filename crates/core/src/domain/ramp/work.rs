//! Who holds sessions and shifts on a ramp, and while it is in which state.

use super::{Parties, RampState};
use crate::domain::people::Actor;

/// Why someone may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is for other people.
    Who,
    /// Not while the ramp is in this state.
    State,
}

/// Records a session: a mentor, on a ramp that is accepted and open.
pub fn may_record(parties: &Parties, state: RampState, actor: &Actor) -> Result<(), Denied> {
    let is_open = state.is_running() || state == RampState::Paused;
    allowed(parties.is_mentor(actor), is_open)
}

/// Plans a session or a shift: the mentee and the mentors, while the clock of the ramp runs.
pub fn may_plan(parties: &Parties, state: RampState, actor: &Actor) -> Result<(), Denied> {
    allowed(
        parties.is_mentee(actor) || parties.is_mentor(actor),
        state.is_running(),
    )
}

/// Reminds the mentors of an open ramp, where there is another one: a lead of the mentee's team, or of the team that owns
/// the area.
pub fn may_remind(parties: &Parties, state: RampState, actor: &Actor) -> Result<(), Denied> {
    let is_open = !matches!(state, RampState::Cleared | RampState::Ended);
    allowed(
        parties.is_lead(actor),
        is_open && parties.mentors.iter().any(|id| !actor.is(*id)),
    )
}

/// Reminds mentors somewhere: who leads a team.
pub fn may_remind_any(actor: &Actor) -> bool {
    !actor.leads.is_empty()
}

fn allowed(is_theirs: bool, is_time: bool) -> Result<(), Denied> {
    match (is_theirs, is_time) {
        (false, _) => Err(Denied::Who),
        (true, false) => Err(Denied::State),
        (true, true) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentors_record_until_the_end_and_both_plan_while_the_clock_runs() {
        let parties = Parties {
            mentee_id: 1,
            // Nobody mentors themselves.
            mentors: vec![1, 2],
            mentors_ever: vec![1, 2, 3],
            qualifiers: vec![4],
            ..Parties::default()
        };
        let person = |id| Actor {
            id: Some(id),
            is_admin: true,
            ..Actor::operator()
        };
        use RampState::{Active, Cleared, Ended, InReview, Paused, Proposed};
        let (running, paused, closed) = ([Active, InReview], [Paused], [Proposed, Cleared, Ended]);
        let table = [
            (1, &running[..], (Err(Denied::Who), Ok(()))),
            (1, &paused, (Err(Denied::Who), Err(Denied::State))),
            (2, &running, (Ok(()), Ok(()))),
            (2, &paused, (Ok(()), Err(Denied::State))),
            (2, &closed, (Err(Denied::State), Err(Denied::State))),
            (3, &running, (Err(Denied::Who), Err(Denied::Who))),
            (4, &running, (Err(Denied::Who), Err(Denied::Who))),
        ];
        for (id, states, expected) in table {
            for state in states {
                let (actor, state) = (person(id), *state);
                let may = (
                    may_record(&parties, state, &actor),
                    may_plan(&parties, state, &actor),
                );
                assert_eq!(may, expected, "{id} {state:?}");
            }
        }
    }
}
