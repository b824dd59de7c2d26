//! What the page of a sign-off shows of its record, in the words of the viewer.

pub mod steps;

use crate::domain::ramp::MarkKind;
use crate::domain::signoff::SignoffState;
use crate::domain::signoff::record;
use crate::domain::signoff::record::Record;
use crate::domain::standard::Level;
pub(crate) use crate::pages::parts::point::{PointView, Said};
use crate::pages::status::StatusBadge;
use crate::time::{LocalTime, TimeText};
use crate::web::Fields;
use steps::{Step, steps};

pub(crate) fn badge(state: SignoffState) -> StatusBadge {
    let (css, icon) = match state {
        SignoffState::Requested | SignoffState::FirstKey => ("wait", "st-await"),
        SignoffState::Granted => ("ok", "st-cleared"),
        SignoffState::Returned => ("soon", "undo"),
        SignoffState::Withdrawn => ("idle", "st-none"),
    };
    StatusBadge {
        css,
        icon,
        word: state.label(),
        detail: String::new(),
    }
}

/// A level as pips, number and word; number 0 says there is none.
pub(crate) struct LevelView {
    pub number: u8,
    pub word: &'static str,
    pub class: &'static str,
}

impl LevelView {
    fn of(level: Option<u8>, class: &'static str) -> Self {
        match level.and_then(|n| Level::new(i64::from(n))) {
            Some(level) => Self {
                number: level.number(),
                word: level.label(),
                class,
            },
            None => Self {
                number: 0,
                word: "None yet",
                class: "",
            },
        }
    }
}

/// A question with its answers, and what was typed into the form below it.
pub(crate) struct QuestionView {
    pub id: i64,
    pub asked: Said,
    pub answers: Vec<Said>,
    pub typed: String,
}

pub(crate) struct CompetencyView {
    pub code: String,
    pub statement: String,
    pub critical: bool,
    pub own: LevelView,
    pub mentor: LevelView,
    pub required: u8,
    pub evidence: Option<EvidenceView>,
    /// The strongest, where it is another one.
    pub strongest: Option<EvidenceView>,
    /// The evidence that is asked for.
    pub needs: Option<String>,
}

/// What a judgement rests on.
pub(crate) struct EvidenceView {
    pub said: Said,
    /// `Drill, 12 Nov: Provider outage`; empty where only words were written.
    pub source: String,
    pub strength: Option<String>,
}

pub(crate) struct GroupView {
    pub word: String,
    pub label: String,
    pub met: usize,
    pub rows: Vec<CompetencyView>,
}

