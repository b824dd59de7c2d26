//! Clearances: who may be on call for what, until when. Standing is computed from dates, never by a job.

pub mod actions;
pub mod store;
pub mod web;

use crate::db::types::Day;
use crate::text_enum;

/// A clearance that ends within that many days is expiring.
pub const EXPIRING_DAYS: i64 = 30;

text_enum! {
    /// How a person stands in an area.
    pub enum Standing {
        /// Suspended for a reason.
        Suspended = "suspended" / "Suspended",
        /// Taken away for a reason.
        Revoked = "revoked" / "Revoked",
        /// Signed off and valid.
        Cleared = "cleared" / "Cleared",
        /// Valid, ends within 30 days.
        Expiring = "expiring" / "Expiring",
        /// On call under a named supervisor, for a while.
        Interim = "interim" / "Interim",
        /// Ended; must recertify.
        Lapsed = "lapsed" / "Lapsed",
        /// Never cleared.
        None = "none" / "None",
    }
}

impl Standing {
    /// Counts toward the minimum cover of the area, and makes a designated person a qualifier.
    #[must_use]
    pub fn is_cover(self) -> bool {
        matches!(self, Self::Cleared | Self::Expiring)
    }
}

/// How a clearance stands on a day. It is valid through the whole of its last day (UTC).
#[must_use]
pub fn standing(ends_on: Option<Day>, today: Day) -> Standing {
    match ends_on.map(|end| end.days_since(today)) {
        None => Standing::None,
        Some(left) if left < 0 => Standing::Lapsed,
        Some(left) if left <= EXPIRING_DAYS => Standing::Expiring,
        Some(_) => Standing::Cleared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clearance_stands_by_its_last_day() {
        let end = Day::parse("2026-12-31").unwrap();
        let on = |day: &str| standing(Some(end), Day::parse(day).unwrap());
        assert_eq!(on("2026-11-30"), Standing::Cleared);
        assert_eq!(on("2026-12-01"), Standing::Expiring);
        assert_eq!(on("2026-12-31"), Standing::Expiring);
        assert_eq!(on("2027-01-01"), Standing::Lapsed);
        assert_eq!(standing(None, end), Standing::None);
    }
}
