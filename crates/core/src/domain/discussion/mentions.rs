//! Who a text names: `@` and a handle, in plain words.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::domain::postmortem::markdown;
use crate::text;

/// Most people that one comment mentions.
pub const MOST: usize = 20;

/// Each `@handle` of a text: where it is, and the handle as it is kept. Nobody may have that handle.
fn found(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all = Vec::new();
    for words in markdown::plain(text) {
        let Some(slice) = text.get(words.clone()) else {
            continue;
        };
        for (at, _) in slice.match_indices('@') {
            let start = words.start + at;
            let before = text.get(..start).and_then(|t| t.chars().next_back());
            let rest = slice.get(at + 1..).unwrap_or_default();
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-'));
            let handle = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            let handle = handle.trim_end_matches('-');
            if !handle.is_empty() && before.is_none_or(may_come_before) {
                all.push((start..start + 1 + handle.len(), text::key(handle)));
            }
        }
    }
    all
}

/// An address (`ada@example.com`, `/@ada`) and an escaped sign mention nobody.
fn may_come_before(sign: char) -> bool {
    sign.is_whitespace() || "([{\"'“‘„«*_~,;:–—>".contains(sign)
}

/// Every handle that a text may mention, each once.
pub fn handles(text: &str) -> BTreeSet<String> {
    found(text).into_iter().map(|(_, handle)| handle).collect()
}

/// The text with other words in place of mentions.
fn replaced(text: &str, instead: impl Fn(&str, &str) -> Option<String>) -> String {
    let (mut said, mut done) = (String::with_capacity(text.len()), 0);
    for (range, handle) in found(text) {
        let written = text.get(range.clone()).unwrap_or_default();
        if let Some(words) = instead(written, &handle) {
            said.push_str(text.get(done..range.start).unwrap_or_default());
            said.push_str(&words);
            done = range.end;
        }
    }
    said.push_str(text.get(done..).unwrap_or_default());
    said
}

/// The text with a link at each mention of these people.
pub fn linked(text: &str, known: &[String]) -> String {
    replaced(text, |written, handle| {
        let is_known = known.iter().any(|k| k == handle);
        is_known.then(|| format!("[{written}](/people/{handle})"))
    })
}

/// The text in which one person has another handle.
pub fn renamed(text: &str, from: &str, to: &str) -> String {
    replaced(text, |_, handle| (handle == from).then(|| format!("@{to}")))
}

/// The text with one more person mentioned at its end, in a paragraph of its own where it ends in code.
pub fn inserted(text: &str, handle: &str) -> String {
    let text = text.trim_end();
    let apart = if text.is_empty() { "" } else { " " };
    let said = format!("{text}{apart}@{handle} ");
    match handles(&said).contains(handle) {
        true => said,
        false => format!("{text}\n\n@{handle} "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mention_stands_in_plain_words() {
        for (text, who) in [
            ("@amara", &["amara"][..]),
            ("Ask @amara-obi, or (@ben).", &["amara-obi", "ben"]),
            ("**@Amara**: look", &["amara"]),
            ("> @amara said so\n\n- @ben", &["amara", "ben"]),
            ("@amara @amara", &["amara"]),
            ("@amara--", &["amara"]),
            ("write to amara@example.com", &[]),
            ("`@amara`", &[]),
            ("```\n@Override\n```", &[]),
            ("[@amara](https://a.example)", &[]),
            ("https://a.example/@amara", &[]),
            ("\\@amara", &[]),
            ("@ amara, @- and @", &[]),
        ] {
            let found: Vec<String> = handles(text).into_iter().collect();
            assert_eq!(found, who, "{text}");
        }
    }

    #[test]
    fn only_people_who_are_known_become_links() {
        let known = ["amara".to_owned()];
        assert_eq!(
            linked("@Amara, not @ben or `@amara`", &known),
            "[@Amara](/people/amara), not @ben or `@amara`"
        );
        let html = markdown::html(&linked("Ask @amara", &known), &[]);
        assert!(html.contains("href=\"/people/amara\""), "{html}");
    }

    #[test]
    fn an_erased_person_leaves_every_mention() {
        assert_eq!(
            renamed("@ada, @ADA and @ada-2", "ada", "erased-7"),
            "@erased-7, @erased-7 and @ada-2"
        );
    }

    proptest! {
        #[test]
        fn whoever_is_inserted_is_mentioned(text in "[a-z ]{0,20}", handle in "[a-z]{1,8}(-[a-z0-9]{1,4})?") {
            prop_assert!(handles(&inserted(&text, &handle)).contains(&handle));
        }

        #[test]
        fn no_text_is_too_strange(text in "(@|[a-z]{1,3}|[`*_>\\[\\]()\\\\ \n-]|\\PC){0,30}") {
            let all = handles(&text);
            prop_assert_eq!(linked(&text, &[]), text.clone());
            let kept: Vec<String> = all.iter().cloned().collect();
            linked(&text, &kept);
            for handle in &all {
                let erased = renamed(&text, handle, "erased-7");
                prop_assert!(!handles(&erased).contains(handle), "{} in {}", handle, erased);
            }
        }
    }
}