pub(crate) struct GateView {
    pub met: bool,
    /// Until when it was waived, by whom and why, where a waiver stood in for it.
    pub waived: Option<String>,
    pub label: String,
    pub progress: String,
    /// What backs it, further down the page.
    pub evidence: (&'static str, String),
}

pub(crate) struct ItemView {
    pub mark: &'static str,
    pub text: String,
    pub detail: String,
}

pub(crate) struct SessionView {
    pub when: TimeText,
    pub kind: String,
    pub minutes: i32,
    pub mentor: String,
    pub summary: String,
    pub corrected: bool,
}

/// What the record says, whether drawn now or frozen.
pub(crate) struct RecordView {
    pub area: String,
    pub mentee: String,
    pub mentors: Vec<String>,
    pub standard_version: i32,
    pub rules_version: u32,
    pub request: Said,
    pub recommendation: Option<Said>,
    pub gates: Vec<GateView>,
    pub gates_met: usize,
    pub groups: Vec<GroupView>,
    pub items: Vec<ItemView>,
    pub items_checked: usize,
    /// Items and gates for which a waiver stands in.
    pub waived: usize,
    pub sessions: Vec<SessionView>,
    pub sessions_line: String,
    pub steps: Vec<Step>,
    /// Gaps that earlier returns named.
    pub gaps: Vec<PointView>,
    /// What this return named: code and words.
    pub named: Vec<(String, String)>,
    pub questions: Vec<QuestionView>,
    pub questions_open: usize,
    /// Codes a gap may be about, each with its words.
    pub codes: Vec<(String, String)>,
}

impl RecordView {
    /// The record in words; `fields` holds answers that were typed.
    pub(crate) fn of(
        r: &Record,
        replaced: Vec<Said>,
        is_first_key_void: bool,
        local: &LocalTime,
        fields: &Fields,
    ) -> Self {
        let mut groups: Vec<GroupView> = Vec::new();
        for c in &r.competencies {
            if groups.last().is_none_or(|g| g.word != c.group) {
                let (word, label) = (c.group.clone(), c.group_label.clone());
                groups.push(GroupView {
                    word,
                    label,
                    met: 0,
                    rows: Vec::new(),
                });
            }
            if let Some(group) = groups.last_mut() {
                group.met += usize::from(c.met);
                group.rows.push(competency(c, local));
            }
        }
        let sessions_line = format!("{} held, {} minutes", r.sessions.len(), r.minutes());
        Self {
            area: r.area.clone(),
            mentee: r.mentee.name.clone(),
            mentors: r.mentors.iter().map(|m| mentor(m, local)).collect(),
            standard_version: r.standard_version,
            rules_version: r.rules_version,
            request: Said::of(&r.request, local),
            recommendation: r.first_key.as_ref().map(|by| Said::of(by, local)),
            gates: r
                .gates
                .iter()
                .map(|g| gate(g, &sessions_line, local))
                .collect(),
            gates_met: r.gates.iter().filter(|g| g.met).count(),
            groups,
            items: r.items.iter().map(|i| item(i, local)).collect(),
            items_checked: r
                .items
                .iter()
                .filter(|i| i.mark == MarkKind::Checked.word())
                .count(),
            waived: r.waived(),
            sessions: r
                .sessions
                .iter()
                .map(|s| SessionView {
                    when: local.day_of(s.at.0),
                    kind: s.kind.clone(),
                    minutes: s.minutes,
                    mentor: s.mentor.name.clone(),
                    summary: s.summary.clone(),
                    corrected: s.corrected,
                })
                .collect(),
            sessions_line,
            steps: steps(r, replaced, is_first_key_void, local),
            gaps: r.gaps.iter().map(|g| PointView::frozen(g, local)).collect(),
            named: r
                .verdict
                .iter()
                .filter(|v| v.state == SignoffState::Returned.word())
                .flat_map(|v| &v.points)
                .map(|p| (p.code.clone().unwrap_or_default(), p.body.clone()))
                .collect(),
            questions: r
                .questions
                .iter()
                .map(|q| QuestionView {
                    id: q.id,
                    asked: Said::of(&q.asked, local),
                    answers: q.answers.iter().map(|a| Said::of(a, local)).collect(),
                    typed: fields.get(&format!("answer-{}", q.id)).to_owned(),
                })
                .collect(),
            questions_open: r.questions.iter().filter(|q| q.answers.is_empty()).count(),
            codes: r
                .competencies
                .iter()
                .map(|c| (c.code.clone(), c.statement.clone()))
                .chain(r.items.iter().map(|i| (i.code.clone(), i.text.clone())))
                .collect(),
        }
    }
}

fn competency(c: &record::Competency, local: &LocalTime) -> CompetencyView {
    CompetencyView {
        code: c.code.clone(),
        statement: c.statement.clone(),
        critical: c.critical,
        own: LevelView::of(c.self_level, "self"),
        mentor: LevelView::of(c.mentor_level, if c.met { "hit" } else { "" }),
        required: c.required,
        evidence: c.evidence.as_ref().map(|e| evidence(e, local)),
        strongest: c.strongest.as_ref().map(|e| evidence(e, local)),
        needs: c.needed_strength.clone(),
    }
}

fn evidence(e: &record::Evidence, local: &LocalTime) -> EvidenceView {
    let day = e.on.map(|on| format!(", {}", local.day_of(on.0).text));
    let what = e
        .what
        .clone()
        .or(e.session.as_ref().map(|_| "Session".into()));
    let source = what.map(|what| format!("{what}{}", day.unwrap_or_default()));
    EvidenceView {
        said: Said {
            name: e.who.name.clone(),
            when: local.day_of(e.at.0),
            note: e.text.clone(),
        },
        source: match (source, &e.session) {
            (Some(source), Some(summary)) => format!("{source}: {summary}"),
            (source, _) => source.unwrap_or_default(),
        },
        strength: e.strength.clone(),
    }
}

fn mentor(m: &record::Mentor, local: &LocalTime) -> String {
    let since = local.day_of(m.since.0).text;
    let span = match m.until {
        Some(until) => format!("{since} to {}", local.day_of(until.0).text),
        None => format!("since {since}"),
    };
    format!("{}, {} mentor, {span}", m.who.name, m.role.to_lowercase())
}

/// `until 3 Jan by Ruth Abrams: no drill is planned before`.
fn waived(w: &record::Waived, local: &LocalTime) -> String {
    let until = local.day(w.until.0).text;
    format!("until {until} by {}: {}", w.by.name, w.reason)
}

fn gate(g: &record::Gate, sessions_line: &str, local: &LocalTime) -> GateView {
    let evidence = match g.kind.as_str() {
        "checklist" => ("#items", "The checklist below".to_owned()),
        "sessions" => ("#sessions", sessions_line.to_owned()),
        "levels" => ("#levels", "The levels below".to_owned()),
        _ => ("", g.progress.clone()),
    };
    GateView {
        met: g.met,
        waived: g.waived.as_ref().map(|w| waived(w, local)),
        label: g.label.clone(),
        progress: g.progress.clone(),
        evidence,
    }
}

fn item(i: &record::Item, local: &LocalTime) -> ItemView {
    let mark = MarkKind::parse(&i.mark).unwrap_or(MarkKind::Open);
    let by = i.by.as_ref().zip(i.at);
    if let Some(w) = &i.waived {
        return ItemView {
            mark: "waived",
            text: i.text.clone(),
            detail: format!("Waived {}", waived(w, local)),
        };
    }
    ItemView {
        mark: mark.word(),
        text: i.text.clone(),
        detail: by.map_or_else(String::new, |(who, at)| {
            format!("{}, {}", who.name, local.day_of(at.0).text)
        }),
    }
}
