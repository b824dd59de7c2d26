//! Builds the record of a sign-off from the current ramp.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::assessment::model::Assessment;
use crate::domain::assessment::{Stream, counting};
use crate::domain::people::Names;
use crate::domain::readiness::{Excused, RULES_VERSION};
use crate::domain::session::lifecycle;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::question::model::Message;
use crate::domain::signoff::record::{
    Attestation, Competency, Date, Evidence, Gap, Gate, Held, Item, Mentor, Point, Question,
    Record, Stamp, Verdict, Waived, Who,
};
use crate::domain::signoff::{point, question};
use crate::domain::standard;
use crate::domain::waiver;
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;

/// The questions and answers of a sign-off, and the names of their authors.
#[derive(Debug, Clone, Default)]
pub struct Discussion {
    messages: Vec<Message>,
    names: Names,
}

impl Discussion {
    /// Two queries, one when there are no questions.
    pub fn load(c: &mut Conn, signoff_id: i64) -> Result<Self> {
        let messages = question::store::of_signoff(c, signoff_id)?;
        let names = Names::load(c, messages.iter().map(|m| m.by_id))?;
        Ok(Self { messages, names })
    }

    fn questions(&self) -> Vec<Question> {
        let attestation = |m: &Message| Attestation {
            who: Who {
                id: m.by_id,
                name: self.names.name(m.by_id).to_owned(),
            },
            at: Stamp(m.at),
            note: m.body.clone(),
        };
        question::threads(&self.messages)
            .into_iter()
            .map(|thread| Question {
                id: thread.question.id,
                asked: attestation(thread.question),
                answers: thread.answers.into_iter().map(attestation).collect(),
            })
            .collect()
    }
}

impl Record {
    /// The record of a sign-off from the current ramp; `names` has people the dossier does not know.
    ///
    /// Errors: A fault when a gate cannot be serialised.
    pub fn build(
        d: &Dossier,
        signoff: &Signoff,
        discussion: &Discussion,
        names: impl Fn(i64) -> Option<String>,
    ) -> Result<Self> {
        let who = |id: i64| Who {
            id,
            name: names(id).unwrap_or_else(|| d.person(id).name.to_owned()),
        };
        let attestation = |by: Option<i64>, at: Option<UtcTime>, note: Option<&String>| {
            Some(Attestation {
                who: who(by?),
                at: Stamp(at?),
                note: note.cloned().unwrap_or_default(),
            })
        };
        let verdict = attestation(
            signoff.decided_by,
            signoff.decided_at,
            signoff.decision_note.as_ref(),
        );
        Ok(Self {
            rules_version: RULES_VERSION,
            area: d.area.name.clone(),
            owner_team: d.area.owner_team.clone(),
            standard_version: d.standard.version,
            mentee: who(d.ramp.mentee_id),
            mentors: d
                .pairings
                .iter()
                .map(|p| Mentor {
                    who: who(p.mentor_id),
                    role: p.role.label().into(),
                    since: Stamp(p.since),
                    until: p.until.map(Stamp),
                })
                .collect(),
            request: Attestation {
                who: who(signoff.requested_by),
                at: Stamp(signoff.requested_at),
                note: signoff.request_note.clone(),
            },
            first_key: attestation(
                signoff.first_key_by,
                signoff.first_key_at,
                signoff.first_key_note.as_ref(),
            ),
            verdict: verdict.map(|attestation| Verdict {
                state: signoff.state.word().into(),
                attestation,
                ends_on: signoff.ends_on.map(Date),
                points: Vec::new(),
            }),
            gates: gates(d, who)?,
            competencies: competencies(d, who),
            items: items(d, who),
            sessions: d
                .sessions
                .iter()
                .filter(|s| s.counts())
                .map(|s| Held {
                    at: Stamp(s.starts_at),
                    kind: s.kind.label().into(),
                    minutes: s.minutes,
                    summary: s.summary.clone(),
                    mentor: who(s.mentor_id),
                    corrected: lifecycle::corrected(&d.sessions, s).is_some(),
                })
                .collect(),
            gaps: d.gaps.iter().map(|gap| gap_record(gap, who)).collect(),
            questions: discussion.questions(),
        })
    }

    /// The same record for a decision with these points: the code of each, and its text.
    pub fn with_points(mut self, points: &[(Option<String>, &str)]) -> Self {
        if let Some(verdict) = &mut self.verdict {
            verdict.points = points
                .iter()
                .map(|(code, body)| Point {
                    code: code.clone(),
                    body: (*body).to_owned(),
                })
                .collect();
        }
        self
    }
}

