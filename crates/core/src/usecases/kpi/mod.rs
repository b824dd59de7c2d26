//! Key figures of a scope on a day.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::kpi::{Goal, Health, Kpi, Measure, Unit};
use crate::error::Result;

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
pub fn figures(_c: &mut Conn, _scope: &Scope, _now: UtcTime) -> Result<Vec<Figure>> {
    Ok(Vec::new())
}

/// The rows behind one figure, at most so many, and how many there are.
pub fn behind(
    _c: &mut Conn,
    _scope: &Scope,
    _kpi: Kpi,
    _now: UtcTime,
    _limit: usize,
) -> Result<(Vec<Row>, usize)> {
    Ok((Vec::new(), 0))
}
