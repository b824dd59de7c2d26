//! Who is cleared for what and who ramps where, on one day. The rows are loaded once, for the board, the home page,
//! area pages and person pages. Each page loads only its own [`Scope`].

pub mod cover;
pub mod interim;
pub mod keys;
pub mod leaving;
pub mod rights;
pub mod rows;
pub mod store;

pub use leaving::{Leaving, Loss, leaving};
pub use rows::{AreaCover, Count, Rows, Scope};

use std::collections::{HashMap, HashSet};

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::model::Area;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{Standing, standing};
use crate::domain::people::Actor;
use crate::domain::people::Names;
use crate::domain::people::model::{Person, Team};
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::readiness;
use crate::domain::readiness::{BoardStatus, Cell, Readiness};
use crate::domain::signoff::model::Signoff;
use crate::domain::standard::Standard;
use crate::domain::waiver::model::Line;
use crate::error::Result;
use crate::text;
use rights::Rights;

/// A person in an area: the engine's cell, and its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCell {
    pub area_id: i64,
    pub cell: Cell,
    /// The valid clearance, or the one that ended.
    pub clearance: Option<Clearance>,
    pub ramp: Option<Ramp>,
    /// Who requested the sign-off, or turned the first key.
    pub signoff_by: Option<i64>,
}

impl BoardCell {
    /// True when the cell has that status, first or second.
    pub fn has_status(&self, word: BoardStatus) -> bool {
        self.cell.status == word || self.cell.second == Some(word)
    }
}

/// The loaded rows.
#[derive(Debug, Clone)]
pub struct Register {
    today: Day,
    active: Vec<Person>,
    names: Names,
    teams: Vec<Team>,
    teams_of: HashMap<i64, Vec<i64>>,
    leads_of: HashMap<i64, Vec<i64>>,
    areas: Vec<Area>,
    qualifiers: HashMap<i64, Vec<i64>>,
    counts: HashMap<i64, Count>,
    clearances: HashMap<(i64, i64), Vec<Clearance>>,
    ramps: Vec<Ramp>,
    left: Vec<Ramp>,
    ramp_at: HashMap<(i64, i64), Ramp>,
    pairings: HashMap<i64, Vec<Pairing>>,
    mentored_before: HashMap<i64, Vec<i64>>,
    signoffs: HashMap<i64, Signoff>,
    asked_waivers: HashMap<i64, Vec<Line>>,
    standards: HashMap<i64, Standard>,
    conditions: HashMap<i64, i64>,
    deltas: HashMap<i64, Day>,
    unsupervised: HashSet<i64>,
    /// Today's rights, on a page of a past day.
    rights: Option<Rights>,
}

impl Register {
    /// Loads a scope on a day for the actor, in four queries for any number of rows.
    pub fn load(c: &mut Conn, scope: &Scope<'_>, actor: &Actor, today: Day) -> Result<Self> {
        Self::load_with(c, scope, actor, &[], today)
    }

    /// The same, with rows of more people to name.
    pub fn load_with(
        c: &mut Conn,
        scope: &Scope<'_>,
        actor: &Actor,
        others: &[i64],
        today: Day,
    ) -> Result<Self> {
        Ok(Self::new(
            store::rows(c, scope, actor, others, today)?,
            today,
        ))
    }

