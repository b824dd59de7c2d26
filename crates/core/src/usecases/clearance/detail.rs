//! A clearance with everything that its pages show and its use cases decide on, loaded in one go.

use crate::db::locks::Order;
use crate::db::types::Day;
use crate::db::{Conn, locks};
use crate::domain::area::model::Area;
use crate::domain::audit::Act;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::oversight::{Authority, Denied, Transition, may_close, may_oversee};
use crate::domain::clearance::store;
use crate::domain::clearance::store::Change;
use crate::domain::clearance::{Standing, standing};
use crate::domain::interim::is_supervised;
use crate::domain::people::Actor;
use crate::domain::people::Names;
use crate::domain::people::model::Person;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::point::PointKind;
use crate::domain::signoff::point::model::Point;
use crate::domain::{area, ramp, signoff};
use crate::error::{Error, Result};
use crate::usecases::signoff::actions::hold_clearances;

pub struct ClearanceDetail {
    pub held: Clearance,
    pub area: Area,
    /// The sign-off that granted it.
    pub signoff: Option<Signoff>,
    /// The conditions of the approval, in order.
    pub conditions: Vec<Point>,
    /// Later attestations, oldest first.
    pub changes: Vec<Change>,
    /// The latest clearance in the area of the holder, of the supervisor and of its qualifiers.
    latest: Vec<Clearance>,
    qualifiers: Vec<i64>,
    /// Who ever mentored the holder in the area.
    mentors: Vec<i64>,
    names: Names,
}

impl ClearanceDetail {
    /// Nine queries at most.
    pub fn load(c: &mut Conn, id: i64) -> Result<Self> {
        let held = store::by_id(c, id)?;
        let area = area::store::by_id(c, held.area_id)?;
        let signoff = match held.signoff_id {
            Some(id) => Some(signoff::store::by_id(c, id)?),
            None => None,
        };
        let conditions = match held.signoff_id {
            Some(id) => signoff::point::store::of_signoffs(c, PointKind::Condition, &[id])?,
            None => Vec::new(),
        };
        let changes = store::changes(c, id)?;
        let qualifiers: Vec<i64> = area::store::qualifiers_of(c, held.area_id)?
            .into_iter()
            .map(|q| q.person_id)
            .collect();
        let of = held.supervisor_id.into_iter().chain([held.person_id]);
        let of: Vec<i64> = of.chain(qualifiers.iter().copied()).collect();
        let latest = store::latest_among(c, &[held.area_id], &of)?;
        let mentors = ramp::store::pairs::ever_mentored(c, (held.person_id, held.area_id))?;
        let mut involved = vec![held.person_id];
        involved.extend(changes.iter().map(|change| change.by_id));
        involved.extend(changes.iter().filter_map(|change| change.supervisor_id));
        involved.extend(held.supervisor_id);
        involved.extend(conditions.iter().map(|point| point.by_id));
        involved.extend(conditions.iter().filter_map(|point| point.closed_by));
        involved.extend(signoff.iter().filter_map(|s| s.first_key_by));
        involved.extend(signoff.iter().filter_map(|s| s.decided_by));
        let names = Names::load(c, involved)?;
        Ok(Self {
            held,
            area,
            signoff,
            conditions,
            changes,
            latest,
            qualifiers,
            mentors,
            names,
        })
    }

    /// Holds what the right to change it rests on, then loads it: the area with its qualifiers, and the clearances of the
    /// holder, of the actor and of `others`.
    pub fn lock(c: &mut Conn, act: &Act, id: i64, others: &[i64]) -> Result<Self> {
        let held = store::by_id(c, id)?;
        locks::share(c, Order::Area, held.area_id)?;
        let people: Vec<i64> = others.iter().copied().chain([held.person_id]).collect();
        hold_clearances(c, &act.actor, &people)?;
        Self::load(c, id)
    }

    pub fn holder(&self) -> Result<&Person> {
        self.names
            .get(self.held.person_id)
            .ok_or(Error::NotFound("person"))
    }

    pub fn name(&self, id: i64) -> &str {
        self.names.name(id)
    }

    /// The clearance that replaced this one.
    pub fn later(&self) -> Option<i64> {
        self.latest(self.held.person_id)
            .map(|latest| latest.id)
            .filter(|id| *id != self.held.id)
    }

    /// Whether its supervisor, if it needs one, is still cleared.
    pub fn is_supervised(&self, today: Day) -> bool {
        let supervisor = self.held.supervisor_id.and_then(|id| {
            let person = self.names.get(id)?;
            Some((self.latest(id)?, person.deactivated_at.is_none()))
        });
        self.later().is_some() || is_supervised(&self.held, supervisor, today)
    }

    /// Who supervises, in words; empty when it is not interim.
    pub fn supervisor_words(&self, today: Day) -> String {
        match self.held.supervisor_id.map(|id| self.name(id)) {
            None => String::new(),
            Some(name) if self.is_supervised(today) => name.to_owned(),
            Some(name) => format!("{name}, who is not cleared in the area now"),
        }
    }

    /// Its standing; a replaced clearance has none.
    pub fn standing(&self, today: Day) -> Standing {
        match self.later() {
            Some(_) => Standing::None,
            None => standing(Some(&self.held), today),
        }
    }

    /// Whether the holder is a qualifier of the area.
    pub fn is_holder_designated(&self) -> bool {
        self.qualifiers.contains(&self.held.person_id)
    }

    /// The qualifiers of the area.
    pub fn qualifiers(&self) -> &[i64] {
        &self.qualifiers
    }

    pub fn conditions_open(&self) -> usize {
        self.conditions.iter().filter(|p| p.is_open()).count()
    }

    /// Checks that the actor may suspend or revoke it; returns their row.
    pub fn permit(&self, actor: &Actor, today: Day) -> Result<i64> {
        self.permitted(may_oversee, actor, today)
    }

    /// Checks that the actor may close what somebody independent asked for; returns their row.
    pub fn permit_close(&self, actor: &Actor, today: Day) -> Result<i64> {
        self.permitted(may_close, actor, today)
    }

    /// Checks that the actor may make that transition; returns their row.
    pub fn permit_transition(&self, to: Transition, actor: &Actor, today: Day) -> Result<i64> {
        match to.needs_independence() {
            true => self.permit_close(actor, today),
            false => self.permit(actor, today),
        }
    }

    fn permitted(
        &self,
        rule: fn(Authority) -> std::result::Result<(), Denied>,
        actor: &Actor,
        today: Day,
    ) -> Result<i64> {
        let id = actor.id.ok_or(Error::SignedOut)?;
        let first_key_by = self.signoff.as_ref().and_then(|s| s.first_key_by);
        let authority = Authority {
            is_holder: id == self.held.person_id,
            leads_owner_team: actor.leads(self.area.owner_team_id),
            is_designated: self.qualifiers.contains(&id),
            is_cleared: standing(self.latest(id), today).is_cover(),
            is_independent: !self.mentors.contains(&id) && first_key_by != Some(id),
        };
        rule(authority).map_err(|denied| {
            Error::Forbidden(denied.sentence(&self.area.name, &self.area.owner_team))
        })?;
        Ok(id)
    }

    fn latest(&self, person_id: i64) -> Option<&Clearance> {
        self.latest.iter().find(|held| held.person_id == person_id)
    }
}
