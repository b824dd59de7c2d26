//! Markdown as HTML for our pages. Whatever someone pastes, the page runs none of it and fetches none of it, and the
//! work is in proportion to the text.

pub mod kept;
pub mod plain;
pub mod title;

mod address;
mod raw;
mod writer;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Options, Parser, TextMergeWithOffset};

pub use kept::Kept;
pub use plain::{plain, words};
pub use title::first_heading;

/// What is understood beside CommonMark.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES);

/// Allowed tags.
const TAGS: [&str; 30] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "details",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Built once, because it depends only on the lists here.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let sides = HashSet::from(["center", "right"]);
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("li", HashSet::from(["id"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .tag_attribute_values(HashMap::from([(
            "span",
            HashMap::from([
                ("role", HashSet::from(["img"])),
                ("aria-label", HashSet::from(["Done", "Not done"])),
            ]),
        )]))
        .allowed_classes(HashMap::from([("td", sides.clone()), ("th", sides)]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") => is_picture(value).then_some(value.into()),
            _ => Some(value.into()),
        })
        .url_relative(UrlRelative::Custom(Box::new(own)))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// An address on this site: only footnotes of the page, people and pictures lead anywhere.
fn own(address: &str) -> Option<Cow<'_, str>> {
    let is_note = is_all(address.strip_prefix("#note-"), |b| b.is_ascii_digit());
    (is_note || is_person(address) || is_picture(address)).then_some(Cow::Borrowed(address))
}

/// The page of somebody, by their handle.
fn is_person(address: &str) -> bool {
    let handle = address.strip_prefix("/people/");
    is_all(handle, |b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A picture of a post-mortem. The writer names only those of the text's own one.
fn is_picture(address: &str) -> bool {
    let path = address.strip_suffix("?show=all").unwrap_or(address);
    let rest = path.strip_prefix("/library/");
    rest.and_then(|rest| rest.split_once("/pictures/"))
        .is_some_and(|(slug, number)| {
            is_all(Some(slug), |b| b.is_ascii_alphanumeric() || b == b'-')
                && is_all(Some(number), |b| b.is_ascii_digit())
        })
}

fn is_all(text: Option<&str>, may: fn(u8) -> bool) -> bool {
    text.is_some_and(|text| !text.is_empty() && text.bytes().all(may))
}

/// A picture that a text can show by its number: `![its words](3)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub number: i32,
    pub src: String,
    /// Its words, where the text has none.
    pub alt: String,
    pub width: i32,
    pub height: i32,
}

/// The HTML of a text. Its headings are below those of the page, comments are left out, other raw HTML is shown as
/// text. A picture is one of `figures`, each shown once; every other one becomes a link.
pub fn html(markdown: &str, figures: &[Figure]) -> String {
    let mut writer = writer::Writer::new(markdown, figures);
    let events = Parser::new_ext(markdown, OPTIONS).into_offset_iter();
    for (event, range) in TextMergeWithOffset::new(events) {
        writer.event(event, range);
    }
    // What we wrote is not trusted either: it is cleaned like pasted HTML.
    CLEANER.clean(&writer.finish()).to_string()
}
