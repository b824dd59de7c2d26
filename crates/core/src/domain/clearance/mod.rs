//! Clearances: who may be on call for what and until when, and later decisions about that. The status is computed from
//! dates, never by a job.

pub mod cover;
pub mod effect;
pub mod end;
pub mod model;
pub mod oversight;
pub mod store;
pub mod takeover;

pub use end::End;

use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::text_enum;

/// A clearance that ends within that many days is expiring.
pub const EXPIRING_DAYS: i64 = 30;

text_enum! {
    /// A person's status in an area.
    pub enum Standing {
        /// Suspended for a reason.
        Suspended = "suspended" / "Suspended",
        /// Ended for good, for a reason.
        Revoked = "revoked" / "Revoked",
        /// Signed off and valid.
        Cleared = "cleared" / "Cleared",
        /// Valid, ends within 30 days.
        Expiring = "expiring" / "Expiring",
        /// On call with a named supervisor, for a limited time.
        Interim = "interim" / "Interim",
        Lapsed = "lapsed" / "Lapsed",
        None = "none" / "None",
    }
}

impl Standing {
    /// Counts toward the minimum cover of the area, and makes a designated person a qualifier.
    pub fn is_cover(self) -> bool {
        matches!(self, Self::Cleared | Self::Expiring)
    }
}

text_enum! {
    /// The latest decision about a clearance. "Lapsed" is not a decision, it is computed.
    pub enum ClearanceState {
        /// Valid until its last day.
        Valid = "valid" / "Valid",
        /// It counts for nothing until it is reinstated.
        Suspended = "suspended" / "Suspended",
        /// Ended for good; only a new sign-off gives a new one.
        Revoked = "revoked" / "Revoked",
    }
}

text_enum! {
    /// What a clearance permits.
    pub enum ClearanceKind {
        /// On call alone: every gate, two keys.
        Full = "full" / "Full",
        /// On call with a named supervisor, for a limited time; never cover.
        Interim = "interim" / "Interim",
    }
}

/// The status of the latest clearance of a person and area on a day. It is valid until the end of its last day (UTC).
/// An interim one that ended counts as none: the person was never cleared.
pub fn standing(held: Option<&Clearance>, today: Day) -> Standing {
    let Some(held) = held else {
        return Standing::None;
    };
    let left = held.holds_until.days_since(today);
    match (held.state, held.kind) {
        (ClearanceState::Revoked, _) => Standing::Revoked,
        (ClearanceState::Suspended, _) => Standing::Suspended,
        (ClearanceState::Valid, ClearanceKind::Interim) if left < 0 => Standing::None,
        (ClearanceState::Valid, ClearanceKind::Interim) => Standing::Interim,
        (ClearanceState::Valid, ClearanceKind::Full) if left < 0 => Standing::Lapsed,
        (ClearanceState::Valid, ClearanceKind::Full) if left <= EXPIRING_DAYS => Standing::Expiring,
        (ClearanceState::Valid, ClearanceKind::Full) => Standing::Cleared,
    }
}

/// The last day a clearance holds, inclusive: its own last day, or the last day its practice rule holds, whichever is
/// first. An interim one needs no practice.
pub fn holds_until(kind: ClearanceKind, ends_on: Day, practised_until: Day) -> Day {
    match kind {
        ClearanceKind::Full => ends_on.min(practised_until),
        ClearanceKind::Interim => ends_on,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(day: &str, state: ClearanceState) -> Clearance {
        Clearance {
            state,
            ..crate::sample::clearance(1, 1, Day::parse(day).unwrap())
        }
    }

    #[test]
    fn the_status_of_a_clearance_follows_its_last_day() {
        let held = ending("2026-12-31", ClearanceState::Valid);
        let on = |day: &str| standing(Some(&held), Day::parse(day).unwrap());
        assert_eq!(on("2026-11-30"), Standing::Cleared);
        assert_eq!(on("2026-12-01"), Standing::Expiring);
        assert_eq!(on("2026-12-31"), Standing::Expiring);
        assert_eq!(on("2027-01-01"), Standing::Lapsed);
        assert_eq!(standing(None, held.ends_on), Standing::None);
    }

    #[test]
    fn what_comes_first_ends_a_clearance() {
        let (early, late) = (Day::parse("2026-12-31").unwrap(), Day::NEVER);
        for (kind, ends_on, practised_until, holds) in [
            (ClearanceKind::Full, late, early, early),
            (ClearanceKind::Full, early, late, early),
            (ClearanceKind::Interim, late, early, late),
        ] {
            assert_eq!(holds_until(kind, ends_on, practised_until), holds);
        }
        let held = Clearance {
            ends_on: Day::NEVER,
            practice: "3 practices".parse().unwrap(),
            practice_left: 2,
            ..ending("2026-12-31", ClearanceState::Valid)
        };
        assert_eq!(End::of(&held), End::Practice(early));
    }

    #[test]
    fn a_clearance_that_ends_on_a_leap_day_holds_through_it() {
        let held = ending("2028-02-29", ClearanceState::Valid);
        // The thirty days before it begin in January.
        for (day, stands) in [
            ("2028-01-29", Standing::Cleared),
            ("2028-01-30", Standing::Expiring),
            ("2028-02-29", Standing::Expiring),
            ("2028-03-01", Standing::Lapsed),
        ] {
            assert_eq!(
                standing(Some(&held), Day::parse(day).unwrap()),
                stands,
                "{day}"
            );
        }
    }

    #[test]
    fn an_interim_clearance_is_never_cover_and_leaves_nothing_behind() {
        let held = Clearance {
            kind: ClearanceKind::Interim,
            ..ending("2026-12-31", ClearanceState::Valid)
        };
        let on = |day: &str| standing(Some(&held), Day::parse(day).unwrap());
        for day in ["2026-11-30", "2026-12-31"] {
            assert_eq!(on(day), Standing::Interim);
            assert!(!on(day).is_cover());
        }
        assert_eq!(on("2027-01-01"), Standing::None);
    }

    #[test]
    fn a_decision_about_a_clearance_comes_before_its_last_day() {
        for (state, expected) in [
            (ClearanceState::Suspended, Standing::Suspended),
            (ClearanceState::Revoked, Standing::Revoked),
        ] {
            let held = ending("2026-12-31", state);
            for day in ["2026-06-01", "2026-12-31", "2027-06-01"] {
                let stands = standing(Some(&held), Day::parse(day).unwrap());
                assert_eq!(stands, expected);
                assert!(!stands.is_cover());
            }
        }
    }
}
