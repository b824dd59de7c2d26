//! The strip of figures above the board, and the addresses of its lists.

use super::{Board, Filter, Show, Sort, Spot};
use crate::people::team_word;
use crate::register::Register;
use crate::register::look;
use crate::web::time::Dial;

/// One figure of the strip, a link to its list.
pub struct Stat {
    /// The list.
    pub href: String,
    /// Status colour.
    pub css: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// `2 to sign off`.
    pub figure: String,
    /// Whom it is about.
    pub note: String,
}

/// The filter in words of the URL.
pub struct Words {
    /// The team's word; empty for all.
    pub team: String,
    /// The area's slug; empty for all.
    pub area: String,
    /// Which people.
    pub show: &'static str,
    /// In which order.
    pub sort: &'static str,
}

impl Words {
    /// The words of a filter.
    pub fn of(filter: Filter, register: &Register) -> Self {
        let team = filter
            .team
            .and_then(|id| register.teams().iter().find(|t| t.id == id));
        Self {
            team: team
                .map(|t| team_word(t, register.teams()))
                .unwrap_or_default(),
            area: filter
                .area
                .and_then(|id| register.area(id))
                .map(|a| a.slug.clone())
                .unwrap_or_default(),
            show: filter.show.word(),
            sort: filter.sort.word(),
        }
    }

    /// The address of the board with this filter; what says nothing is left out.
    pub fn href(&self, show: &str, is_list: bool) -> String {
        let pairs = [
            ("team", self.team.as_str(), ""),
            ("area", self.area.as_str(), ""),
            ("show", show, Show::Everyone.word()),
            ("sort", self.sort, Sort::Name.word()),
            ("view", if is_list { "list" } else { "" }, ""),
        ];
        let said: Vec<String> = pairs
            .iter()
            .filter(|(_, v, unsaid)| v != unsaid)
            .map(|(k, v, _)| format!("{k}={v}"))
            .collect();
        if said.is_empty() {
            "/board".into()
        } else {
            format!("/board?{}", said.join("&"))
        }
    }
}

/// What stands out, each a link to the list it counts.
pub fn stats(
    register: &Register,
    board: &Board,
    words: &Words,
    dial: &Dial,
    is_list: bool,
) -> Vec<Stat> {
    let figures = &board.figures;
    let href = |show: Show| words.href(show.word(), is_list);
    let first = |spots: &[Spot], lead: &str, none: &str| match spots.first() {
        None => none.to_owned(),
        Some(spot) => {
            let day = spot
                .ends_on
                .map(|d| format!(", {}", dial.day(d).text))
                .unwrap_or_default();
            format!(
                "{lead}{}, {}{day}",
                look::first_name(register.name(spot.person_id)),
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
            "/areas?show=short".into(),
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
