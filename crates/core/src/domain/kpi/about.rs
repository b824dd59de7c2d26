//! What each figure says in words, and when it is well.

use super::{Goal, Health, Kpi, Measure, Unit, WINDOW_DAYS};
use crate::domain::area::ENOUGH_QUALIFIERS;

/// How far a figure may miss its goal before that is a problem: by this share of the goal, or by one where it counts
/// things.
const NEAR: f64 = 0.1;

/// Values closer than this are equal: sums of shares are not exact.
const EXACT: f64 = 1e-9;

impl Kpi {
    /// Its formula; docs/kpis.md shows the same sentences.
    pub fn words(self) -> &'static str {
        match self {
            Self::TimeToClearance => {
                "Median days from the start of the pairing to the clearance, without paused days."
            }
            Self::Pace => {
                "Median over running ramps: share of lines met, divided by share of planned days used. Ramps in their first tenth do not count."
            }
            Self::Coverage => {
                "People cleared now, divided by the minimum cover. Of several areas, the least."
            }
            Self::BusFactor => {
                "How many cleared people can leave until cover is broken. Of several areas, the least of tier 1."
            }
            Self::SinglePoints => {
                "Critical competencies that exactly one person holds at level 4 or 5."
            }
            Self::QualifierDepth => {
                "Designated qualifiers who are cleared now. Of several areas, the least."
            }
            Self::MentorLoad => {
                "Pairings of a mentor in running ramps: 1 as primary, 0.5 as secondary. Of several mentors, the greatest."
            }
            Self::LoadSpread => "The greatest load of a mentor, divided by the median load.",
            Self::Cadence => {
                "Sessions held, divided by the sessions that the agreed intervals ask for. Paused days ask for none."
            }
            Self::StalePairings => {
                "Share of active pairings without a session for 14 days or two agreed intervals, whichever is longer."
            }
            Self::Reliability => "Sessions held, divided by those held, cancelled or missed.",
            Self::LoggingDelay => "Median days from the end of a session to its first record.",
            Self::Agreement => {
                "Judgements of one competency by mentee and mentor within 14 days: the share that is equal."
            }
            Self::Kappa => {
                "Agreement of mentee and mentor beyond chance. A large difference weighs more than a small one."
            }
            Self::Strictness => {
                "A mentor's mean level minus the mean of other assessors on the same people. Of several, the greatest distance."
            }
            Self::Understood => {
                "Alerts understood, divided by alerts acknowledged, in reverse shadow shifts."
            }
            Self::EvidenceDepth => {
                "Share of a mentor's judgements at level 4 or 5 that rest on a drill or on real work."
            }
            Self::NotObserved => {
                "Share of required competencies that nobody has observed, in ramps past half of their time."
            }
            Self::Currency => "Share of cleared people who practised within 90 days.",
            Self::RotaMismatch => {
                "Shifts of the next 28 days whose holder is not cleared when they start."
            }
            Self::SignoffTurnaround => {
                "Median working days (Monday to Friday) from the request of a sign-off to its decision."
            }
            Self::WaiverLoad => "Active waivers, divided by required lines, in open ramps.",
            Self::PostmortemUse => {
                "Share of teachable post-mortems used in a session, club or drill within 180 days."
            }
            Self::DrillRhythm => {
                "Drills debriefed within 90 days, divided by areas. Of several areas, only tier 1 counts."
            }
            Self::ChecklistFreshness => {
                "Share of the sections of a standard that were changed within 180 days."
            }
            Self::FirstShifts => {
                "Escalations divided by pages in the first five shifts alone. Pages are recorded in shadow shifts and drills only."
            }
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Self::TimeToClearance | Self::LoggingDelay => Unit::Days,
            Self::SignoffTurnaround => Unit::WorkingDays,
            Self::BusFactor | Self::SinglePoints | Self::QualifierDepth | Self::RotaMismatch => {
                Unit::Count
            }
            Self::Pace
            | Self::Coverage
            | Self::MentorLoad
            | Self::LoadSpread
            | Self::Cadence
            | Self::Kappa
            | Self::Strictness
            | Self::DrillRhythm => Unit::Ratio,
            Self::StalePairings
            | Self::Reliability
            | Self::Agreement
            | Self::Understood
            | Self::EvidenceDepth
            | Self::NotObserved
            | Self::Currency
            | Self::WaiverLoad
            | Self::PostmortemUse
            | Self::ChecklistFreshness
            | Self::FirstShifts => Unit::Share,
        }
    }

    /// Days it looks back over, the day it is for included; `None` where it says how things are on that day.
    pub fn window(self) -> Option<i64> {
        match self {
            Self::TimeToClearance
            | Self::Cadence
            | Self::Reliability
            | Self::LoggingDelay
            | Self::Agreement
            | Self::Kappa
            | Self::Strictness
            | Self::Understood
            | Self::EvidenceDepth
            | Self::Currency
            | Self::SignoffTurnaround
            | Self::DrillRhythm => Some(WINDOW_DAYS),
            Self::PostmortemUse | Self::ChecklistFreshness => Some(LONG_WINDOW_DAYS),
            Self::Pace
            | Self::Coverage
            | Self::BusFactor
            | Self::SinglePoints
            | Self::QualifierDepth
            | Self::MentorLoad
            | Self::LoadSpread
            | Self::StalePairings
            | Self::NotObserved
            | Self::RotaMismatch
            | Self::WaiverLoad
            | Self::FirstShifts => None,
        }
    }

    /// Below this sample size it is Unknown.
    pub fn least_n(self) -> u32 {
        match self {
            Self::TimeToClearance | Self::LoadSpread | Self::SignoffTurnaround => 3,
            Self::Reliability | Self::LoggingDelay | Self::FirstShifts => 5,
            Self::Agreement | Self::Strictness | Self::Understood | Self::EvidenceDepth => 10,
            Self::Kappa => 30,
            _ => 1,
        }
    }

    /// The proposed goal; `None` for what is only shown. Where it depends on the area, [`Self::goal_with`] says it.
    pub fn goal(self) -> Option<Goal> {
        use Goal::{AtLeast, AtMost, Between};
        Some(match self {
            Self::TimeToClearance | Self::FirstShifts => return None,
            Self::Pace => Between(0.9, 1.2),
            Self::Coverage => AtLeast(1.33),
            Self::BusFactor | Self::DrillRhythm => AtLeast(2.0),
            Self::QualifierDepth => AtLeast(ENOUGH_QUALIFIERS.into()),
            Self::SinglePoints | Self::RotaMismatch => AtMost(0.0),
            Self::MentorLoad | Self::LoadSpread | Self::LoggingDelay => AtMost(2.0),
            Self::Cadence | Self::Understood => AtLeast(0.8),
            Self::StalePairings => AtMost(0.1),
            Self::Reliability => AtLeast(0.85),
            Self::Agreement | Self::Kappa => AtLeast(0.6),
            Self::Strictness => Between(-0.7, 0.7),
            Self::EvidenceDepth | Self::ChecklistFreshness => AtLeast(0.9),
            Self::NotObserved => AtMost(0.2),
            Self::Currency => AtLeast(0.95),
            Self::SignoffTurnaround => AtMost(5.0),
            Self::WaiverLoad => AtMost(0.05),
            Self::PostmortemUse => AtLeast(0.5),
        })
    }

    /// The proposed goal, with the number that the areas of the scope give, where they give one: the target of the
    /// areas for time to clearance, and half for areas below tier 1.
    pub fn goal_with(self, of_areas: Option<f64>) -> Option<Goal> {
        match (self, of_areas) {
            (Self::TimeToClearance, Some(days)) => Some(Goal::AtMost(days)),
            (Self::BusFactor | Self::DrillRhythm, Some(least)) => Some(Goal::AtLeast(least)),
            _ => self.goal(),
        }
    }

    /// How well it is, by its own sample size and unit.
    pub fn health(self, measure: Measure, goal: Option<Goal>) -> Health {
        health(measure, goal, self.least_n(), self.unit())
    }
}

