//! Open reading clubs of a person: to attend, or to record who came.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::UtcTime;
use crate::error::Result;

/// Days ahead that home shows.
const DAYS_AHEAD: i64 = 7;

/// A planned club that someone is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub id: i64,
    /// Title of the post-mortem.
    pub title: String,
    pub starts_at: UtcTime,
    /// The planned length.
    pub minutes: i32,
    pub led_by: i64,
    pub leader: String,
}

impl Joined {
    /// It is over, and no one has recorded who came.
    pub fn is_over(&self, now: UtcTime) -> bool {
        self.starts_at.plus_seconds(60 * i64::from(self.minutes)) <= now
    }

    /// It takes place in the next days, or now.
    pub fn is_near(&self, now: UtcTime) -> bool {
        !self.is_over(now) && self.starts_at <= now.plus_hours(24 * DAYS_AHEAD)
    }
}

/// The planned clubs that each row of `people` is in.
pub fn of_people() -> Listed {
    listed(
        &[
            "CAST(b.id AS TEXT)",
            &plain("m.title"),
            "CAST(b.starts_at AS TEXT)",
            "CAST(b.minutes AS TEXT)",
            "CAST(b.led_by AS TEXT)",
            &plain("l.name"),
        ],
        "club_people v JOIN clubs b ON b.id = v.club_id JOIN postmortems m ON m.id = b.postmortem_id \
         JOIN people l ON l.id = b.led_by WHERE v.person_id = people.id AND b.state = 'planned'",
    )
}

/// The earliest first.
pub fn joined(list: List) -> Result<Vec<Joined>> {
    let mut all = entries(list, |parts| {
        let [id, title, starts_at, minutes, led_by, leader] = parts else {
            return None;
        };
        Some(Joined {
            id: id.parse().ok()?,
            title: (*title).to_owned(),
            starts_at: UtcTime::stored(starts_at)?,
            minutes: minutes.parse().ok()?,
            led_by: led_by.parse().ok()?,
            leader: (*leader).to_owned(),
        })
    })?;
    all.sort_by_key(|club| (club.starts_at, club.id));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Day;

    #[test]
    fn a_club_is_near_for_a_week_before_it_and_over_after_its_end() {
        let starts_at = Day::parse("2026-11-23").unwrap().start();
        let club = Joined {
            id: 1,
            title: "Captures were doubled".into(),
            starts_at,
            minutes: 60,
            led_by: 2,
            leader: "Ada".into(),
        };
        const WEEK: i64 = 7 * 24 * 60;
        for (minutes, near, over) in [
            (-WEEK - 1, false, false),
            (-WEEK, true, false),
            (0, true, false),
            (59, true, false),
            (60, false, true),
        ] {
            let now = starts_at.plus_seconds(60 * minutes);
            assert_eq!(
                (club.is_near(now), club.is_over(now)),
                (near, over),
                "{minutes}"
            );
        }
    }
}
