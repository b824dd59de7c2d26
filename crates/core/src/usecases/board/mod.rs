//! The readiness board: people by areas, with the status the engine gives. One pure function builds it from rows, for
//! pages, exports and the command line.

pub mod store;

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::db::types::Day;
use crate::domain::area::Cover;
use crate::domain::area::model::Area;
use crate::domain::people::model::Team;
use crate::domain::readiness::{BoardStatus, Readiness};
use crate::text_enum;
use crate::usecases::register::{AreaCover, BoardCell, Register};

text_enum! {
    /// Which people the board shows: those with at least one such cell.
    pub enum Show {
        Everyone = "everyone" / "Everyone",
        /// Cleared, expiring included.
        Cleared = "cleared" / "Cleared now",
        Ramping = "ramping" / "Ramping",
        /// Ramping, with most of it done.
        Close = "close" / "Close to sign-off",
        /// A sign-off waits for a key.
        Signoff = "sign-off" / "Sign-off",
        /// Cleared, ends within 30 days.
        Expiring = "expiring" / "Expiring in 30 days",
        Lapsed = "lapsed" / "Lapsed",
    }
}

text_enum! {
    /// The order of people. Equal ones are sorted by name.
    pub enum Sort {
        Name = "name" / "Name",
        /// Most areas covered first.
        Cleared = "cleared" / "Most areas cleared",
        /// First clearance to end first.
        Expiry = "expiry" / "Next to expire",
    }
}

impl Show {
    pub fn matches(self, cell: &BoardCell) -> bool {
        match self {
            Self::Everyone => true,
            Self::Cleared => cell.cell.is_cover,
            Self::Ramping => cell.has_status(BoardStatus::Ramping),
            Self::Close => cell.cell.is_close(),
            Self::Signoff => cell.has_status(BoardStatus::Signoff),
            Self::Expiring => cell.has_status(BoardStatus::Expiring),
            Self::Lapsed => cell.has_status(BoardStatus::Lapsed),
        }
    }
}

/// The filter of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Only people of this team.
    pub team: Option<i64>,
    pub area: Option<i64>,
    /// Only people with such a cell.
    pub show: Show,
    pub sort: Sort,
}

impl Filter {
    pub const ALL: Self = Self {
        team: None,
        area: None,
        show: Show::Everyone,
        sort: Sort::Name,
    };

    /// Reads a filter from the URL. Unknown words of `team` and `show` filter nothing.
    pub fn parse(team: Option<i64>, area: &str, show: &str, sort: &str, areas: &[Area]) -> Self {
        Self {
            team,
            // An unknown area matches no one. It must not silently show everything.
            area: (!area.is_empty())
                .then(|| areas.iter().find(|a| a.slug == area).map_or(0, |a| a.id)),
            show: Show::parse(show).unwrap_or(Show::Everyone),
            sort: Sort::parse(sort).unwrap_or(Sort::Name),
        }
    }
}

/// The team to show: the requested one. A large organisation is shown team by team, the viewer's own team first.
pub fn team_shown(asked: Option<i64>, is_large: bool, own: &[i64], teams: &[Team]) -> Option<i64> {
    let first = || {
        let mine = teams.iter().find(|t| own.contains(&t.id));
        mine.or(teams.first()).map(|t| t.id)
    };
    asked.or_else(|| is_large.then(first).flatten())
}

/// The board, ready to show or export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Areas with their cover, in display order.
    pub columns: Vec<Column>,
    /// People who match the filter, in the requested order.
    pub rows: Vec<Row>,
    /// Number of people before `show` is applied.
    pub people: usize,
    /// Figures before `show` is applied.
    pub figures: Figures,
}

