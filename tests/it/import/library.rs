//! Post-mortems as plain files: `checkride import` brings them into the library as drafts.

use checkride::db::schema::{postmortem_versions, postmortems};
use checkride::domain::postmortem::State;
use diesel::prelude::*;
use tempfile::TempDir;

use crate::support::Database;
use crate::support::process::{checkride_on, printed, refused};

/// The folder of the demo organisation, to be changed.
fn copy_of_demo() -> TempDir {
    let folder = TempDir::with_prefix("checkride-organisation-").unwrap();
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    std::fs::copy(demo.join("people.csv"), folder.path().join("people.csv")).unwrap();
    for part in ["areas", "postmortems"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        for file in std::fs::read_dir(demo.join(part)).unwrap() {
            let file = file.unwrap();
            let to = folder.path().join(part).join(file.file_name());
            std::fs::copy(file.path(), to).unwrap();
        }
    }
    folder
}

fn import(database: &Database, folder: &TempDir, options: &[&str]) -> std::process::Command {
    let folder = folder.path().to_str().unwrap();
    checkride_on(database, &[&["import", folder], options].concat())
}

#[test]
fn the_library_comes_in_as_drafts_once_and_a_wrong_file_is_named_by_its_line() {
    let database = Database::empty();
    let folder = copy_of_demo();
    let planned = printed(&mut import(&database, &folder, &["--dry-run"]));
    let line = "post-mortem purge-all-melted-the-origin: added as a draft, Purge-all melted the origin, points: 4\n";
    assert!(planned.contains(line), "{planned}");
    let made = printed(&mut import(&database, &folder, &[]));
    assert!(made.contains(line), "{made}");
    let c = &mut database.connect();
    let drafts = |c: &mut _| -> i64 {
        let drafts = postmortems::table.filter(
            postmortems::state
                .eq(State::Draft)
                .and(postmortems::created_by.is_null()),
        );
        drafts.count().get_result(c).unwrap()
    };
    assert_eq!(drafts(c), 10);
    let again = printed(&mut import(&database, &folder, &[]));
    assert!(again.starts_with("Nothing to change:"), "{again}");

    let file = "postmortems/purge-all-melted-the-origin.md";
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let wrong = text.replacen("EDGE-O1", "EDGE-O77", 1);
    let at = wrong.lines().position(|l| l.contains("EDGE-O77")).unwrap() + 1;
    std::fs::write(&path, wrong).unwrap();
    let said = refused(&mut import(&database, &folder, &[]));
    assert!(
        said.contains(&format!("{file}:{at}: EDGE-O77 is not a competency")),
        "{said}"
    );
    std::fs::write(&path, text.replacen("minutes = ", "minutes = 1", 1)).unwrap();
    let said = printed(&mut import(&database, &folder, &[]));
    assert_eq!(
        said,
        "post-mortem purge-all-melted-the-origin: draft rewritten: minutes\n1 change was made.\n"
    );
    let versions: i64 = postmortem_versions::table.count().get_result(c).unwrap();
    assert_eq!((drafts(c), versions), (10, 11));
}
