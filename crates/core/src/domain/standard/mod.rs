//! The standard of an area: its competencies, checklist items and gates, in versions that never change once published.

pub mod check;
pub mod diff;
pub mod draft;
pub mod level;
pub mod paste;
pub mod sections;
pub mod store;
pub mod strength;
#[cfg(test)]
pub mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use level::Level;
pub use strength::Strength;

use crate::db::types::UtcTime;
use crate::domain::people::Actor;
use crate::text_enum;

text_enum! {
    pub enum StandardState {
        /// Being written; nobody ramps on it.
        Draft = "draft" / "Draft",
        /// New ramps pin this version; it never changes again.
        Published = "published" / "Published",
        /// A newer version replaced it; ramps pinned to it stay on it.
        Retired = "retired" / "Retired",
    }
}

text_enum! {
    /// What a competency is about.
    pub enum Group {
        /// How the system is built and how it behaves when it is well.
        Architecture = "architecture" / "Architecture & normal behaviour",
        /// How it can be observed.
        Observability = "observability" / "Observability",
        /// How an incident in it is handled.
        Incident = "incident" / "Incident response",
        /// How it is changed, and recovered.
        Change = "change" / "Change & recovery",
    }
}

text_enum! {
    /// The kind of a checklist item.
    pub enum ItemGroup {
        /// Read and answer questions.
        Read = "read" / "Read",
        Access = "access" / "Get access",
        Meet = "meet" / "Meet",
        Do = "do" / "Do",
    }
}

text_enum! {
    /// Who does a checklist item.
    pub enum DoneBy {
        /// The mentee marks it done, then a mentor checks it.
        Mentee = "mentee" / "Mentee",
        /// A mentor does it with or for the mentee, and checks it in one step.
        Mentor = "mentor" / "Mentor",
    }
}

#[expect(clippy::derivable_impls, reason = "text_enum! writes the derives")]
impl Default for DoneBy {
    fn default() -> Self {
        Self::Mentee
    }
}

/// An observable statement of what a person does. Its code is its identity over versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competency {
    /// `PAY-I2`: the area's code, a hyphen, the rest.
    pub code: String,
    pub group: Group,
    pub statement: String,
    /// The level the `levels` gate asks for.
    pub required_level: Level,
    /// A mistake here is dangerous.
    pub critical: bool,
    /// What is seen at levels 1 to 5; empty where nothing was written.
    pub behaviours: [String; 5],
}

/// A line to do in addition to the competencies. Its code is its identity over versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// `PAY-K1`: the area's code, a hyphen, the rest.
    pub code: String,
    pub group: ItemGroup,
    /// What is to be done.
    pub text: String,
    #[serde(default)]
    pub done_by: DoneBy,
    pub link: Option<String>,
}

/// A condition that must hold before sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Gate {
    /// The latest mentor assessment of every competency is at its required level.
    Levels {
        /// The evidence that critical competencies need, or stronger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        critical_evidence: Option<Strength>,
    },
    /// Every checklist item is checked.
    Checklist,
    /// Enough working sessions were held, with enough minutes.
    Sessions {
        /// Sessions held, at least.
        #[serde(default)]
        held: u32,
        /// Minutes of all sessions, at least.
        #[serde(default)]
        minutes: u32,
    },
    /// Enough on-call shifts were shadowed and debriefed.
    Shadow {
        /// Shadow shifts, at least.
        shifts: u32,
        /// Different people on call, at least.
        people: u32,
    },
    /// Enough alerts of reverse-shadow shifts were acknowledged, and understood.
    Ledger {
        /// Understood share of the acknowledged alerts, in percent, at least.
        percent: u32,
        /// Alerts acknowledged, at least.
        alerts: u32,
        /// The system is quiet: injects of drills may fill up to half.
        #[serde(default)]
        drills_fill: bool,
    },
    /// Enough drills were run and debriefed.
    Drills {
        run: u32,
        /// Of these as primary, at least.
        primary: u32,
    },
    /// Enough teachable post-mortems were discussed.
    Postmortems { discussed: u32 },
    /// Cleared in areas that come first.
    Prerequisite { areas: Vec<String> },
}

impl Gate {
    /// All words of gates in the import format.
    pub const KINDS: [&'static str; 8] = [
        "levels",
        "checklist",
        "sessions",
        "shadow",
        "ledger",
        "drills",
        "postmortems",
        "prerequisite",
    ];

