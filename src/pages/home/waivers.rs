//! What is waived or asked for on one's own ramp, on home.

use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::{Excused, GateResult, ObstacleKind};
use crate::domain::waiver;
use crate::pages::home::GateView;
use crate::pages::home::build::Home;
use crate::time::TimeText;

impl Home {
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
        Some(self.local.day(waits.ends_on))
    }

    /// A gate in the mentee's list.
    pub(super) fn gate(&self, ramp: &Ramp, gate: &GateResult) -> GateView {
        let excused = Excused::Gate(gate.gate.kind().to_owned());
        let waived = gate.waived_until.map(|day| {
            let until = self.local.day(day).text;
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
