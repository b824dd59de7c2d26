//! A standard's content as area pages show it.

use crate::standard::{Content, Gate, Group, ItemGroup, Level};

/// Competencies of one group.
pub struct GroupView {
    /// Its name.
    pub label: &'static str,
    /// In the standard's order.
    pub competencies: Vec<CompetencyView>,
}

/// A competency.
pub struct CompetencyView {
    /// Its code.
    pub code: String,
    /// What the person does.
    pub statement: String,
    /// A mistake here is dangerous.
    pub critical: bool,
    /// Number of the required level.
    pub level: u8,
    /// Its word.
    pub level_word: &'static str,
    /// Level by level what is seen, where something was written: number, word, behaviour.
    pub behaviours: Vec<(u8, &'static str, String)>,
}

/// Checklist items of one kind.
pub struct ItemsView {
    /// The kind.
    pub label: &'static str,
    /// Code, words, where to find it.
    pub items: Vec<(String, String, Option<String>)>,
}

/// All a version asks for.
pub struct ContentView {
    /// Groups that have a competency.
    pub groups: Vec<GroupView>,
    /// Kinds that have an item.
    pub items: Vec<ItemsView>,
    /// Name and numbers of each gate.
    pub gates: Vec<(&'static str, String)>,
    /// Competencies in all.
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
                .map(|g| (g.label(), numbers(g)))
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
            .map(|i| (i.code.clone(), i.text.clone(), i.link.clone()))
            .collect(),
    }
}

fn numbers(gate: &Gate) -> String {
    match gate {
        Gate::Levels => "every competency, by its latest mentor assessment".into(),
        Gate::Checklist => "every item".into(),
        Gate::Sessions { held, minutes } => match (held, minutes) {
            (held, 0) => format!("at least {held}"),
            (0, minutes) => format!("at least {minutes} minutes"),
            (held, minutes) => format!("at least {held}, {minutes} minutes together"),
        },
    }
}