    /// Open ramps of people who left are kept apart.
    pub fn new(rows: Rows, today: Day) -> Self {
        let mut active: Vec<Person> = rows
            .people
            .iter()
            .filter(|p| p.deactivated_at.is_none())
            .cloned()
            .collect();
        active.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
        let names: Names = rows.people.into_iter().collect();
        let (ramps, left): (Vec<Ramp>, Vec<Ramp>) = rows
            .ramps
            .into_iter()
            .partition(|r| r.closed_at.is_some() || names.is_active(r.mentee_id));
        let leads = rows
            .memberships
            .iter()
            .filter(|m| m.is_lead && names.is_active(m.person_id));
        Self {
            today,
            leads_of: grouped(leads.map(|m| (m.team_id, m.person_id))),
            teams_of: grouped(rows.memberships.iter().map(|m| (m.person_id, m.team_id))),
            teams: rows.teams,
            areas: rows.areas,
            qualifiers: grouped(rows.qualifiers.into_iter()),
            counts: rows.counts.into_iter().map(|n| (n.area_id, n)).collect(),
            clearances: grouped(
                rows.clearances
                    .into_iter()
                    .map(|held| ((held.person_id, held.area_id), held)),
            ),
            ramp_at: ramps
                .iter()
                .filter(|r| r.closed_at.is_none())
                .map(|r| ((r.mentee_id, r.area_id), r.clone()))
                .collect(),
            ramps,
            left,
            pairings: grouped(rows.pairings.into_iter().map(|p| (p.ramp_id, p))),
            mentored_before: rows.mentored_before,
            signoffs: rows.signoffs.into_iter().map(|s| (s.ramp_id, s)).collect(),
            asked_waivers: rows.asked_waivers,
            standards: rows.standards.into_iter().map(|s| (s.id, s)).collect(),
            conditions: rows.conditions,
            deltas: rows.deltas,
            unsupervised: rows.unsupervised,
            rights: None,
            active,
            names,
        }
    }

    /// The day (UTC) of all data.
    pub fn today(&self) -> Day {
        self.today
    }

    /// Everyone loaded who has not left, by name.
    pub fn active(&self) -> &[Person] {
        &self.active
    }

    /// Open ramps of people who left: no page offers them, and their records stay.
    pub fn left(&self) -> &[Ramp] {
        &self.left
    }

    /// A person, also one who left.
    pub fn person(&self, id: i64) -> Option<&Person> {
        self.names.get(id)
    }

    pub fn name(&self, id: i64) -> &str {
        self.names.name(id)
    }

    /// The person with that handle, also one who left.
    pub fn by_handle(&self, handle: &str) -> Option<&Person> {
        self.names.iter().find(|p| p.handle == handle)
    }

    /// Teams of everyone loaded, by name.
    pub fn teams(&self) -> &[Team] {
        &self.teams
    }

    pub fn teams_of(&self, person_id: i64) -> &[i64] {
        self.teams_of.get(&person_id).map_or(&[], Vec::as_slice)
    }

    pub fn team_names(&self, person_id: i64) -> impl Iterator<Item = &str> {
        let of = self.teams_of(person_id);
        self.teams
            .iter()
            .filter(move |t| of.contains(&t.id))
            .map(|t| t.name.as_str())
    }

    pub fn is_lead(&self, person_id: i64, team_id: i64) -> bool {
        self.leads_of
            .get(&team_id)
            .is_some_and(|l| l.contains(&person_id))
    }

