//! A Markdown checklist: list items are lines, headings name groups.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Draft, Reader, Section, marks, table};

/// Whether a text has list items or headings of Markdown.
pub(super) fn is_list(text: &str) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = number.len() < line.len();
        let marks = ["- ", "* ", "+ ", "# ", "## ", "### ", "#### "];
        marks.iter().any(|mark| line.starts_with(mark))
            || (is_number && (number.starts_with(". ") || number.starts_with(") ")))
    };
    text.lines().any(begins)
}

/// The text of an item or heading, and where it stands.
#[derive(Default)]
struct Words {
    text: String,
    link: Option<String>,
    /// Bytes of its text; empty until there is some.
    range: Option<Range<usize>>,
}

impl Words {
    fn add(&mut self, text: &str, range: &Range<usize>) {
        self.text.push_str(text);
        self.range = Some(match self.range.take() {
            Some(before) => before.start..range.end.max(before.end),
            None => range.clone(),
        });
    }
}

/// What Markdown does not know, line by line: signs of word processors become list items, and tables are taken out.
/// Gives back the tables too: lines before one, and its text. A block of code stays as it is.
fn as_markdown(text: &str) -> (String, Vec<(usize, String)>) {
    let mut list = String::new();
    let mut tables: Vec<(usize, String)> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut is_in_table = false;
    for (before, line) in text.lines().enumerate() {
        let begun = line.trim_start();
        let here = ["```", "~~~"].into_iter().find(|f| begun.starts_with(f));
        match (fence, here) {
            (None, Some(_)) => fence = here,
            (Some(open), Some(_)) if here == Some(open) => fence = None,
            _ => {}
        }
        let is_text = fence.is_none() && here.is_none();
        let is_row = is_text && begun.starts_with('|');
        match tables.last_mut().filter(|_| is_row && is_in_table) {
            Some((_, table)) => *table += &format!("\n{line}"),
            None if is_row => tables.push((before, line.to_owned())),
            None if is_text && marks::has(line) => {
                list += "- ";
                list += marks::without(line);
            }
            None => list += line,
        }
        list.push('\n');
        is_in_table = is_row;
    }
    (list, tables)
}

pub(super) fn read(text: &str, reader: &mut Reader<'_>) {
    let (text, tables) = as_markdown(text);
    let headings = read_list(&text, reader);
    for (before, table) in tables {
        let above = headings.iter().rev().find(|(at, _)| *at <= before);
        let section = above.and_then(|(_, section)| *section);
        table::read(&table, (before, section), reader);
    }
}

/// Reads what is no table; gives back the line and the group of each heading.
fn read_list(text: &str, reader: &mut Reader<'_>) -> Vec<(usize, Option<Section>)> {
    let mut headings = Vec::new();
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |byte: usize| breaks.partition_point(|at| *at < byte) + 1;
    let mut section = None;
    // Items that are open, the innermost last; a heading; and what is inside of neither.
    let mut items: Vec<Words> = Vec::new();
    let mut heading: Option<(Words, Range<usize>)> = None;
    let mut outside = 0_usize;
    let finish = |reader: &mut Reader<'_>, words: Words, section: Option<Section>| {
        let Some(range) = words.range else { return };
        let draft = Draft {
            text: words.text,
            section,
            link: words.link,
            ..Draft::default()
        };
        let last = range.end.saturating_sub(1).max(range.start);
        reader.make(line_of(range.start), line_of(last), draft);
    };
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) if items.is_empty() && outside == 0 => {
                heading = Some((Words::default(), range));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((words, range)) = heading.take() {
                    section = Section::named(&words.text);
                    let (at, to) = (line_of(range.start), line_of(range.end.saturating_sub(1)));
                    reader.know(at, to);
                    headings.push((at, section));
                    if section.is_none() && !words.text.trim().is_empty() {
                        reader.leave(at, &words.text, "this heading names no group");
                    }
                }
            }
            Event::Start(Tag::Item) => {
                // What stands before a list inside of an item is a line of its own.
                if let Some(words) = items.last_mut() {
                    finish(reader, std::mem::take(words), section);
                }
                items.push(Words::default());
            }
            Event::End(TagEnd::Item) => {
                if let Some(words) = items.pop() {
                    finish(reader, words, section);
                }
            }
            Event::Start(Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::HtmlBlock) => outside += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock) => {
                outside = outside.saturating_sub(1);
            }
            Event::Start(Tag::Link { dest_url, .. }) if outside == 0 => {
                if let Some(words) = open(&mut items, &mut heading)
                    && let Some(before) = words.link.replace(dest_url.into_string())
                {
                    reader.leave(line_of(range.start), &before, "a line has one link");
                }
            }
            Event::Text(words) | Event::Code(words) | Event::InlineHtml(words) if outside == 0 => {
                if let Some(open) = open(&mut items, &mut heading) {
                    open.add(&words, &range);
                }
            }
            Event::SoftBreak | Event::HardBreak if outside == 0 => {
                if let Some(open) = open(&mut items, &mut heading) {
                    open.text.push(' ');
                }
            }
            // Two paragraphs of an item are one line.
            Event::Start(Tag::Paragraph) => {
                if let Some(open) = items.last_mut() {
                    open.text.push(' ');
                }
            }
            _ => {}
        }
    }
    headings
}

fn open<'a>(
    items: &'a mut [Words],
    heading: &'a mut Option<(Words, Range<usize>)>,
) -> Option<&'a mut Words> {
    match heading {
        Some((words, _)) => Some(words),
        None => items.last_mut(),
    }
}
