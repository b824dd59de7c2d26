//! The note about a waiver next to the item or gate it excuses.

use crate::domain::readiness::Excused;
use crate::domain::waiver::model::Line;
use crate::domain::waiver::{holding, waiting};
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;

pub struct WaiverNote {
    /// Suffix of the CSS class of its status.
    pub css: &'static str,
    pub icon: &'static str,
    pub text: String,
    pub href: String,
}

/// The waivers to show next to an item or gate: the active one and the pending one.
pub fn waiver_notes(d: &Dossier, excused: &Excused, local: &LocalTime) -> Vec<WaiverNote> {
    let today = local.now().day();
    let line = |css, icon, line: &Line, text| WaiverNote {
        css,
        icon,
        text,
        href: format!("/ramps/{}/waivers#waiver-{}", d.ramp.id, line.id),
    };
    let until = |l: &Line| local.day(l.ends_on).text;
    let holds = holding(&d.waivers, excused, today).map(|l| {
        let by = l.decided_by.map_or("someone", |id| d.person(id).name);
        let text = format!("Waived until {} by {by}", until(l));
        line("soon", "st-waived", l, text)
    });
    let waits = waiting(&d.waivers, excused, today).map(|l| {
        let by = d.person(l.asked_by).name;
        let text = format!("{by} asked to waive it until {}, not decided yet", until(l));
        line("wait", "st-await", l, text)
    });
    holds.into_iter().chain(waits).collect()
}
