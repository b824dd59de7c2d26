//! Markdown as HTML for our pages. Whatever someone pastes, the page runs none of it and fetches none of it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Allowed tags.
const TAGS: [&str; 27] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "dl",
    "dd",
];

/// Built once, because it depends only on the lists above.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// The HTML of a text. Its headings are below those of the page, raw HTML is shown as text, a picture becomes a link.
pub fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut last = PAGE_LEVELS;
    let events = Parser::new_ext(markdown, options).map(|event| tame(event, &mut last));
    let mut page = String::new();
    html::push_html(&mut page, events);
    // The parser's output is not trusted either: it is cleaned like pasted HTML.
    CLEANER.clean(&page).to_string()
}

/// Heading levels that the page itself uses.
const PAGE_LEVELS: usize = 2;

fn tame<'a>(event: Event<'a>, last: &mut usize) -> Event<'a> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: below(level, last),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(numbered(*last))),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    }
}

/// Below the headings of the page, and at most one level below the heading before it.
fn below(level: HeadingLevel, last: &mut usize) -> HeadingLevel {
    let wanted = (level as usize + 1).clamp(PAGE_LEVELS + 1, 6);
    *last = wanted.min(*last + 1);
    numbered(*last)
}

fn numbered(level: usize) -> HeadingLevel {
    HeadingLevel::try_from(level).unwrap_or(HeadingLevel::H6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every tag with its attributes, as a browser sees it: a `<` in a text is written `&lt;`.
    fn tags(html: &str) -> Vec<&str> {
        let opened = html.split('<').skip(1);
        opened.map(|rest| rest.split('>').next().unwrap()).collect()
    }

    fn is_safe(tag: &str) -> bool {
        let name = tag.trim_start_matches('/');
        let (name, rest) = name.split_once(' ').unwrap_or((name, ""));
        let link = |rest: &str| {
            let href = rest.strip_prefix("href=\"").and_then(|r| r.split_once('"'));
            let Some((address, rest)) = href else {
                return rest == "rel=\"noopener noreferrer nofollow\"";
            };
            ["http://", "https://", "mailto:"]
                .iter()
                .any(|s| address.to_lowercase().starts_with(s))
                && rest == " rel=\"noopener noreferrer nofollow\""
        };
        TAGS.contains(&name)
            && match name {
                "a" if !tag.starts_with('/') => link(rest),
                "ol" if !rest.is_empty() => rest
                    .strip_prefix("start=\"")
                    .and_then(|r| r.strip_suffix('"'))
                    .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())),
                _ => rest.is_empty(),
            }
    }

    #[test]
    fn common_markdown_is_rendered() {
        let page = html(
            "# What\n\nA *slow* **origin** and `purge`.\n\n| at | what |\n|---|---|\n| 19:42 | page |\n",
        );
        for part in [
            "<h3>What</h3>",
            "<em>slow</em>",
            "<strong>origin</strong>",
            "<code>purge</code>",
            "<td>19:42</td>",
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        assert_eq!(
            html("[wiki](https://wiki.example/a?b=c&d)"),
            "<p><a href=\"https://wiki.example/a?b=c&amp;d\" rel=\"noopener noreferrer nofollow\">wiki</a></p>\n"
        );
    }

    #[test]
    fn nothing_that_is_pasted_runs_or_is_fetched() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <script src=//evil.example/x.js></script> b",
            "<img src=x onerror=alert(1)>",
            "![x](https://evil.example/pixel.png)",
            "![x](javascript:alert(1))",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox)",
            "[x](//evil.example)",
            "[x](/sign-out)",
            "<javascript:alert(1)>",
            "[a]: javascript:alert(1)\n\n[a]",
            "[x](https://ok.example \"onmouseover=alert(1)\")",
            "<a href=\"https://ok.example\" onclick=\"alert(1)\">x</a>",
            "<svg/onload=alert(1)>",
            "<iframe src=https://evil.example></iframe>",
            "<form action=/sign-out method=post><button>x",
            "<style>body{display:none}</style>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "# <img src=x>\n<details open ontoggle=alert(1)>",
            "```\n</code></pre><script>alert(1)</script>\n```",
            "`</code><script>alert(1)</script>`",
            "<!-- --><script>alert(1)</script>",
            "<p style=\"position:fixed\" id=main class=btn>",
            "5. five\n6. six",
        ] {
            let page = html(hostile);
            for tag in tags(&page) {
                assert!(is_safe(tag), "<{tag}> came of {hostile:?}: {page}");
            }
        }
        assert!(html("<script>alert(1)</script>").contains("&lt;script&gt;"));
        assert!(html("![a graph](https://wiki.example/g.png)").contains(">a graph</a>"));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_tag_that_is_not_on_the_list(
            parts in prop::collection::vec(
                prop_oneof![
                    any::<String>(),
                    "[<>/a-z=\"'`!\\[\\]()#*|:&; \n-]{0,30}",
                    Just("<script>".to_owned()),
                    Just("](javascript:".to_owned()),
                    Just("<img src=x onerror=".to_owned()),
                    Just("\n\n<svg onload=".to_owned()),
                    Just("```\n".to_owned()),
                ],
                0..8,
            )
        ) {
            let page = html(&parts.concat());
            for tag in tags(&page) {
                prop_assert!(is_safe(tag), "<{}> in {}", tag, page);
            }
        }
    }
}
