//! Sessions to come and open next actions, by ramp.

use std::collections::HashMap;

use crate::db::Conn;
use crate::domain::ramp::model::Ramp;
use crate::domain::session;
use crate::domain::session::model::Session;
use crate::domain::session::next::store::NextAction;
use crate::domain::session::plan;
use crate::domain::session::plan::Plan;
use crate::error::Result;

#[derive(Debug, Clone, Default)]
pub struct Ahead {
    plans: HashMap<i64, Vec<Plan>>,
    actions: HashMap<i64, Vec<NextAction>>,
}

impl Ahead {
    pub fn load(c: &mut Conn, ramps: &[Ramp]) -> Result<Self> {
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

    pub fn plans(&self, ramp_id: i64) -> &[Plan] {
        self.plans.get(&ramp_id).map_or(&[], Vec::as_slice)
    }

    pub fn actions(&self, ramp_id: i64) -> &[NextAction] {
        self.actions.get(&ramp_id).map_or(&[], Vec::as_slice)
    }
}
