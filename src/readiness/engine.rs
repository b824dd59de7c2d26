//! Gates against facts. Pure: what is true is handed in, nothing is looked up.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::assessment::Stream;
use crate::ramp::MarkKind;
use crate::standard::{Competency, Content, DoneBy, Gate, Item, Level};

/// Who can tick something off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TickedBy {
    /// The mentee, without waiting for anybody.
    Mentee,
    /// A mentor of the ramp.
    Mentor,
}

/// One considered judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Place in the order of judgements; a higher one is later. Places are given while the ramp is locked, so the
    /// order holds whatever the clocks of two machines say.
    pub id: i64,
    /// The competency.
    pub code: String,
    /// Whose it is.
    pub stream: Stream,
    /// `None` is "not observed": it counts neither way.
    pub level: Option<Level>,
}

/// All that is known of a ramp and matters to the gates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// In any order.
    pub judgements: Vec<Judgement>,
    /// The latest mark of each item that has one.
    pub marks: Vec<(String, MarkKind)>,
    /// Sessions that were held.
    pub held: Held,
    /// What returned sign-offs named as missing, open and closed, in the order it was named.
    pub gaps: Vec<Gap>,
}

/// Sessions that were held, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// How many.
    pub sessions: u32,
    /// Minutes they took together.
    pub minutes: u32,
}

impl Held {
    /// Counts sessions by the minutes of each.
    #[must_use]
    pub fn of(minutes: impl IntoIterator<Item = u32>) -> Self {
        minutes.into_iter().fold(Self::default(), |sum, m| Self {
            sessions: sum.sessions.saturating_add(1),
            minutes: sum.minutes.saturating_add(m),
        })
    }
}

/// Something that a returned sign-off named as missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Row.
    pub id: i64,
    /// The competency or checklist item it is about; the code.
    pub about: Option<String>,
    /// In words.
    pub what: String,
    /// A mentor has seen to it.
    pub is_closed: bool,
}

/// How a competency stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetencyState {
    /// The competency's code.
    pub code: String,
    /// Latest self-assessment that says a level.
    pub self_level: Option<Level>,
    /// Latest mentor assessment that says a level; the one that counts.
    pub mentor_level: Option<Level>,
    /// The level asked for.
    pub required: Level,
    /// Whether the mentor's level is enough.
    pub met: bool,
}

/// How a checklist item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemState {
    /// The item's code.
    pub code: String,
    /// The latest mark.
    pub mark: MarkKind,
}

/// How a gate stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateResult {
    /// The gate.
    pub gate: Gate,
    /// Whether it is open or met.
    pub met: bool,
    /// `12 of 14 competencies`, `5 of 8 sessions, 310 of 480 minutes`.
    pub progress: String,
}

/// What kind of thing stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObstacleKind {
    /// A competency below its level; the code.
    Competency(String),
    /// A checklist item not checked; the code.
    Item(String),
    /// Sessions or minutes missing.
    Sessions,
    /// A gap that a returned sign-off named.
    Gap {
        /// Its row.
        id: i64,
        /// The competency or checklist item it is about; the code.
        about: Option<String>,
    },
}

/// One thing that stands between a mentee and clearance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// What it is.
    pub kind: ObstacleKind,
    /// What is to be done, in words.
    pub what: String,
    /// Where it stands: `at 2, needs 3`.
    pub detail: String,
    /// Who can tick it off.
    pub ticked_by: TickedBy,
}

/// The engine's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Every gate of the standard, in its order.
    pub gates: Vec<GateResult>,
    /// Every competency, in the standard's order.
    pub competencies: Vec<CompetencyState>,
    /// Every checklist item, in the standard's order.
    pub items: Vec<ItemState>,
    /// Gaps that returned sign-offs named and nobody closed yet.
    pub gaps_open: usize,
    /// What is missing, most urgent first.
    pub obstacles: Vec<Obstacle>,
    /// Lines that are asked for and met.
    pub lines_met: usize,
    /// Lines that are asked for: competencies, checklist items and one for the sessions where a gate asks for them,
    /// and one for each gap a returned sign-off named.
    pub lines: usize,
}

