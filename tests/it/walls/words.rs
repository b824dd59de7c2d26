//! Words the interface does not use: most readers did not grow up with English.

use std::path::Path;

use super::source::{files, sources};

/// Each with what takes its place.
const UNUSED: [(&str, &str); 22] = [
    ("anew", "again"),
    ("whoever", "the person who, anyone who, people who"),
    ("whosoever", "anyone who"),
    ("no more", "no longer"),
    ("reckoned", "counted, measured"),
    ("thereof", "of it"),
    ("hence", "so"),
    ("comes up", "happens"),
    ("gone by", "past"),
    ("what became of", "the outcome of"),
    ("all the same", "too"),
    ("somebody", "someone"),
    ("anybody", "anyone"),
    ("whom", "who, the person who"),
    ("goes on", "continues"),
    ("went on", "continued, resumed"),
    ("took place", "was held"),
    ("stands still", "is stopped"),
    ("stands between", "is open before"),
    ("what becomes of", "the next status of"),
    ("while you were at it", "while you were editing"),
    ("at the moment", "now"),
];

/// The unused words of a text, as whole words in any case.
fn unused(text: &str) -> Vec<&'static str> {
    let spaced: String = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .flat_map(|word| [" ", word])
        .chain([" "])
        .collect();
    let found = UNUSED
        .iter()
        .filter(|(w, _)| spaced.contains(&format!(" {w} ")));
    found.map(|(word, _)| *word).collect()
}

/// A template without its comments.
fn shown(template: &str) -> String {
    let mut parts = template.split("{#");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| {
        shown + part.split_once("#}").map_or("", |(_, rest)| rest)
    })
}

#[test]
fn the_interface_uses_plain_words() {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let files = files(&root, "html");
    assert!(files.len() > 70, "the templates were not found");
    for file in files {
        for word in unused(&shown(&std::fs::read_to_string(&file).unwrap())) {
            found.push(format!("{} says {word:?}", file.display()));
        }
    }
    for source in sources() {
        if source.file.contains("tests") || source.file.ends_with("fixture.rs") {
            continue;
        }
        // What tests are named is read by engineers.
        let code = source.code.split("#[cfg(test)]").next().unwrap_or_default();
        for word in unused(code) {
            found.push(format!("{} says {word:?}", source.path()));
        }
    }
    let instead = UNUSED.map(|(word, plain)| format!("{word}: {plain}"));
    assert!(
        found.is_empty(),
        "{}\nsay instead:\n{}",
        found.join("\n"),
        instead.join("\n")
    );
}

#[test]
fn an_unused_word_is_seen() {
    assert_eq!(unused("Whoever asks,\n no\n more"), ["whoever", "no more"]);
    assert_eq!(unused("henceforth another word"), [""; 0]);
    assert_eq!(shown("a {# whoever #}b"), "a b");
}
