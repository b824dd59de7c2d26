//! Waivers on home: those that wait for an independent person, and what is waived or asked for on one's own ramp.

use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::{Excused, GateResult, ObstacleKind};
use crate::domain::signoff::independent::may_decide;
use crate::domain::waiver;
use crate::pages::home::build::Home;
use crate::pages::home::{GateView, Waiting};
use crate::time::TimeText;

impl Home {
    /// A line a ramp on which waivers wait that the person may decide.
    pub(super) fn to_waive(&self) -> Vec<Waiting> {
        let (register, actor) = (&self.register, &self.context.actor);
        let me = actor.id.unwrap_or_default();
        let today = register.today();
        let theirs = |ramp: &&Ramp| {
            let is_cleared = register.standing(me, ramp.area_id).is_cover();
            may_decide(&register.parties(ramp), actor, is_cleared).is_ok()
        };
        let ramps = register.ramps().iter().filter(theirs);
        let counted = ramps.map(|ramp| {
            let asked = register.asked_waivers(ramp.id).iter();
            (ramp, asked.filter(|w| w.ends_on >= today).count())
        });
        counted
            .filter(|(ramp, count)| *count > 0 && waiver::moves(ramp.state))
            .map(|(ramp, count)| Waiting {
                css: "wait",
                icon: "st-waived",
                href: format!("/ramps/{}/waivers", ramp.id),
                title: self.title(ramp),
                note: match count {
                    1 => "1 waiver is asked for, to be granted or refused".into(),
                    n => format!("{n} waivers are asked for, to be granted or refused"),
                },
                button: "Decide",
            })
            .collect()
    }

    /// The day until which a waiver of it is asked for, while nobody has decided.
    pub(super) fn asked_to_waive(&self, ramp: &Ramp, kind: &ObstacleKind) -> Option<TimeText> {
        let excused = match kind {
            ObstacleKind::Item(code) => Excused::Item(code.clone()),
            ObstacleKind::Sessions => Excused::Gate("sessions".into()),
            ObstacleKind::Practice(gate) => Excused::Gate((*gate).to_owned()),
            ObstacleKind::Competency(_) | ObstacleKind::Gap { .. } => return None,
        };
        self.asked(ramp, &excused)
    }

    fn asked(&self, ramp: &Ramp, excused: &Excused) -> Option<TimeText> {
        let lines = self.register.asked_waivers(ramp.id);
        let waits = waiver::waiting(lines, excused, self.register.today())?;
        Some(self.context.local.day(waits.ends_on))
    }

    /// A gate in the mentee's list.
    pub(super) fn gate(&self, ramp: &Ramp, gate: &GateResult) -> GateView {
        let excused = Excused::Gate(gate.gate.kind().to_owned());
        let waived = gate.waived_until.map(|day| {
            let until = self.context.local.day(day).text;
            format!("{}; waived until {until}", gate.progress)
        });
        let asked = || {
            let until = self.asked(ramp, &excused)?.text;
            Some(format!("{}; waiver until {until} asked for", gate.progress))
        };
        GateView {
            state: gate.word(),
            name: gate.gate.label(),
            progress: waived
                .or_else(asked)
                .unwrap_or_else(|| gate.progress.clone()),
        }
    }
}
