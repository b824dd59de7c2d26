//! The lifecycle of a drill: planned, running, run, debriefed; or cancelled.

use super::DrillState;

/// What someone wants to do with a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Change,
    Cancel,
    Begin,
    /// Tick a line, or untick it.
    Tick,
    End,
    /// It was ended too early: continue.
    GoOn,
    Debrief,
}

impl Step {
    pub const ALL: [Self; 7] = [
        Self::Change,
        Self::Cancel,
        Self::Begin,
        Self::Tick,
        Self::End,
        Self::GoOn,
        Self::Debrief,
    ];
}

/// The state a step leads to; `None` when it is not allowed. Only a debriefed drill counts, and it stays so.
pub fn step(state: DrillState, step: Step) -> Option<DrillState> {
    use DrillState::{Cancelled, Debriefed, Planned, Run, Running};
    match (state, step) {
        (Planned, Step::Change) => Some(Planned),
        (Planned | Running | Run, Step::Cancel) => Some(Cancelled),
        (Planned, Step::Begin) | (Run, Step::GoOn) | (Running, Step::Tick) => Some(Running),
        (Running, Step::End) => Some(Run),
        (Run, Step::Debrief) => Some(Debriefed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_of_a_drill() {
        use DrillState::{Cancelled, Debriefed, Planned, Run, Running};
        let table = [
            (Planned, vec![Step::Change, Step::Cancel, Step::Begin]),
            (Running, vec![Step::Cancel, Step::Tick, Step::End]),
            (Run, vec![Step::Cancel, Step::GoOn, Step::Debrief]),
            (Debriefed, vec![]),
            (Cancelled, vec![]),
        ];
        for (state, allowed) in table {
            let may: Vec<Step> = Step::ALL
                .into_iter()
                .filter(|s| step(state, *s).is_some())
                .collect();
            assert_eq!(may, allowed, "{state:?}");
        }
    }

    proptest! {
        #[test]
        fn a_drill_that_is_debriefed_was_begun_and_ended_before(tries in prop::collection::vec(0_usize..7, 0..30)) {
            let (mut state, mut way) = (DrillState::Planned, Vec::new());
            for wanted in tries.into_iter().map(|n| Step::ALL[n]) {
                if let Some(next) = step(state, wanted) {
                    way.push(wanted);
                    state = next;
                }
            }
            let place = |s: Step| way.iter().position(|w| *w == s);
            if state == DrillState::Debriefed {
                prop_assert!(place(Step::Begin) < place(Step::End) && place(Step::End) < place(Step::Debrief));
                prop_assert_eq!(way.last(), Some(&Step::Debrief));
            }
        }
    }
}
