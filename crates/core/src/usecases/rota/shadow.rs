//! Shadow shifts of a rota that can be planned on the ramps of who reads its page. A plan needs a brief in the words of the
//! two people, so the rota fills in the rest of the form and plans nothing by itself.

use std::collections::HashMap;

use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::people::Actor;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::{self, Parties, work};
use crate::domain::rota::Duty;
use crate::domain::rota::finding::Shift;
use crate::domain::shift;
use crate::domain::shift::ShiftState;
use crate::error::Result;
use crate::usecases::rota::Checked;

/// What becomes of a shadow shift of the rota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It can be planned on that ramp, with who is on call then.
    Plan { ramp_id: i64, with: Option<i64> },
    /// It is planned: the row of the shift.
    Planned(i64),
}

/// The ramps in an area on which the actor may plan shifts, with the shifts of each.
pub struct Ramps(HashMap<i64, (Ramp, Vec<shift::model::Shift>)>);

impl Ramps {
    /// No query where nobody watches.
    pub fn load(c: &mut Conn, actor: &Actor, area: &Area, checked: &Checked) -> Result<Self> {
        let watches = |shift: &Shift| shift.entry.duty == Duty::Shadow && shift.person.is_some();
        let me = actor.id.filter(|_| checked.shifts.iter().any(watches));
        let Some(me) = me else {
            return Ok(Self(HashMap::new()));
        };
        let mut ramps = ramp::store::of_mentee(c, me)?;
        ramps.extend(ramp::store::mentored_by(c, me)?);
        ramps.retain(|ramp| ramp.area_id == area.id && ramp.closed_at.is_none());
        let ids: Vec<i64> = ramps.iter().map(|ramp| ramp.id).collect();
        let pairings = ramp::store::pairings(c, &ids)?;
        ramps.retain(|ramp| {
            let of_ramp: Vec<_> = pairings
                .iter()
                .filter(|p| p.ramp_id == ramp.id)
                .cloned()
                .collect();
            let owner = area.owner_team_id;
            let parties = Parties::of(ramp.mentee_id, &of_ramp, Vec::new(), owner, Vec::new());
            work::may_plan(&parties, ramp.state, actor).is_ok()
        });
        let mut shifts = shift::store::of_ramps(c, &ids)?;
        shifts.retain(|shift| shift.state != ShiftState::Cancelled);
        let with_shifts = ramps.into_iter().map(|ramp| {
            let own = shifts.iter().filter(|shift| shift.ramp_id == ramp.id);
            let own = own.cloned().collect();
            (ramp.mentee_id, (ramp, own))
        });
        Ok(Self(with_shifts.collect()))
    }

    /// What a shadow shift of the rota offers the actor.
    pub fn offer(&self, shift: &Shift, checked: &Checked) -> Option<Offer> {
        if shift.entry.duty != Duty::Shadow {
            return None;
        }
        let (ramp, shifts) = self.0.get(&shift.person?)?;
        let overlaps = |from, to| shift.entry.starts_at < to && from < shift.entry.ends_at;
        let planned = shifts
            .iter()
            .find(|own| overlaps(own.starts_at, own.ends_at));
        if let Some(planned) = planned {
            return Some(Offer::Planned(planned.id));
        }
        let mut on_call = checked.shifts.iter().filter(|other| {
            other.entry.duty == Duty::Primary
                && overlaps(other.entry.starts_at, other.entry.ends_at)
        });
        Some(Offer::Plan {
            ramp_id: ramp.id,
            with: on_call.find_map(|other| other.person),
        })
    }
}
