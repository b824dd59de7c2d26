//! The walls of the house: which room may name which. ARCHITECTURE.md draws them. The compiler keeps the one between the
//! two crates: what Checkride knows and decides cannot name what shows it.

mod one_tap;
mod shadowed;
pub mod source;
mod templates;
mod words;

use source::{Source, files, named, sources};
use std::path::Path;

/// Nouns of the domain: each names only those before it.
const ORDER: [&str; 34] = [
    "people",
    "auth",
    "outbox",
    "standard",
    "ramp",
    "shift",
    "area",
    "search",
    "audit",
    "assessment",
    "clearance",
    "readiness",
    "signoff",
    "waiver",
    "session",
    "picture",
    "postmortem",
    "stale",
    "currency",
    "drill",
    "discussion",
    "programme",
    "queue",
    "interim",
    "asked",
    "invite",
    "notification",
    "availability",
    "calendar",
    "hook",
    "rota",
    "forecast",
    "kpi",
    "screen",
];
/// What every page may name of `pages`, beside its own noun.
const SHARED: [&str; 4] = ["request", "form", "status", "parts"];

/// Why a file may not name that path, and where the name belongs instead.
fn wall(source: &Source, path: &[String]) -> Option<&'static str> {
    let place = |noun: &str| ORDER.iter().position(|n| *n == noun);
    let first = path.first().map_or("", String::as_str);
    let second = path.get(1).map_or("", String::as_str);
    match (source.wing(), first) {
        ("domain", "usecases") => {
            Some("domain knows no use case: take the name down into its noun")
        }
        ("domain", "domain") if place(second)? > place(source.noun())? => Some(
            "a noun names only nouns before it: take the name down, or what joins both up into usecases",
        ),
        ("pages", "pages")
            if second != source.noun()
                && !SHARED.contains(&second)
                && source.file.contains('/') =>
        {
            Some("a page names no other noun's page: what both show belongs in pages/parts")
        }
        ("pages", "demo" | "cli") => {
            Some("demo and command line use the rooms below them, never the other way")
        }
        ("db" | "forms" | "net" | "outgoing" | "time" | "web", "domain" | "usecases" | "pages") => {
            Some("the base knows no noun: give what it needs as an argument")
        }
        _ => None,
    }
}

#[test]
fn every_room_names_only_what_it_may() {
    let mut broken = Vec::new();
    for source in &sources() {
        for path in &source.names {
            if let Some(why) = wall(source, path) {
                broken.push(format!(
                    "{} names {}: {why}",
                    source.path(),
                    path.join("::")
                ));
            }
        }
        let inner = matches!(source.wing(), "domain" | "usecases");
        for library in ["actix_web", "askama"] {
            if inner && source.code.contains(library) {
                broken.push(format!(
                    "{} names {library}: what is HTTP or HTML belongs in pages",
                    source.path()
                ));
            }
        }
        if source.wing() == "pages" && source.code.contains("db::schema") {
            broken.push(format!(
                "{} names SQL: a query belongs in the noun's store, or in usecases",
                source.path()
            ));
        }
    }
    assert!(broken.is_empty(), "broken walls:\n{}", broken.join("\n"));
}

/// Names and addresses are folded in one place: the databases, and two ways in Rust, would do it differently.
#[test]
fn only_text_folds_names_and_addresses() {
    for source in sources().iter().filter(|s| s.wing() != "text") {
        // A call may be on a line of its own.
        let code: String = source.code.split_whitespace().collect();
        for what in ["name", "email", "name.as_str()", "email.as_str()"] {
            for fold in ["to_lowercase()", "to_uppercase()", "to_ascii_lowercase()"] {
                let folded = format!("{what}.{fold}");
                assert!(
                    !code.contains(&folded) || source.file.ends_with("fixture.rs"),
                    "{}: {folded}: ask crate::text",
                    source.path()
                );
            }
        }
    }
}

/// A template that is a whole page has the page file of its path.
#[test]
fn every_page_template_has_the_page_file_of_its_path() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut alone = Vec::new();
    for template in files(&root.join("templates"), "html") {
        let text = std::fs::read_to_string(&template).unwrap();
        let path = template.strip_prefix(root.join("templates")).unwrap();
        // The page of an error is the ground's.
        let page =
            ["src/pages", "src/web"].map(|wing| root.join(wing).join(path).with_extension("rs"));
        if text.starts_with("{% extends") && !page.iter().any(|p| p.is_file()) {
            alone.push(path.display().to_string());
        }
    }
    assert!(
        alone.is_empty(),
        "templates without src/pages/<the same path>.rs: {alone:#?}"
    );
}

#[test]
fn every_noun_of_the_domain_has_its_place_in_the_order() {
    let mut nouns: Vec<String> = sources()
        .iter()
        .filter(|s| s.wing() == "domain" && s.file != "domain/mod.rs")
        .map(|s| s.noun().to_owned())
        .collect();
    nouns.sort();
    nouns.dedup();
    let mut ordered = ORDER.map(str::to_owned);
    ordered.sort();
    assert_eq!(nouns, ordered);
}

#[test]
fn a_broken_wall_is_seen() {
    let in_room = |file: &str, code: &str| {
        let source = Source {
            of: "src",
            file: file.to_owned(),
            code: code.to_owned(),
            names: named(code),
        };
        source.names.iter().any(|p| wall(&source, p).is_some())
    };
    assert!(in_room(
        "domain/ramp/mod.rs",
        "use crate::usecases::dossier::Dossier;"
    ));
    assert!(in_room(
        "domain/ramp/mod.rs",
        "use crate::{db, domain::{people, shift::model::Shift}};"
    ));
    assert!(!in_room(
        "domain/shift/mod.rs",
        "use crate::domain::{people, ramp::model::Ramp as R};"
    ));
    assert!(in_room(
        "pages/ramp/show.rs",
        "use crate::pages::{status, area::show};"
    ));
    assert!(!in_room(
        "pages/ramp/show.rs",
        "use crate::pages::{status, ramp::show, parts::links};"
    ));
    assert!(in_room("web/page.rs", "use crate::domain::people;"));
}
