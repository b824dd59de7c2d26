//! Sessions to come and next actions, on home.

use std::collections::HashMap;

use crate::db::Conn;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::Obstacle;
use crate::domain::session;
use crate::domain::session::model::Session;
use crate::domain::session::next::store::NextAction;
use crate::domain::session::plan;
use crate::domain::session::plan::{Plan, covering, holder};
use crate::error::Result;
use crate::pages::home::Waiting;
use crate::pages::home::build::Home;
use crate::pages::parts::planned::{Person, PlannedView, booked};

/// Sessions to come and open next actions, by ramp.
#[derive(Debug, Clone, Default)]
pub(super) struct Ahead {
    plans: HashMap<i64, Vec<Plan>>,
    actions: HashMap<i64, Vec<NextAction>>,
}

impl Ahead {
    pub(super) fn load(c: &mut Conn, ramps: &[Ramp]) -> Result<Self> {
        let ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
        let found = session::store::ahead(c, &ids)?;
        let mut ahead = Self::default();
        for id in &ids {
            let of_ramp = |s: &&Session| s.ramp_id == *id;
            let plans = plan::plans(found.plans.iter().filter(of_ramp), &found.topics);
            ahead.plans.insert(*id, plans);
        }
        for action in found.actions {
            ahead
                .actions
                .entry(action.ramp_id)
                .or_default()
                .push(action);
        }
        Ok(ahead)
    }
}

impl Home {
    fn plans(&self, ramp: &Ramp) -> &[Plan] {
        self.ahead.plans.get(&ramp.id).map_or(&[], Vec::as_slice)
    }

    fn person(&self, id: i64) -> Person<'_> {
        let zone = self
            .register
            .person(id)
            .map_or("UTC", |p| p.time_zone.as_str());
        (self.register.name(id), zone)
    }

    /// Who holds a plan.
    fn holder(&self, ramp: &Ramp, plan: &Plan) -> i64 {
        let mentors: Vec<i64> = self
            .register
            .mentors(ramp.id)
            .iter()
            .map(|p| p.mentor_id)
            .collect();
        holder(plan.mentor_id, &mentors)
    }

    /// The session that comes next on a ramp.
    pub(super) fn next(&self, ramp: &Ramp) -> Option<PlannedView> {
        let local = &self.context.local;
        let plan = plan::next(self.plans(ramp), self.context.now)?;
        let mentor = self.person(self.holder(ramp, plan));
        Some(PlannedView::of(
            local,
            plan,
            mentor,
            self.person(ramp.mentee_id),
        ))
    }

    /// What was agreed to do on a ramp.
    pub(super) fn actions(&self, ramp: &Ramp) -> Vec<String> {
        let open = self.ahead.actions.get(&ramp.id).into_iter().flatten();
        open.map(|a| a.body.clone()).collect()
    }

    /// The session to come that covers an obstacle, and its address.
    pub(super) fn covered(&self, ramp: &Ramp, obstacle: &Obstacle) -> (String, String) {
        let plan = covering(&obstacle.kind, self.plans(ramp), self.context.now);
        plan.map_or_else(Default::default, |plan| {
            let mentor = self.person(self.holder(ramp, plan)).0;
            (
                booked(&self.context.local, plan, mentor),
                format!("/sessions/{}", plan.id),
            )
        })
    }

    /// Sessions that are over and that nobody recorded or cancelled: each waits for its mentor.
    pub(super) fn to_record(&self, mentored: &[&Ramp]) -> Vec<Waiting> {
        let (register, local) = (&self.register, &self.context.local);
        let mut waiting = Vec::new();
        for ramp in mentored {
            let due = self.plans(ramp).iter().filter(|p| {
                p.is_due(self.context.now) && self.context.actor.is(self.holder(ramp, p))
            });
            waiting.extend(due.map(|plan| Waiting {
                css: "soon",
                icon: "cal",
                href: format!("/sessions/{}", plan.id),
                title: format!(
                    "{}, {}",
                    register.name(ramp.mentee_id),
                    register.area_name(ramp.area_id)
                ),
                note: format!(
                    "The session of {} was not recorded yet",
                    local.moment(plan.starts_at).text
                ),
                button: "Record or cancel",
            }));
        }
        waiting
    }
}
