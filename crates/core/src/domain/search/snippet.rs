//! The words of a search in a text, marked, as a hit shows them.

use std::ops::Range;

use super::Sought;
use crate::text;

/// Most characters of a text that a hit shows, and how many of them at most come before the first word that was found.
const CHARS: usize = 180;
const BEFORE: usize = 50;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    /// It is what was looked for.
    pub is_found: bool,
}

/// The whole text, with what was looked for in parts of its own.
pub fn marked(of: &str, sought: &Sought) -> Vec<Part> {
    parts(of, 0..of.len(), &found(of, sought))
}

/// The part of a text around the first word that was found, or its beginning; at most [`CHARS`] characters.
pub fn snippet(of: &str, sought: &Sought) -> Vec<Part> {
    let found = found(of, sought);
    let first = found.first().map_or(0, |range| range.start);
    let start = match of.get(..first) {
        Some(before) if before.chars().count() > BEFORE => {
            let mut starts = before.char_indices().rev().take(BEFORE);
            let space = |(_, c): &(usize, char)| c.is_whitespace();
            // The earliest beginning of a word that is near enough.
            let last = starts.by_ref().filter(space).last();
            last.map_or(first, |(at, c)| at + c.len_utf8())
        }
        _ => 0,
    };
    let rest = of.get(start..).unwrap_or_default();
    let end = match rest.char_indices().nth(CHARS) {
        Some((cut, _)) => {
            let whole = rest.get(..cut).unwrap_or_default();
            let space = whole.rfind(char::is_whitespace);
            start + space.filter(|at| *at > cut / 2).unwrap_or(cut)
        }
        None => of.len(),
    };
    let mut all = Vec::new();
    let dots = |text: &str| Part {
        text: text.to_owned(),
        is_found: false,
    };
    if start > 0 {
        all.push(dots("… "));
    }
    all.extend(parts(of, start..end, &found));
    if end < of.len() {
        all.push(dots(" …"));
    }
    all
}

/// Where something that was looked for is, in order, and nothing twice.
fn found(of: &str, sought: &Sought) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for word in text::words(of) {
        let longest = sought.words().iter().filter_map(|s| word.found_by(s));
        let Some(range) = longest.max_by_key(|range| range.end) else {
            continue;
        };
        match all.last_mut() {
            // Pairs of a script without spaces overlap.
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

fn parts(of: &str, within: Range<usize>, found: &[Range<usize>]) -> Vec<Part> {
    let mut all = Vec::new();
    let mut add = |range: Range<usize>, is_found| {
        let text = of.get(range).unwrap_or_default();
        if !text.is_empty() {
            all.push(Part {
                text: text.to_owned(),
                is_found,
            });
        }
    };
    let mut done = within.start;
    for range in found {
        let (start, end) = (range.start.max(done), range.end.min(within.end));
        if start < end {
            add(done..start, false);
            add(start..end, true);
            done = end;
        }
    }
    add(done..within.end, false);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text with square brackets around what is marked.
    fn shown(parts: &[Part]) -> String {
        let part = |p: &Part| match p.is_found {
            true => format!("[{}]", p.text),
            false => p.text.clone(),
        };
        parts.iter().map(part).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked_in_the_text_as_it_was_written() {
        let table = [
            ("Ölpumpe läuft", "olp", "[Ölpumpe] läuft"),
            ("Read PAY-I2 first", "pay-i2", "Read [PAY]-[I2] first"),
            ("障害対応の記録", "対応", "障害[対応]の記録"),
            ("障害対応の記録", "害対応", "障[害対応]の記録"),
            ("障害", "障", "[障]害"),
            ("Nothing here", "kafka", "Nothing here"),
            ("<b>Kafka</b>", "kafka b", "<[b]>[Kafka]</[b]>"),
        ];
        for (text, typed, expected) in table {
            let sought = Sought::parse(typed).unwrap();
            assert_eq!(shown(&marked(text, &sought)), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words_around_the_first_one_that_was_found() {
        let text = format!("{}kafka {}", "before ".repeat(40), "after ".repeat(60));
        let found = shown(&snippet(&text, &Sought::parse("kafka").unwrap()));
        assert!(found.starts_with("… before "), "{found}");
        assert!(found.contains("before [kafka] after"), "{found}");
        assert!(found.ends_with("after …"), "{found}");
        assert!(found.chars().count() < CHARS + 10);
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_part_of_the_text_and_marking_loses_nothing(
            text in "\\PC{0,300}", typed in "\\PC{0,8}",
        ) {
            if let Some(sought) = Sought::parse(&typed) {
                let whole: String = marked(&text, &sought).iter().map(|p| p.text.as_str()).collect();
                prop_assert_eq!(&whole, &text);
                let cut: String = snippet(&text, &sought).iter().map(|p| p.text.as_str()).collect();
                let cut = cut.trim_start_matches("… ").trim_end_matches(" …");
                prop_assert!(cut.chars().count() <= CHARS);
                prop_assert!(text.contains(cut) || text.contains('…'));
            }
        }
    }
}
