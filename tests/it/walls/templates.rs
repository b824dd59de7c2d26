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
