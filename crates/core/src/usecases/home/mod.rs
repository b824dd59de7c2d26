//! The home page by role: what waits for you, your mentees, your ramps, the areas you lead, your clearances.

pub mod ahead;
pub mod mine;
pub mod store;
pub mod waiting;

use crate::domain::ramp::MarkKind;
use crate::domain::readiness::{Obstacle, ObstacleKind, Readiness};
use crate::domain::standard::{Content, Group};

/// The progress of a group of competencies, or of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupProgress {
    /// `None` is the checklist.
    pub group: Option<Group>,
    pub met: usize,
    pub total: usize,
    /// Text of the open lines.
    pub left: Vec<String>,
}

impl GroupProgress {
    /// Share in whole percent, rounded down.
    pub fn percent(&self) -> usize {
        (self.met * 100).checked_div(self.total).unwrap_or(100)
    }
}

/// Progress by group in the order of groups, the checklist last; empty groups are left out.
pub fn by_group(content: &Content, readiness: &Readiness) -> Vec<GroupProgress> {
    let of_group = |group: Group| {
        let lines = content
            .competencies
            .iter()
            .filter(move |c| c.group == group);
        let is_met = |code: &str| readiness.competency(code).is_some_and(|s| s.met);
        progress(
            Some(group),
            lines.map(|c| (c.statement.as_str(), is_met(&c.code))),
        )
    };
    let items = content.items.iter().map(|i| {
        let mut states = readiness.items.iter();
        let is_met = states.any(|s| s.code == i.code && s.is_met());
        (i.text.as_str(), is_met)
    });
    let groups = Group::ALL.iter().map(|g| of_group(*g));
    groups
        .chain([progress(None, items)])
        .filter(|g| g.total > 0)
        .collect()
}

fn progress<'a>(
    group: Option<Group>,
    lines: impl Iterator<Item = (&'a str, bool)>,
) -> GroupProgress {
    let mut progress = GroupProgress {
        group,
        met: 0,
        total: 0,
        left: Vec::new(),
    };
    for (words, is_met) in lines {
        progress.total += 1;
        if is_met {
            progress.met += 1;
        } else {
            progress.left.push(words.to_owned());
        }
    }
    progress
}

/// Checklist items that are done, that no mentor has checked and no waiver excuses.
pub fn to_check(readiness: &Readiness) -> usize {
    readiness
        .items
        .iter()
        .filter(|i| i.mark == MarkKind::Done && i.waived_until.is_none())
        .count()
}

/// What is open on a ramp, gate by gate: `9 of 14 competencies, 4 of 6 sessions`.
pub fn open_gates(readiness: &Readiness) -> String {
    let open: Vec<&str> = readiness
        .gates
        .iter()
        .filter(|g| !g.met)
        .map(|g| g.progress.as_str())
        .collect();
    open.join(", ")
}

/// What waits for a mentor when the mentee has done items.
pub fn items_note(done: usize) -> String {
    format!(
        "{done} checklist {} done, to be checked by a mentor",
        if done == 1 { "item" } else { "items" }
    )
}

/// What waits for a mentor when a review named gaps.
pub fn gaps_note(open: usize) -> String {
    match open {
        1 => "1 gap that a review named, to be closed by a mentor".into(),
        n => format!("{n} gaps that a review named, to be closed by a mentor"),
    }
}

/// The mentee's button for an obstacle.
pub fn step_label(obstacle: &Obstacle) -> &'static str {
    match obstacle.kind {
        ObstacleKind::Item(_) => "See the item",
        ObstacleKind::Competency(_) => "See the competency",
        ObstacleKind::Sessions => "See the sessions",
        ObstacleKind::Practice(_) => "See the gate",
        ObstacleKind::Gap { .. } => "See the gap",
    }
}

pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// The first open lines of a group, and the number of others.
pub fn left(lines: &[String]) -> String {
    const SHOWN: usize = 2;
    let first: Vec<&str> = lines
        .iter()
        .take(SHOWN)
        .map(|line| line.trim_end_matches('.'))
        .collect();
    match lines.len() {
        0 => String::new(),
        n if n <= SHOWN => format!("Left: {}", first.join("; ")),
        n => format!("Left: {}; and {} more", first.join("; "), n - SHOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::readiness::{Facts, Held, evaluate};
    use crate::domain::standard::{Content, Level};
    use crate::sample::{day, gates, lines};

    #[test]
    fn progress_is_counted_by_group_and_the_checklist_comes_last() {
        let facts = Facts {
            marks: vec![("PAY-K1".into(), MarkKind::Done)],
            held: Held {
                sessions: 2,
                minutes: 120,
            },
            gaps: Vec::new(),
            judgements: vec![crate::domain::readiness::Judgement {
                id: 1,
                code: "PAY-A2".into(),
                stream: crate::domain::assessment::Stream::Mentor,
                level: Level::new(3),
                strength: crate::domain::standard::Strength::TalkedThrough,
            }],
            ..Facts::default()
        };
        let content = Content {
            gates: gates(2, 0),
            ..lines(&["PAY-C1", "PAY-A1", "PAY-A2"], &["PAY-K1"])
        };
        let readiness = evaluate(&content, &facts, day("2026-11-23"));
        let groups = by_group(&content, &readiness);
        let lines: Vec<_> = groups
            .iter()
            .map(|g| (g.group, g.met, g.total, g.percent()))
            .collect();
        assert_eq!(
            lines,
            [
                (Some(Group::Architecture), 1, 2, 50),
                (Some(Group::Change), 0, 1, 0),
                (None, 0, 1, 0)
            ],
            "groups nobody wrote a line for are left out"
        );
        assert_eq!(groups.first().unwrap().left, ["Do PAY-A1"]);
        assert_eq!(to_check(&readiness), 1);
        assert_eq!(open_gates(&readiness), "1 of 3 competencies, 0 of 1 items");
    }
}
