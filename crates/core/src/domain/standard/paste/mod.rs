//! Lines of a standard from what a team has: a Markdown checklist, or a matrix as CSV or cells of a spreadsheet. Pure.

mod list;
mod marks;
mod table;
#[cfg(test)]
mod tests;

use super::check;
use super::draft::Line;
use super::{Competency, Content, DoneBy, Group, Item, ItemGroup, Level};
use crate::words::web_address;

/// Most characters of a text.
pub const MAX_CHARS: usize = 40_000;
/// Most lines of one text.
pub const MAX_LINES: usize = 500;

/// What lines are under no heading that names a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    Items,
    Competencies(Group),
}

impl Otherwise {
    /// Reads `items`, or the word of a group of competencies.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "items" => Some(Self::Items),
            word => Group::parse(word).map(Self::Competencies),
        }
    }
}

/// A line of the text that became a line of a standard, without a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The first line of the text, from 1.
    pub at: usize,
    pub line: Line,
}

/// A line of the text that became none, or not with all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    pub at: usize,
    pub text: String,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pasted {
    pub made: Vec<Made>,
    /// By line.
    pub left_over: Vec<LeftOver>,
}

/// Reads a text. Every line of it is made into something, names a group, or is left over.
pub fn read(text: &str, otherwise: Otherwise) -> Pasted {
    let mut reader = Reader {
        lines: text.lines().collect(),
        known: Vec::new(),
        otherwise,
        pasted: Pasted::default(),
    };
    reader.known.resize(reader.lines.len(), false);
    if list::is_list(text) && !table::is_named(text) {
        list::read(text, &mut reader);
    } else {
        table::read(text, (0, None), &mut reader);
    }
    reader.finish()
}

impl Pasted {
    /// Without the lines that a version has already, word for word.
    pub fn without(mut self, content: &Content) -> Self {
        let has = |line: &Line| match line {
            Line::Competency(new) => content
                .competencies
                .iter()
                .any(|c| c.statement == new.statement),
            Line::Item(new) => content.items.iter().any(|i| i.text == new.text),
        };
        let (there, new): (Vec<_>, Vec<_>) = self.made.into_iter().partition(|m| has(&m.line));
        self.made = new;
        self.left_over
            .extend(there.into_iter().map(|made| LeftOver {
                at: made.at,
                text: words(&made.line).to_owned(),
                why: "it is in the draft already".into(),
            }));
        self.left_over.sort_by_key(|left| left.at);
        self
    }
}

/// What a line says.
pub fn words(line: &Line) -> &str {
    match line {
        Line::Competency(c) => &c.statement,
        Line::Item(i) => &i.text,
    }
}

/// What a heading or a cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Competencies(Group),
    Items(ItemGroup),
}

impl Section {
    /// By the words that teams use for it.
    fn named(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        words.find_map(|word| {
            Some(match word {
                "architecture" | "design" => Self::Competencies(Group::Architecture),
                "observability" | "monitoring" | "dashboards" => {
                    Self::Competencies(Group::Observability)
                }
                "incident" | "incidents" => Self::Competencies(Group::Incident),
                "change" | "changes" | "recovery" | "deployment" | "deployments" => {
                    Self::Competencies(Group::Change)
                }
                "read" | "reading" => Self::Items(ItemGroup::Read),
                "access" | "accounts" | "permissions" => Self::Items(ItemGroup::Access),
                "meet" | "people" => Self::Items(ItemGroup::Meet),
                "do" | "tasks" => Self::Items(ItemGroup::Do),
                _ => return None,
            })
        })
    }

    /// Whether a text says nothing but the name of one.
    fn is_name(text: &str) -> bool {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric());
        let mut words = words.filter(|word| !word.is_empty());
        let with = [
            "response",
            "management",
            "normal",
            "behaviour",
            "get",
            "and",
        ];
        Self::named(text).is_some()
            && words.all(|word| with.contains(&word) || Self::named(word).is_some())
    }
}

/// The kind of a checklist item, by its first word.
fn kind_of(text: &str) -> ItemGroup {
    let first = text
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_lowercase();
    match first.trim_matches(|c: char| !c.is_alphanumeric()) {
        "read" | "review" | "watch" | "study" => ItemGroup::Read,
        "get" | "request" | "access" | "obtain" => ItemGroup::Access,
        "meet" | "talk" | "introduce" => ItemGroup::Meet,
        _ => ItemGroup::Do,
    }
}

