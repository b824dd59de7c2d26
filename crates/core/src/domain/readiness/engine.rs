//! Compares facts with gates. Pure: the caller passes the facts, nothing is looked up.

use std::collections::HashMap;

use crate::db::types::Day;
use crate::domain::assessment::Stream;
use crate::domain::ramp::MarkKind;
use crate::domain::standard::{Competency, Content, Gate, Item, Level, Strength};

use super::facts::{Excused, Facts, Gap};
use super::gates::{hold, lines_of};

/// Who can tick something off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TickedBy {
    /// The mentee, without waiting for anyone.
    Mentee,
    /// A mentor of the ramp.
    Mentor,
}

/// The result for a competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompetencyState {
    pub code: String,
    /// Latest self-assessment with a level.
    pub self_level: Option<Level>,
    /// Latest mentor assessment with a level; the one that counts.
    pub mentor_level: Option<Level>,
    /// The level asked for.
    pub required: Level,
    /// The strongest evidence behind a mentor's judgement that is high enough.
    pub strength: Option<Strength>,
    /// The evidence asked for.
    pub needed_strength: Option<Strength>,
    /// Whether the mentor's level and its evidence are enough.
    pub met: bool,
}

/// The result for a checklist item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemState {
    pub code: String,
    pub mark: MarkKind,
    /// Until when it is waived; `None` once it is checked, because then it needs no waiver.
    pub waived_until: Option<Day>,
}

impl ItemState {
    pub fn is_met(&self) -> bool {
        self.mark == MarkKind::Checked || self.waived_until.is_some()
    }
}

/// The result for a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateResult {
    pub gate: Gate,
    /// Whether it is met, by itself or by a waiver.
    pub met: bool,
    /// Until when it is waived; `None` when it is met by itself.
    pub waived_until: Option<Day>,
    /// `12 of 14 competencies`, `5 of 8 sessions, 310 of 480 minutes`.
    pub progress: String,
}

impl GateResult {
    /// `met`, `waived` or `open`: a waived gate never looks like one that is met.
    pub fn word(&self) -> &'static str {
        match (self.met, self.waived_until) {
            (false, _) => "open",
            (true, Some(_)) => "waived",
            (true, None) => "met",
        }
    }
}

/// The kind of an obstacle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObstacleKind {
    /// A competency below its level; the code.
    Competency(String),
    /// A checklist item not checked; the code.
    Item(String),
    /// Sessions or minutes missing.
    Sessions,
    /// Practice that another gate asks for; its kind.
    Practice(&'static str),
    /// A gap that a returned sign-off named.
    Gap {
        id: i64,
        /// The competency or checklist item it is about; the code.
        about: Option<String>,
    },
}

/// One thing between a mentee and clearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// What to do, in words.
    pub what: String,
    /// How far it is: `at 2, needs 3`.
    pub detail: String,
    /// Who can tick it off.
    pub ticked_by: TickedBy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Every gate of the standard, in its order.
    pub gates: Vec<GateResult>,
    /// Every competency, in the standard's order.
    pub competencies: Vec<CompetencyState>,
    /// Every checklist item, in the standard's order.
    pub items: Vec<ItemState>,
    /// Gaps of returned sign-offs that nobody has closed.
    pub gaps_open: usize,
    /// What is missing, most urgent first.
    pub obstacles: Vec<Obstacle>,
    /// Required lines that are met.
    pub lines_met: usize,
    /// Required lines: competencies, checklist items, areas that come first, one for each other gate, and one for each
    /// gap of a returned sign-off.
    pub lines: usize,
}

impl Readiness {
    /// Every gate is met and every gap closed: a sign-off can be requested.
    pub fn is_ready(&self) -> bool {
        self.gaps_open == 0 && self.gates.iter().all(|g| g.met)
    }

    /// Counts of what is open: `2 gates open`, `1 gate and 2 gaps open`; empty when it is ready.
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

    pub fn gates_met(&self) -> usize {
        self.gates.iter().filter(|g| g.met).count()
    }

    /// Share of the lines that are met, in whole percent, rounded down: 100 exactly when it is ready.
    pub fn percent(&self) -> u8 {
        let share = (self.lines_met * 100)
            .checked_div(self.lines)
            .unwrap_or(100);
        u8::try_from(share).unwrap_or(100)
    }

    /// Items and gates that only a waiver makes met.
    pub fn waived(&self) -> usize {
        let items = self.items.iter().filter(|i| i.waived_until.is_some());
        let gates = self.gates.iter().filter(|g| g.waived_until.is_some());
        items.count() + gates.count()
    }

    pub fn competency(&self, code: &str) -> Option<&CompetencyState> {
        self.competencies.iter().find(|c| c.code == code)
    }

    /// The latest mark of an item; open when there is none.
    pub fn mark(&self, code: &str) -> MarkKind {
        self.items
            .iter()
            .find(|i| i.code == code)
            .map_or(MarkKind::Open, |i| i.mark)
    }
}

/// Facts indexed by code.
struct Known<'a> {
    levels: HashMap<(&'a str, Stream), (i64, Level)>,
    strengths: HashMap<&'a str, Vec<(i64, Level, Strength)>>,
    marks: HashMap<&'a str, MarkKind>,
    waived: HashMap<&'a Excused, Day>,
}

