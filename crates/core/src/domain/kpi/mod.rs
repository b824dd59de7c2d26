//! Key figures of the programme: what each says, its formula in words, and how well it is. Formulas are pure functions in
//! `formula`; what they are given is read in `usecases::kpi`.

mod about;
pub mod formula;
pub mod goal;
pub mod note;
pub mod place;
pub mod shown;
pub mod store;
pub mod target;

pub use about::{LONG_WINDOW_DAYS, health};
pub use place::Place;

use crate::domain::people::Actor;
use crate::text_enum;

/// Days of the window that a figure looks back over, the day it is for included.
pub const WINDOW_DAYS: i64 = 90;

text_enum! {
    /// A figure. Its name is in addresses, exports and metrics.
    pub enum Kpi {
        TimeToClearance = "time-to-clearance" / "Time to clearance",
        Pace = "pace" / "Pace",
        Coverage = "coverage" / "Coverage",
        BusFactor = "bus-factor" / "Bus factor",
        SinglePoints = "single-points" / "Single points of knowledge",
        QualifierDepth = "qualifier-depth" / "Qualifier depth",
        MentorLoad = "mentor-load" / "Mentor load",
        LoadSpread = "load-spread" / "Load spread",
        Cadence = "cadence" / "Session cadence",
        StalePairings = "stale-pairings" / "Stale pairings",
        Reliability = "reliability" / "Session reliability",
        LoggingDelay = "logging-delay" / "Logging delay",
        Agreement = "agreement" / "Agreement self and mentor",
        Kappa = "kappa" / "Weighted kappa",
        Strictness = "strictness" / "Assessor strictness",
        Understood = "understood" / "Understood ratio",
        EvidenceDepth = "evidence-depth" / "Evidence depth",
        NotObserved = "not-observed" / "Not-observed share",
        Currency = "currency" / "Currency",
        RotaMismatch = "rota-mismatch" / "Rota mismatch",
        SignoffTurnaround = "signoff-turnaround" / "Sign-off turnaround",
        WaiverLoad = "waiver-load" / "Waiver load",
        PostmortemUse = "postmortem-use" / "Post-mortem use",
        DrillRhythm = "drill-rhythm" / "Drill rhythm",
        ChecklistFreshness = "checklist-freshness" / "Checklist freshness",
        FirstShifts = "first-shifts" / "First solo shifts",
    }
}

/// What a number counts, and so how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A whole number of things.
    Count,
    /// From 0 to 1, written in per cent.
    Share,
    Days,
    WorkingDays,
    /// A quotient, with two decimals.
    Ratio,
}

/// The number of a figure on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// None where there is nothing to count over, as a median of nothing.
    pub value: Option<f64>,
    /// How many things it was counted over: pairings, judgements, alerts, …
    pub n: u32,
}

/// What a team wants of a figure. Both ends are inclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
    Between(f64, f64),
}

text_enum! {
    /// How well a figure is.
    pub enum Health {
        Okay = "okay" / "Okay",
        Attention = "attention" / "Attention",
        Problem = "problem" / "Problem",
        /// Below its sample size, or shown without a goal.
        Unknown = "unknown" / "Unknown",
    }
}

/// Of fewer people than that, a figure that everyone reads would tell how one of them works or judges.
const FEW: usize = 3;

/// Whether a figure tells of too few people to be open to all.
pub fn are_few(people: usize) -> bool {
    (1..FEW).contains(&people)
}

/// Who reads the figures of one person: that person, their mentors now, and leads of their teams. Nobody else, so no
/// administrator either.
pub fn may_read_person(actor: &Actor, person_id: i64, teams: &[i64], mentors: &[i64]) -> bool {
    actor.is(person_id) || actor.leads_any(teams) || mentors.iter().any(|id| actor.is(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_person_are_for_them_their_mentors_and_leads() {
        let actor = |id: i64, leads: &[i64], is_admin| Actor {
            id: Some(id),
            leads: leads.to_vec(),
            is_admin,
            ..Actor::operator()
        };
        let table = [
            (actor(1, &[], false), true),
            (actor(2, &[], false), true),
            (actor(3, &[10], false), true),
            (actor(4, &[], true), false),
            (actor(3, &[11], false), false),
            (actor(5, &[], false), false),
        ];
        for (actor, reads) in table {
            assert_eq!(may_read_person(&actor, 1, &[10], &[2]), reads, "{actor:?}");
        }
    }
}
