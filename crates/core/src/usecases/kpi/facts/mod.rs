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

use serde::{Deserialize, Serialize};

use super::reach::{Place, Reach};
use super::{Behind, Figure, Row};
use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::kpi::{Kpi, are_few};
use crate::domain::people::Names;
use crate::domain::ramp::clock::Clock;
use crate::domain::ramp::store::changes;
use crate::error::Result;

/// A row behind a figure, before people are named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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

    /// How many people it tells of, where it says how people work or judge.
    fn people(&self, _kpi: Kpi, _reach: &Reach) -> Option<usize> {
        None
    }

    /// The rows behind it, in a scope of one area or person; in others too, where [`Self::is_listed`].
    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line>;

    /// Its rows are listed in scopes of several areas too, and not the areas.
    fn is_listed(_kpi: Kpi) -> bool {
        false
    }
}

fn of_group<F: Facts>(c: &mut Conn, reach: &Reach, all: &mut Vec<(Figure, Behind)>) -> Result<()> {
    let facts = F::load(c, reach)?;
    let is_of_many = reach.person.is_none() && reach.places.len() != 1;
    let each: Vec<(&Place, F)> = match is_of_many {
        true => reach
            .places
            .iter()
            .map(|place| (place, facts.of_area(place.id)))
            .collect(),
        false => Vec::new(),
    };
    for kpi in F::KPIS {
        let Some(figure) = shown(&facts, *kpi, reach) else {
            continue;
        };
        let lines = match is_of_many && !F::is_listed(*kpi) {
            _ if figure.is_withheld => Vec::new(),
            true => each
                .iter()
                .filter_map(|(place, facts)| line_of(facts, place, *kpi, reach))
                .collect(),
            false => facts.lines(*kpi, reach),
        };
        all.push((figure, Behind::of(*kpi, lines)));
    }
    Ok(())
}

/// A figure, without its numbers where these would tell how one of few people works.
fn shown<F: Facts>(facts: &F, kpi: Kpi, reach: &Reach) -> Option<Figure> {
    let mut figure = facts.figure(kpi, reach)?;
    if reach.person.is_none() && facts.people(kpi, reach).is_some_and(are_few) {
        figure.is_withheld = true;
        figure.main.value = None;
        for (_, measure, _) in &mut figure.others {
            measure.value = None;
        }
    }
    Some(figure)
}

/// The figure of one area, as a row behind that of several.
fn line_of<F: Facts>(facts: &F, place: &Place, kpi: Kpi, reach: &Reach) -> Option<Line> {
    let main = shown(facts, kpi, reach)?.main;
    let adds = format!("{} (n = {})", kpi.unit().written(main.value?), main.n);
    Some(Line::new(&place.name, adds).at(format!("/areas/{}", place.slug)))
}

/// Every figure of a scope, each with the rows behind it.
pub(super) fn figures(c: &mut Conn, reach: &Reach) -> Result<Vec<(Figure, Behind)>> {
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
    all.sort_by_key(|(figure, _)| figure.kpi);
    Ok(all)
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