impl Board {
    /// Whether each column has nothing to say of the people shown.
    pub fn blank_columns(&self) -> Vec<bool> {
        let says = |n: usize| {
            let mut cells = self.rows.iter().filter_map(|row| row.cells.get(n));
            cells.any(|shown| shown.cell.status != BoardStatus::NotPlanned)
        };
        (0..self.columns.len()).map(|n| !says(n)).collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub area_id: i64,
    /// Slug.
    pub slug: String,
    /// What it is called where there is little room.
    pub code: String,
    pub name: String,
    /// Counted over everyone, not only the people shown.
    pub cover: AreaCover,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub person_id: i64,
    /// One cell a column.
    pub cells: Vec<BoardCell>,
}

impl Row {
    fn areas_cleared(&self) -> usize {
        self.cells.iter().filter(|s| s.cell.is_cover).count()
    }

    fn next_end(&self) -> Option<Day> {
        self.cells
            .iter()
            .filter(|s| s.cell.is_cover)
            .filter_map(|s| s.clearance.as_ref())
            .map(|c| c.holds_until)
            .min()
    }
}

/// A cell of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    pub person_id: i64,
    pub area_id: i64,
    /// Last day of the clearance, if there is one.
    pub ends_on: Option<Day>,
}

/// The figures above the board: each is the length of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Areas below their minimum, with the number of people missing.
    pub short: Vec<(i64, i64)>,
    /// Sign-offs that wait for a key.
    pub to_sign_off: Vec<Spot>,
    /// Clearances that end within 30 days, earliest first.
    pub expiring: Vec<Spot>,
    /// Ramps that are close.
    pub close: Vec<Spot>,
    /// Lapsed clearances, latest first.
    pub lapsed: Vec<Spot>,
}

/// Builds the board from the filter. The engine decides every cell.
pub fn build(register: &Register, readiness: &HashMap<i64, Readiness>, filter: Filter) -> Board {
    let columns: Vec<Column> = register
        .areas()
        .iter()
        .filter(|a| filter.area.is_none_or(|id| id == a.id))
        .map(|a| Column {
            area_id: a.id,
            slug: a.slug.clone(),
            code: a.code.clone(),
            name: a.name.clone(),
            cover: register.cover(a),
        })
        .collect();
    let in_team = |person_id: i64| {
        filter
            .team
            .is_none_or(|team| register.teams_of(person_id).contains(&team))
    };
    let mut rows: Vec<Row> = register
        .active()
        .iter()
        .filter(|p| in_team(p.id))
        .map(|p| Row {
            person_id: p.id,
            cells: columns
                .iter()
                .map(|c| register.cell(p.id, c.area_id, readiness))
                .collect(),
        })
        .collect();
    let (people, figures) = (rows.len(), figures(&columns, &rows));
    if filter.show != Show::Everyone {
        rows.retain(|r| r.cells.iter().any(|s| filter.show.matches(s)));
    }
    // The register sorts by name, and these sorts are stable.
    match filter.sort {
        Sort::Name => {}
        Sort::Cleared => rows.sort_by_key(|r| Reverse(r.areas_cleared())),
        Sort::Expiry => {
            rows.sort_by_key(|r| r.next_end().map_or((true, None), |day| (false, Some(day))))
        }
    }
    Board {
        columns,
        rows,
        people,
        figures,
    }
}

fn figures(columns: &[Column], rows: &[Row]) -> Figures {
    let spots = |show: Show| -> Vec<Spot> {
        rows.iter()
            .flat_map(|r| r.cells.iter().map(move |s| (r, s)))
            .filter(|(_, s)| show.matches(s))
            .map(|(r, s)| Spot {
                person_id: r.person_id,
                area_id: s.area_id,
                ends_on: s.clearance.as_ref().map(|c| c.holds_until),
            })
            .collect()
    };
    let mut figures = Figures {
        short: columns
            .iter()
            .filter_map(|c| match c.cover.cover {
                Cover::ShortBy(n) => Some((c.area_id, n)),
                Cover::AtMinimum | Cover::Spare(_) => None,
            })
            .collect(),
        to_sign_off: spots(Show::Signoff),
        expiring: spots(Show::Expiring),
        close: spots(Show::Close),
        lapsed: spots(Show::Lapsed),
    };
    figures.expiring.sort_by_key(|s| s.ends_on);
    figures.lapsed.sort_by_key(|s| Reverse(s.ends_on));
    figures
}
