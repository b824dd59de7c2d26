//! The sections of a standard, and which of them need a review: how old the text of each is, and which lines are
//! flagged as stale. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Competency, Content, Group, Item, ItemGroup, Standard, StandardState};
use crate::db::types::UtcTime;

/// Lines that pages show under one heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Competencies(Group),
    /// Checklist items of a kind.
    Items(ItemGroup),
}

impl Section {
    /// Every section, in the order of a standard.
    pub fn all() -> impl Iterator<Item = Self> {
        let competencies = Group::ALL.iter().copied().map(Self::Competencies);
        competencies.chain(ItemGroup::ALL.iter().copied().map(Self::Items))
    }

    pub fn label(self) -> String {
        match self {
            Self::Competencies(group) => group.label().to_owned(),
            Self::Items(group) => format!("Checklist: {}", group.label()),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Competencies(group) => group.word(),
            Self::Items(group) => group.word(),
        }
    }

    /// The section of the line with that code in a version.
    fn of(content: &Content, code: &str) -> Option<Self> {
        let competency = content.competency(code);
        competency
            .map(|c| Self::Competencies(c.group))
            .or_else(|| content.item(code).map(|i| Self::Items(i.group)))
    }

    fn lines(self, content: &Content) -> usize {
        match self {
            Self::Competencies(group) => competencies(content, group).len(),
            Self::Items(group) => items(content, group).len(),
        }
    }

    /// Whether a section is the same in two versions, in any order. Then [`super::diff`] finds no line of it added,
    /// changed or removed; but a diff lists every field of every line, which is too slow for all versions of ten years.
    fn reads_alike(self, before: &Content, after: &Content) -> bool {
        match self {
            Self::Competencies(group) => competencies(before, group) == competencies(after, group),
            Self::Items(group) => items(before, group) == items(after, group),
        }
    }
}

/// The competencies of a group by code.
fn competencies(content: &Content, group: Group) -> BTreeMap<&str, &Competency> {
    let all = content.competencies.iter();
    let of_group = all.filter(|c| c.group == group);
    of_group.map(|c| (c.code.as_str(), c)).collect()
}

/// The checklist items of a kind by code.
fn items(content: &Content, group: ItemGroup) -> BTreeMap<&str, &Item> {
    let of_group = content.items.iter().filter(|i| i.group == group);
    of_group.map(|i| (i.code.as_str(), i)).collect()
}

/// The age and flags of a section of the current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionAge {
    pub section: Section,
    pub lines: usize,
    /// The version since which its text is the same.
    pub version: i32,
    /// When that version was published.
    pub since: UtcTime,
    /// Lines with open stale flags.
    pub flagged: usize,
    /// The flags on them.
    pub flags: usize,
}

/// The sections of the newest published version, those that need a review most in front: the most open flags first,
/// then the oldest. `versions` are all of an area, in any order; drafts do not count. `flags` has the line's code for
/// each open flag; a flag on a removed line counts in the section where the line was last.
pub fn ranked(versions: &[Standard], flags: &[&str]) -> Vec<SectionAge> {
    let mut released: Vec<&Standard> = versions
        .iter()
        .filter(|s| s.state != StandardState::Draft)
        .collect();
    released.sort_unstable_by_key(|s| s.version);
    let Some(current) = released.last() else {
        return Vec::new();
    };
    let newest_first = || released.iter().rev();
    let place = |code: &str| newest_first().find_map(|s| Section::of(&s.content, code));
    let placed: Vec<(Option<Section>, &str)> =
        flags.iter().map(|code| (place(code), *code)).collect();
    let standing = |section: Section| {
        let mut codes: Vec<&str> = placed
            .iter()
            .filter(|(at, _)| *at == Some(section))
            .map(|(_, code)| *code)
            .collect();
        let (flags, lines) = (codes.len(), section.lines(&current.content));
        codes.sort_unstable();
        codes.dedup();
        let since = written_in(&released, section)?;
        (lines + flags > 0).then(|| SectionAge {
            section,
            lines,
            version: since.version,
            since: since.published_at.unwrap_or(since.created_at),
            flagged: codes.len(),
            flags,
        })
    };
    let mut all: Vec<SectionAge> = Section::all().filter_map(standing).collect();
    all.sort_by_key(|s| (Reverse(s.flags), s.since, s.section));
    all
}

/// The section with the oldest text.
pub fn oldest(versions: &[Standard]) -> Option<SectionAge> {
    ranked(versions, &[]).into_iter().next()
}

