//! Sessions to come and next actions, on home.

use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::Obstacle;
use crate::domain::session::plan;
use crate::domain::session::plan::covering;
use crate::pages::home::build::Home;
use crate::pages::parts::planned::{Person, PlannedView, booked};

impl Home {
    fn person(&self, id: i64) -> Person<'_> {
        let zone = self
            .register
            .person(id)
            .map_or("UTC", |p| p.time_zone.as_str());
        (self.register.name(id), zone)
    }

    /// The session that comes next on a ramp.
    pub(super) fn next(&self, ramp: &Ramp) -> Option<PlannedView> {
        let local = &self.local;
        let plan = plan::next(self.plans(ramp), self.now)?;
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
        let open = self.ahead.actions(ramp.id).iter();
        open.map(|a| a.body.clone()).collect()
    }

    /// The session to come that covers an obstacle, and its address.
    pub(super) fn covered(&self, ramp: &Ramp, obstacle: &Obstacle) -> (String, String) {
        let plan = covering(&obstacle.kind, self.plans(ramp), self.now);
        plan.map_or_else(Default::default, |plan| {
            let mentor = self.person(self.holder(ramp, plan)).0;
            (
                booked(&self.local, plan, mentor),
                format!("/sessions/{}", plan.id),
            )
        })
    }
}
