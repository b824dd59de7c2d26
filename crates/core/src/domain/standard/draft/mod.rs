//! Edits of the lines of a draft. Pure: a draft goes in, the edited draft comes out.

pub mod grouped;

use super::{Competency, Content, Group, Item, Standard};
use grouped::{put, put_back, shift, take};

/// A line of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Competency(Competency),
    Item(Item),
}

impl Line {
    pub fn code(&self) -> &str {
        match self {
            Self::Competency(c) => &c.code,
            Self::Item(i) => &i.code,
        }
    }

    /// The same line with that code.
    pub fn under(mut self, code: String) -> Self {
        match &mut self {
            Self::Competency(c) => c.code = code,
            Self::Item(i) => i.code = code,
        }
        self
    }
}

/// Where a line goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Before the line above it in its group; from the top, to the end of the group before.
    Up,
    /// After the line below it in its group; from the bottom, to the start of the next group.
    Down,
    /// Before that line, and into its group.
    Before(String),
    /// To the end of the group with that word.
    EndOf(String),
}

impl Step {
    /// Reads `up`, `down`, `before:PAY-A2` or `end:incident`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "up" => Some(Self::Up),
            None if text == "down" => Some(Self::Down),
            Some(("before", code)) => Some(Self::Before(code.to_owned())),
            Some(("end", group)) => Some(Self::EndOf(group.to_owned())),
            _ => None,
        }
    }
}

impl Content {
    /// Codes of all competencies and items, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let competencies = self.competencies.iter().map(|c| c.code.as_str());
        competencies.chain(self.items.iter().map(|i| i.code.as_str()))
    }

    pub fn line(&self, code: &str) -> Option<Line> {
        let competency = self.competency(code).cloned().map(Line::Competency);
        competency.or_else(|| self.item(code).cloned().map(Line::Item))
    }

    /// Writes a line: in its position when its group is the same, else at the end of its group.
    pub fn put(&mut self, line: Line) {
        match line {
            Line::Competency(competency) => put(&mut self.competencies, competency),
            Line::Item(item) => put(&mut self.items, item),
        }
    }

    /// Removes a line and returns it.
    pub fn take(&mut self, code: &str) -> Option<Line> {
        let competency = take(&mut self.competencies, code).map(Line::Competency);
        competency.or_else(|| take(&mut self.items, code).map(Line::Item))
    }

    /// Moves a line; false when it cannot move there, then nothing has changed.
    pub fn shift(&mut self, code: &str, step: &Step) -> bool {
        if self.competency(code).is_some() {
            shift(&mut self.competencies, code, step)
        } else {
            shift(&mut self.items, code, step)
        }
    }

    pub fn group_label(&self, code: &str) -> Option<&'static str> {
        let competency = self.competency(code).map(|c| c.group.label());
        competency.or_else(|| self.item(code).map(|i| i.group.label()))
    }

    /// Puts back a line as in `before`, after the line it followed there.
    pub fn put_back(&mut self, before: &Self, code: &str) -> bool {
        match before.line(code) {
            Some(Line::Competency(_)) => {
                put_back(&mut self.competencies, &before.competencies, code)
            }
            Some(Line::Item(_)) => put_back(&mut self.items, &before.items, code),
            None => false,
        }
    }

    /// A free code for a new line of a competency group or of the checklist: the letters of its lines, and the number
    /// after the highest that any version used.
    pub fn next_code(&self, group: Option<Group>, prefix: &str, versions: &[Standard]) -> String {
        let letters = |code: &str| -> String {
            let rest = code.strip_prefix(prefix).and_then(|t| t.strip_prefix('-'));
            let rest = rest.unwrap_or_default();
            rest.trim_end_matches(|c: char| c.is_ascii_digit())
                .to_owned()
        };
        let like = match group {
            Some(group) => self
                .competencies
                .iter()
                .rfind(|c| c.group == group)
                .map(|c| letters(&c.code)),
            None => self.items.last().map(|i| letters(&i.code)),
        };
        let like = like.unwrap_or_else(|| first_letter(group).to_owned());
        let used = versions
            .iter()
            .flat_map(|v| v.content.codes())
            .chain(self.codes());
        let stem = format!("{prefix}-{like}");
        let highest = used
            .filter_map(|code| code.strip_prefix(&stem)?.parse::<u32>().ok())
            .max()
            .unwrap_or(0);
        format!("{stem}{}", highest.saturating_add(1))
    }
}

