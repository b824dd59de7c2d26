use super::*;
use crate::time::LocalTime;
use proptest::prelude::*;

const FILE: &str = r#"+++
title = "Purge-all melted the origin"
severity = "SEV 2"
when = 2026-06-18T19:42:00Z
minutes = 47
areas = ["edge"]
systems = ["CDN"]
symptoms = "Origin at 100% CPU."

[[points]]
saw = "Hit ratio at 3%"
question = "What first?"
teaches = ["EDGE-I1"]

[[actions]]
what = "Refuse purge-all | for ever"
owner = "Edge team"
link = "https://tracker.example/7"
+++

## Timeline

It began.
"#;

#[test]
fn a_file_reads_like_the_form() {
    let Told { form, left_over } = read(FILE).unwrap();
    assert_eq!(left_over, []);
    let now = "2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let document = form
        .read(&LocalTime::new("Asia/Singapore", now.into()))
        .unwrap();
    assert_eq!(document.occurred_at.iso(), "2026-06-18T19:42:00Z");
    assert_eq!(document.severity, crate::domain::postmortem::Severity::Two);
    assert_eq!(document.points.len(), 1);
    let action = document.actions.first().unwrap();
    assert_eq!(action.what, "Refuse purge-all   for ever");
    assert_eq!(action.link.as_deref(), Some("https://tracker.example/7"));
    assert_eq!(document.body, "## Timeline\n\nIt began.");
}

#[test]
fn a_file_without_front_matter_is_title_and_text() {
    for (text, title, body) in [
        (
            "# Bots read as success\n\nThey did.",
            "Bots read as success",
            "They did.",
        ),
        ("Bots read\n===\n\nThey did.", "Bots read", "They did."),
        ("## Bots read\n\nThey did.", "Bots read", "They did."),
        (
            "> Filled in.\n\n# Bots read\n\nThey did.",
            "Bots read",
            "> Filled in.\n\nThey did.",
        ),
        (
            "They did.\n\n## Timeline",
            "Timeline",
            "They did.\n\n## Timeline",
        ),
        ("They did.", "", "They did."),
        // A rule across the page.
        ("---\nThey did.\n\n***\n", "", "---\nThey did.\n\n***\n"),
        (
            "---\n\nSee https://a.example\n\n---\n",
            "",
            "---\n\nSee https://a.example\n\n---\n",
        ),
    ] {
        let told = read(text).unwrap();
        assert_eq!(
            (told.form.title.as_str(), told.form.body.as_str()),
            (title, body),
            "{text}"
        );
        assert_eq!(told.left_over, []);
    }
}

#[test]
fn yaml_says_the_same_as_toml() {
    let yaml = r#"---
title: Purge-all melted the origin
severity: SEV 2
when: 2026-06-18T19:42:00Z
minutes: 47
areas: [edge]
systems:
  - CDN
symptoms: >-
  Origin at
  100% CPU.
points:
  - saw: "Hit ratio at 3%"
    question: What first?
    teaches: [EDGE-I1]
actions:
  - what: Refuse purge-all | for ever
    owner: Edge team
    link: https://tracker.example/7
---

## Timeline

It began.
"#;
    assert_eq!(read(yaml).unwrap(), read(FILE).unwrap());
    assert_eq!(place(yaml, "saw-1"), (13, "`saw` of point 1".into()));
    assert_eq!(place(yaml, "occurred_at").0, 4);
    assert_eq!(place(yaml, "body").0, 20);
}

