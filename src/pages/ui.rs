//! Every component in every state on one page, in debug builds: what a change of stylesheet or macros does is seen at a
//! glance, and tests look at it as at any other page. It shows samples only and asks no database.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::db::types::Day;
use crate::domain::readiness::BoardStatus;
use crate::domain::standard::Level;
use crate::error::Result;
use crate::pages::parts::chart::line::Series;
use crate::pages::parts::chart::{Picture, bars, line, squares};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::parts::team::TeamField;
use crate::pages::status::{StatusBadge, share};
use crate::time::MomentField;
use crate::usecases::waiver::note::WaiverNote;
use crate::web::past::Near;
use crate::web::table::Files;
use crate::web::{Errors, Fields, Flash, Page, Past, Viewer, html};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/_ui", web::get().to(page));
}

async fn page() -> Result<HttpResponse> {
    html(&sample())
}

#[derive(Template)]
#[template(path = "ui.html")]
struct UiPage {
    page: Page,
    badges: Vec<StatusBadge>,
    levels: Vec<(u8, &'static str)>,
    waivers: Vec<WaiverNote>,
    choices: Vec<Choice>,
    teams: [TeamField; 2],
    past: Past,
    moment: MomentField,
    twice: MomentField,
    charts: [(&'static str, Picture); 3],
    files: Files,
    filters: Filters,
    none: Errors,
    wrong: Errors,
}

fn sample() -> UiPage {
    let mut wrong = Errors::default();
    for field in [
        "w-text",
        "w-password",
        "w-date",
        "w-moment",
        "another",
        "w-area",
        "w-select",
        "w-radio",
    ] {
        wrong.add(field, "This says what is wrong and what would be right.");
    }
    wrong.add("", "This is about the form as a whole.");
    let plain = BoardStatus::ALL
        .iter()
        .filter(|status| **status != BoardStatus::Ramping)
        .map(|status| StatusBadge::new(*status, None, String::new()));
    let ramping = [10, 40, 65, 80]
        .map(|percent| StatusBadge::new(BoardStatus::Ramping, Some(percent), share(percent)));
    let moment = |text: &str| MomentField {
        text: text.into(),
        zone: "America/Toronto".into(),
        ..MomentField::default()
    };
    UiPage {
        charts: charts(),
        moment: moment("2026-11-12T09:00"),
        twice: moment("2026-11-01T01:30"),
        page: Page {
            viewer: Some(Viewer {
                name: "Sample Person".into(),
                initials: "SP".into(),
                email: "sample.person@example.com".into(),
                handle: "sample-person".into(),
                time_zone: "UTC".into(),
                is_admin: true,
                is_lead: true,
            }),
            flash: Some(Flash {
                text: "The sample was saved.".into(),
                undo: Some("/_ui".into()),
            }),
            ..Page::signed_out("Components")
        },
        badges: plain.chain(ramping).collect(),
        levels: Level::ALL
            .iter()
            .map(|level| (level.number(), level.label()))
            .collect(),
        waivers: vec![WaiverNote {
            css: "soon",
            icon: "st-waived",
            text: "Waived until 1 Mar by Sample Lead".into(),
            href: "#gates".into(),
        }],
        choices: vec![
            Choice::new("a", "Not chosen", false),
            Choice::new("b", "Chosen", true),
        ],
        teams: [false, true].map(|is_many| TeamField {
            choices: vec![Choice::new("edge", "Edge", true)],
            is_many,
            typed: "Edge".into(),
            team: None,
        }),
        past: Past {
            day: Day::parse("2026-03-01"),
            typed: "2026-03-01".into(),
            latest: "2026-11-22".into(),
            near: vec![Near {
                at: "2026-03-02".into(),
                word: "Tomorrow".into(),
            }],
            ..Past::default()
        },
        files: Files::of("/people", &Fields::default()),
        filters: Filters::of("/_ui", &Fields::default()),
        none: Errors::default(),
        wrong,
    }
}

fn charts() -> [(&'static str, Picture); 3] {
    let values = [None, Some(0.5), Some(0.62), Some(0.6), None, Some(0.71)];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"];
    let series = Series {
        title: "A line with its target".into(),
        heads: ("End of".into(), "Share".into()),
        points: months.iter().map(|m| (*m).to_owned()).zip(values).collect(),
        goals: vec![0.7],
    };
    let areas = [("Payments", 3.0), ("Storefront and edge", 1.0)];
    let areas = areas.map(|(name, n)| (name.to_owned(), n));
    let heads = ("Area", "Cleared");
    let line = line::picture(&series, |v| format!("{:.0} %", v * 100.0));
    let bars = bars::picture("Bars with a target", heads, &areas, Some(2.0), |v| {
        format!("{v:.0}")
    });
    let squares = squares::picture("One square a person", (2, 3), "2 of 3 cleared");
    [("line", line), ("bars", bars), ("squares", squares)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    const MACROS: &str = include_str!("../../templates/macros.html");
    const TEMPLATE: &str = include_str!("../../templates/ui.html");
    const STYLE: &str = include_str!("../../assets/app.css");

    #[test]
    fn every_macro_is_shown() {
        let mut missing = Vec::new();
        for (before, rest) in MACROS
            .match_indices("{%- macro ")
            .map(|(at, word)| (&MACROS[..at], &MACROS[at + word.len()..]))
        {
            let name = rest.split('(').next().unwrap();
            let is_inner = before
                .rsplit("{#-")
                .next()
                .unwrap()
                .contains("Inner helper");
            if !is_inner && !TEMPLATE.contains(&format!("m::{name}(")) {
                missing.push(name);
            }
        }
        assert!(
            missing.is_empty(),
            "show these macros in templates/ui.html: {missing:?}"
        );
    }

    /// Classes that stand in the selectors of the stylesheet's components.
    fn classes() -> BTreeSet<&'static str> {
        let components = STYLE.split("@layer components {").nth(1).unwrap();
        let components = components.split("@layer pages {").next().unwrap();
        let mut found = BTreeSet::new();
        for rule in components.split('}') {
            let selector = rule.rsplit("*/").next().unwrap();
            let selector = match selector.rsplit_once('{') {
                Some((selector, _)) => selector,
                None => continue,
            };
            for class in selector.split('.').skip(1) {
                let end = class
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                    .unwrap_or(class.len());
                if class.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    found.insert(&class[..end]);
                }
            }
        }
        assert!(found.len() > 80, "the stylesheet was not understood");
        found
    }

    #[test]
    fn every_component_of_the_stylesheet_is_shown() {
        let html = sample().render().unwrap();
        let shown: BTreeSet<&str> = html
            .split("class=\"")
            .skip(1)
            .flat_map(|rest| rest.split('"').next().unwrap().split_whitespace())
            .collect();
        let missing: Vec<_> = classes()
            .into_iter()
            .filter(|c| !shown.contains(c))
            .collect();
        assert!(
            missing.is_empty(),
            "show these classes in templates/ui.html: {missing:?}"
        );
    }

    fn templates_in(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .flat_map(|path| match path.is_dir() {
                true => templates_in(&path),
                false => vec![path],
            })
            .collect()
    }

    #[test]
    fn a_line_of_a_template_can_be_read() {
        let templates = templates_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"));
        assert!(!templates.is_empty());
        let mut long = Vec::new();
        for path in templates {
            for (n, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                let columns = line.chars().count();
                if columns >= 160 {
                    long.push(format!("{}:{}: {columns}", path.display(), n + 1));
                }
            }
        }
        assert!(
            long.is_empty(),
            "break these lines at a space, before an attribute, or beside a tag with dashes, {{{{- like this -}}}}, \
             which keep the break out of the page: {long:#?}"
        );
    }
}
