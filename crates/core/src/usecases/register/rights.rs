//! Who may read the records of a ramp. Rights are those of today, also on a page of a past day.

use crate::domain::area;
use std::collections::HashMap;

use diesel::prelude::*;

use super::{Register, Scope, grouped};
use crate::db::schema::{areas, memberships, pairings, qualifiers};
use crate::db::{Conn, id_in};
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Actor;
use crate::domain::ramp::Parties;
use crate::domain::ramp::model::Ramp;
use crate::error::Result;

/// The data of today's rights.
#[derive(Debug, Clone)]
pub struct Rights {
    /// Teams of each person.
    teams_of: HashMap<i64, Vec<i64>>,
    /// Owner team of each area.
    owners: HashMap<i64, i64>,
    /// Qualifiers of each area.
    qualifiers: HashMap<i64, Vec<i64>>,
    /// Current and past mentors of each ramp.
    mentors: HashMap<i64, Vec<i64>>,
}

impl Register {
    /// A scope as the actor may see it: the data of a past day, the rights of today.
    pub fn load_for(
        c: &mut Conn,
        scope: &Scope<'_>,
        context: &ReadContext,
        others: &[i64],
    ) -> Result<Self> {
        let today = context.now.day();
        let mut register = Self::load_with(c, scope, &context.actor, others, today)?;
        if context.past.is_some() {
            let people: Vec<i64> = register.names.iter().map(|p| p.id).collect();
            let areas: Vec<i64> = register.areas.iter().map(|a| a.id).collect();
            let ramps: Vec<i64> = register.ramps.iter().map(|r| r.id).collect();
            let rights = context.today(c, |c| of_today(c, &people, &areas, &ramps))?;
            register.rights = Some(rights);
        }
        Ok(register)
    }

    /// Everyone with a part in a ramp. On a page of a past day, the mentors are those of that day; team and area are
    /// those of today.
    pub fn parties(&self, ramp: &Ramp) -> Parties {
        let pairings = self.pairings.get(&ramp.id).map_or(&[][..], Vec::as_slice);
        let (owner, qualifiers) = match &self.rights {
            Some(rights) => (
                rights.owners.get(&ramp.area_id).copied(),
                rights.qualifiers.get(&ramp.area_id),
            ),
            None => (
                self.area(ramp.area_id).map(|a| a.owner_team_id),
                self.qualifiers.get(&ramp.area_id),
            ),
        };
        let before = self.mentored_before.get(&ramp.id);
        Parties {
            mentored_before: before.cloned().unwrap_or_default(),
            ..Parties::of(
                ramp.mentee_id,
                pairings,
                self.teams_today(ramp.mentee_id).to_vec(),
                owner.unwrap_or_default(),
                qualifiers.cloned().unwrap_or_default(),
            )
        }
    }

    /// Teams of a person today, also on a page of a past day: their leads' rights depend on them.
    pub fn teams_today(&self, person_id: i64) -> &[i64] {
        match &self.rights {
            Some(rights) => rights.teams_of.get(&person_id).map_or(&[], Vec::as_slice),
            None => self.teams_of(person_id),
        }
    }

    /// Whether someone may read a ramp (rule 9).
    pub fn may_read(&self, ramp: &Ramp, actor: &Actor) -> bool {
        let mut parties = self.parties(ramp);
        let mentors = self.rights.as_ref().and_then(|r| r.mentors.get(&ramp.id));
        parties.mentors_ever.extend(mentors.into_iter().flatten());
        parties.may_read(actor)
    }
}

/// Today's rights for those people and areas.
fn of_today(c: &mut Conn, people: &[i64], areas: &[i64], ramps: &[i64]) -> Result<Rights> {
    let mentors: Vec<(i64, i64)> = pairings::table
        .filter(id_in(pairings::ramp_id, ramps))
        .select((pairings::ramp_id, pairings::mentor_id))
        .load(c)?;
    let places: Vec<(i64, i64)> = memberships::table
        .filter(id_in(memberships::person_id, people))
        .select((memberships::person_id, memberships::team_id))
        .load(c)?;
    let signs = qualifiers::area_id
        .eq(areas::id)
        .and(area::store::is_designated());
    let owned: Vec<(i64, i64, Option<i64>)> = areas::table
        .left_join(qualifiers::table.on(signs))
        .filter(id_in(areas::id, areas))
        .select((
            areas::id,
            areas::owner_team_id,
            qualifiers::person_id.nullable(),
        ))
        .load(c)?;
    Ok(Rights {
        mentors: grouped(mentors.into_iter()),
        teams_of: grouped(places.into_iter()),
        owners: owned
            .iter()
            .map(|(area, owner, _)| (*area, *owner))
            .collect(),
        qualifiers: grouped(
            owned
                .into_iter()
                .filter_map(|(area, _, person)| Some((area, person?))),
        ),
    })
}
