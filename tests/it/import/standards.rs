//! `checkride import` as the operator runs it: looks first, writes all or nothing, and nothing twice.

use std::path::{Path, PathBuf};

use checkride::db::migrate::State;
use checkride::db::schema::{areas, audit_entries, people, standards};
use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::audit::{Act, Verdict};
use checkride::domain::standard::store::of_area;
use checkride::domain::standard::{Content, StandardState};
use checkride::import::Options;
use checkride::import::files::{Folder, read};
use checkride::usecases::standard::draft_editor::Seen;
use diesel::prelude::*;
use tempfile::TempDir;

use crate::support::process::{checkride_on, printed, refused};
use crate::support::{Database, at, verified};

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

/// The demo's files in a folder of their own, to be changed.
fn copy_of_demo() -> TempDir {
    let folder = TempDir::with_prefix("checkride-organisation-").unwrap();
    std::fs::create_dir(folder.path().join("areas")).unwrap();
    for file in std::iter::once(demo().join("people.csv")).chain(areas_of(&demo())) {
        let inside = file.strip_prefix(demo()).unwrap();
        std::fs::copy(&file, folder.path().join(inside)).unwrap();
    }
    folder
}

fn areas_of(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder.join("areas")).unwrap();
    files.map(|entry| entry.unwrap().path()).collect()
}