impl Readiness {
    /// Every gate is met and every gap closed: a sign-off may be asked for.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.gaps_open == 0 && self.gates.iter().all(|g| g.met)
    }

    /// What keeps it from being ready, counted: `2 gates open`, `1 gate and 2 gaps open`; empty when nothing does.
    #[must_use]
    pub fn open_words(&self) -> String {
        let count = |n: usize, one: &str, more: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {more}")),
        };
        let gates = count(self.gates.len() - self.gates_met(), "gate", "gates");
        let gaps = count(self.gaps_open, "gap", "gaps");
        let parts: Vec<String> = gates.into_iter().chain(gaps).collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!("{} open", parts.join(" and "))
        }
    }

    /// Gates met.
    #[must_use]
    pub fn gates_met(&self) -> usize {
        self.gates.iter().filter(|g| g.met).count()
    }

    /// Share of the lines that are met, in whole percent rounded down: 100 exactly when it is ready.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let share = (self.lines_met * 100)
            .checked_div(self.lines)
            .unwrap_or(100);
        u8::try_from(share).unwrap_or(100)
    }

    /// How a competency stands.
    #[must_use]
    pub fn competency(&self, code: &str) -> Option<&CompetencyState> {
        self.competencies.iter().find(|c| c.code == code)
    }

    /// The latest mark of an item; open when there is none.
    #[must_use]
    pub fn mark(&self, code: &str) -> MarkKind {
        self.items
            .iter()
            .find(|i| i.code == code)
            .map_or(MarkKind::Open, |i| i.mark)
    }
}

/// Facts by what they are about.
struct Known<'a> {
    levels: HashMap<(&'a str, Stream), (i64, Level)>,
    marks: HashMap<&'a str, MarkKind>,
}

impl<'a> Known<'a> {
    fn of(facts: &'a Facts) -> Self {
        let mut levels = HashMap::new();
        for judgement in &facts.judgements {
            let Some(level) = judgement.level else {
                continue;
            };
            let latest = levels
                .entry((judgement.code.as_str(), judgement.stream))
                .or_insert((judgement.id, level));
            if latest.0 <= judgement.id {
                *latest = (judgement.id, level);
            }
        }
        let marks = facts.marks.iter();
        Self {
            levels,
            marks: marks.map(|(code, mark)| (code.as_str(), *mark)).collect(),
        }
    }

    /// The latest judgement of a stream that says a level ("the latest valid judgement counts, not the best one ever").
    fn level(&self, code: &str, stream: Stream) -> Option<Level> {
        self.levels.get(&(code, stream)).map(|(_, level)| *level)
    }

    fn mark(&self, code: &str) -> MarkKind {
        self.marks.get(code).copied().unwrap_or(MarkKind::Open)
    }
}

/// Holds the facts against the standard.
#[must_use]
pub fn evaluate(content: &Content, facts: &Facts) -> Readiness {
    let known = Known::of(facts);
    let competencies = content.competencies.iter();
    let competencies: Vec<_> = competencies.map(|c| competency_state(c, &known)).collect();
    let items = content.items.iter();
    let items: Vec<_> = items.map(|i| item_state(i, &known)).collect();
    let mut readiness = Readiness {
        gates: Vec::new(),
        lines: 0,
        lines_met: 0,
        competencies,
        items,
        gaps_open: facts.gaps.iter().filter(|g| !g.is_closed).count(),
        // What a review asked for comes before what the standard asks of everybody.
        obstacles: facts.gaps.iter().filter_map(gap).collect(),
    };
    readiness.lines = facts.gaps.len();
    readiness.lines_met = readiness.lines - readiness.gaps_open;
    for gate in &content.gates {
        let (result, mut missing) = hold(gate, content, facts, &readiness);
        let lines = lines_of(gate, content);
        readiness.lines += lines;
        readiness.lines_met += lines - missing.len();
        readiness.gates.push(result);
        readiness.obstacles.append(&mut missing);
    }
    // The mentee's own tasks first: they can be done without waiting for anybody.
    readiness.obstacles.sort_by_key(|o| o.ticked_by);
    readiness
}

fn gap(gap: &Gap) -> Option<Obstacle> {
    (!gap.is_closed).then(|| Obstacle {
        kind: ObstacleKind::Gap {
            id: gap.id,
            about: gap.about.clone(),
        },
        what: gap.what.clone(),
        detail: match &gap.about {
            Some(code) => format!("{code}, named when the sign-off was returned"),
            None => "named when the sign-off was returned".into(),
        },
        ticked_by: TickedBy::Mentor,
    })
}

