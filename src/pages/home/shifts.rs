//! Shifts on home: those that run, and those that wait for their debrief.

use crate::domain::shift::ShiftKind;
use crate::domain::shift::lifecycle::{due_on, is_overdue};
use crate::pages::home::Waiting;
use crate::pages::home::build::Home;
use crate::usecases::shift::lists::PlannedShift;

impl Home {
    /// Shifts that run, and shifts that wait for their debrief.
    pub(super) fn shifts(&self) -> Vec<Waiting> {
        let now = self.context.now;
        let begun = self.shifts.iter().filter(|s| s.starts_at <= now);
        begun
            .filter_map(|s| match s.ends_at > now {
                true => self.running(s),
                false => self.to_debrief(s),
            })
            .collect()
    }

    /// For the two who are on it.
    fn running(&self, s: &PlannedShift) -> Option<Waiting> {
        let actor = &self.context.actor;
        let is_reverse = s.kind == ShiftKind::ReverseShadow;
        let until = self.context.local.moment(s.ends_at).text;
        (actor.is(s.mentee_id) || actor.is(s.with_id)).then(|| Waiting {
            css: "wait",
            icon: if is_reverse { "list" } else { "cal" },
            href: match is_reverse {
                true => format!("/shifts/{}#ledger", s.id),
                false => format!("/shifts/{}", s.id),
            },
            title: self.shift_title(s),
            note: format!("{} with {}, runs until {until}", s.kind.label(), s.with),
            button: if is_reverse {
                "Open the ledger"
            } else {
                "See the brief"
            },
        })
    }

    /// For the person who was on call; once it is late, for the mentors of the ramp too.
    fn to_debrief(&self, s: &PlannedShift) -> Option<Waiting> {
        let actor = &self.context.actor;
        let is_late = is_overdue(s.ends_at, &s.zone, self.context.now);
        let is_asked = actor.is(s.with_id) || (is_late && !actor.is(s.mentee_id));
        let due = self.context.local.day(due_on(s.ends_at, &s.zone)).text;
        is_asked.then(|| Waiting {
            css: if is_late { "bad" } else { "soon" },
            icon: if is_late { "warn" } else { "cal" },
            href: format!("/shifts/{}/debrief", s.id),
            title: self.shift_title(s),
            note: if is_late {
                format!(
                    "{} with {}: the debrief is overdue, it was due by {due}",
                    s.kind.label(),
                    s.with
                )
            } else {
                format!("{}: the debrief is due by {due}", s.kind.label())
            },
            button: "Debrief",
        })
    }

    fn shift_title(&self, s: &PlannedShift) -> String {
        match self.context.actor.is(s.mentee_id) {
            true => format!("Your ramp, {}", s.area),
            false => format!("{}, {}", s.mentee, s.area),
        }
    }
}