/// The newest of these versions, oldest first, in which a line of the section was added, changed or removed.
fn written_in<'a>(released: &[&'a Standard], section: Section) -> Option<&'a Standard> {
    let pairs = released.windows(2).rev();
    let changed = pairs.filter_map(|pair| match pair {
        [before, after] if !section.reads_alike(&before.content, &after.content) => Some(*after),
        _ => None,
    });
    changed.chain(released.first().copied()).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Day;
    use crate::domain::standard::diff::{LineChange, diff};
    use crate::domain::standard::tests::{any_content, version};
    use crate::sample::content;
    use proptest::prelude::*;

    /// Version n was published on the first of the n-th month.
    fn published(contents: Vec<Content>) -> Vec<Standard> {
        let first = Day::parse("2025-01-01").unwrap();
        (1..)
            .zip(contents)
            .map(|(n, content)| Standard {
                published_at: Some(first.plus_months(n - 1).start()),
                ..version(n, content)
            })
            .collect()
    }

    fn ages(all: &[SectionAge]) -> Vec<(&'static str, usize, i32, usize, usize)> {
        all.iter()
            .map(|s| (s.section.word(), s.lines, s.version, s.flagged, s.flags))
            .collect()
    }

    #[test]
    fn most_flags_come_first_then_the_oldest() {
        let mut second = content();
        second.competencies[0].statement = "does it otherwise".into();
        let mut third = second.clone();
        third.items.remove(1);
        let versions = published(vec![content(), second, third]);
        assert_eq!(
            ages(&ranked(&versions, &[])),
            [
                ("incident", 1, 1, 0, 0),
                ("architecture", 2, 2, 0, 0),
                ("read", 1, 3, 0, 0)
            ]
        );
        // PAY-K2 is gone, and its flag still waits for an answer; PAY-K9 never existed.
        let flags = ["PAY-K2", "PAY-K1", "PAY-K1", "PAY-K9"];
        assert_eq!(
            ages(&ranked(&versions, &flags)),
            [
                ("read", 1, 3, 2, 3),
                ("incident", 1, 1, 0, 0),
                ("architecture", 2, 2, 0, 0)
            ]
        );
        assert_eq!(oldest(&versions).unwrap().section.word(), "incident");
        assert_eq!(ranked(&[], &flags), []);
    }

    #[test]
    fn a_moved_line_makes_its_new_section_young_and_another_order_does_not() {
        let mut second = content();
        second.competencies.reverse();
        let mut third = second.clone();
        third.competencies[0].group = Group::Architecture;
        let versions = published(vec![content(), second, third]);
        assert_eq!(
            ages(&ranked(&versions, &[])),
            [("read", 2, 1, 0, 0), ("architecture", 3, 3, 0, 0)]
        );
    }

    fn any_history() -> impl Strategy<Value = Vec<Standard>> {
        prop::collection::vec(any_content(), 1..5).prop_map(published)
    }

    fn of(all: &[SectionAge], section: Section) -> Option<i32> {
        let found = all.iter().find(|s| s.section == section);
        found.map(|s| s.version)
    }

    proptest! {
        #[test]
        fn a_version_that_changes_nothing_leaves_every_age(history in any_history(), draft in any_content()) {
            let mut contents: Vec<Content> = history.iter().map(|s| (*s.content).clone()).collect();
            contents.push(contents.last().unwrap().clone());
            let mut longer = published(contents);
            prop_assert_eq!(ranked(&history, &[]), ranked(&longer, &[]));
            longer.push(Standard { state: StandardState::Draft, ..version(99, draft) });
            prop_assert_eq!(ranked(&history, &[]), ranked(&longer, &[]));
        }

        #[test]
        fn a_change_of_one_line_makes_just_its_section_young(history in any_history(), at in any::<prop::sample::Index>()) {
            let mut contents: Vec<Content> = history.iter().map(|s| (*s.content).clone()).collect();
            let mut next = contents.last().unwrap().clone();
            prop_assume!(!next.competencies.is_empty());
            let n = at.index(next.competencies.len());
            next.competencies[n].statement.push('!');
            let touched = Section::Competencies(next.competencies[n].group);
            contents.push(next);
            let newest = i32::try_from(contents.len()).unwrap();
            let (before, after) = (ranked(&history, &[]), ranked(&published(contents), &[]));
            for section in Section::all() {
                let expected = if section == touched { Some(newest) } else { of(&before, section) };
                prop_assert_eq!(of(&after, section), expected);
            }
        }

        #[test]
        fn ages_agree_with_the_differences(history in any_history()) {
            for standing in ranked(&history, &[]) {
                let empty = Content::default();
                let earlier = std::iter::once(&empty).chain(history.iter().map(|s| &*s.content));
                let touching = history.iter().zip(earlier).filter(|(after, before)| {
                    diff(before, &after.content).lines().any(|line| {
                        let sides = [*before, &after.content].map(|c| Section::of(c, &line.code));
                        !matches!(line.change, LineChange::Kept | LineChange::Moved) && sides.contains(&Some(standing.section))
                    })
                });
                prop_assert_eq!(Some(standing.version), touching.map(|(after, _)| after.version).max());
            }
        }

        #[test]
        fn the_ranking_is_total_and_stable_and_counts_every_flag_once(
            history in any_history(),
            flags in prop::collection::vec(prop::sample::select(vec!["PAY-K1", "PAY-K2", "PAY-K3"]), 0..6),
        ) {
            let all = ranked(&history, &flags);
            let rank = |s: &SectionAge| (Reverse(s.flags), s.since, s.section);
            prop_assert!(all.windows(2).all(|pair| rank(&pair[0]) < rank(&pair[1])));
            let known = |code: &&&str| history.iter().any(|s| s.content.item(code).is_some());
            prop_assert_eq!(all.iter().map(|s| s.flags).sum::<usize>(), flags.iter().filter(known).count());
            let (mut versions, mut codes) = (history.clone(), flags.clone());
            versions.reverse();
            codes.reverse();
            prop_assert_eq!(&all, &ranked(&versions, &codes));
            prop_assert_eq!(all.iter().map(|s| s.section).collect::<std::collections::BTreeSet<_>>().len(), all.len());
        }
    }
}
