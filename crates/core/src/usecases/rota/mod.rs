//! Rotas held against the clearances: for the page of an area, for the jobs, for figures, and for a file at the command line.

pub mod actions;
pub mod reading;
pub mod shadow;
pub mod waiting;

use std::collections::{HashMap, HashSet};

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::availability::may_read_absences;
use crate::domain::people::Actor;
use crate::domain::rota::finding::{self, Facts, Finding, Identity, Kind, Shift, Who};
use crate::domain::rota::matching::{self, Known};
use crate::domain::rota::model::{Acceptance, Rota};
use crate::domain::rota::{DAYS_AHEAD, Duty, Entry, store};
use crate::domain::{area, availability, clearance, people};
use crate::error::{Error, Result};

/// A finding, and its acceptance where a lead accepted it.
pub type Judged = (Finding, Option<Acceptance>);

/// The shifts of an area in the days ahead, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    pub shifts: Vec<Shift>,
    pub findings: Vec<Judged>,
    pub facts: Facts,
    /// Which findings are about which shift.
    by_shift: HashMap<(UtcTime, Who), Vec<usize>>,
}

impl Checked {
    fn new(shifts: Vec<Shift>, findings: Vec<Judged>, facts: Facts) -> Self {
        let mut by_shift: HashMap<(UtcTime, Who), Vec<usize>> = HashMap::new();
        let of_shifts = findings.iter().enumerate();
        for (n, (found, _)) in of_shifts.filter(|(_, (found, _))| found.ends_at.is_some()) {
            let of = &found.identity;
            by_shift.entry((of.at, of.who.clone())).or_default().push(n);
        }
        Self {
            shifts,
            findings,
            facts,
            by_shift,
        }
    }

    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        let open = self
            .findings
            .iter()
            .filter(|(_, accepted)| accepted.is_none());
        open.map(|(finding, _)| finding)
    }

    /// What is found about a shift.
    pub fn of_shift(&self, shift: &Shift) -> impl Iterator<Item = &Judged> {
        let who = match shift.person {
            Some(id) => Who::Person(id),
            None => Who::Named(matching::key_of(&shift.entry)),
        };
        let found = self.by_shift.get(&(shift.entry.starts_at, who));
        let found = found.into_iter().flatten();
        found.filter_map(|n| self.findings.get(*n))
    }

    /// The same without the findings that are not kept.
    fn keeping(self, keep: impl Fn(&Finding) -> bool) -> Self {
        let findings = self.findings.into_iter();
        let findings = findings.filter(|(found, _)| keep(found)).collect();
        Self::new(self.shifts, findings, self.facts)
    }

    /// The same as the actor may read it: that somebody is away is not for everyone.
    fn for_reader(self, c: &mut Conn, actor: &Actor, area: &Area) -> Result<Self> {
        let away = |found: &Finding| match found.identity.kind {
            Kind::Away => found.identity.who.person(),
            _ => None,
        };
        let ids: Vec<i64> = self.findings.iter().filter_map(|(f, _)| away(f)).collect();
        if ids.is_empty() {
            return Ok(self);
        }
        let teams = people::store::memberships_among(c, &ids)?;
        let may_read = |id: i64| {
            let own = teams.iter().filter(|m| m.person_id == id);
            let own: Vec<i64> = own.map(|m| m.team_id).collect();
            may_read_absences(actor, id, &own, area.owner_team_id)
        };
        Ok(self.keeping(|found| away(found).is_none_or(may_read)))
    }
}

/// The rotas of an area with what they say, for its page.
#[derive(Clone)]
pub struct OfArea {
    pub area: Area,
    pub rotas: Vec<Rota>,
    /// When each last said something new; a rota that was never read has none.
    pub changed_at: HashMap<i64, UtcTime>,
    pub checked: Checked,
}

