//! Which sign-offs and waivers wait for someone.

use super::Register;
use crate::domain::people::Actor;
use crate::domain::ramp::model::Ramp;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::{Turn, due_key};
use crate::domain::waiver::model::Line;

/// Sign-offs whose due key the actor can turn, oldest first, each with its ramp.
pub fn due<'a>(register: &'a Register, actor: &Actor) -> Vec<(&'a Signoff, &'a Ramp)> {
    let Some(id) = actor.id else {
        return Vec::new();
    };
    let mut due: Vec<_> = register
        .ramps()
        .iter()
        .filter_map(|ramp| Some((register.signoff(ramp.id)?, ramp)))
        .filter(|(signoff, ramp)| {
            let is_cleared = register.standing(id, ramp.area_id).is_cover();
            let turn = due_key(
                signoff,
                &register.parties(ramp),
                actor,
                is_cleared,
                register.today,
            );
            matches!(turn, Turn::Yours(_))
        })
        .collect();
    due.sort_by_key(|(signoff, _)| signoff.id);
    due
}

impl Register {
    /// Pending waivers of a ramp, oldest first; only in the actor's own scope.
    pub fn asked_waivers(&self, ramp_id: i64) -> &[Line] {
        self.asked_waivers.get(&ramp_id).map_or(&[], Vec::as_slice)
    }
}
