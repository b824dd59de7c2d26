//! The facts of each group of figures: read in a few statements, whatever the scope, and only of the window.

mod alerts;
mod cover;
mod granted;
mod judged;
mod knowledge;
mod learned;
mod logged;
mod mentors;
mod ramps;
mod rota;
mod signoffs;
mod work;

use std::collections::HashMap;

use diesel::prelude::*;

use super::reach::Reach;
use super::{Figure, Row};
use crate::db::Conn;
use crate::db::schema::people;
use crate::db::types::Day;
use crate::domain::kpi::Kpi;
use crate::domain::people::Names;
use crate::domain::ramp::clock::Clock;
use crate::domain::ramp::store::changes;
use crate::error::Result;

/// A row behind a figure, before people are named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    pub person: Option<i64>,
    pub about: String,
    pub address: Option<String>,
    pub adds: String,
}

impl Line {
    fn new(about: impl Into<String>, adds: impl Into<String>) -> Self {
        Self {
            about: about.into(),
            adds: adds.into(),
            ..Self::default()
        }
    }

    fn at(self, address: String) -> Self {
        Self {
            address: Some(address),
            ..self
        }
    }

    /// The same at its page, where the figures are those of one person, whose readers may open it.
    fn at_own(self, reach: &Reach, address: String) -> Self {
        Self {
            address: reach.person.map(|_| address),
            ..self
        }
    }

    fn of(self, person: i64) -> Self {
        Self {
            person: Some(person),
            ..self
        }
    }

    pub fn row(self, names: &Names) -> Row {
        let person = self.person.map(|id| names.person(id));
        Row {
            what: match person {
                Some(person) => format!("{} in {}", person.name, self.about),
                None => self.about,
            },
            address: match person {
                Some(person) => Some(format!("/people/{}", person.handle)),
                None => self.address,
            },
            adds: self.adds,
        }
    }
}

/// A day as people read it.
fn dated(day: Day) -> String {
    day.date().strftime("%-d %b %Y").to_string()
}

/// `1 session`, `2 sessions`.
fn counted(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}

/// The facts of some figures.
trait Facts: Sized {
    /// What is computed from them.
    const KPIS: &'static [Kpi];

    fn load(c: &mut Conn, reach: &Reach) -> Result<Self>;

    /// Those of one area alone.
    fn of_area(&self, area_id: i64) -> Self;

    /// One of the figures; `None` where the scope has none.
    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure>;

    /// The rows behind it, in a scope of one area or person; in others too, where [`Self::is_listed`].
    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line>;

    /// Its rows are listed in scopes of several areas too, and not the areas.
    fn is_listed(_kpi: Kpi) -> bool {
        false
    }
}

fn of_group<F: Facts>(c: &mut Conn, reach: &Reach, all: &mut Vec<Figure>) -> Result<()> {
    let facts = F::load(c, reach)?;
    all.extend(F::KPIS.iter().filter_map(|kpi| facts.figure(*kpi, reach)));
    Ok(())
}

/// Every figure of a scope.
pub(super) fn figures(c: &mut Conn, reach: &Reach) -> Result<Vec<Figure>> {
    let mut all = Vec::new();
    of_group::<granted::Grants>(c, reach, &mut all)?;
    of_group::<ramps::Ramps>(c, reach, &mut all)?;
    of_group::<cover::Cover>(c, reach, &mut all)?;
    of_group::<knowledge::Knowledge>(c, reach, &mut all)?;
    of_group::<mentors::Mentors>(c, reach, &mut all)?;
    of_group::<work::Work>(c, reach, &mut all)?;
    of_group::<logged::Logged>(c, reach, &mut all)?;
    of_group::<judged::Judgements>(c, reach, &mut all)?;
    of_group::<alerts::Alerts>(c, reach, &mut all)?;
    of_group::<signoffs::Signoffs>(c, reach, &mut all)?;
    of_group::<learned::Learned>(c, reach, &mut all)?;
    of_group::<rota::Rota>(c, reach, &mut all)?;
    all.sort_by_key(|figure| figure.kpi);
    Ok(all)
}

