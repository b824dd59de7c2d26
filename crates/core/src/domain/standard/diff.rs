//! What differs between two versions of a standard, line by line and field by field. Pure.

use super::{Competency, Content, Gate, Item, Level};

/// What happened to a line between two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineChange {
    /// Only the later version has it.
    Added,
    /// Both have it, and a field differs.
    Changed,
    /// Both have it, and only its position differs.
    Moved,
    /// Both have it, in the same position among the lines they share.
    Kept,
    /// Only the earlier version has it.
    Removed,
}

impl LineChange {
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Moved => "Moved",
            Self::Kept => "As it was",
            Self::Removed => "Removed",
        }
    }
}

/// A field before and after; empty where there is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    pub field: String,
    /// In the earlier version.
    pub before: String,
    /// In the later version.
    pub after: String,
}

/// A competency, checklist item or gate that one of the versions has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its code; a gate's kind.
    pub code: String,
    /// Its text, of the later version if that has it.
    pub title: String,
    pub change: LineChange,
    /// Its position among the shared lines differs; other fields may differ too.
    pub moved: bool,
    /// Where it differs; every field of a line that was added or removed.
    pub fields: Vec<FieldChange>,
}

/// Two versions compared. Lines of the later one come first, in its order, then those that were removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    pub competencies: Vec<Line>,
    pub items: Vec<Line>,
    pub gates: Vec<Line>,
}

impl Diff {
    /// All lines: competencies, items, gates.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.competencies
            .iter()
            .chain(&self.items)
            .chain(&self.gates)
    }

    /// Lines that differ.
    pub fn changes(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|l| l.change != LineChange::Kept)
    }

    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none()
    }

    pub fn line(&self, code: &str) -> Option<&Line> {
        self.lines().find(|l| l.code == code)
    }
}

/// The differences from `before` to `after`. Codes are identities, so a line that keeps its code is the same line.
pub fn diff(before: &Content, after: &Content) -> Diff {
    Diff {
        competencies: lines(&before.competencies, &after.competencies),
        items: lines(&before.items, &after.items),
        gates: lines(&before.gates, &after.gates),
    }
}

/// Name and text of every field of a line, in display order.
pub fn fields_of(line: &super::draft::Line) -> Vec<(String, String)> {
    match line {
        super::draft::Line::Competency(competency) => competency.fields(),
        super::draft::Line::Item(item) => item.fields(),
    }
}

/// A line that a diff can compare.
trait Compared {
    fn key(&self) -> &str;
    fn title(&self) -> String;
    /// Name and text of every field, in display order; the same names for every line of a kind.
    fn fields(&self) -> Vec<(String, String)>;
}

fn lines<T: Compared>(before: &[T], after: &[T]) -> Vec<Line> {
    let old = |key: &str| before.iter().position(|l| l.key() == key);
    let stays: Vec<usize> = after.iter().filter_map(|l| old(l.key())).collect();
    let still = longest_rising(&stays);
    let later = after.iter().map(|line| {
        let place = old(line.key());
        let earlier = place.and_then(|n| before.get(n));
        let fields = changes(earlier, Some(line));
        let moved = place.is_some_and(|n| !still.contains(&n));
        let change = match (earlier.is_some(), fields.is_empty(), moved) {
            (false, ..) => LineChange::Added,
            (true, false, _) => LineChange::Changed,
            (true, true, true) => LineChange::Moved,
            (true, true, false) => LineChange::Kept,
        };
        Line {
            code: line.key().to_owned(),
            title: line.title(),
            change,
            moved,
            fields,
        }
    });
    let gone = before
        .iter()
        .filter(|line| after.iter().all(|l| l.key() != line.key()))
        .map(|line| Line {
            code: line.key().to_owned(),
            title: line.title(),
            change: LineChange::Removed,
            moved: false,
            fields: changes(Some(line), None),
        });
    later.chain(gone).collect()
}

