//! The basis of a sign-off: built from the dossier, frozen with the decision, readable forever (rule 7).
//!
//! The record stores words and numbers, not rows, and nothing else uses its types: however the code changes, a record
//! of today stays readable. New fields need `#[serde(default)]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::db::types::{Day, NO_END, UtcTime};
use crate::domain::assessment::Stream;
use crate::error::{Error, Result};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub Day);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(&self.0.for_files())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let day = match text.as_str() {
            NO_END => Some(Day::NEVER),
            day => Day::parse(day),
        };
        day.map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("not a day: {text}")))
    }
}

/// A person, with the name they had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Row of `people`.
    pub id: i64,
    pub name: String,
}

/// A mentor of the ramp, now or before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentor {
    pub who: Who,
    /// Primary or secondary.
    pub role: String,
    pub since: Stamp,
    /// Until when; `None` for a current mentor.
    pub until: Option<Stamp>,
}

/// Something a person did, with a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    pub who: Who,
    pub at: Stamp,
    /// May be empty.
    pub note: String,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `granted`, `returned` or `withdrawn`.
    pub state: String,
    #[serde(rename = "deed")]
    pub attestation: Attestation,
    /// Last day of the clearance it granted.
    pub ends_on: Option<Date>,
    /// Gaps of a return, conditions of an approval; none in records of version 1.
    #[serde(default)]
    pub points: Vec<Point>,
}

/// A gap or condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The competency or checklist item it is about.
    pub code: Option<String>,
    pub body: String,
}

/// A gap of an earlier return, and how it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub point: Point,
    pub named: Attestation,
    /// `None` when it was open.
    pub closed: Option<Attestation>,
}

/// A question with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Row; answers are sent to it while the sign-off is open.
    pub id: i64,
    pub asked: Attestation,
    /// In order; a question without answers was open.
    pub answers: Vec<Attestation>,
}

/// The result of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The gate with its numbers, as in the standard.
    pub rule: serde_json::Value,
    /// Its kind: `levels`, `checklist`, `sessions`.
    pub kind: String,
    pub label: String,
    /// `12 of 14 competencies`.
    pub progress: String,
    /// Whether it was met, by itself or by a waiver.
    pub met: bool,
    /// The waiver that made it met; none in records before rules version 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// A waiver without which an item or gate would have been open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    pub until: Date,
    pub by: Who,
    /// Why it was asked for.
    pub reason: String,
}

/// The judgement that counted for a competency, and its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub who: Who,
    pub at: Stamp,
    /// May be empty.
    pub text: String,
    /// Summary of the session it rested on.
    pub session: Option<String>,
    /// The kind of record it rests on, and its day; missing in the first records.
    #[serde(default)]
    pub what: Option<String>,
    #[serde(default)]
    pub on: Option<Stamp>,
    /// How strong it is; missing in the first records.
    #[serde(default)]
    pub strength: Option<String>,
}

/// The result for a competency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competency {
    pub code: String,
    /// Word of its group.
    pub group: String,
    /// Label of its group.
    pub group_label: String,
    pub statement: String,
    /// What is seen at levels 1 to 5.
    pub behaviours: Vec<String>,
    /// A mistake here is dangerous.
    pub critical: bool,
    /// The required level.
    pub required: u8,
    /// The mentee's own view.
    pub self_level: Option<u8>,
    /// The mentor's view, which counts.
    pub mentor_level: Option<u8>,
    pub met: bool,
    /// The evidence of the mentor's level.
    pub evidence: Option<Evidence>,
    /// The required evidence.
    #[serde(default)]
    pub needed_strength: Option<String>,
    /// The strongest evidence of a judgement that is high enough, if it is another one.
    #[serde(default)]
    pub strongest: Option<Evidence>,
}

impl Record {
    /// Removes what a stream says about a competency, for a person who may not see it yet.
    pub fn seal(&mut self, code: &str, stream: Stream) {
        for competency in self.competencies.iter_mut().filter(|c| c.code == code) {
            match stream {
                Stream::Self_ => competency.self_level = None,
                Stream::Mentor => {
                    competency.mentor_level = None;
                    competency.evidence = None;
                    competency.strongest = None;
                }
            }
        }
    }
}

/// The result for a checklist item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub code: String,
    /// Label of its group.
    pub group_label: String,
    pub text: String,
    /// `open`, `done` or `checked`.
    pub mark: String,
    pub by: Option<Who>,
    pub at: Option<Stamp>,
    /// The waiver that made it met; none in records before rules version 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// A session that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub at: Stamp,
    pub kind: String,
    /// How long it lasted.
    pub minutes: i32,
    /// What was worked on.
    pub summary: String,
    pub mentor: Who,
    /// It replaced an earlier record of the session.
    #[serde(default)]
    pub corrected: bool,
}

/// The basis of a sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of the readiness rules.
    pub rules_version: u32,
    pub area: String,
    /// The area's owner team.
    pub owner_team: String,
    pub standard_version: i32,
    /// Whose ramp it was.
    pub mentee: Who,
    pub mentors: Vec<Mentor>,
    pub request: Attestation,
    pub first_key: Option<Attestation>,
    /// `None` while it is open.
    pub verdict: Option<Verdict>,
    /// Gates, in the standard's order.
    pub gates: Vec<Gate>,
    /// Competencies, in the standard's order.
    pub competencies: Vec<Competency>,
    /// Checklist items, in the standard's order.
    pub items: Vec<Item>,
    /// Sessions held, newest first.
    pub sessions: Vec<Held>,
    /// Gaps of earlier returns of the ramp, in order; none in records of version 1.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Questions and answers, in order; none in records of version 1.
    #[serde(default)]
    pub questions: Vec<Question>,
}

impl Record {
    /// Reads a frozen record.
    ///
    /// Errors: A fault when it cannot be read.
    pub fn thaw(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map_err(|e| Error::fault(format!("a sign-off's record cannot be read: {e}")))
    }

    /// The record as JSON, to be stored.
    ///
    /// Errors: A fault when it cannot be serialized.
    pub fn freeze(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::fault)
    }

    /// Items and gates that only a waiver made met.
    pub fn waived(&self) -> usize {
        let items = self.items.iter().filter(|i| i.waived.is_some());
        let gates = self.gates.iter().filter(|g| g.waived.is_some());
        items.count() + gates.count()
    }

    /// Minutes of all sessions held.
    pub fn minutes(&self) -> i64 {
        self.sessions.iter().map(|s| i64::from(s.minutes)).sum()
    }
}
