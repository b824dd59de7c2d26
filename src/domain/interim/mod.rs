//! Interim clearance: on call under a named supervisor, for a while, on the way to a full one. The rules are pure; it is
//! never cover, and it ends by itself.

#[cfg(test)]
mod tests;

use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState, Standing, standing};
use crate::domain::ramp::RampState;
use crate::domain::readiness::{CompetencyState, Readiness};

/// The level that every competency must be at, whatever the standard asks of it.
pub const LEVEL: u8 = 3;

/// The last day lies that many days ahead at most, when it is granted and once more when it is extended.
pub const MOST_DAYS: i64 = 60;

/// Competencies whose latest mentor assessment is below [`LEVEL`], or is missing.
pub fn below(readiness: &Readiness) -> impl Iterator<Item = &CompetencyState> {
    let all = readiness.competencies.iter();
    all.filter(|c| c.mentor_level.is_none_or(|level| level.number() < LEVEL))
}

/// Why no interim clearance can be granted on a ramp, whoever would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocker {
    /// The ramp is not under way.
    State(RampState),
    /// Nor is it in review.
    NotUnderWay(RampState),
    /// The ramp begins later.
    NotStarted(Day),
    /// A clearance of the mentee stands in the area, or was taken away.
    Stands(Standing),
    /// There was one on this ramp before.
    Before(Day),
    /// That many competencies are below the level.
    Below(usize),
}

impl Blocker {
    pub fn sentence(self) -> String {
        match self {
            Self::State(state) => format!(
                "An interim clearance is granted while a ramp is active; this one is {}.",
                state.label().to_lowercase()
            ),
            Self::NotUnderWay(state) => format!(
                "An interim clearance is extended while its ramp is under way; this one is {}.",
                state.label().to_lowercase()
            ),
            Self::NotStarted(day) => format!("This ramp begins on {day}."),
            Self::Stands(Standing::Interim) => {
                "There is an interim clearance already: extend it, or name another supervisor.".into()
            }
            Self::Stands(Standing::Suspended | Standing::Revoked) => {
                "The clearance in this area was suspended or revoked: no interim one takes its place.".into()
            }
            Self::Stands(_) => "There is a clearance in this area already.".into(),
            Self::Before(day) => format!(
                "There was an interim clearance on this ramp until {day}. It is granted once and extended once; what \
                 follows is the sign-off."
            ),
            Self::Below(1) => {
                format!("1 competency is below level {LEVEL}, or not assessed by a mentor yet.")
            }
            Self::Below(n) => {
                format!("{n} competencies are below level {LEVEL}, or not assessed by a mentor yet.")
            }
        }
    }
}

/// An interim clearance can be granted: the ramp is under way, the mentee was never cleared in its area, there
/// was no interim one on it before (its last day is `before`), and every competency is at [`LEVEL`].
pub fn can_grant(
    (state, starts_on): (RampState, Day),
    today: Day,
    stands: Standing,
    before: Option<Day>,
    readiness: &Readiness,
) -> Result<(), Blocker> {
    if state != RampState::Active {
        return Err(Blocker::State(state));
    }
    if starts_on > today {
        return Err(Blocker::NotStarted(starts_on));
    }
    // Over one that lapsed it would end as if nobody had ever been cleared: that one is renewed.
    if stands != Standing::None {
        return Err(Blocker::Stands(stands));
    }
    if let Some(day) = before {
        return Err(Blocker::Before(day));
    }
    is_able(readiness)
}

/// An interim clearance can go on beyond its last day: the ramp it leads through is under way, also while its sign-off is
/// decided, and every competency is still at [`LEVEL`].
pub fn can_go_on(state: RampState, readiness: &Readiness) -> Result<(), Blocker> {
    match state {
        RampState::Active | RampState::InReview => is_able(readiness),
        state => Err(Blocker::NotUnderWay(state)),
    }
}

/// Every competency is at [`LEVEL`].
pub fn is_able(readiness: &Readiness) -> Result<(), Blocker> {
    match below(readiness).count() {
        0 if !readiness.competencies.is_empty() => Ok(()),
        n => Err(Blocker::Below(n)),
    }
}

/// The last day lies after today, and within [`MOST_DAYS`].
pub fn check_end(ends_on: Day, today: Day) -> Result<(), String> {
    let latest = today.plus_days(MOST_DAYS);
    if ends_on <= today {
        Err("The clearance must end after today.".into())
    } else if ends_on > latest {
        Err(format!(
            "An interim clearance lasts {MOST_DAYS} days at most: until {latest}."
        ))
    } else {
        Ok(())
    }
}

/// An interim clearance that stands or has ended can be extended, once; gives back the latest day it can have then.
pub fn can_extend(held: &Clearance, today: Day) -> Result<Day, &'static str> {
    match (held.kind, held.state) {
        (ClearanceKind::Full, _) => Err("Only an interim clearance is extended."),
        (_, ClearanceState::Suspended | ClearanceState::Revoked) => {
            Err("This clearance is suspended or revoked: it cannot be extended.")
        }
        (_, ClearanceState::Valid) if held.extended_at.is_some() => Err(
            "This interim clearance was extended before. It is extended once; what follows is the sign-off.",
        ),
        (_, ClearanceState::Valid) => Ok(held.ends_on.max(today).plus_days(MOST_DAYS)),
    }
}

/// The last day of an extension lies after today and after the one before, and not beyond the latest.
pub fn check_extension(
    ends_on: Day,
    held: &Clearance,
    latest: Day,
    today: Day,
) -> Result<(), String> {
    if ends_on <= held.ends_on || ends_on <= today {
        Err(format!("Enter a day after {}.", held.ends_on.max(today)))
    } else if ends_on > latest {
        Err(format!(
            "An extension lasts {MOST_DAYS} days at most: until {latest}."
        ))
    } else {
        Ok(())
    }
}

/// Whether somebody answers for whoever is on call by it: its supervisor is cleared in the area on the day, and has not
/// left. A clearance that does not stand as an interim one asks for nobody.
pub fn is_supervised(held: &Clearance, supervisor: Option<(&Clearance, bool)>, today: Day) -> bool {
    if standing(Some(held), today) != Standing::Interim {
        return true;
    }
    supervisor.is_some_and(|(own, is_here)| {
        is_here
            && held.supervisor_id == Some(own.person_id)
            && own.area_id == held.area_id
            && standing(Some(own), today).is_cover()
    })
}