/// Days of the window for what changes slowly.
pub const LONG_WINDOW_DAYS: i64 = 180;

impl Unit {
    /// A number with its unit: `62 %`, `2.5 days`, `1.33`.
    pub fn written(self, value: f64) -> String {
        let days = |noun: &str| {
            let tenths = short(value, 1);
            let plural = if tenths == "1" { "" } else { "s" };
            format!("{tenths} {noun}{plural}")
        };
        match self {
            Self::Count => short(value, 0),
            Self::Share => format!("{} %", short(value * 100.0, 1)),
            Self::Days => days("day"),
            Self::WorkingDays => days("working day"),
            Self::Ratio => format!("{value:.2}"),
        }
    }
}

/// At most so many decimals, without zeros at the end.
fn short(value: f64, decimals: usize) -> String {
    let digits = format!("{value:.decimals$}");
    let digits = match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => &digits,
    };
    if digits == "-0" { "0" } else { digits }.to_owned()
}

impl Goal {
    /// How far a value is from it; zero within it.
    fn missed_by(self, value: f64) -> (f64, f64) {
        let (low, high) = match self {
            Self::AtLeast(low) => (low, f64::INFINITY),
            Self::AtMost(high) => (f64::NEG_INFINITY, high),
            Self::Between(low, high) => (low, high),
        };
        if value < low - EXACT {
            (low - value, low)
        } else if value > high + EXACT {
            (value - high, high)
        } else {
            (0.0, 0.0)
        }
    }
}

