//! What every template keeps.

use std::path::Path;

use super::source::files;

fn faults(of: impl Fn(&str) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    for file in files(&root, "html") {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text.lines().filter(|line| of(line));
        found.extend(lines.map(|line| format!("{}: {}", file.display(), line.trim())));
    }
    found
}

/// A browser puts a space before what is hidden from sight: a name would read "Done : Set the criteria".
#[test]
fn no_hidden_words_begin_with_a_comma_or_colon() {
    let begins = |line: &str| {
        let mut hidden = line.split("<span class=\"vh\">").skip(1);
        hidden.any(|words| words.trim_start().starts_with([',', ':', ';', '.']))
    };
    let found = faults(begins);
    assert!(found.is_empty(), "write (words):\n{}", found.join("\n"));
}

/// Else a browser fills in, after Back, what was chosen before, and the filter shows something else than the address.
#[test]
fn no_browser_fills_in_a_filter() {
    let found = faults(|line| {
        let is_filter = line.contains("<form class=\"filters") || line.contains("data-autosubmit");
        is_filter && !line.contains("autocomplete=\"off\"")
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Where a trail of crumbs begins: a page of the menu, of the account menu, or of the discussed thing's kind.
const ROOTS: [&str; 18] = [
    "\"Home\", \"/\"",
    "\"Board\", past.of(",
    "\"KPIs\", past.of(",
    "\"/board\"",
    "\"/ramps\"",
    "m::of_ramp(",
    "\"/areas\"",
    "\"/practice\"",
    "\"/library\"",
    "\"/people\"",
    "\"/kpis\"",
    "\"/help\"",
    "\"/hooks\"",
    "\"/account\"",
    "\"/admin/",
    "\"/inbox\"",
    "\"/_ui\"",
    "root.0, root.1",
];

#[test]
fn every_trail_of_crumbs_begins_at_the_menu() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let (mut trails, mut found) = (0, Vec::new());
    for file in files(&root, "html") {
        let text = std::fs::read_to_string(&file).unwrap();
        for trail in text.split("call m::crumbs(").skip(1) {
            trails += 1;
            let trail = trail.split("endcall").next().unwrap();
            let first = trail.split(['<', '{']).find(|part| {
                part.contains("m::crumb(") || part.contains("m::of_ramp(") || part.contains("href=")
            });
            let first = first.unwrap_or_default();
            if !ROOTS.iter().any(|root| first.contains(root)) {
                found.push(format!("{}: {first}", file.display()));
            }
        }
    }
    assert!(trails > 90, "{trails} trails");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
