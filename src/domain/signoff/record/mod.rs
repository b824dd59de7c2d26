//! What a sign-off rests on: drawn from the dossier, frozen with the decision, readable for ever (rule 7).
//!
//! The record keeps words and numbers, not rows, and none of its types is used for anything else: what the rest of
//! the house becomes, a record written today reads the same. New fields need `#[serde(default)]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::db::types::{Day, UtcTime};
use crate::domain::assessment::Stream;
use crate::error::{Error, Result};

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
    pub name: String,
}

/// A mentor of the ramp, past or present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentor {
    pub who: Who,
    /// Primary or secondary.
    pub role: String,
    pub since: Stamp,
    /// Until when; `None` while it lasted.
    pub until: Option<Stamp>,
}

/// Somebody did something, with words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    pub who: Who,
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
    pub deed: Attestation,
    /// Last day of the clearance it granted.
    pub ends_on: Option<Date>,
    /// Gaps a return named, conditions an approval set; none in records of version 1.
    #[serde(default)]
    pub points: Vec<Point>,
}

/// A gap or condition as it was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The competency or checklist item it is about.
    pub code: Option<String>,
    pub body: String,
}

/// A gap that an earlier return named, and how it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub point: Point,
    /// Who named it, and when.
    pub named: Attestation,
    /// Who closed it, when, with which words; `None` when it was open.
    pub closed: Option<Attestation>,
}

/// A question with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Row; answers are sent to it while the sign-off is open.
    pub id: i64,
    /// Who asked, when, in which words.
    pub asked: Attestation,
    /// Answers in order; a question without any was open.
    pub answers: Vec<Attestation>,
}

/// A gate of the standard and how it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The gate with its numbers, as the standard holds it.
    pub rule: serde_json::Value,
    /// Its kind: `levels`, `checklist`, `sessions`.
    pub kind: String,
    pub label: String,
    /// `12 of 14 competencies`.
    pub progress: String,
    /// Whether it was met, by what it asks for or by a waiver.
    pub met: bool,
    /// The waiver that stood in for it; none in records of rules before version 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// A waiver without which an item or gate would have been open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// Its last day.
    pub until: Date,
    pub by: Who,
    /// Why it was asked for.
    pub reason: String,
}

/// The judgement that counted for a competency, and what it rested on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The mentor who judged.
    pub who: Who,
    pub at: Stamp,
    /// In words; may be empty.
    pub text: String,
    /// Summary of the session it rested on.
    pub session: Option<String>,
    /// What kind of record it rests on, and the day of it; nobody kept it in the first records.
    #[serde(default)]
    pub what: Option<String>,
    #[serde(default)]
    pub on: Option<Stamp>,
    /// How strong it is; nobody kept it in the first records.
    #[serde(default)]
    pub strength: Option<String>,
}

/// A competency and how it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competency {
    pub code: String,
    /// Word of its group.
    pub group: String,
    /// Name of its group.
    pub group_label: String,
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
    /// The evidence that is asked for.
    #[serde(default)]
    pub needed_strength: Option<String>,
    /// The strongest evidence behind a judgement that is high enough, where it is another one.
    #[serde(default)]
    pub strongest: Option<Evidence>,
}

impl Record {
    /// Leaves out what a stream says of a competency, where it is shown to somebody who may not see it yet.
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

/// A checklist item and how it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub code: String,
    /// Name of its group.
    pub group_label: String,
    /// What was to be done.
    pub text: String,
    /// `open`, `done` or `checked`.
    pub mark: String,
    pub by: Option<Who>,
    pub at: Option<Stamp>,
    /// The waiver that stood in for it; none in records of rules before version 3.
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
    /// It had been told differently before.
    #[serde(default)]
    pub corrected: bool,
}

/// All that a sign-off rests on.
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
    /// Gaps that earlier returns of the ramp named, in order; none in records of version 1.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Questions and answers, in order; none in records of version 1.
    #[serde(default)]
    pub questions: Vec<Question>,
}

impl Record {
    /// The record as it was frozen.
    ///
    /// Errors: A fault when it cannot be read.
    pub fn thaw(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map_err(|e| Error::fault(format!("a sign-off's record cannot be read: {e}")))
    }

    /// The record to be kept.
    ///
    /// Errors: A fault when it cannot be written down.
    pub fn freeze(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::fault)
    }

    /// Items and gates for which a waiver stood in.
    pub fn waived(&self) -> usize {
        let items = self.items.iter().filter(|i| i.waived.is_some());
        let gates = self.gates.iter().filter(|g| g.waived.is_some());
        items.count() + gates.count()
    }

    /// Minutes of the sessions held, together.
    pub fn minutes(&self) -> i64 {
        self.sessions.iter().map(|s| i64::from(s.minutes)).sum()
    }
}