    /// In display order.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    pub fn area(&self, id: i64) -> Option<&Area> {
        self.areas.iter().find(|a| a.id == id)
    }

    pub fn area_name(&self, id: i64) -> &str {
        self.area(id).map_or("an area", |a| a.name.as_str())
    }

    /// Qualifiers of an area who have not left.
    pub fn qualifiers(&self, area_id: i64) -> Vec<i64> {
        let designated = self.qualifiers.get(&area_id).map_or(&[][..], Vec::as_slice);
        self.active
            .iter()
            .map(|p| p.id)
            .filter(|id| designated.contains(id))
            .collect()
    }

    /// Designated and cleared now: may sign for the area.
    pub fn is_qualifier(&self, person_id: i64, area_id: i64) -> bool {
        self.qualifiers
            .get(&area_id)
            .is_some_and(|q| q.contains(&person_id))
            && self.standing(person_id, area_id).is_cover()
    }

    /// The clearances of a person in an area, the latest last; past ones only in the scope of a person.
    pub fn clearances(&self, person_id: i64, area_id: i64) -> &[Clearance] {
        self.clearances
            .get(&(person_id, area_id))
            .map_or(&[], Vec::as_slice)
    }

    pub fn clearance(&self, person_id: i64, area_id: i64) -> Option<&Clearance> {
        self.clearances(person_id, area_id).last()
    }

    /// The latest clearance in an area of everyone who has not left.
    pub fn held(&self, area_id: i64) -> Vec<Clearance> {
        let active = self.active.iter();
        active
            .filter_map(|p| self.clearance(p.id, area_id))
            .cloned()
            .collect()
    }

    pub fn standing(&self, person_id: i64, area_id: i64) -> Standing {
        standing(self.clearance(person_id, area_id), self.today)
    }

    /// Closed ones only in the scope of a person.
    pub fn ramps(&self) -> &[Ramp] {
        &self.ramps
    }

    /// The pinned versions of open ramps, by row.
    pub fn standards(&self) -> &HashMap<i64, Standard> {
        &self.standards
    }

    /// Open conditions of a clearance.
    pub fn open_conditions(&self, clearance_id: i64) -> i64 {
        self.conditions
            .get(&clearance_id)
            .copied()
            .unwrap_or_default()
    }

    /// When the delta review of a clearance is due, if there is one.
    pub fn delta_due(&self, clearance_id: i64) -> Option<Day> {
        self.deltas.get(&clearance_id).copied()
    }

    /// Current mentors of a ramp, the primary one first.
    pub fn mentors(&self, ramp_id: i64) -> Vec<&Pairing> {
        self.pairings
            .get(&ramp_id)
            .into_iter()
            .flatten()
            .filter(|p| p.until.is_none())
            .collect()
    }

    /// Their names.
    pub fn mentor_names(&self, ramp_id: i64) -> Vec<&str> {
        let mentors = self.mentors(ramp_id).into_iter();
        mentors.map(|p| self.name(p.mentor_id)).collect()
    }

    /// The sign-off of a ramp that waits for a key.
    pub fn signoff(&self, ramp_id: i64) -> Option<&Signoff> {
        self.signoffs.get(&ramp_id)
    }

    /// The board status of a ramp alone.
    pub fn ramp_status(&self, ramp: &Ramp) -> BoardStatus {
        readiness::cell(
            Standing::None,
            Some((ramp.state, ramp.starts_on, &UNKNOWN)),
            self.today,
        )
        .status
    }

    pub fn cover(&self, area: &Area) -> AreaCover {
        let nobody = Count {
            area_id: area.id,
            cleared: 0,
            ramping: 0,
        };
        AreaCover::of(area, self.counts.get(&area.id).copied().unwrap_or(nobody))
    }

    /// A person in an area. A ramp that is not in `readiness` shows without its share.
    pub fn cell(
        &self,
        person_id: i64,
        area_id: i64,
        readiness: &HashMap<i64, Readiness>,
    ) -> BoardCell {
        let ramp = self.ramp_at.get(&(person_id, area_id));
        let known = ramp.and_then(|r| readiness.get(&r.id));
        let standing = self.standing(person_id, area_id);
        let of_ramp = ramp.map(|r| (r.state, r.starts_on, known.unwrap_or(&UNKNOWN)));
        let mut cell = readiness::cell(standing, of_ramp, self.today);
        cell.percent = cell.percent.filter(|_| known.is_some());
        let signoff = ramp.and_then(|r| self.signoff(r.id));
        BoardCell {
            area_id,
            cell,
            clearance: self
                .clearance(person_id, area_id)
                .filter(|_| standing != Standing::None)
                .cloned(),
            ramp: ramp.cloned(),
            signoff_by: signoff.map(|s| s.first_key_by.unwrap_or(s.requested_by)),
        }
    }
}

/// For a ramp the engine was not asked about; its share is never shown.
static UNKNOWN: Readiness = Readiness {
    gates: Vec::new(),
    competencies: Vec::new(),
    items: Vec::new(),
    gaps_open: 0,
    obstacles: Vec::new(),
    lines_met: 0,
    lines: 1,
};

fn grouped<K: Eq + std::hash::Hash, V>(pairs: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