/// The rows behind a figure; none where the scope does not have it.
pub(super) fn lines(c: &mut Conn, reach: &Reach, kpi: Kpi) -> Result<Vec<Line>> {
    match kpi {
        Kpi::TimeToClearance => behind::<granted::Grants>(c, reach, kpi),
        Kpi::Pace | Kpi::NotObserved | Kpi::WaiverLoad => behind::<ramps::Ramps>(c, reach, kpi),
        Kpi::Coverage | Kpi::BusFactor | Kpi::QualifierDepth | Kpi::Currency => {
            behind::<cover::Cover>(c, reach, kpi)
        }
        Kpi::SinglePoints | Kpi::ChecklistFreshness => {
            behind::<knowledge::Knowledge>(c, reach, kpi)
        }
        Kpi::MentorLoad | Kpi::LoadSpread => behind::<mentors::Mentors>(c, reach, kpi),
        Kpi::Cadence | Kpi::StalePairings | Kpi::Reliability => behind::<work::Work>(c, reach, kpi),
        Kpi::LoggingDelay => behind::<logged::Logged>(c, reach, kpi),
        Kpi::Agreement | Kpi::Kappa | Kpi::Strictness | Kpi::EvidenceDepth => {
            behind::<judged::Judgements>(c, reach, kpi)
        }
        Kpi::Understood => behind::<alerts::Alerts>(c, reach, kpi),
        Kpi::SignoffTurnaround => behind::<signoffs::Signoffs>(c, reach, kpi),
        Kpi::PostmortemUse | Kpi::DrillRhythm => behind::<learned::Learned>(c, reach, kpi),
        Kpi::RotaMismatch | Kpi::FirstShifts => behind::<rota::Rota>(c, reach, kpi),
    }
}

fn behind<F: Facts>(c: &mut Conn, reach: &Reach, kpi: Kpi) -> Result<Vec<Line>> {
    let facts = F::load(c, reach)?;
    if facts.figure(kpi, reach).is_none() {
        return Ok(Vec::new());
    }
    if reach.person.is_some() || reach.places.len() == 1 || F::is_listed(kpi) {
        return Ok(facts.lines(kpi, reach));
    }
    let each = reach.places.iter().filter_map(|place| {
        let main = facts.of_area(place.id).figure(kpi, reach)?.main;
        let value = main.value?;
        let adds = format!("{} (n = {})", kpi.unit().written(value), main.n);
        Some(Line::new(&place.name, adds).at(format!("/areas/{}", place.slug)))
    });
    Ok(each.collect())
}

/// The clocks of those ramps, by row; `ramps` says on which day each starts.
fn clocks(c: &mut Conn, ramps: &HashMap<i64, Day>) -> Result<HashMap<i64, Clock>> {
    let ids: Vec<i64> = ramps.keys().copied().collect();
    let mut steps: HashMap<i64, Vec<_>> = HashMap::new();
    if !ids.is_empty() {
        for change in changes::of_ramps(c, &ids)? {
            let of_ramp = steps.entry(change.ramp_id).or_default();
            of_ramp.push(change.step());
        }
    }
    let clock = |(id, starts_on): (&i64, &Day)| {
        let steps = steps.remove(id).unwrap_or_default();
        (*id, Clock::of(*starts_on, steps))
    };
    Ok(ramps.iter().map(clock).collect())
}

/// Facts that are about one area.
trait InArea: Clone {
    fn area_id(&self) -> i64;
}

fn of_area<T: InArea>(all: &[T], area_id: i64) -> Vec<T> {
    let here = all.iter().filter(|one| one.area_id() == area_id);
    here.cloned().collect()
}

macro_rules! in_area {
    ($($fact:ty),+ $(,)?) => { $(
        impl InArea for $fact {
            fn area_id(&self) -> i64 {
                self.area_id
            }
        }
    )+ };
}
mod in_areas {
    use super::InArea;
    use crate::domain::kpi::formula::{cover, judged, learned, mentoring, ramps, time};

    in_area!(
        cover::Held,
        cover::Known,
        cover::Shift,
        judged::Alert,
        judged::Judged,
        learned::Drilled,
        learned::Section,
        mentoring::Paired,
        ramps::Open,
        time::Decided,
    );
}

/// SQL that is true of the ramps that a scope reaches: those in its areas, or those of the person it is about.
macro_rules! reached {
    ($reach:expr) => {
        crate::db::id_in(crate::db::schema::ramps::area_id, &$reach.ids).and(
            crate::db::schema::ramps::mentee_id
                .eq($reach.mentee())
                .or($reach.is_open()),
        )
    };
}
use reached;

#[diesel::dsl::auto_type]
fn left_people() -> _ {
    people::table
        .filter(people::deactivated_at.is_not_null())
        .select(people::id)
}
