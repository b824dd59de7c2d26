//! Everyone with a part in the sign-offs of some ramps: their parties, who is cleared, and who could turn a key. Loaded
//! in bulk.

use std::collections::{HashMap, HashSet};

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::model::{Area, Qualifier};
use crate::domain::clearance::standing;
use crate::domain::people::Actor;
use crate::domain::people::Names;
use crate::domain::people::model::{Membership, Person};
use crate::domain::ramp::Parties;
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::{Authority, Key, Turn, due_key, may_turn};
use crate::domain::{area, clearance, people, ramp};
use crate::error::{Error, Result};
use crate::text;

#[derive(Debug, Clone)]
pub struct Signatories {
    ramps: HashMap<i64, Ramp>,
    areas: HashMap<i64, Area>,
    parties: HashMap<i64, Parties>,
    /// Leads of each team.
    leads: HashMap<i64, Vec<i64>>,
    /// Who of them is cleared on the day, and where.
    cleared: HashSet<(i64, i64)>,
    names: Names,
    today: Day,
}

impl Signatories {
    /// Loads the people of those ramps on that day; `others` are rows of more people to name. Nine queries for any
    /// number of ramps.
    pub fn load(c: &mut Conn, ramp_ids: &[i64], others: &[i64], today: Day) -> Result<Self> {
        let ramps = ramp::store::by_ids(c, ramp_ids)?;
        let pairings = ramp::store::pairings(c, ramp_ids)?;
        let mut before = ramp::store::pairs::all_mentored_before(c, ramp_ids)?;
        let mut used: Vec<i64> = ramps.iter().map(|r| r.area_id).collect();
        used.sort_unstable();
        used.dedup();
        let areas = area::store::by_ids(c, &used)?;
        let qualifiers = area::store::qualifiers_in(c, &used)?;
        let owners: Vec<i64> = areas.iter().map(|a| a.owner_team_id).collect();
        let areas: HashMap<i64, Area> = areas.into_iter().map(|a| (a.id, a)).collect();
        let leads = leads(people::store::leads_in(c, &owners)?);
        let mut ids: Vec<i64> = ramps.iter().map(|r| r.mentee_id).collect();
        let memberships = people::store::memberships_among(c, &ids)?;
        ids.extend(pairings.iter().map(|p| p.mentor_id));
        ids.extend(qualifiers.iter().map(|q| q.person_id));
        ids.extend(leads.values().flatten());
        ids.sort_unstable();
        ids.dedup();
        let cleared = clearance::store::latest_among(c, &used, &ids)?
            .into_iter()
            .filter(|held| standing(Some(held), today).is_cover())
            .map(|held| (held.person_id, held.area_id))
            .collect();
        ids.extend(others);
        let names = Names::load(c, ids)?;
        let parties = ramps
            .iter()
            .filter_map(|r| {
                let area = areas.get(&r.area_id)?;
                let parties = Parties {
                    mentored_before: before.remove(&r.id).unwrap_or_default(),
                    ..parties(r, area, &pairings, &memberships, &qualifiers)
                };
                Some((r.id, parties))
            })
            .collect();
        Ok(Self {
            ramps: ramps.into_iter().map(|r| (r.id, r)).collect(),
            areas,
            parties,
            leads,
            cleared,
            names,
            today,
        })
    }

    /// A ramp, its area and its parties.
    ///
    /// Errors: [`Error::NotFound`] when the ramp was not loaded.
    pub fn ramp(&self, id: i64) -> Result<(&Ramp, &Area, &Parties)> {
        let found = self
            .ramps
            .get(&id)
            .and_then(|r| Some((r, self.areas.get(&r.area_id)?, self.parties.get(&id)?)));
        found.ok_or(Error::NotFound("ramp"))
    }

    pub fn name(&self, person_id: i64) -> &str {
        self.names.name(person_id)
    }

    /// Known of the mentees, and of those who could turn a key.
    pub fn is_cleared(&self, person_id: i64, area_id: i64) -> bool {
        self.cleared.contains(&(person_id, area_id))
    }

    /// What the actor may do with a sign-off now, and why not.
    ///
    /// Errors: [`Error::NotFound`] when its ramp was not loaded.
    pub fn turn(&self, signoff: &Signoff, actor: &Actor) -> Result<Turn> {
        let (ramp, _, parties) = self.ramp(signoff.ramp_id)?;
        let is_cleared = actor.id.is_some_and(|id| self.is_cleared(id, ramp.area_id));
        Ok(due_key(signoff, parties, actor, is_cleared, self.today))
    }

    /// Who could turn a key of a ramp's sign-off now, by name.
    ///
    /// Errors: [`Error::NotFound`] when the ramp was not loaded.
    pub fn key_holders(
        &self,
        ramp_id: i64,
        key: Key,
        first_key_by: Option<i64>,
    ) -> Result<Vec<&Person>> {
        let (ramp, area, parties) = self.ramp(ramp_id)?;
        let none = Vec::new();
        let leads = self.leads.get(&area.owner_team_id).unwrap_or(&none);
        let mut ids: Vec<i64> = parties
            .mentors
            .iter()
            .chain(&parties.qualifiers)
            .chain(leads)
            .copied()
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut key_holders: Vec<&Person> = ids
            .into_iter()
            .filter(|id| {
                let authority = Authority {
                    person_id: *id,
                    leads_owner_team: leads.contains(id),
                    is_cleared: self.is_cleared(*id, ramp.area_id),
                };
                self.is_active(*id) && may_turn(key, parties, first_key_by, authority).is_ok()
            })
            .filter_map(|id| self.names.get(id))
            .collect();
        key_holders.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
        Ok(key_holders)
    }

    /// Whether someone has not left.
    pub fn is_active(&self, person_id: i64) -> bool {
        self.names.is_active(person_id)
    }
}

fn leads(memberships: Vec<Membership>) -> HashMap<i64, Vec<i64>> {
    let mut leads: HashMap<i64, Vec<i64>> = HashMap::new();
    for m in memberships {
        leads.entry(m.team_id).or_default().push(m.person_id);
    }
    leads
}

fn parties(
    ramp: &Ramp,
    area: &Area,
    pairings: &[Pairing],
    memberships: &[Membership],
    qualifiers: &[Qualifier],
) -> Parties {
    let own: Vec<Pairing> = pairings
        .iter()
        .filter(|p| p.ramp_id == ramp.id)
        .cloned()
        .collect();
    let teams = memberships
        .iter()
        .filter(|m| m.person_id == ramp.mentee_id)
        .map(|m| m.team_id);
    let designated = qualifiers
        .iter()
        .filter(|q| q.area_id == ramp.area_id)
        .map(|q| q.person_id);
    Parties::of(
        ramp.mentee_id,
        &own,
        teams.collect(),
        area.owner_team_id,
        designated.collect(),
    )
}
