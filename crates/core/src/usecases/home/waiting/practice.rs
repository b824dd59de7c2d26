//! Shifts, drills, reading clubs, and observations that the person was asked for.

use super::causes::asked_waits;
use super::{Now, Wait};

use crate::domain::drill::DrillState;
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::shift::ShiftKind;
use crate::domain::shift::lifecycle::{due_on, is_overdue};
use crate::usecases::asked::waiting::OpenAsk;
use crate::usecases::home::mine::Mine;
use crate::usecases::shift::lists::PlannedShift;

impl Mine {
    /// A shift that runs, or one that waits for its debrief.
    pub(super) fn shift(&self, s: &PlannedShift) -> Option<Wait> {
        if s.starts_at > self.now {
            return None;
        }
        match s.ends_at > self.now {
            true => self.running(s),
            false => self.to_debrief(s),
        }
    }

    /// For the two who are on it.
    fn running(&self, s: &PlannedShift) -> Option<Wait> {
        let (path, deed, button) = match s.kind {
            ShiftKind::ReverseShadow => (
                format!("/shifts/{}#ledger", s.id),
                "Keep the ledger of",
                "Open the ledger",
            ),
            ShiftKind::Shadow => (format!("/shifts/{}", s.id), "Follow", "See the brief"),
        };
        let until = self.local.moment(s.ends_at).text;
        let is_on_it = self.actor.is(s.mentee_id) || self.actor.is(s.with_id);
        is_on_it.then(|| Wait {
            now: Some(Now::Runs),
            ..Wait::new(
                of_shift(Kind::ShiftRuns, s, path).at(s.ends_at),
                (format!("{deed} {}", self.named(s)), self.shift_title(s)),
                format!("{} with {}, runs until {until}", s.kind.label(), s.with),
                button,
            )
        })
    }

    /// For the person who was on call; once it is late, for the mentors of the ramp too.
    fn to_debrief(&self, s: &PlannedShift) -> Option<Wait> {
        let is_late = is_overdue(s.ends_at, &s.zone, self.now);
        let is_asked = self.actor.is(s.with_id) || (is_late && !self.actor.is(s.mentee_id));
        let day = due_on(s.ends_at, &s.zone);
        let due = self.local.day(day).text;
        let (when, note) = match is_late {
            true => ("it was due", format!("{}, with {}", s.area, s.with)),
            false => ("due", s.area.clone()),
        };
        let deed = format!("Debrief {}, {when} {due}", self.named(s));
        is_asked.then(|| {
            let path = format!("/shifts/{}/debrief", s.id);
            let cause = of_shift(Kind::DebriefDue, s, path).due_on(day);
            Wait {
                is_late,
                ..Wait::new(cause, (deed, self.shift_title(s)), note, "Debrief")
            }
        })
    }

    /// `Rafael Costa's shadow shift`
    fn named(&self, s: &PlannedShift) -> String {
        let kind = s.kind.label().to_lowercase();
        match self.actor.is(s.mentee_id) {
            true => format!("your {kind}"),
            false => format!("{}'s {kind}", s.mentee),
        }
    }

    fn shift_title(&self, s: &PlannedShift) -> String {
        match self.actor.is(s.mentee_id) {
            true => format!("Your ramp, {}", s.area),
            false => format!("{}, {}", s.mentee, s.area),
        }
    }

    /// Observations the person was asked for.
    pub(super) fn to_answer(&self) -> Vec<Wait> {
        let wait = |ask: &OpenAsk| {
            let until = self.local.moment(ask.expires_at).text;
            let cause = asked_waits(ask.id, &ask.code, ask.expires_at);
            Wait::new(
                cause,
                (
                    format!("Tell {} what you saw", ask.mentee),
                    format!("{}, {}", ask.mentee, ask.area),
                ),
                format!("Asks what you saw of {}. Answer by {until}", ask.code),
                "Answer",
            )
        };
        self.asked.iter().map(wait).collect()
    }

    /// Drills that wait for the person who leads them.
    pub(super) fn to_lead(&self) -> Vec<Wait> {
        let led = self.drills.iter().filter(|drill| drill.is_led);
        let waits = led.filter_map(|drill| {
            let (deed, note, button) = drill.waits_for(self.now)?;
            let when = self.local.moment(drill.starts_at).text;
            let cause = Cause::new(
                Kind::DrillWaits,
                format!("drill:{}", drill.id),
                drill.href(self.now),
            )
            .titled(&drill.title)
            .at(drill.starts_at);
            let now = match drill.is_on(self.now) {
                true if drill.state == DrillState::Running => Some(Now::Runs),
                true => Some(Now::Begins),
                false => None,
            };
            // That its time has passed is told again.
            let cause = match now {
                Some(Now::Begins) => cause.apart_by("begins"),
                _ => cause,
            };
            let title = format!("{}, {}", drill.title, drill.area);
            Some(Wait {
                now,
                ..Wait::new(
                    cause,
                    (format!("{deed} the drill {title}"), title),
                    format!("{note}; planned for {when}"),
                    button,
                )
            })
        });
        waits.collect()
    }

    /// Clubs that the person led, for whom they have not said who was there.
    pub(super) fn clubs_to_close(&self) -> Vec<Wait> {
        let led = self
            .clubs
            .iter()
            .filter(|club| self.actor.is(club.led_by) && club.is_over(self.now));
        led.map(|club| {
            let cause = Cause::new(
                Kind::ClubToClose,
                format!("club:{}", club.id),
                format!("/clubs/{}", club.id),
            );
            Wait::new(
                cause.titled(&club.title).at(club.starts_at),
                (
                    format!("Close the reading club on {}", club.title),
                    format!("Reading club, {}", club.title),
                ),
                format!(
                    "It was on {}: say who was there, so that it counts for them",
                    self.local.moment(club.starts_at).text
                ),
                "Close it",
            )
        })
        .collect()
    }
}

fn of_shift(kind: Kind, s: &PlannedShift, path: String) -> Cause {
    Cause::new(kind, format!("shift:{}", s.id), path).about(s.mentee_id)
}