    /// The gate's word in imports, URLs and exports.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Levels { .. } => "levels",
            Self::Checklist => "checklist",
            Self::Sessions { .. } => "sessions",
            Self::Shadow { .. } => "shadow",
            Self::Ledger { .. } => "ledger",
            Self::Drills { .. } => "drills",
            Self::Postmortems { .. } => "postmortems",
            Self::Prerequisite { .. } => "prerequisite",
        }
    }

    /// What it asks for, in words.
    pub fn numbers(&self) -> String {
        match self {
            Self::Levels {
                critical_evidence: None,
            } => "every competency, by its latest mentor assessment".into(),
            Self::Levels {
                critical_evidence: Some(strength),
            } => format!(
                "every competency, by its latest mentor assessment; critical ones with evidence: {} or stronger",
                strength.label().to_lowercase()
            ),
            Self::Checklist => "every item".into(),
            Self::Sessions { held, minutes } => match (held, minutes) {
                (held, 0) => format!("at least {held}"),
                (0, minutes) => format!("at least {minutes} minutes"),
                (held, minutes) => format!("at least {held}, {minutes} minutes together"),
            },
            Self::Shadow { shifts, people } => {
                format!("at least {shifts}, with at least {people} different people")
            }
            Self::Ledger {
                percent,
                alerts,
                drills_fill,
            } => {
                let fill = if *drills_fill {
                    "; drills may fill up to half"
                } else {
                    ""
                };
                format!("at least {percent}% of {alerts} alerts or more{fill}")
            }
            Self::Drills { run, primary } => {
                format!("at least {run}, at least {primary} as primary")
            }
            Self::Postmortems { discussed } => format!("at least {discussed} discussed"),
            Self::Prerequisite { areas } => format!("cleared in {}", areas.join(", ")),
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Levels { .. } => "Competencies at required level",
            Self::Checklist => "Checklist items checked",
            Self::Sessions { .. } => "Working sessions",
            Self::Shadow { .. } => "Shadow shifts",
            Self::Ledger { .. } => "Alerts understood",
            Self::Drills { .. } => "Drills",
            Self::Postmortems { .. } => "Post-mortems discussed",
            Self::Prerequisite { .. } => "Areas that come first",
        }
    }

    /// Whether a waiver may excuse the whole gate. The levels are what a clearance certifies, so nothing replaces them;
    /// checklist items are waived one by one, so that each is named.
    pub fn is_waivable(&self) -> bool {
        match self {
            Self::Levels { .. } | Self::Checklist => false,
            Self::Sessions { .. }
            | Self::Shadow { .. }
            | Self::Ledger { .. }
            | Self::Drills { .. }
            | Self::Postmortems { .. }
            | Self::Prerequisite { .. } => true,
        }
    }

    /// The evidence that this gate requires for critical competencies.
    pub fn critical_evidence(&self) -> Option<Strength> {
        match self {
            Self::Levels { critical_evidence } => *critical_evidence,
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// In the order they are shown.
    pub competencies: Vec<Competency>,
    /// In the order they are shown.
    pub items: Vec<Item>,
    /// In the order they are shown.
    pub gates: Vec<Gate>,
}

/// One version of an area's standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Row of `standards`.
    pub id: i64,
    pub area_id: i64,
    pub version: i32,
    pub state: StandardState,
    /// Why this version was made.
    pub note: String,
    /// Whether it changed what cleared people were judged by.
    pub material: bool,
    /// How often the draft was saved. A form sends it, so that two people who edit at once notice each other.
    pub revision: i32,
    pub created_at: UtcTime,
    /// Who edited the draft last; `None` when nobody did since it was begun, or an import did at the command line.
    pub edited_by: Option<i64>,
    /// When the draft was edited last.
    pub edited_at: Option<UtcTime>,
    /// Who published it; `None` for imports at the command line and for versions from before this was stored.
    pub published_by: Option<i64>,
    /// When it was published.
    pub published_at: Option<UtcTime>,
    /// Shared in memory by everything pinned to this version.
    pub content: Arc<Content>,
}

impl Standard {
    /// The content to change; only for a draft.
    pub fn rewrite(&mut self) -> &mut Content {
        Arc::make_mut(&mut self.content)
    }
}

impl Content {
    pub fn competency(&self, code: &str) -> Option<&Competency> {
        self.competencies.iter().find(|c| c.code == code)
    }

    /// Groups that have competencies, in their order.
    pub fn groups(&self) -> Vec<Group> {
        Group::ALL
            .iter()
            .copied()
            .filter(|g| self.competencies.iter().any(|c| c.group == *g))
            .collect()
    }

    /// The checklist item with that code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.code == code)
    }
}

/// Whether someone may edit and publish an area's draft, and see its stale flags: administrators, leads of the owner
/// team, designated qualifiers.
pub fn may_draft(actor: &Actor, owner_team_id: i64, qualifiers: &[i64]) -> bool {
    actor.is_admin || actor.leads(owner_team_id) || qualifiers.iter().any(|q| actor.is(*q))
}

/// Whether someone may read a version of an area's standard. Published and retired ones are open to all members, a
/// draft only to those who may edit it.
pub fn may_read_version(
    actor: &Actor,
    state: StandardState,
    owner_team_id: i64,
    qualifiers: &[i64],
) -> bool {
    state != StandardState::Draft || may_draft(actor, owner_team_id, qualifiers)
}
