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
