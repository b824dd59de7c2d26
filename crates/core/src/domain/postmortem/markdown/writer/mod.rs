//! Events of the parser as HTML: balanced, of bounded depth, and about as long as the text.

mod loose;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use std::mem;
use std::ops::Range;

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, LinkType, Tag as Element, TagEnd};
use pulldown_cmark_escape::{escape_href, escape_html_body_text};

use super::Figure;
use super::address::{self, Part};
use super::raw::Tag;

/// How deep lists, quotes, emphasis and links go into each other; what is deeper is shown as it was typed. Each level
/// makes the cleaner's work on all below it longer.
pub(super) const MAX_LEVELS: usize = 20;
/// Heading levels that the page itself uses.
const PAGE_LEVELS: usize = 2;

/// What was begun and is not ended yet.
enum Open {
    Element {
        close: &'static str,
        /// Counts as a level.
        nests: bool,
    },
    Link {
        is_followed: bool,
        address: String,
        /// Where its words begin.
        start: usize,
    },
    /// A picture of the text's own document.
    Figure {
        at: usize,
        /// Where its words begin.
        start: usize,
    },
    /// A footnote, by its number; what was written before it waits.
    Note {
        number: usize,
        before: String,
    },
    Raw(Tag),
    /// The paragraph around loose words of raw HTML.
    Paragraph,
}

pub(super) struct Writer<'t> {
    source: &'t str,
    figures: &'t [Figure],
    /// Which of them are shown already: a text of many short names stays short.
    shown: HashSet<usize>,
    out: String,
    open: Vec<Open>,
    levels: usize,
    /// Elements begun inside one that is shown as it was typed, with that one.
    skipped: usize,
    /// Raw HTML between two blank lines.
    block: Option<String>,
    is_code: bool,
    last_heading: usize,
    columns: Vec<Alignment>,
    column: usize,
    is_head: bool,
    numbers: HashMap<String, usize>,
    notes: BTreeMap<usize, String>,
}

