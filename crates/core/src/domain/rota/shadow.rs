//! Shadow shifts of a rota, and the shifts that it planned on ramps: which belong together, and what is to be done. Pure.

use super::{DAYS_AHEAD, Entry};
use crate::db::types::UtcTime;
use crate::domain::shift::MAX_DAYS;
use crate::text_enum;

text_enum! {
    /// What a rota did with a shift of a ramp.
    pub enum StepKind {
        Planned = "planned" / "Planned",
        Moved = "moved" / "Moved",
        Cancelled = "cancelled" / "Cancelled",
    }
}

/// A shift in which somebody watches, as a rota says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub entry: Entry,
    pub mentee_id: i64,
    /// Who is on call at that time, where that is known.
    pub with_id: Option<i64>,
}

/// A shift that a rota planned, and that it did not cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    pub shift_id: i64,
    /// That did something with it last.
    pub rota_id: i64,
    pub mentee_id: i64,
    pub with_id: i64,
    pub from: UtcTime,
    pub to: UtcTime,
    pub uid: String,
    /// The hours that the rota said last, from and to.
    pub said: (UtcTime, UtcTime),
    /// Someone changed it since: it is theirs now.
    pub is_changed: bool,
    /// Someone cancelled it.
    pub is_cancelled: bool,
}

/// What to do with a shift of a ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Plan(Wanted),
    Move {
        shift_id: i64,
        rota_id: i64,
        to: Wanted,
    },
    Cancel {
        shift_id: i64,
        rota_id: i64,
    },
}

impl Step {
    /// What the next reading does, in words.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Plan(_) => "Will be planned at the next reading.",
            Self::Move { .. } => "Will be moved at the next reading.",
            Self::Cancel { .. } => "Will be cancelled at the next reading.",
        }
    }

    /// The row of the shift, and the rota that did something with it last; `None` for one that is new.
    pub fn of(&self) -> Option<(i64, i64)> {
        match self {
            Self::Plan(_) => None,
            Self::Move {
                shift_id, rota_id, ..
            }
            | Self::Cancel { shift_id, rota_id } => Some((*shift_id, *rota_id)),
        }
    }
}

/// What is known of a shift in which somebody watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is planned as the rota says: the row of the shift.
    Planned(i64),
    /// Nothing speaks against it.
    Due(Step),
    /// The row of the shift, where it is planned in another way.
    Left(Why, Option<i64>),
}

/// Why a shift is not planned, or not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    NoRamp,
    NotRunning,
    NobodyOnCall,
    NotCleared,
    /// Nobody uploaded the rota or named its address, so nothing is done in their name.
    NoAuthor,
    Taken,
    Long,
    Begun,
    Changed,
    Cancelled,
}

impl Why {
    /// In words; `is_planned` where there is a shift already.
    pub fn sentence(self, is_planned: bool) -> String {
        let why = match self {
            Self::NoRamp => "no open ramp in this area.",
            Self::NotRunning => "the ramp is not running.",
            Self::NobodyOnCall => "nobody known is on call then.",
            Self::NotCleared => "who is on call is not cleared today.",
            Self::NoAuthor => "nobody here answers for this rota.",
            Self::Taken => "one of the two has another shift then.",
            Self::Long => "a shift is at most 14 days long.",
            Self::Begun => "it has begun.",
            Self::Changed => {
                return "Someone changed the planned shift. The rota leaves it alone.".into();
            }
            Self::Cancelled => {
                return "Someone cancelled the planned shift. The rota leaves it alone.".into();
            }
        };
        let what = if is_planned { "moved" } else { "planned" };
        format!("Not {what}: {why}")
    }
}

/// Which shift of `ours` each of `wanted` is: one of the same person whose rota said the same hours, else one with the
/// same hours, else one that has not begun and has the same name in the tool, else one that has not begun and overlaps.
pub fn pairs(wanted: &[Wanted], ours: &[Ours], now: UtcTime) -> Vec<Option<usize>> {
    type Same<'a> = &'a dyn Fn(&Wanted, &Ours) -> bool;
    let rules: [Same<'_>; 4] = [
        &|w, o| w.entry.hours() == o.said,
        &|w, o| w.entry.hours() == (o.from, o.to),
        &|w, o| o.from > now && !o.uid.is_empty() && w.entry.uid == o.uid,
        &|w, o| o.from > now && w.entry.overlaps(o.from, o.to),
    ];
    let mut pairs: Vec<Option<usize>> = vec![None; wanted.len()];
    let mut is_free = vec![true; ours.len()];
    for is_same in rules {
        for (wanted, pair) in wanted.iter().zip(&mut pairs) {
            if pair.is_some() {
                continue;
            }
            let candidates = ours.iter().zip(&mut is_free).enumerate();
            let mut fitting = candidates.filter(|(_, (one, is_free))| {
                **is_free && one.mentee_id == wanted.mentee_id && is_same(wanted, one)
            });
            if let Some((n, (_, is_free))) = fitting.next() {
                *is_free = false;
                *pair = Some(n);
            }
        }
    }
    pairs
}

/// What becomes of a shift that a rota planned before.
pub fn of_planned(wanted: &Wanted, ours: &Ours, now: UtcTime) -> Fate {
    let (entry, id) = (&wanted.entry, ours.shift_id);
    let is_same = entry.hours() == (ours.from, ours.to);
    let is_with_other = wanted.with_id.is_some_and(|with| with != ours.with_id);
    if ours.is_cancelled {
        Fate::Left(Why::Cancelled, Some(id))
    } else if is_same && !is_with_other {
        Fate::Planned(id)
    } else if ours.is_changed {
        Fate::Left(Why::Changed, Some(id))
    } else if ours.from <= now {
        Fate::Planned(id)
    } else if is_with_other {
        // It is another shift: who is on call has to hear of both.
        Fate::Due(Step::Cancel {
            shift_id: id,
            rota_id: ours.rota_id,
        })
    } else if let Err(why) = fits(entry, now) {
        Fate::Left(why, Some(id))
    } else {
        Fate::Due(Step::Move {
            shift_id: id,
            rota_id: ours.rota_id,
            to: wanted.clone(),
        })
    }
}

/// Whether a shift may be planned by its hours.
pub fn fits(entry: &Entry, now: UtcTime) -> Result<(), Why> {
    if entry.starts_at <= now {
        Err(Why::Begun)
    } else if entry.ends_at.seconds_since(entry.starts_at) > MAX_DAYS * 86_400 {
        Err(Why::Long)
    } else {
        Ok(())
    }
}

/// The shifts of `ours` that no rota has any more and that nobody changed: they are cancelled, unless they have begun, or
/// begin after the days that are read.
pub fn gone(ours: &[Ours], pairs: &[Option<usize>], now: UtcTime) -> Vec<Step> {
    let until = now.plus_hours(24 * DAYS_AHEAD);
    let gone = ours.iter().enumerate().filter(|(n, one)| {
        let is_ahead = one.from > now && one.from < until;
        is_ahead && !one.is_changed && !one.is_cancelled && !pairs.contains(&Some(*n))
    });
    gone.map(|(_, one)| Step::Cancel {
        shift_id: one.shift_id,
        rota_id: one.rota_id,
    })
    .collect()
}

#[cfg(test)]
mod tests;
