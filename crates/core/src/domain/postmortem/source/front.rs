//! The tree of front matter as the fields of the form. Everything is optional here: the form says what is missing.

use super::left_over::{LeftOver, Why, short};
use super::tree::{Entry, Node};
use super::{Told, moment};
use crate::domain::postmortem::Severity;
use crate::domain::postmortem::form::{PointForm, PostmortemForm};
use crate::time::MomentField;

const KNOWN: [&str; 14] = [
    "title",
    "severity",
    "when",
    "date",
    "minutes",
    "areas",
    "systems",
    "link",
    "symptoms",
    "impact",
    "surprised",
    "points",
    "actions",
    "tags",
];
const OF_POINT: [&str; 6] = ["saw", "question", "believed", "decided", "now", "teaches"];
const OF_ACTION: [&str; 3] = ["what", "owner", "link"];

pub(super) fn read(entries: &[Entry]) -> Told {
    let mut reader = Reader::default();
    let mut form = PostmortemForm::default();
    for entry in entries {
        reader.field(&mut form, entry);
    }
    form.occurred_at = MomentField::of_file(reader.occurred_at(entries));
    reader.left_over.sort_by_key(|left| left.line);
    Told {
        form,
        left_over: reader.left_over,
    }
}

#[derive(Default)]
struct Reader {
    left_over: Vec<LeftOver>,
    /// Keys that were read; the first of two counts.
    seen: Vec<String>,
}

impl Reader {
    fn leave(&mut self, entry: &Entry, why: Why) {
        self.leave_of(entry, "", why);
    }

    /// `of` says whose key it is: ` of point 1`.
    fn leave_of(&mut self, entry: &Entry, of: &str, why: Why) {
        self.left_over.push(LeftOver {
            line: entry.line,
            key: short(&entry.key),
            of: of.to_owned(),
            why,
        });
    }

    fn field(&mut self, form: &mut PostmortemForm, entry: &Entry) {
        let key = entry.key.as_str();
        if self.seen.iter().any(|seen| seen == key) {
            return self.leave(entry, Why::Unknown(&KNOWN));
        }
        self.seen.push(key.to_owned());
        let texts = [
            ("title", &mut form.title),
            ("link", &mut form.link),
            ("symptoms", &mut form.symptoms),
            ("impact", &mut form.impact),
            ("surprised", &mut form.surprised),
        ];
        for (name, field) in texts {
            if name == key {
                *field = self.words(entry, "").unwrap_or_default();
                return;
            }
        }
        match key {
            "severity" => {
                form.severity = severity(&self.words(entry, "").unwrap_or_default());
                if !form.severity.is_empty() && Severity::parse(&form.severity).is_none() {
                    self.leave(entry, Why::Unfit(short(&form.severity)));
                }
            }
            "minutes" => {
                form.minutes = self.words(entry, "").unwrap_or_default().trim().to_owned();
                if !form.minutes.is_empty() && form.minutes.parse::<i64>().is_err() {
                    self.leave(entry, Why::Unfit(short(&form.minutes)));
                }
            }
            "areas" => form.areas = self.list(entry, "").into_iter().collect(),
            "systems" => form.systems = self.list(entry, "").join("\n"),
            "points" => {
                let points = self.tables(entry);
                let numbered = (1..).zip(points);
                form.points = numbered.map(|(n, (_, p))| self.point(n, p)).collect();
            }
            "actions" => {
                let actions = self.tables(entry);
                let actions = actions.into_iter().map(|(_, a)| self.action(a));
                form.actions = actions.collect::<Vec<_>>().join("\n");
            }
            "tags" if entry.node.list().is_some() => {
                self.left_over.push(LeftOver::tags(entry.line, &entry.node));
            }
            // Both are read as one, below.
            "when" | "date" => {}
            _ => self.leave(entry, Why::Unknown(&KNOWN)),
        }
    }

    /// When it began: `when`, or `date` as site generators have it.
    fn occurred_at(&mut self, entries: &[Entry]) -> String {
        let of = |key: &str| entries.iter().find(|e| e.key == key);
        let Some(entry) = of("when").or_else(|| of("date")) else {
            return String::new();
        };
        if let Some(date) = of("date").filter(|_| entry.key == "when") {
            self.leave(
                date,
                Why::Unfit(short(date.node.words().unwrap_or_default())),
            );
        }
        let words = self.words(entry, "").unwrap_or_default();
        match moment::exact(&words) {
            Some(at) => at.iso(),
            None => {
                if !words.trim().is_empty() {
                    self.leave(entry, Why::Unfit(short(&words)));
                }
                words
            }
        }
    }

    fn point(&mut self, n: usize, entries: &[Entry]) -> PointForm {
        let of = format!(" of point {n}");
        let mut point = PointForm::default();
        for entry in entries {
            let field = match entry.key.as_str() {
                "saw" => &mut point.saw,
                "question" => &mut point.question,
                "believed" => &mut point.believed,
                "decided" => &mut point.decided,
                "now" => &mut point.now,
                "teaches" => {
                    point.teaches = self.list(entry, &of).join(", ");
                    continue;
                }
                _ => {
                    self.leave_of(entry, &of, Why::Unknown(&OF_POINT));
                    continue;
                }
            };
            *field = self.words(entry, &of).unwrap_or_default();
        }
        point
    }

    /// An action as a line of the form.
    fn action(&mut self, entries: &[Entry]) -> String {
        let (mut what, mut owner, mut link) = Default::default();
        for entry in entries {
            let field: &mut String = match entry.key.as_str() {
                "what" => &mut what,
                "owner" => &mut owner,
                "link" => &mut link,
                _ => {
                    self.leave_of(entry, " of an action", Why::Unknown(&OF_ACTION));
                    continue;
                }
            };
            *field = self.words(entry, " of an action").unwrap_or_default();
        }
        // A bar separates the parts of a line.
        let part = |text: String| text.replace(['|', '\n'], " ");
        format!("{} | {} | {link}", part(what), part(owner))
            .trim_end_matches([' ', '|'])
            .to_owned()
    }

    fn words(&mut self, entry: &Entry, of: &str) -> Option<String> {
        self.shaped(entry, of, "words", |node| node.words().map(str::to_owned))
    }

    fn list(&mut self, entry: &Entry, of: &str) -> Vec<String> {
        self.shaped(entry, of, "a list of words", Node::list)
            .unwrap_or_default()
    }

    fn tables<'e>(&mut self, entry: &'e Entry) -> Vec<(usize, &'e [Entry])> {
        match entry.node.tables() {
            Some(tables) => tables,
            None => {
                self.leave(entry, Why::Shape("a list of tables"));
                Vec::new()
            }
        }
    }

    fn shaped<T>(
        &mut self,
        entry: &Entry,
        of: &str,
        shape: &'static str,
        read: impl Fn(&Node) -> Option<T>,
    ) -> Option<T> {
        let read = read(&entry.node);
        if read.is_none() {
            self.leave_of(entry, of, Why::Shape(shape));
        }
        read
    }
}

/// The word of a severity, however it is spelled: `SEV 2`, `sev-2`, `2`.
fn severity(words: &str) -> String {
    let word = words.trim().to_lowercase().replace([' ', '-', '_'], "");
    match word.as_str() {
        "1" | "2" | "3" | "4" => format!("sev{word}"),
        _ => word,
    }
}