fn gap_record(gap: &point::model::Point, who: impl Fn(i64) -> Who) -> Gap {
    Gap {
        point: Point {
            code: gap.code.clone(),
            body: gap.body.clone(),
        },
        named: Attestation {
            who: who(gap.by_id),
            at: Stamp(gap.at),
            note: String::new(),
        },
        closed: gap.closing().map(|closing| Attestation {
            who: who(closing.by_id),
            at: Stamp(closing.at),
            note: closing.note.to_owned(),
        }),
    }
}

/// The waiver that excuses an item or gate until that day, according to the engine.
fn waived(
    d: &Dossier,
    (excused, until): (Excused, Option<Day>),
    who: impl Fn(i64) -> Who,
) -> Option<Waived> {
    let line = waiver::holding(&d.waivers, &excused, until?)?;
    Some(Waived {
        until: Date(line.ends_on),
        by: who(line.decided_by?),
        reason: line.reason.clone(),
    })
}

fn gates(d: &Dossier, who: impl Fn(i64) -> Who) -> Result<Vec<Gate>> {
    d.readiness
        .gates
        .iter()
        .map(|g| {
            Ok(Gate {
                rule: serde_json::to_value(&g.gate).map_err(Error::fault)?,
                kind: g.gate.kind().into(),
                label: g.gate.label().into(),
                progress: g.progress.clone(),
                met: g.met,
                waived: waived(
                    d,
                    (Excused::Gate(g.gate.kind().to_owned()), g.waived_until),
                    &who,
                ),
            })
        })
        .collect()
}

fn competencies(d: &Dossier, who: impl Fn(i64) -> Who) -> Vec<Competency> {
    d.standard
        .content
        .competencies
        .iter()
        .map(|c| {
            let state = d.readiness.competency(&c.code);
            let counting = counting(&d.assessments, &c.code, Stream::Mentor);
            Competency {
                code: c.code.clone(),
                group: c.group.word().into(),
                group_label: c.group.label().into(),
                statement: c.statement.clone(),
                behaviours: c.behaviours.to_vec(),
                critical: c.critical,
                required: c.required_level.number(),
                self_level: state.and_then(|s| s.self_level).map(|l| l.number()),
                mentor_level: state.and_then(|s| s.mentor_level).map(|l| l.number()),
                met: state.is_some_and(|s| s.met),
                evidence: counting.map(|a| evidence(d, a, &who)),
                needed_strength: state
                    .and_then(|s| s.needed_strength)
                    .map(|s| s.label().into()),
                strongest: strongest(d, c, counting).map(|a| evidence(d, a, &who)),
            }
        })
        .collect()
}

fn evidence(d: &Dossier, a: &Assessment, who: impl Fn(i64) -> Who) -> Evidence {
    let evidence = d.evidence_of(a);
    Evidence {
        who: who(a.by_id),
        at: Stamp(a.at),
        text: a.evidence.clone(),
        session: evidence
            .map(|evidence| evidence.summary.clone())
            .filter(|s| !s.is_empty()),
        what: evidence.map(|evidence| evidence.what.to_owned()),
        on: evidence.map(|evidence| Stamp(evidence.at)),
        strength: Some(a.strength.label().to_owned()),
    }
}

/// The assessment whose evidence the gate counts, when it is not the latest one.
fn strongest<'a>(
    d: &'a Dossier,
    competency: &standard::Competency,
    counting: Option<&Assessment>,
) -> Option<&'a Assessment> {
    let judged = d.assessments.iter().rev().filter(|a| {
        a.competency_code == competency.code && a.stream == Stream::Mentor && a.level.is_some()
    });
    // Only those after the latest one below the level, as the gate counts.
    let enough = judged.take_while(|a| a.level >= Some(competency.required_level));
    let best = enough.max_by_key(|a| a.strength)?;
    (Some(best.strength) > counting.map(|a| a.strength)).then_some(best)
}

fn items(d: &Dossier, who: impl Fn(i64) -> Who) -> Vec<Item> {
    d.standard
        .content
        .items
        .iter()
        .map(|i| {
            let mark = d.marks.iter().find(|m| m.item_code == i.code);
            let state = d.readiness.items.iter().find(|s| s.code == i.code);
            let until = state.and_then(|s| s.waived_until);
            Item {
                code: i.code.clone(),
                group_label: i.group.label().into(),
                text: i.text.clone(),
                mark: d.readiness.mark(&i.code).word().into(),
                by: mark.map(|m| who(m.by_id)),
                at: mark.map(|m| Stamp(m.at)),
                waived: waived(d, (Excused::Item(i.code.clone()), until), &who),
            }
        })
        .collect()
}
