//! The screen in a team's room: cover and clearances of the areas that a team owns, by a secret address.

pub mod store;

use crate::db::types::UtcTime;
use crate::domain::people::Actor;

/// So many areas are shown at once, in large type and without scrolling; more of them take turns.
pub const AREAS: usize = 6;
/// How long a turn is, and how often a screen reads its page.
pub const SECONDS: i64 = 60;

/// Administrators, and the leads of the team.
pub fn may_arrange(actor: &Actor, team_id: i64) -> bool {
    actor.is_admin || actor.leads.contains(&team_id)
}

/// Which part of so many areas is shown at that moment, from 0, and how many parts there are.
pub fn turn(areas: usize, now: UtcTime) -> (usize, usize) {
    let parts = areas.div_ceil(AREAS).max(1);
    let turns = now.timestamp().as_second().div_euclid(SECONDS);
    let part = usize::try_from(turns).unwrap_or_default() % parts;
    (part, parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn many_areas_take_turns_of_a_minute_and_each_has_one() {
        let now = at("2026-11-23T09:00:00Z");
        assert_eq!(turn(0, now), (0, 1));
        assert_eq!(turn(AREAS, now), (0, 1));
        let parts = |areas: usize| -> Vec<usize> {
            let mut all: Vec<_> = (0..5)
                .map(|n| turn(areas, now.plus_seconds(n * SECONDS)).0)
                .collect();
            all.sort_unstable();
            all
        };
        assert_eq!(parts(5 * AREAS), [0, 1, 2, 3, 4]);
        assert_eq!(turn(AREAS + 1, now).1, 2);
        assert_eq!(turn(40, now), turn(40, now.plus_seconds(SECONDS - 1)));
        assert_ne!(turn(40, now), turn(40, now.plus_seconds(SECONDS)));
    }

    #[test]
    fn leads_arrange_the_screen_of_their_team_and_administrators_every_one() {
        let lead = Actor {
            leads: vec![3],
            ..Actor::operator()
        };
        let nobody = Actor {
            is_admin: false,
            ..lead.clone()
        };
        assert!(may_arrange(&lead, 4), "the operator administers");
        assert_eq!([3, 4].map(|team| may_arrange(&nobody, team)), [true, false]);
    }
}
