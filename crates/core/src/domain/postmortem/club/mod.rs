//! Reading clubs: several people discuss one post-mortem.

pub mod form;
pub mod store;

use std::collections::BTreeSet;

use crate::db::types::UtcTime;
use crate::text_enum;
use crate::words::Words;

/// Why a club is cancelled.
pub type Reason = Words<500>;

/// Most people in one club.
pub const MAX_PEOPLE: usize = 40;
/// A club is recorded at most that many days after it took place.
const DAYS_BACK: i64 = 30;
/// It is planned at most that many days ahead.
const DAYS_AHEAD: i64 = 366;

text_enum! {
    pub enum ClubState {
        /// Agreed for a time.
        Planned = "planned" / "Planned",
        Held = "held" / "Held",
        Cancelled = "cancelled" / "Cancelled",
    }
}

/// For whom of those who were there a club counts as a discussion: everyone; the leader only when at least two others
/// were there, because with one other it is a lecture. The person who records it confirms others, not themselves (rule
/// 5).
pub fn counts_for(leader: i64, closed_by: i64, there: &BTreeSet<i64>) -> BTreeSet<i64> {
    let others = there.iter().filter(|id| **id != leader).count();
    let counts = |id: &i64| *id != closed_by && (*id != leader || others >= 2);
    there.iter().copied().filter(counts).collect()
}

/// The note of a cancelled club: the plan's note stays, and the reason is added.
pub fn with_reason(note: &str, reason: &Reason) -> String {
    let reason = format!("Cancelled: {}", reason.as_str());
    match note {
        "" => reason,
        note => format!("{note}\n{reason}"),
    }
}

/// Whether a club may be planned for that start.
pub fn check_start(starts_at: UtcTime, now: UtcTime) -> Result<(), String> {
    if starts_at < now.plus_hours(-24 * DAYS_BACK) {
        Err(format!(
            "This is more than {DAYS_BACK} days ago. Record a session with each of them instead."
        ))
    } else if starts_at > now.plus_hours(24 * DAYS_AHEAD) {
        Err("This is more than a year ahead.".into())
    } else {
        Ok(())
    }
}

/// Why someone may lead a club on a post-mortem.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Leadership {
    /// They are cleared for one of its areas.
    pub is_cleared: bool,
    /// They mentor on an open ramp in one of its areas.
    pub mentors: bool,
    /// They lead a team that owns one of its areas.
    pub leads: bool,
}

impl Leadership {
    /// One reason is enough.
    pub fn is_enough(self) -> bool {
        self.is_cleared || self.mentors || self.leads
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_counts_for_everyone_there_and_for_the_leader_with_two_others() {
        for (there, counts) in [
            (vec![], vec![]),
            (vec![1], vec![]),
            (vec![1, 2], vec![2]),
            (vec![1, 2, 3], vec![1, 2, 3]),
            (vec![2, 3], vec![2, 3]),
            // The person who recorded it.
            (vec![2, 9], vec![2]),
        ] {
            let there: BTreeSet<i64> = there.into_iter().collect();
            let found: Vec<i64> = counts_for(1, 9, &there).into_iter().collect();
            assert_eq!(found, counts, "{there:?}");
        }
    }

    #[test]
    fn a_club_is_planned_within_a_year_and_written_down_within_a_month() {
        let now: UtcTime = "2026-11-23T09:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .into();
        let fits = |hours: i64| check_start(now.plus_hours(hours), now).is_ok();
        assert!(fits(0) && fits(-24 * 30) && fits(24 * 366));
        assert!(!fits(-24 * 30 - 1) && !fits(24 * 366 + 1));
    }

    proptest! {
        #[test]
        fn it_never_counts_for_someone_who_was_not_there(
            leader in 0_i64..6, there in prop::collection::btree_set(0_i64..6, 0..6),
        ) {
            prop_assert!(counts_for(leader, leader, &there).is_subset(&there));
        }
    }
}
