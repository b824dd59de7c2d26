//! A folder of post-mortems from another tool.

use super::organisation::{DRAFTS, TestOrganisation};
use super::*;
use crate::db::Conn;
use crate::domain::postmortem::{Severity, State, store};
use crate::error::Result;
use crate::import::actions::import;
use crate::import::{as_error, existing};

/// What an import does, and its notes.
fn imported(org: &mut TestOrganisation, files: &Folder) -> Result<(Vec<String>, Vec<String>)> {
    let act = org.act.clone();
    org.within(|c: &mut Conn| {
        let organisation =
            read(files, &existing::load(c)?, act.now.day()).map_err(|p| as_error(&p))?;
        let report = import(c, &act, &organisation, DRAFTS)?;
        let changes = report.changes.iter().map(ToString::to_string);
        Ok((changes.collect(), report.notes))
    })
}

const SITE: &str = "---\ntitle: \"Cache nodes evicted at noon\"\ndate: 2026-05-04T10:00:00\nseverity: SEV2\ntags: [cache]\n\
                    aliases: [/x]\nareas: [cache]\nlink: /incidents/7\n---\n\n## Timeline\n\nIt began at noon.\n";

fn years() -> Folder {
    folder(&[
        ("2026-05-04-cache-nodes.md", SITE),
        ("postmortems/2025-01-31 Disk_full.md", "It began.\n"),
        (
            "Purge ALL.md",
            "<!-- template -->\n\nPurge-all melted the origin\n===\n\nIt began.\n",
        ),
    ])
}

#[test]
fn each_file_becomes_a_draft_with_notes_on_what_did_not_fit() {
    let mut org = TestOrganisation::new();
    let (changes, notes) = imported(&mut org, &years()).unwrap();
    assert_eq!(changes.len(), 3, "{changes:#?}");
    assert_eq!(
        notes,
        [
            "post-mortem 2026-05-04-cache-nodes: not taken over: tags (cache), aliases, area cache, link (/incidents/7)",
            "post-mortem 2026-05-04-cache-nodes: not in the file: how long it lasted (1 minute)",
            "post-mortem 2025-01-31-disk-full: not in the file: title (“Disk full”, after the file's name), severity (SEV 4), \
             when it began (2025-01-31, after the file's name), how long it lasted (1 minute)",
            "post-mortem purge-all: not in the file: severity (SEV 4), when it began (1970-01-01, a placeholder), \
             how long it lasted (1 minute)",
        ]
    );
    let of =
        |org: &mut TestOrganisation, slug: &str| org.within(|c| store::named(c, slug)).unwrap();
    let cache = of(&mut org, "2026-05-04-cache-nodes");
    assert_eq!(
        (cache.state, cache.document.severity),
        (State::Draft, Severity::Two)
    );
    assert_eq!(cache.document.occurred_at.iso(), "2026-05-04T10:00:00Z");
    // Nobody approves a placeholder unseen.
    let missing = |document: &crate::domain::postmortem::Document| document.missing().join("; ");
    assert!(missing(&cache.document).contains("what its file did not say"));
    let purge = of(&mut org, "purge-all");
    assert_eq!(purge.document.title, "Purge-all melted the origin");
    assert!(
        purge
            .document
            .body
            .ends_with("<!-- template -->\n\nIt began.")
    );
    assert_eq!(imported(&mut org, &years()).unwrap(), (vec![], vec![]));
}

#[test]
fn every_file_that_cannot_be_read_is_reported_at_once() {
    let mut org = TestOrganisation::new();
    let mut files = years();
    files.0.extend([
        ("a.md".to_owned(), Ok(b"---\ntitle: a: b\n---\n".to_vec())),
        ("b.md".into(), Ok(b"# x\n\xE3\n".to_vec())),
        ("c.md".into(), Ok(b"+++\ntitle = \n+++\n".to_vec())),
        ("d.md".into(), Err("permission was denied".into())),
        ("purge-all.md".into(), Ok(b"# Again".to_vec())),
        (
            "z.md".into(),
            Ok(format!("# Long\n\n{}", "x".repeat(40_001)).into_bytes()),
        ),
    ]);
    let refused = imported(&mut org, &files).unwrap_err().to_string();
    for line in [
        "6 errors",
        "a.md:2: This is no YAML",
        "b.md:2: The file is not UTF-8 text",
        "c.md:2: ",
        "d.md:1: The file cannot be read: permission was denied.",
        "purge-all.md:1: It gets the same name in URLs as Purge ALL.md",
        "z.md:1: The text: ",
    ] {
        assert!(refused.contains(line), "{line} is not in {refused}");
    }
    assert_eq!(
        imported(&mut org, &years()).unwrap().0.len(),
        3,
        "nothing was written"
    );
}

#[test]
fn a_folder_of_files_on_disk_is_taken_over_and_its_readme_is_not() {
    let dir = tempfile::tempdir().unwrap();
    for name in [
        "README.md",
        "2026-05-04-cache.md",
        ".hidden.md",
        "notes.txt",
    ] {
        std::fs::write(dir.path().join(name), "# Cache\n").unwrap();
    }
    let names = |folder: Folder| {
        folder
            .0
            .into_iter()
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(Folder::open(dir.path())), ["2026-05-04-cache.md"]);
    // With people it is an organisation, whose post-mortems have a folder of their own.
    std::fs::write(dir.path().join("people.csv"), "").unwrap();
    assert_eq!(names(Folder::open(dir.path())), ["people.csv"]);
}
