//! What a sign-off rests on: drawn from the dossier, frozen with the decision, readable for ever (rule 7).
//!
//! The record keeps words and numbers, not rows, and none of its types is used for anything else: what the rest of
//! the house becomes, a record written today reads the same. New fields need `#[serde(default)]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::store::Signoff;
use crate::assessment::{Stream, counting};
use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};
use crate::ramp::dossier::Dossier;
use crate::readiness::RULES_VERSION;
use crate::session::life;

/// A point in time as the record keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(pub UtcTime);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(&self.0.iso_micros())
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse::<jiff::Timestamp>()
            .map(|t| Self(t.into()))
            .map_err(serde::de::Error::custom)
    }
}

/// A day as the record keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub Day);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(&self.0.to_string())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Day::parse(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("not a day: {text}")))
    }
}

/// Somebody, under the name they had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Row of `people`.
    pub id: i64,
    /// Full name.
    pub name: String,
}

/// A mentor of the ramp, past or present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentor {
    /// Who.
    pub who: Who,
    /// Primary or secondary.
    pub role: String,
    /// From when.
    pub since: Stamp,
    /// Until when; `None` while it lasted.
    pub until: Option<Stamp>,
}

/// Somebody did something, with words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Who.
    pub who: Who,
    /// When.
    pub at: Stamp,
    /// With which words; may be empty.
    pub note: String,
}

/// How it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `granted`, `returned` or `withdrawn`.
    pub state: String,
    /// By whom, when, with which words.
    pub deed: Deed,
    /// Last day of the clearance it granted.
    pub ends_on: Option<Date>,
}

/// A gate of the standard and how it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The gate with its numbers, as the standard holds it.
    pub rule: serde_json::Value,
    /// Its kind: `levels`, `checklist`, `sessions`.
    pub kind: String,
    /// Its name.
    pub label: String,
    /// `12 of 14 competencies`.
    pub progress: String,
    /// Whether it was met.
    pub met: bool,
}

/// The judgement that counted for a competency, and what it rested on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The mentor who judged.
    pub who: Who,
    /// When.
    pub at: Stamp,
    /// In words; may be empty.
    pub text: String,
    /// Summary of the session it rested on.
    pub session: Option<String>,
}

/// A competency and how it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competency {
    /// Its code.
    pub code: String,
    /// Word of its group.
    pub group: String,
    /// Name of its group.
    pub group_label: String,
    /// The statement as it was.
    pub statement: String,
    /// What is seen at levels 1 to 5, as it was written.
    pub behaviours: Vec<String>,
    /// A mistake here is dangerous.
    pub critical: bool,
    /// The level asked for.
    pub required: u8,
    /// The mentee's own view.
    pub self_level: Option<u8>,
    /// The mentor's, which counts.
    pub mentor_level: Option<u8>,
    /// Whether it was enough.
    pub met: bool,
    /// What the mentor's level rested on.
    pub evidence: Option<Evidence>,
}

/// A checklist item and how it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// Name of its group.
    pub group_label: String,
    /// What was to be done.
    pub text: String,
    /// `open`, `done` or `checked`.
    pub mark: String,
    /// Who said so.
    pub by: Option<Who>,
    /// When.
    pub at: Option<Stamp>,
}

/// A session that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// When it began.
    pub at: Stamp,
    /// What kind it was.
    pub kind: String,
    /// How long it lasted.
    pub minutes: i32,
    /// What was worked on.
    pub summary: String,
    /// The mentor.
    pub mentor: Who,
    /// It had been told differently before.
    #[serde(default)]
    pub corrected: bool,
}

/// All that a sign-off rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of the readiness rules.
    pub rules_version: u32,
    /// The area's name.
    pub area: String,
    /// The area's owner team.
    pub owner_team: String,
    /// Version of the standard.
    pub standard_version: i32,
    /// Whose ramp it was.
    pub mentee: Who,
    /// Who mentored it.
    pub mentors: Vec<Mentor>,
    /// Who asked.
    pub request: Deed,
    /// Who recommended.
    pub first_key: Option<Deed>,
    /// How it was decided; `None` while it is open.
    pub verdict: Option<Verdict>,
    /// Gates, in the standard's order.
    pub gates: Vec<Gate>,
    /// Competencies, in the standard's order.
    pub competencies: Vec<Competency>,
    /// Checklist items, in the standard's order.
    pub items: Vec<Item>,
    /// Sessions held, newest first.
    pub sessions: Vec<Held>,
}

impl Record {
    /// The record of a sign-off as the ramp stands; `names` knows people whom the dossier does not.
    ///
    /// # Errors
    /// A fault when a gate cannot be written down.
    pub fn draw(
        d: &Dossier,
        signoff: &Signoff,
        names: impl Fn(i64) -> Option<String>,
    ) -> Result<Self> {
        let who = |id: i64| Who {
            id,
            name: names(id).unwrap_or_else(|| d.person(id).name.to_owned()),
        };
        let deed = |by: Option<i64>, at: Option<UtcTime>, note: Option<&String>| {
            Some(Deed {
                who: who(by?),
                at: Stamp(at?),
                note: note.cloned().unwrap_or_default(),
            })
        };
        let verdict = deed(
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
            request: Deed {
                who: who(signoff.requested_by),
                at: Stamp(signoff.requested_at),
                note: signoff.request_note.clone(),
            },
            first_key: deed(
                signoff.first_key_by,
                signoff.first_key_at,
                signoff.first_key_note.as_ref(),
            ),
            verdict: verdict.map(|deed| Verdict {
                state: signoff.state.word().into(),
                deed,
                ends_on: signoff.ends_on.map(Date),
            }),
            gates: gates(d)?,
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
                    corrected: life::corrected(&d.sessions, s).is_some(),
                })
                .collect(),
        })
    }

    /// The record as it was frozen.
    ///
    /// # Errors
    /// A fault when it cannot be read.
    pub fn thaw(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map_err(|e| Error::fault(format!("a sign-off's record cannot be read: {e}")))
    }

    /// The record to be kept.
    ///
    /// # Errors
    /// A fault when it cannot be written down.
    pub fn freeze(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::fault)
    }

    /// Minutes of the sessions held, together.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        self.sessions.iter().map(|s| i64::from(s.minutes)).sum()
    }
}

fn gates(d: &Dossier) -> Result<Vec<Gate>> {
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
                evidence: counting.map(|a| Evidence {
                    who: who(a.by_id),
                    at: Stamp(a.at),
                    text: a.evidence.clone(),
                    session: a
                        .evidence_session_id
                        .and_then(|id| life::standing(&d.sessions, id))
                        .map(|s| s.summary.clone()),
                }),
            }
        })
        .collect()
}

fn items(d: &Dossier, who: impl Fn(i64) -> Who) -> Vec<Item> {
    d.standard
        .content
        .items
        .iter()
        .map(|i| {
            let mark = d.marks.iter().find(|m| m.item_code == i.code);
            Item {
                code: i.code.clone(),
                group_label: i.group.label().into(),
                text: i.text.clone(),
                mark: d.readiness.mark(&i.code).word().into(),
                by: mark.map(|m| who(m.by_id)),
                at: mark.map(|m| Stamp(m.at)),
            }
        })
        .collect()
}