/// How well a figure is. Within its goal it is okay. It needs attention while it misses its goal by at most a tenth of
/// the goal, or by at most one where it counts things.
pub fn health(measure: Measure, goal: Option<Goal>, least_n: u32, unit: Unit) -> Health {
    let (Some(value), Some(goal)) = (measure.value, goal) else {
        return Health::Unknown;
    };
    if measure.n < least_n {
        return Health::Unknown;
    }
    let (missed, end) = goal.missed_by(value);
    let near = match unit {
        Unit::Count => (end.abs() * NEAR).max(1.0),
        _ => end.abs() * NEAR,
    };
    if missed == 0.0 {
        Health::Okay
    } else if missed <= near + EXACT {
        Health::Attention
    } else {
        Health::Problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(value: f64) -> Measure {
        Measure {
            value: Some(value),
            n: 100,
        }
    }

    #[test]
    fn every_figure_is_said_in_one_or_two_sentences() {
        for kpi in Kpi::ALL {
            let words = kpi.words();
            assert!(words.ends_with('.') && words.len() < 160, "{words}");
            assert!(words.matches(". ").count() < 2, "{words}");
        }
    }

    #[test]
    fn numbers_are_written_with_their_unit() {
        let table = [
            (Unit::Count, 20.0, "20"),
            (Unit::Share, 0.623, "62.3 %"),
            (Unit::Share, 1.0, "100 %"),
            (Unit::Days, 1.0, "1 day"),
            (Unit::Days, 2.52, "2.5 days"),
            (Unit::Days, 0.04, "0 days"),
            (Unit::WorkingDays, 3.0, "3 working days"),
            (Unit::Ratio, 4.0 / 3.0, "1.33"),
            (Unit::Ratio, -0.5, "-0.50"),
        ];
        for (unit, value, expected) in table {
            assert_eq!(unit.written(value), expected);
        }
    }

    #[test]
    fn a_near_miss_is_no_problem_yet() {
        use Goal::{AtLeast, AtMost, Between};
        use Health::{Attention, Okay, Problem};
        let table = [
            (0.9, AtLeast(0.9), Unit::Share, Okay),
            (0.81, AtLeast(0.9), Unit::Share, Attention),
            (0.80, AtLeast(0.9), Unit::Share, Problem),
            (0.1, AtMost(0.1), Unit::Share, Okay),
            (0.11, AtMost(0.1), Unit::Share, Attention),
            (0.12, AtMost(0.1), Unit::Share, Problem),
            (2.0, AtLeast(2.0), Unit::Count, Okay),
            (1.0, AtLeast(2.0), Unit::Count, Attention),
            (0.0, AtLeast(2.0), Unit::Count, Problem),
            (0.0, AtMost(0.0), Unit::Count, Okay),
            (1.0, AtMost(0.0), Unit::Count, Attention),
            (2.0, AtMost(0.0), Unit::Count, Problem),
            (0.9, Between(0.9, 1.2), Unit::Ratio, Okay),
            (1.2, Between(0.9, 1.2), Unit::Ratio, Okay),
            (0.85, Between(0.9, 1.2), Unit::Ratio, Attention),
            (1.32, Between(0.9, 1.2), Unit::Ratio, Attention),
            (1.4, Between(0.9, 1.2), Unit::Ratio, Problem),
            (-0.77, Between(-0.7, 0.7), Unit::Ratio, Attention),
            (-0.8, Between(-0.7, 0.7), Unit::Ratio, Problem),
            (4.0 / 3.0, AtLeast(1.33), Unit::Ratio, Okay),
            // Sums of shares are not exact.
            (0.1 + 0.2, AtMost(0.3), Unit::Share, Okay),
        ];
        for (value, goal, unit, expected) in table {
            assert_eq!(
                health(of(value), Some(goal), 1, unit),
                expected,
                "{value} {goal:?}"
            );
        }
    }

    #[test]
    fn too_little_to_count_over_is_unknown() {
        let few = Measure {
            value: Some(1.0),
            n: 9,
        };
        assert_eq!(
            Kpi::Understood.health(few, Kpi::Understood.goal()),
            Health::Unknown
        );
        let enough = Measure { n: 10, ..few };
        assert_eq!(
            Kpi::Understood.health(enough, Kpi::Understood.goal()),
            Health::Okay
        );
        assert_eq!(Kpi::Understood.health(enough, None), Health::Unknown);
        let nothing = Measure { value: None, n: 10 };
        assert_eq!(
            Kpi::Understood.health(nothing, Kpi::Understood.goal()),
            Health::Unknown
        );
    }

    #[test]
    fn a_goal_of_the_areas_replaces_the_general_one() {
        assert_eq!(Kpi::TimeToClearance.goal(), None);
        assert_eq!(
            Kpi::TimeToClearance.goal_with(Some(84.0)),
            Some(Goal::AtMost(84.0))
        );
        assert_eq!(
            Kpi::BusFactor.goal_with(Some(1.0)),
            Some(Goal::AtLeast(1.0))
        );
        assert_eq!(Kpi::Cadence.goal_with(Some(9.0)), Some(Goal::AtLeast(0.8)));
    }

    /// Worse is greater.
    fn rank(health: Health) -> u8 {
        match health {
            Health::Okay => 0,
            Health::Attention => 1,
            Health::Problem => 2,
            Health::Unknown => 9,
        }
    }

    proptest! {
        #[test]
        fn a_better_value_is_never_less_well(
            goal in 0.0..5.0_f64, one in -5.0..10.0_f64, other in -5.0..10.0_f64, counts in any::<bool>(),
        ) {
            let unit = if counts { Unit::Count } else { Unit::Ratio };
            let at = |value, goal| rank(health(of(value), Some(goal), 1, unit));
            let (low, high) = (one.min(other), one.max(other));
            prop_assert!(at(high, Goal::AtLeast(goal)) <= at(low, Goal::AtLeast(goal)));
            prop_assert!(at(low, Goal::AtMost(goal)) <= at(high, Goal::AtMost(goal)));
            // Between two ends, a value nearer to the range is never less well on one side of it.
            let range = Goal::Between(goal, goal + 1.0);
            if high <= goal {
                prop_assert!(at(high, range) <= at(low, range));
            }
            if low >= goal + 1.0 {
                prop_assert!(at(low, range) <= at(high, range));
            }
        }
    }
}
