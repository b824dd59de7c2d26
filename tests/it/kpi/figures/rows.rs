//! The rows behind a figure: bounded, and nobody is named by them whom that does not concern.

use std::collections::BTreeSet;

use checkride::db::schema::people;
use checkride::domain::kpi::Kpi;
use checkride::usecases::kpi::{Scope, behind, figures};
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
        for kpi in Kpi::ALL {
            let (rows, _) = behind(&mut c, &scope, *kpi, at(TODAY), 1000).unwrap();
            for row in rows {
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
        for kpi in Kpi::ALL {
            let (rows, _) = behind(&mut c, &scope, *kpi, at(TODAY), 1000).unwrap();
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
fn rows_are_as_many_as_wanted_and_all_are_counted() {
    let database = filled();
    let mut c = database.connect();
    let mut long = 0;
    for (word, scope) in scopes(&mut c) {
        for figure in figures(&mut c, &scope, at(TODAY)).unwrap() {
            let mut rows = |limit| behind(&mut c, &scope, figure.kpi, at(TODAY), limit).unwrap();
            let ((all, count), (few, same)) = (rows(1000), rows(2));
            assert_eq!((all.len(), count), (count, same), "{word}");
            assert_eq!(few, all.iter().take(2).cloned().collect::<Vec<_>>());
            long += usize::from(count > 2);
        }
    }
    assert!(long > 30, "{long}");
}

#[test]
fn a_figure_that_a_scope_does_not_have_has_no_rows() {
    let database = filled();
    let mut c = database.connect();
    for (word, scope) in scopes(&mut c) {
        let has = figures(&mut c, &scope, at(TODAY)).unwrap();
        let has: Vec<Kpi> = has.iter().map(|figure| figure.kpi).collect();
        assert!(has.is_sorted(), "{word}");
        match scope {
            Scope::Person(_) => assert!(!has.contains(&Kpi::Coverage)),
            _ => assert_eq!(has, Kpi::ALL),
        }
        for kpi in Kpi::ALL.iter().filter(|kpi| !has.contains(kpi)) {
            let rows = behind(&mut c, &scope, *kpi, at(TODAY), 10).unwrap();
            assert_eq!(rows, (Vec::new(), 0), "{word}");
        }
    }
}

/// All figures of a scope ask at most that many statements; the rows behind one, and the names in them, at most so many.
const MOST: usize = 34;
const MOST_OF_ROWS: usize = 10;

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
        for kpi in Kpi::ALL {
            behind(&mut c, &scope, *kpi, at(TODAY), 1000).unwrap();
            let asked = statements.take();
            assert!(
                asked.len() <= MOST_OF_ROWS,
                "{word}, {kpi:?}: {}\n{}",
                asked.len(),
                asked.join("\n")
            );
        }
    }
}
