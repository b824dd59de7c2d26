//! The strip of figures above the board, and the addresses of its lists.

use crate::db::types::Day;
use crate::pages::status::first_name;
use crate::time::LocalTime;
use crate::usecases::board::{Board, Filter, Show, Sort, Spot};
use crate::usecases::register::Register;
use crate::web::table::Files;
use crate::web::{Fields, query_string};

/// One figure of the strip, a link to its list.
pub struct Stat {
    pub href: String,
    pub css: &'static str,
    pub icon: &'static str,
    /// `2 to sign off`.
    pub figure: String,
    /// Whom it is about.
    pub note: String,
}

/// How the board is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A table where there is room for one, on a phone the same as a list.
    Fitting,
    /// A table, however narrow the window.
    Table,
    /// A list, however wide.
    List,
}

impl View {
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Table, Self::List]
            .into_iter()
            .find(|view| view.word() == word)
    }

    /// Its word in the URL.
    pub fn word(self) -> &'static str {
        self.chosen().unwrap_or_default()
    }

    /// The word of a view that was chosen, whatever the width of the window.
    pub fn chosen(self) -> Option<&'static str> {
        match self {
            Self::Fitting => None,
            Self::Table => Some("table"),
            Self::List => Some("list"),
        }
    }
}

/// What is asked for, in words of the URL.
#[derive(Clone)]
pub struct Words {
    /// The team's word; empty for all.
    pub team: String,
    /// The area's slug; empty for all.
    pub area: String,
    pub show: Show,
    pub sort: Sort,
    pub view: View,
    /// The past day that is shown.
    pub at: Option<Day>,
    /// Areas without anything are shown too.
    pub all_columns: bool,
}

impl Words {
    /// The words of a filter; `team` is the word of its team.
    pub fn of(
        filter: Filter,
        team: String,
        view: View,
        at: Option<Day>,
        register: &Register,
    ) -> Self {
        let area = filter.area.and_then(|id| register.area(id));
        Self {
            team,
            area: area.map(|a| a.slug.clone()).unwrap_or_default(),
            show: filter.show,
            sort: filter.sort,
            view,
            at,
            all_columns: false,
        }
    }

    /// The address of the same people.
    pub fn showing(&self, show: Show) -> String {
        self.href("/board", &self.team, show, self.view)
    }

    /// The address of the same, drawn so.
    pub fn drawn(&self, view: View) -> String {
        self.href("/board", &self.team, self.show, view)
    }

    /// The address of the same today.
    pub fn of_today(&self) -> String {
        let today = Self {
            at: None,
            ..self.clone()
        };
        today.drawn(self.view)
    }

    /// The address of the same with every column, or without those that have nothing.
    pub fn with_columns(&self, all_columns: bool) -> String {
        let other = Self {
            all_columns,
            ..self.clone()
        };
        other.drawn(self.view)
    }

    /// The address of the same of another team.
    pub fn of_team(&self, word: &str) -> String {
        self.href("/board", word, self.show, self.view)
    }

    /// The address of the same for a spreadsheet.
    pub fn files(&self) -> Files {
        let said = self.said(&self.team, self.show, View::Fitting);
        // A file has every area.
        let said: Vec<_> = said
            .iter()
            .filter(|(key, _)| *key != "columns")
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        Files::of("/board", &Fields::of(&said))
    }

    /// What is asked for, as fields.
    pub fn fields(&self) -> Fields {
        let said = self.said(&self.team, self.show, self.view);
        let none = Fields::default();
        said.iter()
            .fold(none, |all, (name, value)| all.and(name, value))
    }

