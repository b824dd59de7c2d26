//! What the database has, as far as an import needs it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Fields;
use crate::domain::area::systems::System;
use crate::domain::postmortem::store::import;
use crate::domain::postmortem::store::import::StoredPostmortem;
use crate::domain::standard::Standard;
use crate::domain::{area, clearance, people, ramp, standard};
use crate::error::Result;
use crate::text;

/// Everything an import can change or refer to. The keys are those of the unique columns.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    /// Everyone by e-mail key, also those who left.
    pub people: BTreeMap<String, ExistingPerson>,
    /// Teams by name key.
    pub teams: BTreeMap<String, ExistingTeam>,
    pub areas: BTreeMap<String, ExistingArea>,
    pub postmortems: BTreeMap<String, StoredPostmortem>,
}

/// A person in the database.
#[derive(Debug, Clone)]
pub struct ExistingPerson {
    pub id: i64,
    pub name: String,
    pub time_zone: String,
    pub left: Option<Day>,
    /// Their teams by name key, and whether they lead them.
    pub teams: BTreeMap<String, bool>,
}

/// A team in the database.
#[derive(Debug, Clone)]
pub struct ExistingTeam {
    pub id: i64,
    /// Name as it was first written.
    pub name: String,
}

/// An area in the database.
#[derive(Debug, Clone)]
pub struct ExistingArea {
    pub id: i64,
    /// The day it was archived.
    pub archived: Option<Day>,
    pub fields: Fields,
    /// Name of the team that owns it.
    pub owner_team: String,
    pub systems: Vec<System>,
    /// E-mail keys of those designated now.
    pub qualifiers: BTreeSet<String>,
    /// E-mail keys of everyone who has or had a clearance in it.
    pub ever_cleared: BTreeSet<String>,
    /// E-mail keys of everyone who ramps, or ever ramped, in it.
    pub ever_ramped: BTreeSet<String>,
    /// All versions of its standard, newest first.
    pub standards: Vec<Standard>,
}

/// Why a file may not name an archived area.
pub fn archived_sentence(name: &str, archived: Day) -> String {
    format!("{name} was archived on {archived}. Bring it back first, or take the file out.")
}

pub fn load(c: &mut Conn) -> Result<Existing> {
    let existing = people(c)?;
    let keys: HashMap<i64, String> = existing
        .people
        .iter()
        .map(|(key, p)| (p.id, key.clone()))
        .collect();
    let keys_of = |ids: Vec<i64>| ids.iter().filter_map(|id| keys.get(id).cloned()).collect();
    let mut areas = BTreeMap::new();
    for a in area::store::all_with_archived(c)? {
        let qualifiers = area::store::qualifiers_of(c, a.id)?
            .iter()
            .map(|q| q.person_id)
            .collect();
        let cleared = clearance::store::latest_in_area(c, a.id)?
            .iter()
            .map(|l| l.person_id)
            .collect();
        let area = ExistingArea {
            id: a.id,
            archived: a.archived_at.map(UtcTime::day),
            owner_team: a.owner_team,
            systems: area::systems::of_area(c, a.id)?,
            qualifiers: keys_of(qualifiers),
            ever_cleared: keys_of(cleared),
            ever_ramped: keys_of(ramp::store::ever_ramped(c, a.id)?),
            standards: standard::store::of_area(c, a.id)?,
            fields: Fields {
                code: a.code,
                name: a.name,
                summary: a.summary,
                tier: a.tier,
                minimum_cover: a.minimum_cover,
                target_weeks: a.target_weeks,
                validity_months: a.validity_months,
                recency_days: a.recency_days,
                labels: a.labels,
                practice: a.practice,
                ends: a.ends,
            },
        };
        areas.insert(a.slug, area);
    }
    let postmortems = import::all(c)?.into_iter();
    Ok(Existing {
        areas,
        postmortems: postmortems.map(|p| (p.slug.clone(), p)).collect(),
        ..existing
    })
}

/// Only people and teams.
pub fn people(c: &mut Conn) -> Result<Existing> {
    let teams = people::store::teams(c)?;
    let team_keys: HashMap<i64, String> =
        teams.iter().map(|t| (t.id, text::key(&t.name))).collect();
    let mut places: HashMap<i64, BTreeMap<String, bool>> = HashMap::new();
    for m in people::store::memberships(c)? {
        if let Some(team) = team_keys.get(&m.team_id) {
            let own = places.entry(m.person_id).or_default();
            own.insert(team.clone(), m.is_lead);
        }
    }
    let people = people::store::everybody(c)?.into_iter().map(|p| {
        let existing = ExistingPerson {
            id: p.id,
            teams: places.remove(&p.id).unwrap_or_default(),
            left: p.deactivated_at.map(UtcTime::day),
            name: p.name,
            time_zone: p.time_zone,
        };
        (text::email::email_key(&p.email), existing)
    });
    let people = people.collect();
    let teams = teams.into_iter().map(|t| {
        let key = text::key(&t.name);
        (
            key,
            ExistingTeam {
                id: t.id,
                name: t.name,
            },
        )
    });
    Ok(Existing {
        people,
        teams: teams.collect(),
        ..Existing::default()
    })
}
