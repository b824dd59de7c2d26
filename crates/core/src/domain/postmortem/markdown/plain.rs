//! Where the plain words of a text are.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd, TextMergeWithOffset};

use super::OPTIONS;

/// The parts of a text that are words: no code, no link, no raw HTML.
pub fn plain(markdown: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(markdown, OPTIONS).into_offset_iter();
    let (mut found, mut inside) = (Vec::new(), 0_usize);
    for (event, range) in TextMergeWithOffset::new(events) {
        match event {
            Event::Start(
                Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Link { .. } | Tag::Image { .. },
            ) => inside += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Link | TagEnd::Image) => {
                inside = inside.saturating_sub(1);
            }
            Event::Text(_) if inside == 0 => found.push(range),
            _ => {}
        }
    }
    found
}

/// A text in one line, as it is read: without marks, addresses and raw HTML.
pub fn words(markdown: &str) -> String {
    let mut said = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, OPTIONS) {
        match event {
            Event::Text(text) | Event::Code(text) => said.push_str(&text),
            Event::SoftBreak | Event::HardBreak => said.push(' '),
            Event::End(end) if !is_inline(end) => said.push(' '),
            _ => {}
        }
    }
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_inline(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_text_is_read_without_its_marks() {
        for (markdown, said) in [
            ("pause **before** switching", "pause before switching"),
            ("the *old*key", "the oldkey"),
            ("- one\n- two\n\nthree", "one two three"),
            (
                "see [the page](https://x.example/a) and `drain -n`",
                "see the page and drain -n",
            ),
            ("<b>loud</b> words", "loud words"),
            ("2 * 3 < 7 & so on", "2 * 3 < 7 & so on"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ] {
            assert_eq!(words(markdown), said, "{markdown}");
        }
    }
}