/// The rotas of an area as the actor may read them. On a connection of a past day, as it was known then.
///
/// Errors: [`Error::NotFound`].
pub fn of_area(c: &mut Conn, actor: &Actor, slug: &str, now: UtcTime) -> Result<OfArea> {
    let area = area::store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
    let (rotas, changed_at, checked) = read(c, area.id, now)?;
    Ok(OfArea {
        checked: checked.for_reader(c, actor, &area)?,
        changed_at,
        area,
        rotas,
    })
}

/// What the rotas of an area say, held against the clearances. On a connection of a past day, as it was known then.
pub fn checked(c: &mut Conn, area_id: i64, now: UtcTime) -> Result<Checked> {
    read(c, area_id, now).map(|(_, _, checked)| checked)
}

type Read = (Vec<Rota>, HashMap<i64, UtcTime>, Checked);

fn read(c: &mut Conn, area_id: i64, now: UtcTime) -> Result<Read> {
    let rotas = store::of_areas(c, &[area_id])?;
    let ids: Vec<i64> = rotas.iter().map(|rota| rota.id).collect();
    let changed_at = store::changed_at(c, &ids)?;
    if changed_at.is_empty() {
        return Ok((rotas, changed_at, Checked::default()));
    }
    let until = now.plus_hours(24 * DAYS_AHEAD);
    let entries = store::entries(c, &[area_id], (now, until))?;
    let entries = entries.into_iter().map(|(_, entry)| entry).collect();
    let checked = check(c, area_id, entries, (now, DAYS_AHEAD))?;
    // Who has no shift in what was read may have one in what was not.
    let checked = match ids.iter().all(|id| changed_at.contains_key(id)) {
        true => checked,
        false => checked.keeping(|found| found.identity.kind != Kind::Unpractised),
    };
    Ok((rotas, changed_at, checked))
}

/// Holds shifts against the clearances of an area; writes nothing.
pub fn check(
    c: &mut Conn,
    area_id: i64,
    entries: Vec<Entry>,
    (now, days): (UtcTime, i64),
) -> Result<Checked> {
    let shifts = matched(c, &[area_id], entries.into_iter().map(|e| (area_id, e)))?;
    let shifts = shifts.into_iter().map(|(_, shift)| shift).collect();
    let shifts = finding::ahead(shifts, now, days);
    let shifts = HashMap::from([(area_id, shifts)]);
    let facts = facts(c, &shifts, now)?.remove(&area_id).unwrap_or_default();
    let shifts = shifts.into_values().next().unwrap_or_default();
    let accepted = store::accepted(c, &[area_id], now.day())?;
    let accepted: HashMap<Identity, Acceptance> = accepted
        .into_iter()
        .filter_map(|(_, one)| Some((one.identity()?, one)))
        .collect();
    let findings = finding::findings(&shifts, &facts, now).into_iter();
    let findings = findings.map(|found| {
        let acceptance = accepted.get(&found.identity).cloned();
        (found, acceptance)
    });
    Ok(Checked::new(shifts, findings.collect(), facts))
}

/// Who the people of shifts are, each in its area.
fn matched(
    c: &mut Conn,
    area_ids: &[i64],
    entries: impl Iterator<Item = (i64, Entry)>,
) -> Result<Vec<(i64, Shift)>> {
    let entries: Vec<(i64, Entry)> = entries.collect();
    let sought = matching::sought(entries.iter().map(|(_, entry)| entry));
    let people = store::people_of(c, &sought)?;
    let said = store::said(c, area_ids)?;
    let known: HashMap<i64, Known> = area_ids
        .iter()
        .map(|id| {
            let of_area = said.iter().filter(|((area, _), _)| area == id);
            let said = of_area.map(|((_, key), person)| (key.clone(), *person));
            (*id, Known::new(people.iter(), said))
        })
        .collect();
    let shifts = entries.into_iter().flat_map(|(area_id, entry)| {
        let of_entry = known.get(&area_id).map(|known| known.shifts(entry));
        let of_entry = of_entry.into_iter().flatten();
        of_entry.map(move |shift| (area_id, shift))
    });
    Ok(shifts.collect())
}

