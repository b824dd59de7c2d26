//! The one word of a board cell, derived from clearance, ramp and sign-off.

use super::{CLOSE_PERCENT, Readiness};
use crate::db::types::Day;
use crate::domain::clearance::Standing;
use crate::domain::ramp::RampState;
use crate::text_enum;

text_enum! {
    /// Board status, in its order of precedence: the first that applies is shown.
    pub enum BoardStatus {
        /// The clearance is suspended.
        Suspended = "suspended" / "Suspended",
        /// The clearance was revoked.
        Revoked = "revoked" / "Revoked",
        /// A sign-off waits for a key.
        Signoff = "sign_off" / "Sign-off",
        /// Signed off and valid.
        Cleared = "cleared" / "Cleared",
        /// Valid, ends within 30 days.
        Expiring = "expiring" / "Expiring",
        /// On call under a named supervisor.
        Interim = "interim" / "Interim",
        Lapsed = "lapsed" / "Lapsed",
        /// The ramp's clock is stopped.
        Paused = "paused" / "Paused",
        /// Shown with its share.
        Ramping = "ramping" / "Ramping",
        Planned = "planned" / "Planned",
        NotPlanned = "not_planned" / "Not planned",
    }
}

/// A cell of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub status: BoardStatus,
    /// The second word, when there is a ramp as well as a clearance (or a clearance as well as a sign-off).
    pub second: Option<BoardStatus>,
    /// Whether the person counts as cover. Only the clearance decides that, whatever word is shown.
    pub is_cover: bool,
    /// Share of the ramp, in percent.
    pub percent: Option<u8>,
}

impl Cell {
    /// A ramp under way that is far enough to plan its sign-off.
    pub fn is_close(&self) -> bool {
        (self.status == BoardStatus::Ramping || self.second == Some(BoardStatus::Ramping))
            && self.percent.is_some_and(|p| p >= CLOSE_PERCENT)
    }
}

/// The cell of a person and area: the status of the clearance, and the open ramp with its readiness and first day.
pub fn cell(standing: Standing, ramp: Option<(RampState, Day, &Readiness)>, today: Day) -> Cell {
    let of_clearance = match standing {
        Standing::Suspended => Some(BoardStatus::Suspended),
        Standing::Revoked => Some(BoardStatus::Revoked),
        Standing::Cleared => Some(BoardStatus::Cleared),
        Standing::Expiring => Some(BoardStatus::Expiring),
        Standing::Interim => Some(BoardStatus::Interim),
        Standing::Lapsed => Some(BoardStatus::Lapsed),
        Standing::None => None,
    };
    let of_ramp = ramp.and_then(|(state, starts_on, _)| match state {
        RampState::InReview => Some(BoardStatus::Signoff),
        RampState::Paused => Some(BoardStatus::Paused),
        RampState::Proposed => Some(BoardStatus::Planned),
        RampState::Active if starts_on > today => Some(BoardStatus::Planned),
        RampState::Active => Some(BoardStatus::Ramping),
        RampState::Cleared | RampState::Ended => None,
    });
    // The order of declaration is the order of precedence.
    let mut words: Vec<_> = of_clearance.into_iter().chain(of_ramp).collect();
    words.sort();
    let mut words = words.into_iter();
    Cell {
        status: words.next().unwrap_or(BoardStatus::NotPlanned),
        second: words.next(),
        is_cover: standing.is_cover(),
        percent: of_ramp
            .and(ramp)
            .map(|(_, _, readiness)| readiness.percent()),
    }
}
