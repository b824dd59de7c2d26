//! Lines in their groups: both kinds move the same way.

use super::Step;
use crate::domain::standard::{Competency, Group, Item, ItemGroup};

/// What the two kinds of lines have in common.
pub trait Grouped: Clone {
    type Group: Copy + PartialEq + 'static;
    /// All groups, in display order.
    const GROUPS: &'static [Self::Group];
    fn code(&self) -> &str;
    fn group(&self) -> Self::Group;
    fn set_group(&mut self, group: Self::Group);
    fn group_of(word: &str) -> Option<Self::Group>;
}

impl Grouped for Competency {
    type Group = Group;
    const GROUPS: &'static [Group] = Group::ALL;
    fn code(&self) -> &str {
        &self.code
    }
    fn group(&self) -> Group {
        self.group
    }
    fn set_group(&mut self, group: Group) {
        self.group = group;
    }
    fn group_of(word: &str) -> Option<Group> {
        Group::parse(word)
    }
}

impl Grouped for Item {
    type Group = ItemGroup;
    const GROUPS: &'static [ItemGroup] = ItemGroup::ALL;
    fn code(&self) -> &str {
        &self.code
    }
    fn group(&self) -> ItemGroup {
        self.group
    }
    fn set_group(&mut self, group: ItemGroup) {
        self.group = group;
    }
    fn group_of(word: &str) -> Option<ItemGroup> {
        ItemGroup::parse(word)
    }
}

pub fn place<T: Grouped>(lines: &[T], code: &str) -> Option<usize> {
    lines.iter().position(|l| l.code() == code)
}

pub fn take<T: Grouped>(lines: &mut Vec<T>, code: &str) -> Option<T> {
    place(lines, code).map(|n| lines.remove(n))
}

/// The group that many places further, in display order.
fn neighbour<G: Copy + PartialEq>(groups: &[G], group: G, by: isize) -> Option<G> {
    let place = groups.iter().position(|g| *g == group)?;
    groups.get(place.checked_add_signed(by)?).copied()
}

/// Adds a line after the last of its group.
fn append<T: Grouped>(lines: &mut Vec<T>, line: T) {
    let last = lines.iter().rposition(|l| l.group() == line.group());
    lines.insert(last.map_or(lines.len(), |n| n + 1), line);
}

/// Adds a line before the first of its group.
fn prepend<T: Grouped>(lines: &mut Vec<T>, line: T) {
    let first = lines.iter().position(|l| l.group() == line.group());
    lines.insert(first.unwrap_or(lines.len()), line);
}

pub fn put<T: Grouped>(lines: &mut Vec<T>, line: T) {
    match lines.iter_mut().find(|l| l.code() == line.code()) {
        Some(old) if old.group() == line.group() => *old = line,
        _ => {
            take(lines, line.code());
            append(lines, line);
        }
    }
}

pub fn shift<T: Grouped>(lines: &mut Vec<T>, code: &str, step: &Step) -> bool {
    let Some((from, mut line)) = place(lines, code).and_then(|n| Some((n, lines.get(n)?.clone())))
    else {
        return false;
    };
    let group = line.group();
    let in_group = |l: &T| l.group() == group;
    let to = match step {
        Step::Up => match lines.iter().take(from).rposition(in_group) {
            Some(to) => to,
            None => return cross(lines, from, neighbour(T::GROUPS, group, -1), append),
        },
        Step::Down => match lines.iter().skip(from + 1).position(in_group) {
            Some(n) => n + from + 1,
            None => return cross(lines, from, neighbour(T::GROUPS, group, 1), prepend),
        },
        Step::Before(other) => {
            let Some(other) = place(lines, other).and_then(|n| lines.get(n)).cloned() else {
                return false;
            };
            if other.code() == code {
                return false;
            }
            lines.remove(from);
            line.set_group(other.group());
            let to = place(lines, other.code()).unwrap_or(lines.len());
            lines.insert(to, line);
            return true;
        }
        Step::EndOf(word) => {
            let Some(group) = T::group_of(word) else {
                return false;
            };
            lines.remove(from);
            line.set_group(group);
            append(lines, line);
            return true;
        }
    };
    let line = lines.remove(from);
    lines.insert(to, line);
    true
}

/// Moves a line into a group, if there is one, to its end or start.
fn cross<T: Grouped>(
    lines: &mut Vec<T>,
    from: usize,
    group: Option<T::Group>,
    add: fn(&mut Vec<T>, T),
) -> bool {
    let Some(group) = group else { return false };
    let mut line = lines.remove(from);
    line.set_group(group);
    add(lines, line);
    true
}

pub fn put_back<T: Grouped>(lines: &mut Vec<T>, before: &[T], code: &str) -> bool {
    let Some(n) = place(before, code).filter(|_| place(lines, code).is_none()) else {
        return false;
    };
    let Some(line) = before.get(n) else {
        return false;
    };
    let behind = before
        .iter()
        .take(n)
        .rev()
        .find_map(|l| place(lines, l.code()));
    lines.insert(behind.map_or(0, |b| b + 1), line.clone());
    true
}
