//! A version's content as pages show it.

use crate::domain::standard::diff::{Diff, FieldChange, Line, LineChange};
use crate::domain::standard::{Content, DoneBy, Gate, Group, ItemGroup, Level};

/// Competencies of one group.
pub struct GroupView {
    pub label: &'static str,
    /// In the standard's order.
    pub competencies: Vec<CompetencyView>,
}

pub struct CompetencyView {
    pub code: String,
    /// What the person does.
    pub statement: String,
    /// A mistake here is dangerous.
    pub critical: bool,
    /// Number of the required level.
    pub level: u8,
    pub level_word: &'static str,
    /// Level by level what is seen, where something was written: number, word, behaviour.
    pub behaviours: Vec<(u8, &'static str, String)>,
}

/// Checklist items of one kind.
pub struct ItemsView {
    pub label: &'static str,
    /// In the standard's order.
    pub items: Vec<ItemView>,
}

pub struct ItemView {
    pub code: String,
    /// What is to be done.
    pub text: String,
    /// Where to find it.
    pub link: Option<String>,
    /// A mentor does it; the mentee otherwise.
    pub by_mentor: bool,
}

/// All a version asks for.
pub struct ContentView {
    /// Groups that have a competency.
    pub groups: Vec<GroupView>,
    /// Kinds that have an item.
    pub items: Vec<ItemsView>,
    /// Name and numbers of each gate.
    pub gates: Vec<(&'static str, String)>,
    pub competencies: usize,
    /// Checklist items in all.
    pub lines: usize,
}

impl ContentView {
    /// The content by group.
    pub fn new(content: &Content) -> Self {
        Self {
            groups: Group::ALL
                .iter()
                .map(|g| group_view(*g, content))
                .filter(|g| !g.competencies.is_empty())
                .collect(),
            items: ItemGroup::ALL
                .iter()
                .map(|g| items_view(*g, content))
                .filter(|g| !g.items.is_empty())
                .collect(),
            gates: content
                .gates
                .iter()
                .map(|g: &Gate| (g.label(), g.numbers()))
                .collect(),
            competencies: content.competencies.len(),
            lines: content.items.len(),
        }
    }
}

fn group_view(group: Group, content: &Content) -> GroupView {
    let of_group = content.competencies.iter().filter(|c| c.group == group);
    GroupView {
        label: group.label(),
        competencies: of_group
            .map(|c| CompetencyView {
                code: c.code.clone(),
                statement: c.statement.clone(),
                critical: c.critical,
                level: c.required_level.number(),
                level_word: c.required_level.label(),
                behaviours: Level::ALL
                    .iter()
                    .zip(&c.behaviours)
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(level, text)| (level.number(), level.label(), text.clone()))
                    .collect(),
            })
            .collect(),
    }
}

fn items_view(group: ItemGroup, content: &Content) -> ItemsView {
    let of_group = content.items.iter().filter(|i| i.group == group);
    ItemsView {
        label: group.label(),
        items: of_group
            .map(|i| ItemView {
                code: i.code.clone(),
                text: i.text.clone(),
                link: i.link.clone(),
                by_mentor: i.done_by == DoneBy::Mentor,
            })
            .collect(),
    }
}

/// A line that differs.
pub struct LineView {
    /// Its code; empty for a gate.
    pub code: String,
    pub title: String,
    /// How the word for it looks.
    pub css: &'static str,
    pub icon: &'static str,
    /// What became of it.
    pub word: &'static str,
    /// It changed, and moved beside that.
    pub also_moved: bool,
    /// Where it differs. A line that was added shows what it says, one that was removed nothing.
    pub fields: Vec<FieldChange>,
    /// Both versions have it.
    pub is_in_both: bool,
}

impl LineView {
    /// A line of a diff.
    pub fn new(line: &Line, is_gate: bool) -> Self {
        let (css, icon) = look(line.change);
        Self {
            code: if is_gate {
                String::new()
            } else {
                line.code.clone()
            },
            title: line.title.clone(),
            css,
            icon,
            word: line.change.label(),
            also_moved: line.moved && line.change == LineChange::Changed,
            fields: match line.change {
                LineChange::Removed => Vec::new(),
                _ => line.fields.clone(),
            },
            is_in_both: line.change == LineChange::Changed,
        }
    }
}

/// Colour and shape of what became of a line.
pub fn look(change: LineChange) -> (&'static str, &'static str) {
    match change {
        LineChange::Added => ("ok", "plus"),
        LineChange::Changed => ("soon", "edit"),
        LineChange::Moved => ("ramp", "grip"),
        LineChange::Kept => ("idle", "st-cleared"),
        LineChange::Removed => ("bad", "undo"),
    }
}

/// What differs between two versions.
pub struct DiffView {
    /// Kinds of lines with those that differ; kinds without one are left out.
    pub parts: Vec<(&'static str, Vec<LineView>)>,
    /// `2 added, 1 changed`; empty when nothing differs.
    pub counts: String,
}

impl DiffView {
    /// The diff in words.
    pub fn new(diff: &Diff) -> Self {
        let part = |lines: &[Line], is_gate: bool| -> Vec<LineView> {
            let differs = lines.iter().filter(|l| l.change != LineChange::Kept);
            differs.map(|l| LineView::new(l, is_gate)).collect()
        };
        let parts = [
            ("Competencies", part(&diff.competencies, false)),
            ("Checklist", part(&diff.items, false)),
            ("Gates", part(&diff.gates, true)),
        ];
        let count = |change: LineChange| diff.changes().filter(|l| l.change == change).count();
        let changes = [
            LineChange::Added,
            LineChange::Changed,
            LineChange::Moved,
            LineChange::Removed,
        ];
        let counts: Vec<String> = changes
            .into_iter()
            .filter(|change| count(*change) > 0)
            .map(|change| format!("{} {}", count(change), change.label().to_lowercase()))
            .collect();
        Self {
            parts: parts
                .into_iter()
                .filter(|(_, lines)| !lines.is_empty())
                .collect(),
            counts: counts.join(", "),
        }
    }
}
