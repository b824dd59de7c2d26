//! What the person decides for others.

use super::causes::{key_waits, ramp_asked, waiver_waits};
use super::{Wait, is_old};

use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::ramp::model::Ramp;
use crate::domain::signoff::Key;
use crate::domain::signoff::independent::may_decide;
use crate::domain::waiver;
use crate::usecases::home::mine::Mine;
use crate::usecases::queue::waiting::Applicant;
use crate::usecases::register::keys;

impl Mine {
    pub(super) fn keys(&self) -> Vec<Wait> {
        let register = &self.register;
        let due = keys::due(register, &self.actor).into_iter();
        due.map(|(signoff, ramp)| {
            let key = signoff.due(register.today());
            let note = match (key, signoff.first_key_by, signoff.first_key_at) {
                (Some(Key::Second), Some(by), Some(at)) => format!(
                    "{} turned the first key {}; the second is due",
                    register.name(by),
                    self.local.day_of(at).relative
                ),
                _ => format!(
                    "{} asked for the sign-off {}; the first key is due",
                    register.name(signoff.requested_by),
                    self.local.day_of(signoff.requested_at).relative
                ),
            };
            let cause = key_waits(signoff.id, ramp, key.unwrap_or(Key::First));
            Wait {
                is_late: is_old(signoff, register.today()),
                ..Wait::new(
                    cause,
                    self.deed("Review the sign-off of", ramp),
                    note,
                    "Review",
                )
            }
        })
        .collect()
    }

    /// Interim clearances without a supervisor, in the areas the person leads.
    pub(super) fn unsupervised(&self) -> Vec<Wait> {
        let register = &self.register;
        let led = self.led_areas().into_iter();
        led.flat_map(|area| register.interim(area.id))
            .filter(|held| !register.is_supervised(held))
            .map(|held| {
                let cause = Cause::new(
                    Kind::Unsupervised,
                    format!("clearance:{}", held.id),
                    format!("/clearances/{}", held.id),
                );
                let title = format!(
                    "{}, {}",
                    register.name(held.person_id),
                    register.area_name(held.area_id)
                );
                let note =
                    "Interim clearance without supervisor: nobody who is cleared answers for them";
                Wait::new(
                    cause.about(held.person_id).area(held.area_id),
                    (format!("Name a supervisor for {title}"), title),
                    note.into(),
                    "Name a supervisor",
                )
            })
            .collect()
    }

    /// People who ask to ramp, for the leads who can start it.
    pub(super) fn applicants(&self) -> Vec<Wait> {
        let wait = |a: &Applicant| {
            Wait::new(
                ramp_asked(a.id, (a.person_id, a.area_id), &a.slug),
                (
                    format!("Answer {}, who wants to ramp in {}", a.name, a.area),
                    format!("{}, {}", a.name, a.area),
                ),
                format!("Asked to ramp {}", self.local.day_of(a.asked_at).relative),
                "Answer",
            )
        };
        self.applicants.iter().map(wait).collect()
    }

    /// A line a ramp on which waivers wait that the person may decide.
    pub(super) fn to_waive(&self) -> Vec<Wait> {
        let (register, actor) = (&self.register, &self.actor);
        let today = register.today();
        let theirs = |ramp: &&Ramp| {
            let is_cleared = register.standing(self.me(), ramp.area_id).is_cover();
            may_decide(&register.parties(ramp), actor, is_cleared).is_ok()
        };
        let ramps = register.ramps().iter().filter(theirs);
        let counted = ramps.map(|ramp| {
            let asked = register.asked_waivers(ramp.id).iter();
            (ramp, asked.filter(|w| w.ends_on >= today).count())
        });
        counted
            .filter(|(ramp, count)| *count > 0 && waiver::moves(ramp.state))
            .map(|(ramp, count)| {
                let note = match count {
                    1 => "1 waiver is asked for, to be granted or refused".into(),
                    n => format!("{n} waivers are asked for, to be granted or refused"),
                };
                let deed = self.deed("Decide on waivers of", ramp);
                Wait::new(waiver_waits(ramp), deed, note, "Decide")
            })
            .collect()
    }
}
