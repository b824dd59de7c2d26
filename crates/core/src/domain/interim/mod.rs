//! Interim clearance: on call with a named supervisor, for a limited time, on the way to a full one. The rules are
//! pure. It is never cover, and it ends by itself.

#[cfg(test)]
mod tests;

use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState, Standing, standing};
use crate::domain::ramp::RampState;
use crate::domain::readiness::{CompetencyState, Readiness};

/// The level that every competency needs, whatever the standard asks.
pub const LEVEL: u8 = 3;

/// The last day is at most that many days ahead, when it is granted and again when it is extended.
pub const MAX_DAYS: i64 = 60;

/// Competencies whose latest mentor assessment is below [`LEVEL`], or is missing.
pub fn below(readiness: &Readiness) -> impl Iterator<Item = &CompetencyState> {
    let all = readiness.competencies.iter();
    all.filter(|c| c.mentor_level.is_none_or(|level| level.number() < LEVEL))
}

/// Why nobody can grant an interim clearance on a ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocker {
    /// The mentee has left.
    Left,
    /// The ramp is not under way.
    State(RampState),
    /// The ramp is neither under way nor in review.
    NotUnderWay(RampState),
    /// The ramp begins later.
    NotStarted(Day),
    /// The mentee has a clearance in the area, or it was revoked.
    Stands(Standing),
    /// There was one on this ramp before.
    Before(Day),
    /// That many competencies are below the level.
    Below(usize),
}

impl Blocker {
    pub fn sentence(self) -> String {
        match self {
            Self::Left => "This person has left, so nobody can be cleared.".into(),
            Self::State(state) => format!(
                "An interim clearance can be granted only on an active ramp. This one is {}.",
                state.label().to_lowercase()
            ),
            Self::NotUnderWay(state) => format!(
                "An interim clearance can be extended only on a running ramp. This one is {}.",
                state.label().to_lowercase()
            ),
            Self::NotStarted(day) => format!("This ramp begins on {}.", day.words()),
            Self::Stands(Standing::Interim) => {
                "There is an interim clearance already: extend it, or name another supervisor.".into()
            }
            Self::Stands(Standing::Suspended | Standing::Revoked) => {
                "The clearance in this area was suspended or revoked. An interim one cannot replace it.".into()
            }
            Self::Stands(_) => "There is a clearance in this area already.".into(),
            Self::Before(day) => format!(
                "There was an interim clearance on this ramp until {}. It can be granted once and extended once. The \
                 sign-off comes next.",
                day.words()
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

/// Whether an interim clearance can be granted: the ramp is under way, the mentee was never cleared in its area, there
/// was no interim one on it (`before` is the last day of one), and every competency is at [`LEVEL`].
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
    // After a lapsed clearance an interim one would end as if the person had never been cleared, so that one is
    // renewed.
    if stands != Standing::None {
        return Err(Blocker::Stands(stands));
    }
    if let Some(day) = before {
        return Err(Blocker::Before(day));
    }
    is_able(readiness)
}

/// Whether an interim clearance can be extended: its ramp is under way or in review, and every competency is still at
/// [`LEVEL`].
pub fn can_go_on(state: RampState, readiness: &Readiness) -> Result<(), Blocker> {
    match state {
        RampState::Active | RampState::InReview => is_able(readiness),
        state => Err(Blocker::NotUnderWay(state)),
    }
}

pub fn is_able(readiness: &Readiness) -> Result<(), Blocker> {
    match below(readiness).count() {
        0 if !readiness.competencies.is_empty() => Ok(()),
        n => Err(Blocker::Below(n)),
    }
}

/// The last day is after today, and within [`MAX_DAYS`].
pub fn check_end(ends_on: Day, today: Day) -> Result<(), String> {
    let latest = today.plus_days(MAX_DAYS);
    if ends_on <= today {
        Err("The clearance must end after today.".into())
    } else if ends_on > latest {
        Err(format!(
            "An interim clearance lasts {MAX_DAYS} days at most: until {}.",
            latest.words()
        ))
    } else {
        Ok(())
    }
}

/// A valid or ended interim clearance can be extended once; returns the latest last day it can get.
pub fn can_extend(held: &Clearance, today: Day) -> Result<Day, &'static str> {
    match (held.kind, held.state) {
        (ClearanceKind::Full, _) => Err("Only an interim clearance can be extended."),
        (_, ClearanceState::Suspended | ClearanceState::Revoked) => {
            Err("This clearance is suspended or revoked: it cannot be extended.")
        }
        (_, ClearanceState::Valid) if held.extended_at.is_some() => Err(
            "This interim clearance was extended before. It can be extended once. The sign-off comes next.",
        ),
        (_, ClearanceState::Valid) => Ok(held.ends_on.max(today).plus_days(MAX_DAYS)),
    }
}

/// The last day of an extension is after today and after the old one, and not after the latest.
pub fn check_extension(
    ends_on: Day,
    held: &Clearance,
    latest: Day,
    today: Day,
) -> Result<(), String> {
    if ends_on <= held.ends_on || ends_on <= today {
        Err(format!(
            "Enter a day after {}.",
            held.ends_on.max(today).words()
        ))
    } else if ends_on > latest {
        Err(format!(
            "An extension lasts {MAX_DAYS} days at most: until {}.",
            latest.words()
        ))
    } else {
        Ok(())
    }
}

/// Whether an interim clearance has a supervisor who is cleared in the area on the day and has not left. A clearance
/// that is no longer interim needs none.
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