fn first_letter(group: Option<Group>) -> &'static str {
    match group {
        Some(Group::Architecture) => "A",
        Some(Group::Observability) => "O",
        Some(Group::Incident) => "I",
        Some(Group::Change) => "C",
        None => "K",
    }
}

/// What a code was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerUse {
    /// A competency, or else a checklist item.
    pub is_competency: bool,
    /// The newest version that has it.
    pub version: i32,
    pub words: String,
}

/// What a code was used for in the newest of these versions that has it.
pub fn last_use_of(versions: &[Standard], code: &str) -> Option<FormerUse> {
    versions
        .iter()
        .filter_map(|v| {
            let (is_competency, words) = match v.content.line(code)? {
                Line::Competency(c) => (true, c.statement),
                Line::Item(i) => (false, i.text),
            };
            Some(FormerUse {
                is_competency,
                version: v.version,
                words,
            })
        })
        .max_by_key(|former| former.version)
}

/// Whether a new line may have that code. A code is a line's identity over all versions: judgements and marks refer to
/// it. So a code that was used before is free only for the same line, and only when someone confirms that it is.
pub fn may_take(
    line: &Line,
    draft: &Content,
    earlier: &[Standard],
    is_back: bool,
) -> Result<(), String> {
    let code = line.code();
    if draft.line(code).is_some() {
        return Err(format!("{code} is in the draft already."));
    }
    let Some(former) = last_use_of(earlier, code) else {
        return Ok(());
    };
    let FormerUse { version, words, .. } = &former;
    if former.is_competency != matches!(line, Line::Competency(_)) {
        let kind = if former.is_competency {
            "a competency"
        } else {
            "a checklist item"
        };
        return Err(format!(
            "{code} was {kind}, “{words}”, in v{version}. Leave the code empty to take the next free one."
        ));
    }
    if is_back {
        return Ok(());
    }
    Err(format!(
        "{code} was “{words}” in v{version}, and what was recorded for it would count for this line. Leave the code \
         empty to take the next free one, or say that this is the same line, back again."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::diff::diff;
    use crate::domain::standard::tests::{any_content, version};
    use crate::sample::{competency, content, item};
    use proptest::prelude::*;

    fn order(content: &Content) -> Vec<&str> {
        content.codes().collect()
    }

    #[test]
    fn a_line_moves_within_and_across_groups() {
        let start = content();
        assert_eq!(
            order(&start),
            ["PAY-A1", "PAY-A2", "PAY-I1", "PAY-K1", "PAY-K2"]
        );
        let moved = |code: &str, step: &str| {
            let mut after = start.clone();
            let went = after.shift(code, &Step::parse(step).unwrap());
            (went, after)
        };
        let (went, after) = moved("PAY-A2", "up");
        assert!(went);
        assert_eq!(order(&after)[..3], ["PAY-A2", "PAY-A1", "PAY-I1"]);
        assert_eq!(moved("PAY-A1", "down").1, after);
        for (code, step) in [
            ("PAY-A1", "up"),
            ("PAY-K2", "before:PAY-A1"),
            ("PAY-A1", "before:PAY-A1"),
            ("PAY-A1", "end:read"),
            ("PAY-X9", "up"),
        ] {
            let (went, after) = moved(code, step);
            assert!(!went && after == start, "{code} {step}");
        }
        let (_, after) = moved("PAY-A1", "before:PAY-I1");
        assert_eq!(order(&after)[..3], ["PAY-A2", "PAY-A1", "PAY-I1"]);
        assert_eq!(after.competency("PAY-A1").unwrap().group, Group::Incident);
        let (_, after) = moved("PAY-A1", "end:change");
        assert_eq!(after.competency("PAY-A1").unwrap().group, Group::Change);
    }

    #[test]
    fn the_ends_of_a_group_lead_into_the_next_group() {
        let in_group = |content: &Content, group| -> Vec<String> {
            let lines = content.competencies.iter().filter(|c| c.group == group);
            lines.map(|c| c.code.clone()).collect()
        };
        let mut draft = content();
        assert!(draft.shift("PAY-I1", &Step::Up));
        assert_eq!(in_group(&draft, Group::Observability), ["PAY-I1"]);
        assert!(draft.shift("PAY-A2", &Step::Down));
        assert_eq!(in_group(&draft, Group::Observability), ["PAY-A2", "PAY-I1"]);
        assert!(draft.shift("PAY-A2", &Step::Up));
        assert_eq!(in_group(&draft, Group::Architecture), ["PAY-A1", "PAY-A2"]);
        for _ in 0..2 {
            assert!(draft.shift("PAY-I1", &Step::Down));
        }
        assert_eq!(in_group(&draft, Group::Change), ["PAY-I1"]);
        assert!(
            !draft.shift("PAY-I1", &Step::Down),
            "there is no group after"
        );
    }

    #[test]
    fn a_code_is_the_next_one_that_no_version_ever_used() {
        let now = content();
        let mut old = content();
        old.put(Line::Competency(competency("PAY-A7")));
        let earlier = [version(1, old)];
        let next = |group| now.next_code(group, "PAY", &earlier);
        assert_eq!(next(Some(Group::Architecture)), "PAY-A8");
        assert_eq!(next(Some(Group::Incident)), "PAY-I2");
        assert_eq!(next(Some(Group::Change)), "PAY-C1");
        assert_eq!(next(None), "PAY-K3");
    }

    #[test]
    fn a_code_is_not_given_to_something_else_silently() {
        let draft = content();
        let mut old = content();
        old.put(Line::Competency(competency("PAY-A7")));
        old.put(Line::Item(item("PAY-K7")));
        let earlier = [version(1, old)];
        let may = |line: Line, back| may_take(&line, &draft, &earlier, back);
        let competency = |code| Line::Competency(competency(code));
        assert!(
            may(competency("PAY-A1"), true)
                .unwrap_err()
                .contains("already")
        );
        assert!(
            may(competency("PAY-A7"), false)
                .unwrap_err()
                .contains("in v1")
        );
        assert_eq!(may(competency("PAY-A7"), true), Ok(()));
        assert!(
            may(competency("PAY-K7"), true)
                .unwrap_err()
                .contains("a checklist item")
        );
        assert_eq!(may(competency("PAY-A9"), false), Ok(()));
    }

    #[test]
    fn another_group_puts_a_line_at_its_end() {
        let mut draft = content();
        let mut line = competency("PAY-A1");
        line.group = Group::Incident;
        draft.put(Line::Competency(line));
        assert_eq!(order(&draft)[..3], ["PAY-A2", "PAY-I1", "PAY-A1"]);
    }

    proptest! {
        #[test]
        fn taking_out_and_putting_back_changes_nothing(start in any_content()) {
            for code in start.codes() {
                let mut draft = start.clone();
                prop_assert!(draft.take(code).is_some());
                prop_assert!(draft.put_back(&start, code));
                prop_assert!(diff(&start, &draft).is_empty());
                prop_assert!(!draft.put_back(&start, code));
            }
        }

        #[test]
        fn moving_up_and_down_changes_nothing(start in any_content()) {
            // In display order: group by group.
            let by_group = |content: &Content| {
                let mut lines: Vec<_> = content.codes().map(str::to_owned).collect();
                lines.sort_by_key(|code| content.group_label(code));
                lines
            };
            for code in start.codes() {
                let mut draft = start.clone();
                if draft.shift(code, &Step::Up) {
                    prop_assert!(draft.shift(code, &Step::Down));
                }
                prop_assert_eq!(by_group(&draft), by_group(&start));
            }
        }

        #[test]
        fn moving_loses_no_line(start in any_content(), step in "(up|down|end:(change|do)|before:PAY-[AK][1-4])") {
            let sorted = |content: &Content| {
                let mut all: Vec<_> = content.codes().map(str::to_owned).collect();
                all.sort();
                all
            };
            for code in start.codes() {
                let mut draft = start.clone();
                draft.shift(code, &Step::parse(&step).unwrap());
                prop_assert_eq!(sorted(&draft), sorted(&start));
            }
        }
    }
}
