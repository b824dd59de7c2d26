//! Which sign-offs wait for somebody: who can turn the key that is due (rules 1 and 2).

use super::register::Register;
use crate::people::Actor;
use crate::ramp::Parties;
use crate::ramp::store::Ramp;
use crate::signoff::store::Signoff;
use crate::signoff::{Turn, due_key};

/// Whether the actor can turn the key that is due. `is_qualifier`: designated in the area and cleared now.
#[must_use]
pub fn can_turn(actor: &Actor, signoff: &Signoff, parties: &Parties, is_qualifier: bool) -> bool {
    matches!(
        due_key(signoff, parties, actor, is_qualifier),
        Turn::Yours(_)
    )
}

/// Sign-offs whose due key the actor can turn, oldest first, each with its ramp.
#[must_use]
pub fn due<'a>(register: &'a Register, actor: &Actor) -> Vec<(&'a Signoff, &'a Ramp)> {
    let Some(id) = actor.id else {
        return Vec::new();
    };
    let mut due: Vec<_> = register
        .ramps()
        .iter()
        .filter_map(|ramp| Some((register.signoff(ramp.id)?, ramp)))
        .filter(|(signoff, ramp)| {
            can_turn(
                actor,
                signoff,
                &register.parties(ramp),
                register.is_qualifier(id, ramp.area_id),
            )
        })
        .collect();
    due.sort_by_key(|(signoff, _)| signoff.id);
    due
}
