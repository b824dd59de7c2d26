//! What a scope reaches: its areas, and the one person it is about.

use diesel::dsl::AsExprOf;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Scope;
use crate::db::schema::{areas, clearances, pairings, ramps};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::area::labels;
use crate::error::Result;

/// What figures need to know of an area.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Place {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub tier: i32,
    pub minimum_cover: i32,
    pub target_weeks: i32,
}

/// A scope on a day. A team's figures are those of the areas it owns; figures about mentors are those of its members.
#[derive(Debug, Clone)]
pub struct Reach {
    /// In use, by tier and name. Of a person: those they are cleared in, ramp in or mentor in.
    pub places: Vec<Place>,
    pub ids: Vec<i64>,
    /// The person it is about; nobody where it is about areas.
    pub person: Option<i64>,
    /// The team whose members count as mentors.
    pub team: Option<i64>,
    pub now: UtcTime,
    pub today: Day,
}

impl Reach {
    pub fn load(c: &mut Conn, scope: &Scope, now: UtcTime) -> Result<Self> {
        let in_use = areas::archived_at.is_null();
        let columns = (
            areas::id,
            areas::slug,
            areas::name,
            areas::tier,
            areas::minimum_cover,
            areas::target_weeks,
        );
        let all = areas::table.filter(in_use).select(columns);
        let mut places: Vec<Place> = match scope {
            Scope::Organisation => all.load(c)?,
            Scope::Team(team) => all.filter(areas::owner_team_id.eq(*team)).load(c)?,
            Scope::Area(area) => all.filter(areas::id.eq(*area)).load(c)?,
            Scope::Label(label) => {
                let ids = labelled(c, label)?;
                all.filter(id_in(areas::id, &ids)).load(c)?
            }
            Scope::Person(person) => {
                let ids = places_of(c, *person)?;
                all.filter(id_in(areas::id, &ids)).load(c)?
            }
        };
        places.sort_by_cached_key(|p| (p.tier, crate::text::sort_key(&p.name), p.id));
        Ok(Self {
            ids: places.iter().map(|p| p.id).collect(),
            places,
            person: match scope {
                Scope::Person(person) => Some(*person),
                _ => None,
            },
            team: match scope {
                Scope::Team(team) => Some(*team),
                _ => None,
            },
            now,
            today: now.day(),
        })
    }

    /// The first moment of a window of so many days, today included.
    pub fn since(&self, days: i64) -> UtcTime {
        self.first_day(days).start()
    }

    pub fn first_day(&self, days: i64) -> Day {
        self.today.plus_days(1 - days)
    }

    /// The person it is about; no row has the number of nobody.
    pub fn mentee(&self) -> i64 {
        self.person.unwrap_or_default()
    }

    /// SQL that is true where it is about nobody alone.
    pub fn is_open(&self) -> AsExprOf<bool, Bool> {
        self.person.is_none().into_sql::<Bool>()
    }

    pub fn place(&self, id: i64) -> Option<&Place> {
        self.places.iter().find(|p| p.id == id)
    }

    pub fn name(&self, id: i64) -> &str {
        self.place(id).map_or("an area", |p| p.name.as_str())
    }
}

/// Areas with that label.
fn labelled(c: &mut Conn, label: &str) -> Result<Vec<i64>> {
    let all: Vec<(i64, String)> = areas::table
        .filter(areas::labels.ne(""))
        .select((areas::id, areas::labels))
        .load(c)?;
    let having = all.into_iter().filter(|(_, own)| labels::has(own, label));
    Ok(having.map(|(id, _)| id).collect())
}

/// Areas a person is cleared in, ramps in or mentors in.
fn places_of(c: &mut Conn, person_id: i64) -> Result<Vec<i64>> {
    let mut ids: Vec<i64> = ramps::table
        .filter(ramps::mentee_id.eq(person_id))
        .select(ramps::area_id)
        .distinct()
        .load(c)?;
    let mentored: Vec<i64> = pairings::table
        .inner_join(ramps::table)
        .filter(pairings::mentor_id.eq(person_id))
        .select(ramps::area_id)
        .distinct()
        .load(c)?;
    let held: Vec<i64> = clearances::table
        .filter(clearances::person_id.eq(person_id))
        .select(clearances::area_id)
        .distinct()
        .load(c)?;
    ids.extend(mentored);
    ids.extend(held);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