fn changes<T: Compared>(before: Option<&T>, after: Option<&T>) -> Vec<FieldChange> {
    let fields = |line: Option<&T>| line.map(T::fields).unwrap_or_default();
    let (before, after) = (fields(before), fields(after));
    let names = if after.is_empty() { &before } else { &after };
    let words = |all: &[(String, String)], name: &str| {
        all.iter()
            .find(|(n, _)| n == name)
            .map(|(_, words)| words.clone())
            .unwrap_or_default()
    };
    names
        .iter()
        .map(|(field, _)| FieldChange {
            field: field.clone(),
            before: words(&before, field),
            after: words(&after, field),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

/// The longest rising run of numbers, picked in order: what is not in it has moved. So the diff shows as few moves as
/// possible.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    let mut ending: Vec<Vec<usize>> = Vec::new();
    for (n, number) in numbers.iter().enumerate() {
        let mut run = ending
            .iter()
            .take(n)
            .filter(|run| run.last().is_none_or(|last| last < number))
            .max_by_key(|run| run.len())
            .cloned()
            .unwrap_or_default();
        run.push(*number);
        ending.push(run);
    }
    ending.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

impl Compared for Competency {
    fn key(&self) -> &str {
        &self.code
    }

    fn title(&self) -> String {
        self.statement.clone()
    }

    fn fields(&self) -> Vec<(String, String)> {
        let level = self.required_level;
        let mut all = vec![
            ("Statement".to_owned(), self.statement.clone()),
            ("Group".to_owned(), self.group.label().to_owned()),
            (
                "Required level".to_owned(),
                format!("{} {}", level.number(), level.label()),
            ),
            ("Critical".to_owned(), yes_no(self.critical)),
        ];
        let behaviours = Level::ALL.iter().zip(&self.behaviours);
        all.extend(behaviours.map(|(l, text)| (format!("Level {}", l.number()), text.clone())));
        all
    }
}

impl Compared for Item {
    fn key(&self) -> &str {
        &self.code
    }

    fn title(&self) -> String {
        self.text.clone()
    }

    fn fields(&self) -> Vec<(String, String)> {
        [
            ("Text", self.text.clone()),
            ("Kind", self.group.label().to_owned()),
            ("Who does it", self.done_by.label().to_owned()),
            ("Link", self.link.clone().unwrap_or_default()),
        ]
        .map(|(name, words)| (name.to_owned(), words))
        .into()
    }
}

impl Compared for Gate {
    fn key(&self) -> &str {
        self.kind()
    }

    fn title(&self) -> String {
        self.label().to_owned()
    }

    fn fields(&self) -> Vec<(String, String)> {
        vec![("Asks for".to_owned(), self.numbers())]
    }
}

fn yes_no(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::tests::any_content;
    use crate::domain::standard::{DoneBy, Group};
    use crate::sample::content;
    use proptest::prelude::*;

    #[test]
    fn every_change_is_shown_field_by_field() {
        let before = content();
        let mut after = before.clone();
        after.competencies[0].critical = true;
        after.competencies[0].behaviours[3] = "Finds it alone".into();
        after.competencies[1].group = Group::Change;
        after.items[0].done_by = DoneBy::Mentor;
        after.items[0].link = None;
        after.gates = vec![
            Gate::Levels {
                critical_evidence: None,
            },
            Gate::Checklist,
        ];
        let found = diff(&before, &after);
        let changes: Vec<_> = found
            .changes()
            .flat_map(|l| l.fields.iter().map(move |f| (l, f)))
            .map(|(l, f)| {
                let (change, code, field) = (l.change.label(), &l.code, &f.field);
                format!("{change} {code} {field}: {} > {}", f.before, f.after)
            })
            .collect();
        assert_eq!(
            changes,
            [
                "Changed PAY-A1 Critical: no > yes",
                "Changed PAY-A1 Level 4:  > Finds it alone",
                "Changed PAY-A2 Group: Architecture & normal behaviour > Change & recovery",
                "Changed PAY-K1 Who does it: Mentee > Mentor",
                "Changed PAY-K1 Link: https://runbooks.example.com/one > ",
                "Removed sessions Asks for: at least 2 > ",
            ]
        );
    }

    #[test]
    fn as_few_lines_as_possible_are_said_to_have_moved() {
        let before = content();
        let mut after = before.clone();
        after.competencies.rotate_left(1);
        let found = diff(&before, &after);
        let moved: Vec<_> = found
            .changes()
            .map(|l| (l.code.as_str(), l.change))
            .collect();
        assert_eq!(moved, [("PAY-A1", LineChange::Moved)]);
    }

    fn codes(lines: &[Line], changes: &[LineChange]) -> Vec<String> {
        let mut all: Vec<_> = lines
            .iter()
            .filter(|l| changes.contains(&l.change))
            .map(|l| l.code.clone())
            .collect();
        all.sort();
        all
    }

    proptest! {
        #[test]
        fn a_version_does_not_differ_from_itself(version in any_content()) {
            prop_assert!(diff(&version, &version).is_empty());
        }

        #[test]
        fn nothing_differs_exactly_when_both_are_equal(before in any_content(), after in any_content()) {
            prop_assert_eq!(diff(&before, &after).is_empty(), before == after);
        }

        #[test]
        fn every_line_of_both_has_one_fate(before in any_content(), after in any_content()) {
            let found = diff(&before, &after);
            let sorted = |content: &Content| {
                let mut all: Vec<_> = content.competencies.iter().map(|c| c.code.clone()).collect();
                all.sort();
                all
            };
            let both = [LineChange::Changed, LineChange::Moved, LineChange::Kept];
            let later = [&both[..], &[LineChange::Added]].concat();
            let earlier = [&both[..], &[LineChange::Removed]].concat();
            prop_assert_eq!(codes(&found.competencies, &later), sorted(&after));
            prop_assert_eq!(codes(&found.competencies, &earlier), sorted(&before));
        }

        #[test]
        fn a_reversed_diff_swaps_added_and_removed(before in any_content(), after in any_content()) {
            let (there, back) = (diff(&before, &after), diff(&after, &before));
            for (there, back) in [(&there.competencies, &back.competencies), (&there.items, &back.items), (&there.gates, &back.gates)] {
                prop_assert_eq!(codes(there, &[LineChange::Added]), codes(back, &[LineChange::Removed]));
                prop_assert_eq!(codes(there, &[LineChange::Changed]), codes(back, &[LineChange::Changed]));
            }
        }

        #[test]
        fn the_fields_of_the_diff_make_the_later_from_the_earlier(before in any_content(), after in any_content()) {
            for line in diff(&before, &after).competencies.iter().filter(|l| l.change == LineChange::Changed) {
                let fields = |content: &Content| content.competency(&line.code).map(Compared::fields).unwrap();
                let applied: Vec<_> = fields(&before)
                    .into_iter()
                    .map(|(name, words)| match line.fields.iter().find(|f| f.field == name) {
                        Some(change) if change.before == words => (name, change.after.clone()),
                        _ => (name, words),
                    })
                    .collect();
                prop_assert_eq!(applied, fields(&after));
            }
        }
    }
}
