//! The first heading of a text, as the parser sees it.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{OPTIONS, raw};

/// The words of the first heading, and the text without it. The heading stays in the text when something other than
/// comments and quotes stands before it. `None` without a heading of its own, outside quotes and lists.
pub fn first_heading(markdown: &str) -> Option<(String, String)> {
    let (mut depth, mut is_first, mut block) = (0_usize, true, String::new());
    let mut heading: Option<(String, std::ops::Range<usize>)> = None;
    for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        if let Some((words, _)) = &mut heading {
            match event {
                Event::Text(text) | Event::Code(text) => words.push_str(&text),
                Event::SoftBreak | Event::HardBreak => words.push(' '),
                Event::End(TagEnd::Heading(_)) if words.trim().is_empty() => {
                    heading = None;
                    is_first = false;
                }
                Event::End(TagEnd::Heading(_)) => break,
                _ => {}
            }
            continue;
        }
        match event {
            Event::Start(Tag::Heading { .. }) if depth == 0 => {
                heading = Some((String::new(), range))
            }
            Event::Start(tag) => {
                let is_quote = matches!(tag, Tag::BlockQuote(_) | Tag::HtmlBlock);
                is_first &= depth > 0 || is_quote;
                depth += 1;
            }
            Event::Html(html) => block.push_str(&html),
            Event::End(TagEnd::HtmlBlock) => {
                depth = depth.saturating_sub(1);
                is_first &= depth > 0 || raw::is_only_comments(&block);
                block.clear();
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Rule => is_first &= depth > 0,
            _ => {}
        }
    }
    let (words, range) = heading?;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let rest = match is_first {
        true => {
            let (before, after) = (markdown.get(..range.start)?, markdown.get(range.end..)?);
            format!("{before}{}", after.trim_start_matches('\n'))
        }
        false => markdown.to_owned(),
    };
    Some((words, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(markdown: &str) -> (String, String) {
        first_heading(markdown).unwrap()
    }

    #[test]
    fn a_heading_of_any_style_and_level_is_found() {
        for markdown in [
            "# Cache *nodes* evicted\n\nIt began.",
            "Cache nodes\nevicted\n====\n\nIt began.",
            "Cache nodes evicted\n---\nIt began.",
            "## Cache `nodes` evicted ##\n\n\nIt began.",
            "\n\n   ### Cache nodes <!-- x --> evicted\nIt began.",
        ] {
            let (title, rest) = read(markdown);
            assert_eq!(title, "Cache nodes evicted", "{markdown}");
            assert_eq!(rest.trim(), "It began.", "{markdown}");
        }
    }

    #[test]
    fn comments_and_quotes_stay_where_they_stand() {
        let (title, rest) =
            read("> From the template.\n\n<!-- a\n\nb -->\n\n# Cache nodes\n\nIt began.");
        assert_eq!(title, "Cache nodes");
        assert_eq!(rest, "> From the template.\n\n<!-- a\n\nb -->\n\nIt began.");
    }

    #[test]
    fn a_heading_after_the_text_began_stays_in_it() {
        for markdown in [
            "It began.\n\n# Timeline\n\nx",
            "- one\n\n# Timeline",
            "***\n\n# Timeline",
            "<img src=x>\n\n# Timeline",
            "```\n# no heading\n```\n\n# Timeline",
            "#\n\n# Timeline",
        ] {
            assert_eq!(read(markdown), ("Timeline".into(), markdown.into()));
        }
        for none in [
            "",
            "It began.",
            "> # Quoted",
            "- # Listed",
            "    # Code",
            "#1 it began",
        ] {
            assert_eq!(first_heading(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(markdown in "(#|##|===|---|> |- |<!--|-->|`|\n|[a-zé]| ){0,20}") {
            if let Some((title, rest)) = first_heading(&markdown) {
                prop_assert!(!title.is_empty() && rest.len() <= markdown.len());
            }
        }
    }
}
