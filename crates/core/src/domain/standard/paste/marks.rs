//! Signs and boxes before an item of a list, which are no words of it.

/// Signs that word processors begin an item with.
const BULLETS: [char; 20] = [
    '•', '◦', '▪', '·', '–', '—', '‣', '●', '○', '■', '►', '☐', '☑', '☒', '✓', '✔', '▢', '□',
    '\u{f0b7}', '\u{f0a7}',
];
const BOXES: [&str; 4] = ["[ ]", "[]", "[x]", "[X]"];

/// A line without the signs before its words.
pub(super) fn without(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(after) = after_one(rest) {
        rest = after.trim_start();
    }
    rest
}

/// Whether a line begins with a sign.
pub(super) fn has(line: &str) -> bool {
    after_one(line.trim_start()).is_some()
}

fn after_one(line: &str) -> Option<&str> {
    let after_box = || {
        let after = BOXES.iter().find_map(|sign| line.strip_prefix(sign));
        // `[x](address)` and `[x]: address` are links.
        after.filter(|after| !after.starts_with(['(', '[', ':']))
    };
    line.strip_prefix(BULLETS).or_else(after_box)
}