fn competency_state(competency: &Competency, known: &Known<'_>) -> CompetencyState {
    let mentor_level = known.level(&competency.code, Stream::Mentor);
    CompetencyState {
        code: competency.code.clone(),
        self_level: known.level(&competency.code, Stream::Self_),
        mentor_level,
        required: competency.required_level,
        met: mentor_level.is_some_and(|l| l >= competency.required_level),
    }
}

fn item_state(item: &Item, known: &Known<'_>) -> ItemState {
    ItemState {
        code: item.code.clone(),
        mark: known.mark(&item.code),
    }
}

/// One gate: how it stands, and what it still asks for. A new gate is a new arm here.
fn hold(
    gate: &Gate,
    content: &Content,
    facts: &Facts,
    so_far: &Readiness,
) -> (GateResult, Vec<Obstacle>) {
    let (progress, missing) = match gate {
        Gate::Levels => levels(content, so_far),
        Gate::Checklist => checklist(content, so_far),
        Gate::Sessions { held, minutes } => sessions(*held, *minutes, facts),
    };
    (
        GateResult {
            gate: gate.clone(),
            met: missing.is_empty(),
            progress,
        },
        missing,
    )
}

/// How many lines a gate asks for: one each for what can be ticked off by itself.
fn lines_of(gate: &Gate, content: &Content) -> usize {
    match gate {
        Gate::Levels => content.competencies.len(),
        Gate::Checklist => content.items.len(),
        Gate::Sessions { .. } => 1,
    }
}

fn levels(content: &Content, so_far: &Readiness) -> (String, Vec<Obstacle>) {
    let below = |critical: bool| {
        content
            .competencies
            .iter()
            .zip(&so_far.competencies)
            .filter(move |(c, s)| !s.met && c.critical == critical)
            .map(|(competency, state)| Obstacle {
                kind: ObstacleKind::Competency(competency.code.clone()),
                what: competency.statement.clone(),
                detail: match state.mentor_level {
                    Some(level) => {
                        format!("at {}, needs {}", level.number(), state.required.number())
                    }
                    None => format!("not assessed yet, needs {}", state.required.number()),
                },
                ticked_by: TickedBy::Mentor,
            })
    };
    let missing: Vec<_> = below(true).chain(below(false)).collect();
    let total = content.competencies.len();
    (
        format!("{} of {total} competencies", total - missing.len()),
        missing,
    )
}

fn checklist(content: &Content, so_far: &Readiness) -> (String, Vec<Obstacle>) {
    let missing: Vec<_> = content
        .items
        .iter()
        .zip(&so_far.items)
        .filter(|(_, s)| s.mark != MarkKind::Checked)
        .map(|(item, state)| Obstacle {
            kind: ObstacleKind::Item(item.code.clone()),
            what: item.text.clone(),
            detail: match state.mark {
                MarkKind::Done => "done, to be checked".into(),
                _ => "to be done".into(),
            },
            ticked_by: match (state.mark, item.done_by) {
                (MarkKind::Done, _) | (_, DoneBy::Mentor) => TickedBy::Mentor,
                _ => TickedBy::Mentee,
            },
        })
        .collect();
    let total = content.items.len();
    (
        format!("{} of {total} items", total - missing.len()),
        missing,
    )
}

fn sessions(held: u32, minutes: u32, facts: &Facts) -> (String, Vec<Obstacle>) {
    let (have, sum) = (facts.held.sessions, facts.held.minutes);
    let mut parts = Vec::new();
    if held > 0 {
        parts.push(format!("{have} of {held} sessions"));
    }
    if minutes > 0 {
        parts.push(format!("{sum} of {minutes} minutes"));
    }
    let progress = parts.join(", ");
    let missing = if have >= held && sum >= minutes {
        Vec::new()
    } else {
        vec![Obstacle {
            kind: ObstacleKind::Sessions,
            what: "Hold and record working sessions".into(),
            detail: progress.clone(),
            ticked_by: TickedBy::Mentor,
        }]
    };
    (progress, missing)
}
