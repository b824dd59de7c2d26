//! What differs between two versions of a standard, line by line and field by field. Pure.

use super::{Competency, Content, Gate, Item, Level};

/// What became of a line from one version to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Only the later version has it.
    Added,
    /// Both have it, and a field differs.
    Changed,
    /// Both have it and nothing but its place differs.
    Moved,
    /// Both have it, in the same place among the lines they share.
    Kept,
    /// Only the earlier version has it.
    Removed,
}

impl Fate {
    /// The word for it.
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

/// A field before and after; empty where nothing is said.
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
    /// Its words: of the later version where that has it.
    pub title: String,
    /// What became of it.
    pub fate: Fate,
    /// Its place among the lines that both have differs, beside what else may differ.
    pub moved: bool,
    /// Where it differs; every field of a line that was added or removed.
    pub fields: Vec<FieldChange>,
}

/// Two versions side by side. Lines of the later one come first, in its order, then those that were removed.
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

    /// The lines that are not as they were.
    pub fn changes(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|l| l.fate != Fate::Kept)
    }

    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none()
    }

    pub fn line(&self, code: &str) -> Option<&Line> {
        self.lines().find(|l| l.code == code)
    }
}

/// What differs from `before` to `after`. Codes are identities, so a line that keeps its code is the same line.
pub fn diff(before: &Content, after: &Content) -> Diff {
    Diff {
        competencies: lines(&before.competencies, &after.competencies),
        items: lines(&before.items, &after.items),
        gates: lines(&before.gates, &after.gates),
    }
}

/// Name and words of every field of a line, in the order they are shown.
pub fn fields_of(line: &super::draft::Line) -> Vec<(String, String)> {
    match line {
        super::draft::Line::Competency(competency) => competency.fields(),
        super::draft::Line::Item(item) => item.fields(),
    }
}

/// What a diff looks at in a line.
trait Compared {
    fn key(&self) -> &str;
    fn title(&self) -> String;
    /// Name and words of every field, in the order they are shown; the same names for every line of a kind.
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
        let fate = match (earlier.is_some(), fields.is_empty(), moved) {
            (false, ..) => Fate::Added,
            (true, false, _) => Fate::Changed,
            (true, true, true) => Fate::Moved,
            (true, true, false) => Fate::Kept,
        };
        Line {
            code: line.key().to_owned(),
            title: line.title(),
            fate,
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
            fate: Fate::Removed,
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

/// The longest run of numbers that rises, picked in order: whatever is not in it has moved. So as few lines as possible
/// are said to have moved.
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
    fn every_change_is_told_field_by_field() {
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
        let told: Vec<_> = found
            .changes()
            .flat_map(|l| l.fields.iter().map(move |f| (l, f)))
            .map(|(l, f)| {
                let (fate, code, field) = (l.fate.label(), &l.code, &f.field);
                format!("{fate} {code} {field}: {} > {}", f.before, f.after)
            })
            .collect();
        assert_eq!(
            told,
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
        let moved: Vec<_> = found.changes().map(|l| (l.code.as_str(), l.fate)).collect();
        assert_eq!(moved, [("PAY-A1", Fate::Moved)]);
    }

    fn codes(lines: &[Line], fates: &[Fate]) -> Vec<String> {
        let mut all: Vec<_> = lines
            .iter()
            .filter(|l| fates.contains(&l.fate))
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
            let both = [Fate::Changed, Fate::Moved, Fate::Kept];
            let later = [&both[..], &[Fate::Added]].concat();
            let earlier = [&both[..], &[Fate::Removed]].concat();
            prop_assert_eq!(codes(&found.competencies, &later), sorted(&after));
            prop_assert_eq!(codes(&found.competencies, &earlier), sorted(&before));
        }

        #[test]
        fn what_one_way_adds_the_other_way_removes(before in any_content(), after in any_content()) {
            let (there, back) = (diff(&before, &after), diff(&after, &before));
            for (there, back) in [(&there.competencies, &back.competencies), (&there.items, &back.items), (&there.gates, &back.gates)] {
                prop_assert_eq!(codes(there, &[Fate::Added]), codes(back, &[Fate::Removed]));
                prop_assert_eq!(codes(there, &[Fate::Changed]), codes(back, &[Fate::Changed]));
            }
        }

        #[test]
        fn the_fields_of_the_diff_make_the_later_from_the_earlier(before in any_content(), after in any_content()) {
            for line in diff(&before, &after).competencies.iter().filter(|l| l.fate == Fate::Changed) {
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