#[test]
fn what_is_not_taken_over_is_listed() {
    for (text, title, moment, list) in [
        (
            "---\ntitle: \"Nodes: evicted\"\ndate: 2026-05-04\ntags: [cache, cdn]\naliases:\n- /x\nauthors: {a: b}\n---\nx",
            "Nodes: evicted",
            "2026-05-04T00:00:00Z",
            "tags (cache, cdn), aliases, authors",
        ),
        (
            "+++\ntitle = \"Nodes\"\ndate = 2026-05-04T10:00:00\ndraft = false\n+++\nx",
            "Nodes",
            "2026-05-04T10:00:00Z",
            "draft",
        ),
        (
            "---\nlayout: post\nwhen: spring\nseverity: high\nminutes: an hour\nareas: {a: b}\n---\n\n## Nodes\n\nx",
            "Nodes",
            "spring",
            "layout, when (spring), severity (high), minutes (an hour), areas",
        ),
        ("---\n# nothing\n---\n# Nodes", "Nodes", "", ""),
        ("---\nTitle: ~\nDate:\n---\n# Nodes", "Nodes", "", ""),
    ] {
        let told = read(text).unwrap();
        let form = &told.form;
        assert_eq!(
            (form.title.as_str(), form.occurred_at.text.as_str()),
            (title, moment),
            "{text}"
        );
        assert_eq!(listed(&told.left_over), list);
    }
}

#[test]
fn the_unreadable_line_is_reported() {
    let wrong = FILE.replace("minutes = 47", "minuets = 47");
    let left_over = read(&wrong).unwrap().left_over;
    assert_eq!(left_over.len(), 1);
    assert_eq!(
        (left_over[0].line, left_over[0].key.as_str()),
        (5, "minuets")
    );
    for (text, line, words) in [
        (
            "\n\n+++\ntitle = \"x\"\n",
            3,
            "no end: close it with a line of +++",
        ),
        ("+++\ntitle = \"x\"\nminutes = \n+++\n", 3, "."),
        ("---\ntitle: x\nwhen: y: z\n---\n", 3, "This is no YAML"),
        ("---\ntitle: x\n", 1, "no end: close it with a line of ---"),
        ("\n---\na: &a [x]\nb: [*a, *a]\n---\n", 4, "not an alias"),
        ("---\na: b\n[c]: d\n---\n", 3, "A key is a word"),
    ] {
        let unreadable = read(text).unwrap_err();
        assert_eq!(unreadable.line, line, "{text}: {unreadable}");
        assert!(unreadable.sentence.contains(words), "{text}: {unreadable}");
    }
    let deep = format!("---\na: {}\n---\n", "[".repeat(30_000));
    assert!(read(&deep).is_err());
}

#[test]
fn every_field_is_found_where_it_is_typed() {
    for (text, above) in [(FILE.to_owned(), 0), (format!("\u{feff}\r\n\n{FILE}"), 2)] {
        for (field, words, name) in [
            ("title", "title =", "`title`"),
            ("occurred_at", "when =", "`when`"),
            ("area", "areas =", "`areas`"),
            ("saw-1", "saw =", "`saw` of point 1"),
            ("teaches-1", "teaches =", "`teaches` of point 1"),
            ("now-1", "[[points]]", "`now` of point 1"),
            ("actions", "[[actions]]", "`actions`"),
            ("link", "+++", "`link`"),
            ("teaches-9", "+++", "`teaches` of point 9"),
        ] {
            let line = FILE.lines().position(|l| l.starts_with(words)).unwrap() + 1 + above;
            assert_eq!(place(&text, field), (line, name.to_owned()), "{field}");
        }
        let fence = FILE.lines().count() - 4 + above;
        assert_eq!(place(&text, "body"), (fence, "The text".to_owned()));
    }
    assert_eq!(place("# Only a title", "severity").0, 1);
}

proptest! {
    #[test]
    fn no_file_crashes_the_reader(text in any::<String>(), front in any::<String>(), yaml in "([a-z]: |[a-z]|- |[\\[\\]{}&*!|>'\",:?#% ]|\n ?){0,40}") {
        for file in [
            text.clone(),
            format!("+++\n{front}\n+++\n{text}"),
            format!("---\na: {front}\n---\n{text}"),
            format!("---\n{yaml}\n---\n{text}"),
        ] {
            let _ = read(&file);
            let lines = file.matches('\n').count() + 1;
            for field in ["title", "saw-1", "body", "area", "teaches-18446744073709551615"] {
                prop_assert!((1..=lines).contains(&place(&file, field).0));
            }
        }
    }
}
