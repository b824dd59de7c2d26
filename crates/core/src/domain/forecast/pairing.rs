//! Who could ramp next, and who could mentor them: by capacity, clearance and common hours of the day.

use std::cmp::Reverse;

use jiff::tz::TimeZone;

use crate::db::types::{Day, UtcTime};
use crate::domain::ramp::PairingRole;
use crate::domain::ramp::load::Load;

/// The length of a working day, for common hours.
const WORKING_HOURS: i64 = 8;

/// What speaks for and against somebody as a mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentor {
    pub person_id: i64,
    /// They may turn a first key.
    pub is_qualifier: bool,
    pub load: Load,
    /// Common hours of two working days, with the mentee.
    pub common_hours: i64,
    /// How many days their own clearance still holds.
    pub days_left: i64,
    pub is_away: bool,
}

impl Mentor {
    pub fn has_room(&self) -> bool {
        !self.load.exceeds_with(PairingRole::Primary)
    }
}

/// The best first: with room, not away, with half a working day in common, cleared for longer than a ramp takes, a qualifier,
/// and with fewer mentees.
pub fn ranked(mut all: Vec<Mentor>, ramp_days: i64) -> Vec<Mentor> {
    all.sort_by_key(|m| {
        (
            Reverse(m.has_room()),
            m.is_away,
            Reverse((m.common_hours * 2 / WORKING_HOURS).min(1)),
            Reverse(m.days_left >= ramp_days),
            Reverse(m.is_qualifier),
            m.load.primary * 2 + m.load.secondary,
            Reverse(m.common_hours),
            m.person_id,
        )
    });
    all
}

/// Somebody who could ramp next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub person_id: i64,
    /// When they asked to ramp here.
    pub asked_on: Option<Day>,
    /// They were cleared here before, so a ramp renews that.
    pub renews: bool,
}

/// A candidate with mentors, the best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    pub candidate: Candidate,
    pub mentors: Vec<Mentor>,
}

/// The best first: who asked, the longest wait first; then who was cleared here before; then who has a mentor with room;
/// then who shares more hours with theirs.
pub fn suggested(mut all: Vec<Pairing>) -> Vec<Pairing> {
    all.sort_by_key(|pairing| {
        let (who, best) = (&pairing.candidate, pairing.mentors.first());
        (
            who.asked_on.is_none(),
            who.asked_on,
            !who.renews,
            best.is_none_or(|mentor| !mentor.has_room() || mentor.is_away),
            Reverse(best.map_or(0, |mentor| mentor.common_hours)),
            who.person_id,
        )
    });
    all
}

/// Hours that two working days of eight hours have in common, when both begin at the same time of day; unknown zones are
/// UTC.
pub fn common_hours(one: &str, other: &str, at: UtcTime) -> i64 {
    let offset = |zone: &str| {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        i64::from(zone.to_offset(at.timestamp()).seconds()) / 3600
    };
    let apart = (offset(one) - offset(other)).rem_euclid(24);
    (WORKING_HOURS - apart.min(24 - apart)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, day};

    #[test]
    fn hours_in_common_follow_the_zones_of_the_season() {
        let summer = at("2026-07-01T12:00:00Z");
        let winter = at("2026-12-01T12:00:00Z");
        for (one, other, now, hours) in [
            ("Europe/Berlin", "Europe/Berlin", winter, 8),
            ("Europe/Berlin", "Europe/London", winter, 7),
            ("Europe/Berlin", "UTC", summer, 6),
            ("Asia/Tokyo", "Europe/Lisbon", winter, 0),
            ("Pacific/Auckland", "America/Los_Angeles", winter, 5),
        ] {
            assert_eq!(common_hours(one, other, now), hours, "{one} and {other}");
            assert_eq!(common_hours(other, one, now), hours);
        }
    }

    #[test]
    fn who_asked_comes_first_then_who_was_cleared_then_who_shares_hours() {
        let mentor = |common_hours, is_away| Mentor {
            person_id: 9,
            is_qualifier: true,
            load: Load::default(),
            common_hours,
            days_left: 300,
            is_away,
        };
        let pairing = |person_id, asked_on: Option<&str>, renews, hours, is_away| Pairing {
            candidate: Candidate {
                person_id,
                asked_on: asked_on.map(day),
                renews,
            },
            mentors: vec![mentor(hours, is_away)],
        };
        let all = vec![
            pairing(1, None, false, 8, true),
            pairing(2, None, false, 3, false),
            pairing(3, None, false, 8, false),
            pairing(4, None, true, 0, true),
            pairing(5, Some("2026-11-20"), false, 0, false),
            pairing(6, Some("2026-11-01"), false, 0, true),
        ];
        let order: Vec<i64> = suggested(all)
            .iter()
            .map(|p| p.candidate.person_id)
            .collect();
        assert_eq!(order, [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn room_comes_before_everything_and_then_presence_and_hours() {
        let free = Mentor {
            person_id: 1,
            is_qualifier: false,
            load: Load::default(),
            common_hours: 8,
            days_left: 300,
            is_away: false,
        };
        let full = Load {
            primary: 2,
            mentees_agreed: Some(2),
            ..Load::default()
        };
        let all = vec![
            Mentor {
                person_id: 5,
                load: full,
                is_qualifier: true,
                ..free.clone()
            },
            Mentor {
                person_id: 4,
                is_away: true,
                ..free.clone()
            },
            Mentor {
                person_id: 3,
                common_hours: 1,
                ..free.clone()
            },
            Mentor {
                person_id: 6,
                days_left: 20,
                ..free.clone()
            },
            free.clone(),
            Mentor {
                person_id: 2,
                is_qualifier: true,
                ..free
            },
        ];
        let order: Vec<i64> = ranked(all, 84).iter().map(|m| m.person_id).collect();
        assert_eq!(order, [2, 1, 6, 3, 4, 5]);
    }
}