/// A line before it is checked.
#[derive(Debug, Default)]
struct Draft {
    text: String,
    section: Option<Section>,
    level: Option<Level>,
    critical: bool,
    behaviours: [String; 5],
    done_by: DoneBy,
    link: Option<String>,
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    /// Which lines became something.
    known: Vec<bool>,
    otherwise: Otherwise,
    pasted: Pasted,
}

impl<'a> Reader<'a> {
    /// A line of the text, from 1.
    fn line(&self, at: usize) -> &'a str {
        let line = self.lines.get(at.saturating_sub(1));
        line.copied().unwrap_or_default()
    }

    /// Marks lines, from 1, as read: what is left over of them is told.
    fn know(&mut self, from: usize, to: usize) {
        let skipped = from.saturating_sub(1);
        let all = self.known.iter_mut().take(to).skip(skipped);
        all.for_each(|known| *known = true);
    }

    fn leave(&mut self, at: usize, text: &str, why: &str) {
        self.pasted.left_over.push(LeftOver {
            at,
            text: crate::words::clipped(text.trim(), 200),
            why: why.to_owned(),
        });
    }

    /// Leaves the lines `at` to `to` over. Of one line, what could not be made of it.
    fn leave_lines(&mut self, at: usize, to: usize, text: &str, why: &str) {
        if at >= to {
            return self.leave(at, text, why);
        }
        for line in at..=to {
            let text = self.line(line);
            if !text.trim().is_empty() {
                self.leave(line, text, why);
            }
        }
    }

    /// Makes the lines `at` to `to` of the text into a line of the standard, or leaves them over.
    fn make(&mut self, at: usize, to: usize, draft: Draft) {
        self.know(at, to);
        if self.pasted.made.len() == MAX_LINES {
            let why = format!("the limit is {MAX_LINES} lines");
            return self.leave_lines(at, to, &draft.text, &why);
        }
        let text = marks::without(&draft.text);
        let text = match check::line(text) {
            Ok(text) => text,
            Err(why) => return self.leave_lines(at, to, &draft.text, &why),
        };
        let rated = draft.level.is_some()
            || draft.critical
            || draft.behaviours.iter().any(|b| !b.is_empty());
        let section = draft.section.or(match self.otherwise {
            Otherwise::Competencies(group) => Some(Section::Competencies(group)),
            Otherwise::Items if rated => Some(Section::Competencies(Group::Architecture)),
            Otherwise::Items => None,
        });
        let link = draft.link.filter(|link| {
            let is_web = web_address(link).is_ok();
            let fits = is_web && !matches!(section, Some(Section::Competencies(_)));
            if !fits {
                let why = match is_web {
                    true => "a competency has no link",
                    false => "only http and https are linked to",
                };
                self.leave(at, link, why);
            }
            fits
        });
        let line = match section {
            Some(Section::Competencies(group)) => Line::Competency(Competency {
                code: String::new(),
                group,
                statement: text,
                required_level: draft.level.unwrap_or(usual_level(draft.critical)),
                critical: draft.critical,
                behaviours: self.behaviours(at, draft.behaviours),
            }),
            items => {
                if rated {
                    let behaviours = draft.behaviours.iter().map(String::as_str);
                    let all: Vec<&str> = std::iter::once(text.as_str()).chain(behaviours).collect();
                    self.leave(at, &all.join(" "), "a checklist item has no level");
                }
                Line::Item(Item {
                    code: String::new(),
                    group: match items {
                        Some(Section::Items(group)) => group,
                        _ => kind_of(&text),
                    },
                    text,
                    done_by: draft.done_by,
                    link,
                })
            }
        };
        self.pasted.made.push(Made { at, line });
    }

    fn behaviours(&mut self, at: usize, typed: [String; 5]) -> [String; 5] {
        typed.map(|text| match check::line(&text) {
            Ok(text) => text,
            Err(why) => {
                if !text.trim().is_empty() {
                    self.leave(at, &text, &why);
                }
                String::new()
            }
        })
    }

    fn finish(mut self) -> Pasted {
        let unread: Vec<(usize, &str)> = (1..)
            .zip(self.lines.iter().copied())
            .zip(&self.known)
            .filter(|((_, text), known)| !**known && !text.trim().is_empty())
            .map(|(line, _)| line)
            .collect();
        for (at, text) in unread {
            self.leave(at, text, "it is not in a list");
        }
        self.pasted.left_over.sort_by_key(|left| left.at);
        self.pasted.made.sort_by_key(|made| made.at);
        self.pasted
    }
}

/// The level of a line that names none: 3, critical 4.
fn usual_level(critical: bool) -> Level {
    let [_, _, three, four, _] = Level::ALL;
    if critical { four } else { three }
}
