//! `checkride export`: what it writes comes back, on both databases, as the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

use checkride::import::export;
use tempfile::TempDir;

use crate::support::process::{checkride_on, printed, refused};
use crate::support::{Database, Demo, Role, Site};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inner = files(&path).into_iter();
            found.extend(inner.map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Imports a folder into an empty database, and exports that one.
fn there_and_back(from: &Path) -> TempDir {
    let (database, to) = (Database::empty(), TempDir::new().unwrap());
    let name = |path: &Path| path.to_str().unwrap().to_owned();
    printed(&mut checkride_on(&database, &["import", &name(from)]));
    let said = printed(&mut checkride_on(&database, &["export", &name(to.path())]));
    assert!(said.contains("files were written into"), "{said}");
    // Nothing is written over.
    let said = refused(&mut checkride_on(&database, &["export", &name(to.path())]));
    assert!(said.contains("is not empty"), "{said}");
    to
}

#[test]
fn an_export_of_an_import_of_an_export_is_the_same_bytes() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let first = there_and_back(&demo);
    let second = there_and_back(first.path());
    assert_eq!(files(first.path()), files(second.path()));
    assert_eq!(files(first.path()).len(), 17);
}

#[test]
fn an_organisation_with_a_history_comes_back_as_the_same_bytes() {
    let (demo, folder) = (Demo::open(), TempDir::new().unwrap());
    let written = demo.app.db(export::files);
    export::write(folder.path(), &written).unwrap();
    let first = there_and_back(folder.path());
    assert_eq!(files(first.path()), written);
}

#[test]
fn names_full_of_signs_come_back_as_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let people = "name,email,time_zone,team,lead\n\
        \"Ana \"\"Q\"\"; de, Sá\",ana@example.com,Europe/Lisbon,\"Nuit; \"\"jour\"\", 漢字\",yes\n\
        =Zoë -1,zoe@example.com,Asia/Tokyo,,no\n\
        ,,,Nobody's team,no\n";
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    std::fs::create_dir(folder.path().join("areas")).unwrap();
    let area = r#"code = "ODD"
name = "Odd \"quoted\"; \\ area"
summary = """
Two
lines"""
tier = 3
owner_team = "Nobody's team"
minimum_cover = 1
target_weeks = 2
validity_months = 3
recency_days = 30
qualifiers = ["zoe@example.com"]
"#;
    std::fs::write(folder.path().join("areas/odd.toml"), area).unwrap();
    let first = there_and_back(folder.path());
    let second = there_and_back(first.path());
    assert_eq!(files(first.path()), files(second.path()));
    let written = files(first.path());
    assert_eq!(
        String::from_utf8(written["people.csv"].clone()).unwrap(),
        people
    );
    let area = String::from_utf8(written["areas/odd.toml"].clone()).unwrap();
    assert!(area.contains("summary = \"Two lines\""), "{area}");
}

#[test]
fn rules_of_practice_ends_and_labels_come_back_as_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let people = "name,email,time_zone,team,lead\nAna Sá,ana@example.com,Europe/Lisbon,Shop,yes\n";
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    std::fs::create_dir(folder.path().join("areas")).unwrap();
    let rules = [
        (
            "spring",
            "ends = \"03-31\"\nrecency_days = 90\npractices = 3\n",
        ),
        (
            "always",
            "ends = \"never\"\nrecency_days = 60\npractice_minutes = 600\npractice_kinds = [\"shift\", \"incident\"]\n",
        ),
        (
            "yearly",
            "validity_months = 12\nrecency_days = 90\npractice_kinds = [\"drill_led\"]\nlabels = [\"Nordic \\\"portal\\\"\", \"Webshop\"]\n",
        ),
    ];
    for (slug, rule) in rules {
        let code = slug[..3].to_uppercase();
        let area = format!(
            "code = \"{code}\"\nname = \"{slug}\"\nsummary = \"Short\"\ntier = 2\nowner_team = \"Shop\"\nminimum_cover = 1\n\
             target_weeks = 2\n{rule}qualifiers = []\n"
        );
        std::fs::write(folder.path().join(format!("areas/{slug}.toml")), area).unwrap();
    }
    let first = there_and_back(folder.path());
    let second = there_and_back(first.path());
    assert_eq!(files(first.path()), files(second.path()));
    let written = files(first.path());
    for (slug, rule) in rules {
        let area = String::from_utf8(written[&format!("areas/{slug}.toml")].clone()).unwrap();
        for line in rule.lines() {
            assert!(area.contains(line), "{line} in {area}");
        }
    }
}

#[test]
fn an_administrator_saves_the_folder_in_the_browser() {
    let site = Site::open();
    let answer = site
        .client(Role::Administrator)
        .get("/admin/organisation.zip");
    answer.assert_status(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    site.client(Role::OwnerLead)
        .get("/admin/organisation.zip")
        .assert_status(403);
}
