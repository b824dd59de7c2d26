//! Key figures of a scope on a day.

pub mod actions;
pub mod cache;
pub mod crossing;
pub mod daily;
mod facts;
pub mod goals;
mod reach;
pub mod subject;
pub mod trend;
pub mod waiting;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::kpi::{Goal, Health, Kpi, Measure, Unit};
use crate::domain::people::Names;
use crate::error::Result;
use reach::Reach;

/// Whose figures.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    Organisation,
    Team(i64),
    Area(i64),
    /// All areas with this label.
    Label(String),
    /// One's own; shown to that person, their mentors and leads alone.
    Person(i64),
}

/// A figure of a scope on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub kpi: Kpi,
    pub main: Measure,
    /// What is shown next to it: its name, its number, and how that is written.
    pub others: Vec<(&'static str, Measure, Unit)>,
}

/// Name of the number among [`Figure::others`] that the areas of a scope propose as its goal.
pub const PROPOSED: &str = "Proposed target";

impl Figure {
    fn new(kpi: Kpi, main: Measure) -> Self {
        Self {
            kpi,
            main,
            others: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, measure: Measure, unit: Unit) -> Self {
        self.others.push((name, measure, unit));
        self
    }

    /// The goal where the team or area has set none.
    pub fn proposed(&self) -> Option<Goal> {
        let of_areas = self.others.iter().find(|(name, ..)| *name == PROPOSED);
        self.kpi
            .goal_with(of_areas.and_then(|(_, measure, _)| measure.value))
    }

    /// How well it is with that goal.
    pub fn health(&self, goal: Option<Goal>) -> Health {
        self.kpi.health(self.main, goal)
    }
}

/// A row behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is, as "Amara Okafor in Payments".
    pub what: String,
    /// Its page.
    pub address: Option<String>,
    /// What it adds to the figure, as "32 days".
    pub adds: String,
}

/// All figures that a scope has, in the order of [`Kpi`]. On a connection of a past day, `now` is that day's last moment.
pub fn figures(c: &mut Conn, scope: &Scope, now: UtcTime) -> Result<Vec<Figure>> {
    let reach = Reach::load(c, scope, now)?;
    facts::figures(c, &reach)
}

/// The rows behind one figure, at most so many, and how many there are. Everyone who may see the scope may read them:
/// where it is not about one person, they name people only with what is open to all, their clearances.
pub fn behind(
    c: &mut Conn,
    scope: &Scope,
    kpi: Kpi,
    now: UtcTime,
    limit: usize,
) -> Result<(Vec<Row>, usize)> {
    let reach = Reach::load(c, scope, now)?;
    let mut lines = facts::lines(c, &reach, kpi)?;
    let all = lines.len();
    lines.truncate(limit);
    let names = Names::load(c, lines.iter().filter_map(|line| line.person))?;
    let rows = lines.into_iter().map(|line| line.row(&names));
    Ok((rows.collect(), all))
}
