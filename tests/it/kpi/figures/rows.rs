//! The rows behind a figure: bounded, and nobody is named by them whom that does not concern.

use std::collections::BTreeSet;

use checkride::db::schema::people;
use checkride::domain::kpi::Kpi;
use checkride::usecases::kpi::{Scope, figures};
use diesel::prelude::*;

use super::{TODAY, filled, scopes};
use crate::support::statements::Statements;
use crate::support::{Database, at};

/// What is open to all members: who is cleared.
const NAMING: [Kpi; 3] = [Kpi::Coverage, Kpi::BusFactor, Kpi::QualifierDepth];

#[test]
fn rows_of_many_name_nobody_but_who_is_cleared() {
    let database = filled();
    let mut c = database.connect();
    let names: Vec<String> = people::table.select(people::name).load(&mut c).unwrap();
    let mut named = BTreeSet::new();
    for (word, scope) in scopes(&mut c) {
        if matches!(scope, Scope::Person(_)) {
            continue;
        }
        for (figure, behind) in figures(&mut c, &scope, at(TODAY)).unwrap() {
            let kpi = &figure.kpi;
            for row in behind.rows(&mut c, usize::MAX).unwrap() {
                let text = format!("{} {}", row.what, row.adds);
                let names_somebody = names.iter().any(|name| text.contains(name.as_str()));
                let address = row.address.unwrap_or_default();
                let is_private = ["/ramps/", "/sessions/", "/shifts/", "/sign-offs/"]
                    .iter()
                    .any(|start| address.starts_with(start));
                assert!(!is_private, "{word}: {kpi:?} leads to {address}");
                if names_somebody || address.starts_with("/people/") {
                    assert!(NAMING.contains(kpi), "{word}: {kpi:?} says {text}");
                    named.insert(*kpi);
                }
            }
        }
    }
    assert_eq!(named.into_iter().collect::<Vec<_>>(), NAMING);
}

#[test]
fn rows_of_a_person_name_nobody_else() {
    let database = filled();
    let mut c = database.connect();
    let names: Vec<String> = people::table.select(people::name).load(&mut c).unwrap();
    let mut rows_seen = 0;
    for (word, scope) in scopes(&mut c) {
        if !matches!(scope, Scope::Person(_)) {
            continue;
        }
        for (figure, behind) in figures(&mut c, &scope, at(TODAY)).unwrap() {
            let kpi = &figure.kpi;
            let rows = behind.rows(&mut c, usize::MAX).unwrap();
            rows_seen += rows.len();
            for row in rows {
                let text = format!("{} {}", row.what, row.adds);
                let somebody = names.iter().find(|name| text.contains(name.as_str()));
                assert_eq!(somebody, None, "{word}: {kpi:?} says {text}");
            }
        }
    }
    assert!(rows_seen > 50, "{rows_seen}");
}

#[test]
fn rows_are_bounded_and_all_are_counted() {
    let database = filled();
    let mut c = database.connect();
    let mut long = 0;
    for (word, scope) in scopes(&mut c) {
        for (_, behind) in figures(&mut c, &scope, at(TODAY)).unwrap() {
            let count = behind.count;
            let rows = behind.rows(&mut c, usize::MAX).unwrap();
            assert_eq!(rows.len(), count.min(50), "{word}");
            long += usize::from(count > 2);
        }
    }
    assert!(long > 30, "{long}");
}

#[test]
fn a_scope_has_its_figures_in_order_and_rows_of_each() {
    let database = filled();
    let mut c = database.connect();
    for (word, scope) in scopes(&mut c) {
        let all = figures(&mut c, &scope, at(TODAY)).unwrap();
        let has: Vec<Kpi> = all.iter().map(|(figure, _)| figure.kpi).collect();
        assert!(has.is_sorted(), "{word}");
        assert!(all.iter().all(|(f, b)| f.kpi == b.kpi), "{word}");
        match scope {
            Scope::Person(_) => assert!(!has.contains(&Kpi::Coverage)),
            _ => assert_eq!(has, Kpi::ALL),
        }
    }
}

/// Figures that tell how people work or judge.
const OF_PEOPLE: [Kpi; 6] = [
    Kpi::MentorLoad,
    Kpi::LoadSpread,
    Kpi::LoggingDelay,
    Kpi::Agreement,
    Kpi::Kappa,
    Kpi::Strictness,
];

#[test]
fn what_tells_of_one_or_two_people_is_open_to_nobody_but_them() {
    let database = filled();
    let mut c = database.connect();
    let mut withheld = BTreeSet::new();
    for (word, scope) in scopes(&mut c) {
        for (figure, behind) in figures(&mut c, &scope, at(TODAY)).unwrap() {
            if !figure.is_withheld {
                continue;
            }
            withheld.insert(figure.kpi);
            assert!(!matches!(scope, Scope::Person(_)), "{word}");
            assert!(OF_PEOPLE.contains(&figure.kpi), "{word}: {:?}", figure.kpi);
            let others = figure.others.iter().map(|(_, measure, _)| measure);
            let mut numbers = others.chain([&figure.main]);
            assert!(numbers.all(|measure| measure.value.is_none()), "{word}");
            assert_eq!(behind.rows(&mut c, usize::MAX).unwrap(), [], "{word}");
        }
    }
    assert!(withheld.len() > 3, "{withheld:?}");
}

/// All figures of a scope ask at most that many statements, the rows behind them included.
const MOST: usize = 35;

#[test]
fn figures_ask_a_few_statements_whatever_the_scope() {
    let database = Database::migrated();
    checkride::demo::fill(&database.target, at(TODAY)).unwrap();
    let statements = Statements::default();
    let mut c = statements.counting(|| database.connect());
    for (word, scope) in scopes(&mut c) {
        statements.take();
        figures(&mut c, &scope, at(TODAY)).unwrap();
        let asked = statements.take();
        assert!(
            asked.len() <= MOST,
            "{word}: {}\n{}",
            asked.len(),
            asked.join("\n")
        );
    }
}