impl<'t> Writer<'t> {
    pub(super) fn new(source: &'t str, figures: &'t [Figure]) -> Self {
        Self {
            source,
            figures,
            shown: HashSet::new(),
            out: String::with_capacity(source.len() + source.len() / 4),
            open: Vec::new(),
            levels: 0,
            skipped: 0,
            block: None,
            is_code: false,
            last_heading: PAGE_LEVELS,
            columns: Vec::new(),
            column: 0,
            is_head: false,
            numbers: HashMap::new(),
            notes: BTreeMap::new(),
        }
    }

    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.skipped > 0 {
            match event {
                Event::Start(_) => self.skipped += 1,
                Event::End(_) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(element) => self.start(element, range),
            Event::End(TagEnd::HtmlBlock) => self.end_block(),
            Event::End(_) => self.end(),
            Event::Text(text) if self.is_code => self.escaped(&text),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.out.push_str("<code>");
                self.escaped(&text);
                self.out.push_str("</code>");
            }
            Event::Html(html) => match &mut self.block {
                Some(block) => block.push_str(&html),
                None => self.inline(&html),
            },
            Event::InlineHtml(html) => self.inline(&html),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(is_done) => self.out.push_str(match is_done {
                true => "<span role=\"img\" aria-label=\"Done\">☑</span> ",
                false => "<span role=\"img\" aria-label=\"Not done\">☐</span> ",
            }),
            Event::FootnoteReference(label) => self.reference(label),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.escaped(&text),
        }
    }

    /// The whole page, with its footnotes at the end.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        if !self.notes.is_empty() {
            self.out.push_str("<ol>\n");
            for (number, note) in mem::take(&mut self.notes) {
                let _ = writeln!(self.out, "<li id=\"note-{number}\">{note}</li>");
            }
            self.out.push_str("</ol>\n");
        }
        self.out
    }

    fn start(&mut self, element: Element<'_>, range: Range<usize>) {
        let (is_block, nests) = match &element {
            Element::BlockQuote(_) | Element::List(_) | Element::FootnoteDefinition(_) => {
                (true, true)
            }
            Element::Emphasis
            | Element::Strong
            | Element::Strikethrough
            | Element::Link { .. }
            | Element::Image { .. } => (false, true),
            _ => (false, false),
        };
        if nests && self.levels >= MAX_LEVELS {
            self.as_typed(range, is_block);
            return;
        }
        let (open, close) = match element {
            Element::HtmlBlock => {
                self.block = Some(String::new());
                return;
            }
            Element::Link {
                link_type,
                dest_url,
                ..
            } => return self.link(link_type, dest_url),
            Element::Image { dest_url, .. } => {
                return match self.figure(&dest_url) {
                    Some(at) if self.shown.insert(at) => {
                        let start = self.out.len();
                        self.push(Open::Figure { at, start });
                    }
                    _ => self.link(LinkType::Inline, dest_url),
                };
            }
            Element::FootnoteDefinition(label) => {
                let number = self.number(&label);
                let before = mem::take(&mut self.out);
                return self.push(Open::Note { number, before });
            }
            Element::Heading { level, .. } => self.heading(level),
            Element::List(Some(start)) if start != 1 => {
                let _ = writeln!(self.out, "<ol start=\"{start}\">");
                ("", "</ol>\n")
            }
            Element::List(Some(_)) => ("<ol>\n", "</ol>\n"),
            Element::List(None) => ("<ul>\n", "</ul>\n"),
            Element::Item => ("<li>", "</li>\n"),
            Element::Paragraph => ("<p>", "</p>\n"),
            Element::BlockQuote(_) => ("<blockquote>\n", "</blockquote>\n"),
            Element::CodeBlock(_) => {
                self.is_code = true;
                ("<pre><code>", "</code></pre>\n")
            }
            Element::Table(columns) => {
                self.columns = columns;
                ("<table>", "</tbody></table>\n")
            }
            Element::TableHead => {
                (self.column, self.is_head) = (0, true);
                ("<thead><tr>", "</tr></thead>\n<tbody>\n")
            }
            Element::TableRow => {
                (self.column, self.is_head) = (0, false);
                ("<tr>", "</tr>\n")
            }
            Element::TableCell => {
                // The parser fills short rows up to the width of the table, which can be much longer than the text.
                if range.is_empty() && !self.is_head {
                    self.skipped = 1;
                    return;
                }
                self.cell()
            }
            Element::Emphasis => ("<em>", "</em>"),
            Element::Strong => ("<strong>", "</strong>"),
            Element::Strikethrough => ("<del>", "</del>"),
            Element::Superscript => ("<sup>", "</sup>"),
            Element::Subscript => ("<sub>", "</sub>"),
            Element::DefinitionList
            | Element::DefinitionListTitle
            | Element::DefinitionListDefinition
            | Element::MetadataBlock(_) => ("", ""),
        };
        self.out.push_str(open);
        self.push(Open::Element { close, nests });
    }

    /// An element that is too deep, as it was typed.
    fn as_typed(&mut self, range: Range<usize>, is_block: bool) {
        self.skipped = 1;
        let typed = self.source.get(range).unwrap_or_default().trim();
        let (open, close) = if is_block {
            ("<p>", "</p>\n")
        } else {
            ("", "")
        };
        self.out.push_str(open);
        self.escaped(typed);
        self.out.push_str(close);
    }

    /// Below the headings of the page, and at most one level below the heading before it.
    fn heading(&mut self, level: HeadingLevel) -> (&'static str, &'static str) {
        let wanted = (level as usize + 1).clamp(PAGE_LEVELS + 1, 6);
        self.last_heading = wanted.min(self.last_heading + 1);
        match self.last_heading {
            ..=3 => ("<h3>", "</h3>\n"),
            4 => ("<h4>", "</h4>\n"),
            5 => ("<h5>", "</h5>\n"),
            _ => ("<h6>", "</h6>\n"),
        }
    }

    fn cell(&mut self) -> (&'static str, &'static str) {
        let side = self.columns.get(self.column);
        self.column += 1;
        let side = side.copied().unwrap_or(Alignment::None);
        match (self.is_head, side) {
            (true, Alignment::Right) => ("<th class=\"right\">", "</th>"),
            (true, Alignment::Center) => ("<th class=\"center\">", "</th>"),
            (true, _) => ("<th>", "</th>"),
            (false, Alignment::Right) => ("<td class=\"right\">", "</td>"),
            (false, Alignment::Center) => ("<td class=\"center\">", "</td>"),
            (false, _) => ("<td>", "</td>"),
        }
    }

    /// Begins a link; a picture is one too. One that cannot be followed from here says its address behind its words.
    fn link(&mut self, kind: LinkType, address: CowStr<'_>) {
        let address = match kind {
            LinkType::Email if !address.starts_with("mailto:") => format!("mailto:{address}"),
            _ => address.into_string(),
        };
        let lower = address.to_ascii_lowercase();
        let is_web = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme));
        let is_known = is_web || super::is_person(&address);
        let is_followed = is_known && !self.is_in_link();
        if is_followed {
            self.out.push_str("<a href=\"");
            let _ = escape_href(&mut self.out, &address);
            self.out.push_str("\">");
        }
        let start = self.out.len();
        self.push(Open::Link {
            is_followed,
            address,
            start,
        });
    }

    /// Which of the figures a text names.
    fn figure(&self, address: &str) -> Option<usize> {
        let named = |figure: &Figure| figure.number.to_string() == address;
        self.figures.iter().position(named)
    }

    /// Shows a picture with the words that were written for it, or its own.
    fn end_figure(&mut self, at: usize, start: usize) {
        let words = self.out.split_off(start);
        let Some(figure) = self.figures.get(at) else {
            return;
        };
        let mut alt = without_tags(&words);
        if alt.trim().is_empty() {
            alt.clear();
            let _ = escape_html_body_text(&mut alt, &figure.alt);
        }
        let _ = write!(
            self.out,
            "<img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\">",
            figure.src,
            alt.trim().replace('"', "&quot;"),
            figure.width,
            figure.height
        );
    }

    fn is_in_link(&self) -> bool {
        let links = self.open.iter().rev();
        links
            .take_while(|open| !matches!(open, Open::Note { .. }))
            .any(|open| {
                matches!(
                    open,
                    Open::Link {
                        is_followed: true,
                        ..
                    }
                )
            })
    }

    fn reference(&mut self, label: CowStr<'_>) {
        let number = self.number(&label);
        let _ = match self.is_in_link() {
            true => write!(self.out, "<sup>{number}</sup>"),
            false => write!(
                self.out,
                "<sup><a href=\"#note-{number}\">{number}</a></sup>"
            ),
        };
    }

    /// The number of a footnote: they count in the order in which the text names them.
    fn number(&mut self, label: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(label.to_owned()).or_insert(next)
    }

    fn push(&mut self, open: Open) {
        self.levels += usize::from(is_level(&open));
        self.open.push(open);
    }

    /// Ends what Markdown began last, with the raw tags inside it.
    fn end(&mut self) {
        while matches!(self.open.last(), Some(Open::Raw(_) | Open::Paragraph)) {
            self.close();
        }
        self.close();
    }

    /// Ends what was begun last: the raw tag, if it is one; `None` when nothing is open.
    fn close(&mut self) -> Option<Option<Tag>> {
        let open = self.open.pop()?;
        self.levels -= usize::from(is_level(&open));
        match open {
            Open::Element { close, .. } => {
                self.is_code = false;
                self.out.push_str(close);
            }
            Open::Link {
                is_followed,
                address,
                start,
            } => self.end_link(is_followed, &address, start),
            Open::Figure { at, start } => self.end_figure(at, start),
            Open::Note { number, before } => {
                let note = mem::replace(&mut self.out, before);
                self.notes.entry(number).or_default().push_str(&note);
            }
            Open::Paragraph => self.out.push_str("</p>\n"),
            Open::Raw(tag) => {
                let _ = write!(self.out, "</{}>", tag.name());
                return Some(Some(tag));
            }
        }
        Some(None)
    }

    fn end_link(&mut self, is_followed: bool, address: &str, start: usize) {
        let words = self.out.get(start..).unwrap_or_default().trim();
        let (is_wordless, is_same) = (words.is_empty(), words == address);
        match (is_followed, is_wordless) {
            (true, true) => self.escaped(address),
            (false, true) => self.escaped(address),
            (false, false) if !is_same && !address.is_empty() => {
                self.out.push_str(" (");
                self.escaped(address);
                self.out.push(')');
            }
            _ => {}
        }
        if is_followed {
            self.out.push_str("</a>");
        }
    }

    /// Words, in which bare addresses become links.
    fn text(&mut self, text: &str) {
        if self.is_in_link() || !text.contains("://") {
            return self.escaped(text);
        }
        for part in address::parts(text) {
            match part {
                Part::Text(text) => self.escaped(text),
                Part::Address(address) => {
                    self.out.push_str("<a href=\"");
                    let _ = escape_href(&mut self.out, address);
                    self.out.push_str("\">");
                    self.escaped(address);
                    self.out.push_str("</a>");
                }
            }
        }
    }

    fn escaped(&mut self, text: &str) {
        let _ = escape_html_body_text(&mut self.out, text);
    }
}

fn is_level(open: &Open) -> bool {
    match open {
        Open::Element { nests, .. } => *nests,
        Open::Link { .. } | Open::Figure { .. } | Open::Note { .. } | Open::Raw(_) => true,
        Open::Paragraph => false,
    }
}

/// The words of HTML that the writer made: a `<` in a text is written `&lt;` there.
fn without_tags(html: &str) -> String {
    let mut pieces = html.split('<');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |words, piece| {
        words + piece.split_once('>').map_or("", |(_, rest)| rest)
    })
}