/// What is known of the people of those areas and their shifts, in three queries.
fn facts(
    c: &mut Conn,
    shifts: &HashMap<i64, Vec<Shift>>,
    now: UtcTime,
) -> Result<HashMap<i64, Facts>> {
    let area_ids: Vec<i64> = shifts.keys().copied().collect();
    let held = clearance::store::latest_in_areas(c, &area_ids)?;
    let on_call: Vec<i64> = shifts
        .values()
        .flatten()
        .filter_map(|shift| shift.person)
        .collect();
    let holders = held.iter().map(|held| held.person_id);
    let names = people::Names::load(c, holders.chain(on_call.iter().copied()))?;
    let mut absences: HashMap<i64, Vec<availability::Absence>> = HashMap::new();
    for kept in availability::store::absences_of(c, &on_call, now.day().plus_days(-1))? {
        let own = absences.entry(kept.person_id).or_default();
        own.push(kept.absence);
    }
    let mut all: HashMap<i64, Facts> = HashMap::new();
    for held in held {
        let of_area = all.entry(held.area_id).or_default();
        of_area.clearances.insert(held.person_id, held);
    }
    for (area_id, shifts) in shifts {
        let of_area = all.entry(*area_id).or_default();
        let on_call: HashSet<i64> = shifts.iter().filter_map(|shift| shift.person).collect();
        let own = |id: &i64| Some((*id, absences.get(id)?.clone()));
        of_area.absences = on_call.iter().filter_map(own).collect();
        let holders = of_area.clearances.keys();
        let people = holders.chain(&on_call).filter_map(|id| names.get(*id));
        of_area.people = people.cloned().collect();
    }
    Ok(all)
}

/// A shift of the days ahead, for figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    pub area_id: i64,
    /// `None` for somebody whom nobody here knows.
    pub person: Option<i64>,
    pub starts: UtcTime,
    /// Cleared on the day it begins, or on call under a supervisor: as the page of the rota says it.
    pub is_cleared: bool,
}

/// The shifts of those areas that run or begin in the days ahead, without those in which somebody only watches. A few
/// queries, whatever the areas; on a connection of a past day, as it was known then.
pub fn ahead(c: &mut Conn, area_ids: &[i64], now: UtcTime) -> Result<Vec<Ahead>> {
    let until = now.plus_hours(24 * DAYS_AHEAD);
    let entries = store::entries(c, area_ids, (now, until))?;
    let mut with_rota: Vec<i64> = entries.iter().map(|(id, _)| *id).collect();
    with_rota.sort_unstable();
    with_rota.dedup();
    let mut by_area: HashMap<i64, Vec<Shift>> = HashMap::new();
    for (area_id, shift) in matched(c, &with_rota, entries.into_iter())? {
        by_area.entry(area_id).or_default().push(shift);
    }
    let mut known = facts(c, &by_area, now)?;
    let mut all = Vec::new();
    for area_id in with_rota {
        let shifts = by_area.remove(&area_id).unwrap_or_default();
        let shifts = finding::ahead(shifts, now, DAYS_AHEAD);
        let facts = known.remove(&area_id).unwrap_or_default();
        let found = finding::findings(&shifts, &facts, now).into_iter();
        let found = found.map(|finding| (finding, None)).collect();
        let checked = Checked::new(shifts, found, facts);
        let counted = checked
            .shifts
            .iter()
            .filter(|s| s.entry.duty != Duty::Shadow);
        all.extend(counted.map(|shift| Ahead {
            area_id,
            person: shift.person,
            starts: shift.entry.starts_at,
            is_cleared: !checked.of_shift(shift).any(|(f, _)| f.is_about_clearance()),
        }));
    }
    Ok(all)
}