    /// What is asked for but for the day, as fields.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let all = self.said(&self.team, self.show, self.view);
        all.into_iter().filter(|(key, _)| *key != "at").collect()
    }

    fn href(&self, path: &str, team: &str, show: Show, view: View) -> String {
        let said = self.said(team, show, view);
        let pairs = said.iter().map(|(key, value)| (*key, value.as_str()));
        format!("{path}{}", query_string(pairs))
    }

    /// What says nothing is left out.
    fn said(&self, team: &str, show: Show, view: View) -> Vec<(&'static str, String)> {
        let at = self.at.map(|day| day.to_string()).unwrap_or_default();
        let pairs = [
            ("team", team, ""),
            ("area", self.area.as_str(), ""),
            ("show", show.word(), Show::Everyone.word()),
            ("sort", self.sort.word(), Sort::Name.word()),
            ("view", view.word(), View::Fitting.word()),
            ("at", at.as_str(), ""),
            ("columns", if self.all_columns { "all" } else { "" }, ""),
        ];
        let said = pairs
            .into_iter()
            .filter(|(_, value, unsaid)| value != unsaid);
        said.map(|(key, value, _)| (key, value.to_owned()))
            .collect()
    }
}

/// What stands out, each a link to the list it counts.
pub fn stats(register: &Register, board: &Board, words: &Words, local: &LocalTime) -> Vec<Stat> {
    let figures = &board.figures;
    let href = |show: Show| words.showing(show);
    let first = |spots: &[Spot], lead: &str, none: &str| match spots.first() {
        None => none.to_owned(),
        Some(spot) => {
            let (who, area) = (spot.person_id, spot.area_id);
            let held = register.clearance(who, area).map(|held| {
                let word = held.words_alone(register.today());
                format!(", {word} {}", local.day(held.holds_until).text)
            });
            let day = held.unwrap_or_default();
            format!(
                "{lead}{}, {}{day}",
                first_name(register.name(spot.person_id)),
                register.area_name(spot.area_id)
            )
        }
    };
    let short = match figures.short.as_slice() {
        [] => "every area has its minimum".to_owned(),
        [(area, missing)] => format!("{}, by {missing}", register.area_name(*area)),
        [(area, _), rest @ ..] => {
            format!("{} and {} more", register.area_name(*area), rest.len())
        }
    };
    let signoffs: Vec<&str> = figures
        .to_sign_off
        .iter()
        .map(|s| register.name(s.person_id))
        .collect();
    // A figure of nothing is no exception: it keeps its shape and loses its colour.
    let stat =
        |href: String, css: &'static str, icon, count: usize, figure: String, note: String| Stat {
            href,
            css: if count == 0 { "idle" } else { css },
            icon,
            figure,
            note,
        };
    let count = |spots: &[Spot], word: &str| format!("{} {word}", spots.len());
    vec![
        stat(
            // The list of areas has no past; the board shows which are short.
            match words.at {
                Some(_) => href(Show::Everyone),
                None => "/areas?show=short".into(),
            },
            "bad",
            "warn",
            figures.short.len(),
            plural(figures.short.len(), "area short", "areas short"),
            short,
        ),
        stat(
            href(Show::Signoff),
            "wait",
            "st-await",
            figures.to_sign_off.len(),
            count(&figures.to_sign_off, "to sign off"),
            if signoffs.is_empty() {
                "no sign-off waits for a key".into()
            } else {
                signoffs.join(", ")
            },
        ),
        stat(
            href(Show::Expiring),
            "soon",
            "st-expiring",
            figures.expiring.len(),
            count(&figures.expiring, "expiring"),
            first(&figures.expiring, "first ", "none in 30 days"),
        ),
        stat(
            href(Show::Close),
            "ramp",
            "st-ramp3",
            figures.close.len(),
            count(&figures.close, "close"),
            "from 75% of the required lines".into(),
        ),
        stat(
            href(Show::Lapsed),
            "bad",
            "st-lapsed",
            figures.lapsed.len(),
            count(&figures.lapsed, "lapsed"),
            first(&figures.lapsed, "", "no clearance has ended"),
        ),
    ]
}

/// `1 person`, `2 people`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
