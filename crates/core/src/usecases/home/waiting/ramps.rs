//! Ramps of the person, and those they mentor.

use super::Wait;
use super::causes::{on_ramp, proposal_waits};

use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::ramp::RampState;
use crate::domain::ramp::arrange::awaited;
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::ramp::part::{Part, items_of};
use crate::domain::signoff::can_request;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::{gaps_note, items_note, to_check};

impl Mine {
    pub(super) fn proposals(&self) -> Vec<Wait> {
        let register = &self.register;
        let waits = |ramp: &&Ramp| {
            let pairings: Vec<Pairing> = register.mentors(ramp.id).into_iter().cloned().collect();
            let accepted = self.progress.accepted.get(&ramp.id);
            let accepted = accepted.map_or(&[][..], Vec::as_slice);
            ramp.state == RampState::Proposed
                && awaited(ramp.mentee_id, &pairings, accepted).contains(&self.me())
        };
        let wait = |ramp: &Ramp| {
            let (begins, ends) = (
                self.local.day(ramp.starts_on).text,
                self.local.day(ramp.target_on).text,
            );
            let mentors = register.mentor_names(ramp.id);
            let area = register.area_name(ramp.area_id);
            let (deed, note) = match ramp.mentee_id == self.me() {
                true => (
                    format!("Accept your ramp in {area}"),
                    format!(
                        "Proposed from {begins} to {ends}, mentored by {}",
                        mentors.join(" and ")
                    ),
                ),
                false => (
                    format!("Mentor {} in {area}", register.name(ramp.mentee_id)),
                    format!("You are asked to mentor this ramp, proposed from {begins} to {ends}"),
                ),
            };
            Wait::new(
                proposal_waits(ramp),
                (deed, self.own_title(ramp)),
                note,
                "See the proposal",
            )
        };
        self.shown.iter().filter(waits).map(wait).collect()
    }

    /// A deed about somebody's ramp, and whose it is.
    pub(super) fn deed(&self, verb: &str, ramp: &Ramp) -> (String, String) {
        let title = self.title(ramp);
        (format!("{verb} {title}"), title)
    }

    fn own_title(&self, ramp: &Ramp) -> String {
        match ramp.mentee_id == self.me() {
            true => format!("Your ramp, {}", self.register.area_name(ramp.area_id)),
            false => self.title(ramp),
        }
    }

    /// Sessions that are over and that nobody recorded or cancelled: each waits for its mentor.
    pub(super) fn to_record(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for ramp in self.mentored() {
            let due = self
                .plans(ramp)
                .iter()
                .filter(|p| p.is_due(self.now) && self.actor.is(self.holder(ramp, p)));
            waits.extend(due.map(|plan| {
                let cause = Cause::new(
                    Kind::SessionToRecord,
                    format!("session:{}", plan.id),
                    format!("/sessions/{}", plan.id),
                )
                .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
                .at(plan.starts_at);
                let note = format!(
                    "The session of {} was not recorded yet",
                    self.local.moment(plan.starts_at).text
                );
                let deed = self.deed("Record or cancel the session with", ramp);
                Wait {
                    is_late: plan.starts_at.day() < self.register.today(),
                    ..Wait::new(cause, deed, note, "Record or cancel")
                }
            }));
        }
        waits
    }

    /// Ramps of the person, or that they mentor, on which a sign-off may be asked for.
    pub(super) fn to_request(&self) -> Vec<Wait> {
        let today = self.register.today();
        let may_ask = |ramp: &&Ramp| {
            self.readiness(ramp)
                .is_some_and(|r| can_request(ramp.state, ramp.starts_on, today, r).is_ok())
        };
        let ramps = self.own().into_iter().chain(self.mentored());
        ramps
            .filter(may_ask)
            .map(|ramp| {
                let path = format!("/ramps/{}/sign-off", ramp.id);
                let whose = self.own_title(ramp);
                let deed = match ramp.mentee_id == self.me() {
                    true => format!(
                        "Ask for your sign-off in {}",
                        self.register.area_name(ramp.area_id)
                    ),
                    false => format!("Ask for the sign-off of {whose}"),
                };
                Wait::new(
                    on_ramp(Kind::SignoffPossible, ramp, path),
                    (deed, whose),
                    "Every gate is met. Ask for the sign-off".into(),
                    "Ask for sign-off",
                )
            })
            .collect()
    }

    /// What mentees have done, and what a review left open, for their mentors.
    pub(super) fn gaps_and_items(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for ramp in self.mentored() {
            let (gaps, items) = self
                .readiness(ramp)
                .map_or((0, 0), |r| (r.gaps_open, to_check(r)));
            let open = [
                (
                    Kind::GapsOpen,
                    gaps,
                    Part::Overview.at(ramp.id, "gaps"),
                    "Close gaps of",
                    gaps_note(gaps),
                    "See the gaps",
                ),
                (
                    Kind::ItemsToCheck,
                    items,
                    items_of(ramp.id),
                    "Check items of",
                    items_note(items),
                    "Check",
                ),
            ];
            let open = open.into_iter().filter(|(_, count, ..)| *count > 0);
            waits.extend(open.map(|(kind, _, path, deed, note, button)| {
                Wait::new(
                    on_ramp(kind, ramp, path),
                    self.deed(deed, ramp),
                    note,
                    button,
                )
            }));
        }
        waits
    }
}
