//! Figures of the demo and of a small organisation: computed twice, kept, and shown to nobody whom they do not concern.

mod later;
mod rows;
mod second;
mod words;

use checkride::db::Conn;
use checkride::db::schema::{areas, people, teams};
use checkride::db::types::UtcTime;
use checkride::demo;
use checkride::domain::area::labels;
use checkride::domain::kpi::Kpi;
use checkride::usecases::kpi::{Behind, Figure, Scope, figures as with_rows};
use diesel::prelude::*;

use crate::support::{Database, at};

pub const TODAY: &str = "2026-11-23T09:00:00Z";

/// The demo alone, without an app on it.
fn filled() -> Database {
    let database = Database::migrated();
    demo::fill(&database.target, at(TODAY)).unwrap();
    database
}

/// Every scope there is, with its name in the second computation.
fn scopes(c: &mut Conn) -> Vec<(String, Scope)> {
    let mut all = vec![("organisation".to_owned(), Scope::Organisation)];
    let ids: Vec<i64> = teams::table
        .order(teams::id)
        .select(teams::id)
        .load(c)
        .unwrap();
    all.extend(
        ids.into_iter()
            .map(|id| (format!("team {id}"), Scope::Team(id))),
    );
    let ids: Vec<i64> = areas::table
        .filter(areas::archived_at.is_null())
        .order(areas::id)
        .select(areas::id)
        .load(c)
        .unwrap();
    all.extend(
        ids.into_iter()
            .map(|id| (format!("area {id}"), Scope::Area(id))),
    );
    let stored: Vec<String> = areas::table.select(areas::labels).load(c).unwrap();
    let labels = labels::distinct(stored.iter().map(String::as_str)).into_iter();
    all.extend(labels.map(|label| {
        (
            format!("label {}", label.to_lowercase()),
            Scope::Label(label),
        )
    }));
    let ids: Vec<i64> = people::table
        .order(people::id)
        .select(people::id)
        .load(c)
        .unwrap();
    all.extend(
        ids.into_iter()
            .map(|id| (format!("person {id}"), Scope::Person(id))),
    );
    all
}

/// The figures of a scope.
fn figures(c: &mut Conn, scope: &Scope, now: UtcTime) -> Vec<Figure> {
    let all: (Vec<Figure>, Vec<Behind>) = with_rows(c, scope, now).unwrap().into_iter().unzip();
    all.0
}

/// The figures of every scope.
fn everything(c: &mut Conn, now: UtcTime) -> Vec<(String, Vec<Figure>)> {
    let all = scopes(c).into_iter();
    all.map(|(name, scope)| (name, figures(c, &scope, now)))
        .collect()
}

/// Says of two days which figures differ.
#[track_caller]
fn assert_same(one: &[(String, Vec<Figure>)], other: &[(String, Vec<Figure>)], when: &str) {
    assert_eq!(one.len(), other.len(), "{when}");
    for ((scope, one), (_, other)) in one.iter().zip(other) {
        assert_eq!(one.len(), other.len(), "{scope} {when}");
        for (one, other) in one.iter().zip(other) {
            assert_eq!(one, other, "{scope} {when}");
        }
    }
}

fn of(c: &mut Conn, scope: &Scope, kpi: Kpi, now: UtcTime) -> Figure {
    let all = figures(c, scope, now);
    all.into_iter().find(|figure| figure.kpi == kpi).unwrap()
}
