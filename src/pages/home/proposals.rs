//! Proposed ramps that wait for the person to accept them.

use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::RampState;
use crate::domain::ramp::arrange::awaited;
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::usecases::dossier::progress::Progress;
use crate::usecases::register::Register;

pub(super) struct Proposal {
    pub(super) ramp_id: i64,
    pub(super) title: String,
    pub(super) note: String,
}

/// Those among the ramps shown.
pub(super) fn of(
    register: &Register,
    progress: &Progress,
    shown: &[Ramp],
    context: &ReadContext,
) -> Vec<Proposal> {
    let proposed = shown.iter().filter(|r| r.state == RampState::Proposed);
    let waits = |ramp: &Ramp| {
        let pairings: Vec<Pairing> = register.mentors(ramp.id).into_iter().cloned().collect();
        let accepted = progress
            .accepted
            .get(&ramp.id)
            .map_or(&[][..], Vec::as_slice);
        awaited(ramp.mentee_id, &pairings, accepted)
            .into_iter()
            .any(|id| context.actor.is(id))
    };
    let local = &context.local;
    proposed
        .filter(|ramp| waits(ramp))
        .map(|ramp| {
            let area = register.area_name(ramp.area_id);
            let (begins, ends) = (local.day(ramp.starts_on), local.day(ramp.target_on));
            let is_mine = context.actor.is(ramp.mentee_id);
            let mentors: Vec<&str> = register
                .mentors(ramp.id)
                .iter()
                .map(|p| register.name(p.mentor_id))
                .collect();
            Proposal {
                ramp_id: ramp.id,
                title: if is_mine {
                    format!("Your ramp, {area}")
                } else {
                    format!("{}, {area}", register.name(ramp.mentee_id))
                },
                note: if is_mine {
                    format!(
                        "Proposed from {} to {}, mentored by {}",
                        begins.text,
                        ends.text,
                        mentors.join(" and ")
                    )
                } else {
                    format!(
                        "You are asked to mentor this ramp, proposed from {} to {}",
                        begins.text, ends.text
                    )
                },
            }
        })
        .collect()
}
