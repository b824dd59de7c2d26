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

use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::kpi::{Goal, Health, Kpi, Measure, Unit};
use crate::domain::people::Names;
use crate::error::Result;
use facts::Line;
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
    /// Its numbers are left out, because they would tell how one of few people works.
    pub is_withheld: bool,
}

/// Name of the number among [`Figure::others`] that the areas of a scope propose as its goal.
pub const PROPOSED: &str = "Proposed target";

impl Figure {
    fn new(kpi: Kpi, main: Measure) -> Self {
        Self {
            kpi,
            main,
            others: Vec::new(),
            is_withheld: false,
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

/// The rows behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    pub kpi: Kpi,
    /// The first of them.
    lines: Vec<Line>,
    /// How many there are.
    pub count: usize,
}

/// How many rows behind a figure are kept; the others are counted.
const ROWS: usize = 1000;

impl Behind {
    fn of(kpi: Kpi, mut lines: Vec<Line>) -> Self {
        let count = lines.len();
        lines.truncate(ROWS);
        Self { kpi, lines, count }
    }

    /// So many of them. Everyone who may see the scope may read them: where it is not about one person, they name people
    /// only with what is open to all, their clearances.
    pub fn rows(mut self, c: &mut Conn, most: usize) -> Result<Vec<Row>> {
        self.lines.truncate(most);
        let names = Names::load(c, self.lines.iter().filter_map(|line| line.person))?;
        let rows = self.lines.into_iter().map(|line| line.row(&names));
        Ok(rows.collect())
    }
}

/// All figures that a scope has, in the order of [`Kpi`], each with the rows behind it. On a connection of a past day, `now`
/// is that day's last moment.
pub fn figures(c: &mut Conn, scope: &Scope, now: UtcTime) -> Result<Vec<(Figure, Behind)>> {
    let reach = Reach::load(c, scope, now)?;
    facts::figures(c, &reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_rows_are_kept_and_all_are_counted() {
        for (n, kept) in [(0, 0), (ROWS, ROWS), (ROWS + 1, ROWS)] {
            let behind = Behind::of(Kpi::Coverage, vec![Line::default(); n]);
            assert_eq!((behind.lines.len(), behind.count), (kept, n));
        }
    }
}
