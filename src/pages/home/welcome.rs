//! The first steps of a part, until they are done or put away.

use actix_web::{HttpRequest, HttpResponse};

use crate::domain::people::welcome::Part;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::{MarkKind, RampState};
use crate::error::{Error, Result};
use crate::pages::home::build::Home;
use crate::pages::request::submit;
use crate::usecases::people::welcome::put_away;
use crate::web::{Done, Fields};

pub(super) struct FirstStep {
    pub(super) done: bool,
    pub(super) what: &'static str,
    pub(super) note: &'static str,
    pub(super) href: String,
}

/// The card of one part.
pub(super) struct Welcome {
    pub(super) part: &'static str,
    pub(super) title: &'static str,
    /// The part of the guide that goes on from here.
    pub(super) guide: &'static str,
    pub(super) steps: Vec<FirstStep>,
}

impl Welcome {
    pub(super) fn done(&self) -> usize {
        self.steps.iter().filter(|s| s.done).count()
    }
}

impl Home {
    /// The card of the first part that has something to do and was not put away.
    pub(super) fn welcome(&self) -> Option<Welcome> {
        let parts = Part::ALL.iter().filter(|p| !self.welcomed.contains(p));
        parts
            .map(|part| self.card(*part))
            .find(|card| card.done() < card.steps.len())
    }

    fn card(&self, part: Part) -> Welcome {
        let (guide, steps) = match part {
            Part::Mentee => ("for-a-mentee-work-down-the-list", self.of_a_mentee()),
            Part::Mentor => ("for-a-mentor-record-check-assess", self.of_a_mentor()),
            Part::Lead => ("for-a-lead-start-a-ramp", self.of_a_lead()),
            Part::Administrator => (
                "for-an-administrator-people-and-teams",
                self.of_an_administrator(),
            ),
        };
        Welcome {
            part: part.word(),
            title: part.label(),
            guide,
            steps,
        }
    }

    fn of_a_mentee(&self) -> Vec<FirstStep> {
        let (me, own) = (self.me(), self.own());
        let mut areas = self.register.areas().iter();
        let was_cleared = areas.any(|area| self.register.clearance(me, area.id).is_some());
        let Some(first) = own.first().filter(|_| !was_cleared) else {
            return Vec::new();
        };
        let here = format!("/ramps/{}", first.id);
        let plan = match first.state {
            RampState::Active => format!("{here}/sessions/plan"),
            _ => here.clone(),
        };
        let is_marked = |ramp: &&Ramp| {
            let mut items = self.readiness(ramp).into_iter().flat_map(|r| &r.items);
            items.any(|item| item.mark != MarkKind::Open)
        };
        vec![
            step(
                own.iter().any(|ramp| self.has_accepted(ramp)),
                "Accept your ramp",
                "It begins when you and your mentor have accepted it.",
                here.clone(),
            ),
            step(
                !self.rated.is_empty(),
                "Rate yourself",
                "Your ratings never count against you. They show where to begin.",
                here.clone(),
            ),
            step(
                own.iter()
                    .any(|ramp| !self.plans(ramp).is_empty() || self.has_met(ramp)),
                "Plan a session with your mentor",
                "Sessions are where most of the work is done.",
                plan,
            ),
            step(
                own.iter().any(is_marked),
                "Mark a checklist item done",
                "A mentor checks it after you.",
                here,
            ),
        ]
    }

    fn of_a_mentor(&self) -> Vec<FirstStep> {
        let mentored = self.mentored();
        let Some(first) = mentored.first() else {
            return Vec::new();
        };
        let here = format!("/ramps/{}", first.id);
        let record = match first.state {
            RampState::Active => format!("/sessions/new?ramp={}", first.id),
            _ => here.clone(),
        };
        let is_assessed = |ramp: &&Ramp| {
            let mut states = self
                .readiness(ramp)
                .into_iter()
                .flat_map(|r| &r.competencies);
            states.any(|state| state.mentor_level.is_some())
        };
        vec![
            step(
                mentored.iter().any(|ramp| self.has_accepted(ramp)),
                "Accept the ramp",
                "Read the checklist and the target first.",
                here.clone(),
            ),
            step(
                mentored.iter().any(|ramp| self.has_met(ramp)),
                "Record a session",
                "One sentence is enough. Add what you saw and the next actions.",
                record,
            ),
            step(
                mentored.iter().any(is_assessed),
                "Assess what you saw",
                "Levels rest on what was observed. The last assessment counts.",
                here,
            ),
        ]
    }

    fn of_a_lead(&self) -> Vec<FirstStep> {
        let areas = self.led_areas();
        if self.actor.leads.is_empty() {
            return Vec::new();
        }
        let first = areas.first().map_or_else(
            || "/areas".to_owned(),
            |area| format!("/areas/{}", area.slug),
        );
        vec![
            step(
                !areas.is_empty(),
                "Know your areas",
                "Each has a standard, a minimum cover and qualifiers.",
                first,
            ),
            step(
                !self.led().is_empty(),
                "Start a ramp",
                "Choose who ramps up, in which area, and who mentors.",
                "/ramps/new".into(),
            ),
            step(
                self.led().iter().any(|ramp| self.has_met(ramp)),
                "Follow its first session",
                "Home marks a pairing without sessions as stale, and a target that is past.",
                "/ramps".into(),
            ),
        ]
    }

    /// These have no end: the card goes when it is put away.
    fn of_an_administrator(&self) -> Vec<FirstStep> {
        if !self.actor.is_admin {
            return Vec::new();
        }
        // An area has an owner team, and a team has people.
        let is_set_up = !self.register.areas().is_empty();
        [
            (
                is_set_up,
                "Add people",
                "Paste a list. Each person gets a one-time link.",
                "/admin/add-people",
            ),
            (
                is_set_up,
                "Set up areas",
                "Begin with a template, or with a blank standard.",
                "/areas/new",
            ),
            (
                false,
                "Look after messages",
                "Mails and chat messages that did not leave are listed there.",
                "/admin/messages",
            ),
            (
                false,
                "Know the audit log",
                "Every change is in it, and nobody can edit it.",
                "/admin/audit",
            ),
        ]
        .map(|(done, what, note, href)| step(done, what, note, href.into()))
        .into()
    }

    fn has_accepted(&self, ramp: &Ramp) -> bool {
        let accepted = self.progress.accepted.get(&ramp.id);
        ramp.state != RampState::Proposed || accepted.is_some_and(|all| all.contains(&self.me()))
    }

    fn has_met(&self, ramp: &Ramp) -> bool {
        self.progress.last_held.contains_key(&ramp.id)
    }
}

fn step(done: bool, what: &'static str, note: &'static str, href: String) -> FirstStep {
    FirstStep {
        done,
        what,
        note,
        href,
    }
}

/// Puts a card away.
pub(crate) async fn end(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let part = Part::parse(fields.get("part"))
        .ok_or_else(|| Error::field("part", "Say which card to put away."))?;
    submit(&req, &fields, move |c, act| {
        put_away(c, act, part)?;
        Ok(Done::new(
            "/",
            "The first steps are put away. The guide has them under Help.",
        ))
    })
    .await
}