/// Replaces words in a file; they must be there.
fn edit(folder: &TempDir, file: &str, from: &str, to: &str) {
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn import(database: &Database, folder: &Path, options: &[&str]) -> std::process::Command {
    let folder = folder.to_str().unwrap();
    checkride_on(database, &[&["import", folder], options].concat())
}

/// People, areas, standards, audit entries.
fn counts(database: &Database) -> [i64; 4] {
    let c = &mut database.connect();
    [
        people::table.count().get_result(c).unwrap(),
        areas::table.count().get_result(c).unwrap(),
        standards::table.count().get_result(c).unwrap(),
        audit_entries::table.count().get_result(c).unwrap(),
    ]
}

/// Versions of the payments standard, newest first, each with what it asks for.
fn payments(c: &mut Conn) -> Vec<(i32, StandardState, Content)> {
    let area: i64 = areas::table
        .filter(areas::slug.eq("payments"))
        .select(areas::id)
        .first(c)
        .unwrap();
    let versions = of_area(c, area).unwrap().into_iter();
    versions
        .map(|v| (v.version, v.state, (*v.content).clone()))
        .collect()
}

#[test]
fn a_dry_run_says_what_would_change_and_the_import_then_changes_that_once() {
    let database = Database::empty();
    let planned = printed(&mut import(&database, &demo(), &["--dry-run"]));
    assert!(
        planned.starts_with("team Commerce SRE: added\n"),
        "{planned}"
    );
    assert!(planned.contains("an administrator because nobody was here before"));
    assert!(planned.trim_end().ends_with("Nothing was written."));
    let state = checkride::db::migrate::state(&mut database.connect());
    assert_eq!(state.unwrap(), State::Fresh, "not even a table");

    // A look at an empty database says the same, and leaves it empty.
    printed(&mut checkride_on(&database, &["migrate"]));
    let again = printed(&mut import(&database, &demo(), &["--dry-run"]));
    assert_eq!(again, planned);
    assert_eq!(counts(&database), [0; 4]);

    let made = printed(&mut import(&database, &demo(), &[]));
    let changes = |said: &str| {
        let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
        lines.pop();
        lines
    };
    assert_eq!(changes(&made), changes(&planned));
    let after = counts(&database);
    assert_eq!(after[..3], [14, 6, 6]);
    assert_eq!(
        after[3],
        i64::try_from(changes(&made).len()).unwrap(),
        "an audit entry for each change"
    );

    for options in [&[][..], &["--publish"], &["--dry-run"]] {
        let again = printed(&mut import(&database, &demo(), options));
        assert_eq!(
            again,
            "Nothing to change: the database says what the files say.\n"
        );
        assert_eq!(counts(&database), after);
    }
    let verdict = verified(&mut database.connect()).unwrap();
    assert!(matches!(verdict, Verdict::Whole { .. }));
}

#[test]
fn a_changed_standard_becomes_a_draft_beside_the_one_that_holds() {
    let database = Database::empty();
    printed(&mut import(&database, &demo(), &[]));
    let first = payments(&mut database.connect());
    assert_eq!(first.len(), 1);

    let folder = copy_of_demo();
    edit(
        &folder,
        "areas/payments.toml",
        "code = \"PAY-A1\"\ngroup = \"architecture\"\nstatement = \"Explain authorise",
        "code = \"PAY-A1\"\ngroup = \"architecture\"\nstatement = \"Draw and explain authorise",
    );
    let said = printed(&mut import(&database, folder.path(), &[]));
    assert_eq!(
        said,
        "standard of payments: version 2 drafted: changes PAY-A1\n1 change was made.\n"
    );
    let both = payments(&mut database.connect());
    assert_eq!(
        both.iter().map(|(n, s, _)| (*n, *s)).collect::<Vec<_>>(),
        [(2, StandardState::Draft), (1, StandardState::Published)]
    );
    assert_eq!(both[1], first[0], "version 1 stays as it was");
    let statement = |content: &Content| content.competency("PAY-A1").unwrap().statement.clone();
    assert!(statement(&both[0].2).starts_with("Draw and explain"));

    let said = printed(&mut import(&database, folder.path(), &["--publish"]));
    assert!(
        said.starts_with("standard of payments: version 2 published\n"),
        "{said}"
    );
    let both = payments(&mut database.connect());
    assert_eq!(
        both.iter().map(|(n, s, _)| (*n, *s)).collect::<Vec<_>>(),
        [(2, StandardState::Published), (1, StandardState::Retired)]
    );
    assert_eq!(both[1].2, first[0].2);
}

#[test]
fn an_import_writes_over_a_draft_that_was_started_in_the_browser_and_says_who_published() {
    let database = Database::empty();
    printed(&mut import(&database, &demo(), &[]));
    let administrator = {
        let c = &mut database.connect();
        let all = checkride::domain::people::store::active(c).unwrap();
        let first = all.into_iter().find(|p| p.is_admin).unwrap();
        let act = Act {
            actor: checkride::domain::people::store::actor(c, first).unwrap(),
            ..Act::operator(at("2026-11-23T09:00:00Z"))
        };
        checkride::usecases::standard::actions::start(c, &act, "payments", true).unwrap();
        let seen = Seen::Draft {
            version: 2,
            revision: 0,
        };
        checkride::usecases::standard::actions::remove(c, &act, "payments", seen, "PAY-A1")
            .unwrap();
        act
    };
    // The files say what is published: the draft is somebody's work and none of their business.
    let said = printed(&mut import(&database, &demo(), &["--publish"]));
    assert!(
        said.contains("Nothing") || said.contains("nothing"),
        "{said}"
    );
    let folder = copy_of_demo();
    let (from, to) = ("Explain authorise", "Draw and explain authorise");
    edit(&folder, "areas/payments.toml", from, to);
    let said = printed(&mut import(&database, folder.path(), &["--publish"]));
    assert!(said.contains("version 2 draft rewritten"), "{said}");
    assert!(said.contains("version 2 published"), "{said}");
    let c = &mut database.connect();
    let of_payments = |c: &mut Conn| {
        let area = checkride::domain::area::store::by_slug(c, "payments")
            .unwrap()
            .unwrap();
        of_area(c, area.id).unwrap()
    };
    let published = of_payments(c).remove(0);
    assert_eq!(
        (published.version, published.state),
        (2, StandardState::Published)
    );
    assert!(
        published
            .content
            .competency("PAY-A1")
            .unwrap()
            .statement
            .starts_with("Draw")
    );
    assert_eq!(
        published.published_by, None,
        "the operator is nobody's account"
    );
    let by: Vec<String> = audit_entries::table
        .filter(audit_entries::action.eq("standard.published"))
        .order(audit_entries::seq.desc())
        .limit(1)
        .select(audit_entries::actor_name)
        .load(c)
        .unwrap();
    assert_eq!(by, ["Command line"]);

    // The same, asked for by somebody with an account.
    edit(
        &folder,
        "areas/payments.toml",
        to,
        "Sketch and explain authorise",
    );
    let files = Folder::open(folder.path());
    let existing = checkride::import::existing::load(c).unwrap();
    let organisation = read(&files, &existing, administrator.now.day()).unwrap();
    let options = Options { publish: true };
    let report = transaction(c, Purpose::Write, |c| {
        checkride::import::actions::import(c, &administrator, &organisation, options)
    });
    assert_eq!(report.unwrap().changes.len(), 2);
    let published = of_payments(c).remove(0);
    assert_eq!(
        (published.version, published.published_by),
        (3, administrator.actor.id)
    );
}

#[test]
fn every_error_is_named_by_file_and_line_and_nothing_is_written() {
    let database = Database::empty();
    printed(&mut import(&database, &demo(), &[]));
    let before = counts(&database);

    let folder = copy_of_demo();
    // Valid by themselves, so that something could be written.
    edit(&folder, "people.csv", "Ruth Abrams,", "Ruth Abrams-Lee,");
    edit(&folder, "people.csv", "Asia/Singapore", "Asia/Atlantis");
    edit(
        &folder,
        "people.csv",
        "lukas.novak@harbour.example",
        "lukas.novak",
    );
    edit(&folder, "areas/payments.toml", "tier = 1", "tier = 7");
    edit(
        &folder,
        "areas/edge.toml",
        "owner_team = \"Platform SRE\"",
        "owner_team = \"Nobody SRE\"",
    );
    edit(
        &folder,
        "areas/payments.toml",
        "required_level = 3",
        "required_level = \"three\"",
    );
    let line = |file: &str, words: &str| {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let found = text.lines().position(|line| line.contains(words)).unwrap();
        format!("{file}:{}: ", found + 1)
    };
    let mistakes = [
        line("people.csv", "Asia/Atlantis"),
        line("people.csv", ",lukas.novak,"),
        line("areas/payments.toml", "tier = 7"),
        line("areas/payments.toml", "\"three\""),
        line("areas/edge.toml", "Nobody SRE"),
    ];
    for options in [&["--dry-run"][..], &[], &["--publish"]] {
        let said = refused(&mut import(&database, folder.path(), options));
        assert!(
            said.starts_with("checkride: nothing was imported: "),
            "{said}"
        );
        for mistake in &mistakes {
            assert!(said.contains(mistake), "{mistake} is not in {said}");
        }
        assert_eq!(counts(&database), before);
    }
    let ruth: Vec<String> = people::table
        .filter(people::email_key.eq("ruth.abrams@harbour.example"))
        .select(people::name)
        .load(&mut database.connect())
        .unwrap();
    assert_eq!(ruth, ["Ruth Abrams"]);

    let nowhere = folder.path().join("not-here");
    let said = refused(&mut import(&database, &nowhere, &[]));
    assert!(said.contains("not-here is not a folder"), "{said}");
}

#[test]
fn an_archived_area_is_refused_by_name_and_nothing_else_is_written_either() {
    let database = Database::empty();
    printed(&mut import(&database, &demo(), &[]));
    let now = at("2026-11-23T09:00:00Z");
    let c = &mut database.connect();
    let edge: i64 = areas::table
        .filter(areas::slug.eq("edge"))
        .select(areas::id)
        .first(c)
        .unwrap();
    // The files were read before somebody archived the area; they are held against what is so when they are made so.
    let existing = checkride::import::existing::load(c).unwrap();
    let folder = copy_of_demo();
    edit(
        &folder,
        "areas/edge.toml",
        "minimum_cover = ",
        "minimum_cover = 1",
    );
    let organisation = read(&Folder::open(folder.path()), &existing, now.day()).unwrap();
    checkride::domain::area::store::set_archived(c, edge, true, now).unwrap();
    let before = counts(&database);
    let sentence = "was archived on 2026-11-23. Bring it back first, or take the file out.";
    let late = transaction(c, Purpose::Write, |c| {
        checkride::import::actions::import(
            c,
            &Act::operator(now),
            &organisation,
            Options::default(),
        )
    });
    assert!(late.unwrap_err().to_string().contains(sentence));
    for options in [&["--dry-run"][..], &[]] {
        let said = refused(&mut import(&database, folder.path(), options));
        assert!(said.contains(sentence), "{said}");
        assert!(said.contains("areas/edge.toml:1: "), "{said}");
    }
    assert_eq!(counts(&database), before);
    std::fs::remove_file(folder.path().join("areas/edge.toml")).unwrap();
    printed(&mut import(&database, folder.path(), &[]));
}
