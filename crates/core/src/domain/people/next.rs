//! What somebody does next, whatever page they are on.

use super::Actor;

/// The part somebody has in ramps now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Mentors a ramp whose sessions can be recorded.
    pub mentors: bool,
    /// Is the mentee of a ramp on which sessions can be planned.
    pub ramps: bool,
}

/// The deed of the one filled button in the head of every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextDeed {
    RecordSession,
    Plan,
    StartRamp,
}

impl NextDeed {
    /// The deed that comes up most often of those somebody can do. Administrators start ramps too, but it is not their
    /// daily work.
    pub fn of(part: Part, actor: &Actor) -> Option<Self> {
        [
            (part.mentors, Self::RecordSession),
            (part.ramps, Self::Plan),
            (!actor.leads.is_empty(), Self::StartRamp),
        ]
        .into_iter()
        .find_map(|(can, deed)| can.then_some(deed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentors_record_mentees_plan_leads_start_and_nobody_else_is_asked() {
        let part = |mentors, ramps| Part { mentors, ramps };
        let leading = |leads: &[i64], is_admin| Actor {
            leads: leads.to_vec(),
            is_admin,
            ..Actor::operator()
        };
        for (part, actor, expected) in [
            (
                part(true, true),
                leading(&[1], true),
                Some(NextDeed::RecordSession),
            ),
            (part(false, true), leading(&[1], true), Some(NextDeed::Plan)),
            (
                part(false, false),
                leading(&[1], false),
                Some(NextDeed::StartRamp),
            ),
            (part(false, false), leading(&[], true), None),
        ] {
            assert_eq!(NextDeed::of(part, &actor), expected, "{part:?}");
        }
    }
}