impl<'a> Known<'a> {
    fn of(facts: &'a Facts, today: Day) -> Self {
        let mut levels = HashMap::new();
        let mut strengths: HashMap<_, Vec<_>> = HashMap::new();
        for judgement in &facts.judgements {
            let Some(level) = judgement.level else {
                continue;
            };
            if judgement.stream == Stream::Mentor {
                let backed = strengths.entry(judgement.code.as_str()).or_default();
                backed.push((judgement.id, level, judgement.strength));
            }
            let latest = levels
                .entry((judgement.code.as_str(), judgement.stream))
                .or_insert((judgement.id, level));
            if latest.0 <= judgement.id {
                *latest = (judgement.id, level);
            }
        }
        let marks = facts.marks.iter();
        let mut waived = HashMap::new();
        for waiver in facts.waivers.iter().filter(|w| w.until >= today) {
            let until = waived.entry(&waiver.excused).or_insert(waiver.until);
            *until = waiver.until.max(*until);
        }
        Self {
            levels,
            strengths,
            waived,
            marks: marks.map(|(code, mark)| (code.as_str(), *mark)).collect(),
        }
    }

    /// The latest judgement of a stream with a level (rule 4: the latest valid judgement counts, not the best one
    /// ever).
    fn level(&self, code: &str, stream: Stream) -> Option<Level> {
        self.levels.get(&(code, stream)).map(|(_, level)| *level)
    }

    /// The strongest evidence behind a mentor's judgements of at least that level, since the latest one below it.
    fn strength(&self, code: &str, required: Level) -> Option<Strength> {
        let backed = self.strengths.get(code)?;
        let below = backed.iter().filter(|(_, level, _)| *level < required);
        let since = below.map(|(id, ..)| *id).max();
        let enough = backed
            .iter()
            .filter(|(id, level, _)| *level >= required && Some(*id) > since);
        enough.map(|(.., strength)| *strength).max()
    }

    fn mark(&self, code: &str) -> MarkKind {
        self.marks.get(code).copied().unwrap_or(MarkKind::Open)
    }

    fn waived(&self, excused: &Excused) -> Option<Day> {
        self.waived.get(excused).copied()
    }

    fn waived_gate(&self, gate: &Gate) -> Option<Day> {
        let excused = Excused::Gate(gate.kind().to_owned());
        self.waived(&excused).filter(|_| gate.is_waivable())
    }
}

/// Compares the facts with the standard on a day.
pub fn evaluate(content: &Content, facts: &Facts, today: Day) -> Readiness {
    let known = Known::of(facts, today);
    let needed = content.gates.iter().find_map(Gate::critical_evidence);
    let competencies = content.competencies.iter();
    let competencies: Vec<_> = competencies
        .map(|c| competency_state(c, needed.filter(|_| c.critical), &known))
        .collect();
    let items = content.items.iter();
    let items: Vec<_> = items.map(|i| item_state(i, &known)).collect();
    let mut readiness = Readiness {
        gates: Vec::new(),
        lines: 0,
        lines_met: 0,
        competencies,
        items,
        gaps_open: facts.gaps.iter().filter(|g| !g.is_closed).count(),
        // Gaps of a review come before what the standard asks of everyone.
        obstacles: facts.gaps.iter().filter_map(gap).collect(),
    };
    readiness.lines = facts.gaps.len();
    readiness.lines_met = readiness.lines - readiness.gaps_open;
    for gate in &content.gates {
        let (progress, mut missing) = hold(gate, content, facts, &readiness, today);
        let waived_until = known.waived_gate(gate).filter(|_| !missing.is_empty());
        if waived_until.is_some() {
            missing.clear();
        }
        let result = GateResult {
            gate: gate.clone(),
            met: missing.is_empty(),
            waived_until,
            progress,
        };
        let lines = lines_of(gate, content);
        readiness.lines += lines;
        readiness.lines_met += lines - missing.len();
        readiness.gates.push(result);
        readiness.obstacles.append(&mut missing);
    }
    // The mentee's own tasks first, because they wait for nobody.
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

fn competency_state(
    competency: &Competency,
    needed_strength: Option<Strength>,
    known: &Known<'_>,
) -> CompetencyState {
    let (code, required) = (&competency.code, competency.required_level);
    let mentor_level = known.level(code, Stream::Mentor);
    let strength = known.strength(code, required);
    let is_backed = strength >= needed_strength;
    CompetencyState {
        code: code.clone(),
        self_level: known.level(code, Stream::Self_),
        mentor_level,
        required,
        strength,
        needed_strength,
        met: is_backed && mentor_level.is_some_and(|l| l >= required),
    }
}

fn item_state(item: &Item, known: &Known<'_>) -> ItemState {
    let mark = known.mark(&item.code);
    let waived_until = known.waived(&Excused::Item(item.code.clone()));
    ItemState {
        code: item.code.clone(),
        mark,
        waived_until: waived_until.filter(|_| mark != MarkKind::Checked),
    }
}
