//! The figures that a team pins as its goals.

use super::Kpi;
use crate::domain::people::Actor;

/// Goals of one team.
pub const MOST: usize = 5;

/// May pin: leads of the team, and administrators.
pub fn may_pin(actor: &Actor, team_id: i64) -> bool {
    actor.is_admin || actor.leads(team_id)
}

/// Errors: A sentence when the figure is pinned already, or when there are enough goals.
pub fn check(pinned: &[Kpi], kpi: Kpi) -> Result<(), String> {
    if pinned.contains(&kpi) {
        return Err(format!("{} is a goal of the team already.", kpi.label()));
    }
    match pinned.len() {
        MOST.. => Err(format!(
            "The team has {MOST} goals. Remove one first, so that they stay in view."
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_has_five_goals_at_most_and_each_once() {
        let five = &Kpi::ALL[..MOST];
        assert!(check(&five[..4], Kpi::Currency).is_ok());
        assert!(check(five, Kpi::Currency).is_err());
        assert!(check(&[Kpi::Currency], Kpi::Currency).is_err());
    }
}
