//! Which state of a sign-off a person saw: a key is valid only for what its page showed.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::record::Record;
use crate::error::{Error, Result};

/// The parts of a page that are compared.
const PARTS: [&str; 7] = [
    "the people or the request",
    "the gates",
    "the levels",
    "the checklist",
    "the sessions",
    "the gaps of earlier reviews",
    "the questions",
];

/// A fingerprint of each part of an open sign-off's page; the form of a key sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition(Vec<String>);

impl Edition {
    /// The edition of this record.
    ///
    /// Errors: A fault when a part cannot be serialized.
    pub fn of(r: &Record) -> Result<Self> {
        let people = (
            (&r.area, &r.owner_team, &r.mentee, &r.mentors),
            (r.standard_version, r.rules_version),
            (&r.request, &r.first_key),
        );
        Self::with(print(&people)?, r)
    }

    /// What the first key rests on while nobody has asked for the sign-off yet.
    ///
    /// Errors: As [`Edition::of`].
    pub fn before(r: &Record) -> Result<Self> {
        let people = (
            (&r.area, &r.owner_team, &r.mentee, &r.mentors),
            (r.standard_version, r.rules_version),
        );
        Self::with(print(&people)?, r)
    }

    fn with(people: String, r: &Record) -> Result<Self> {
        Ok(Self(vec![
            people,
            print(&r.gates)?,
            print(&r.competencies)?,
            print(&r.items)?,
            print(&r.sessions)?,
            print(&r.gaps)?,
            print(&r.questions)?,
        ]))
    }

    /// The edition a form was sent from; without one, it matches nothing.
    pub fn parse(sent: &str) -> Self {
        Self(sent.split('-').map(str::to_owned).collect())
    }

    /// The parts that differ from what the person saw.
    pub fn differs(&self, shown: &Self) -> Vec<&'static str> {
        if self.0.len() != shown.0.len() {
            return PARTS.to_vec();
        }
        PARTS
            .into_iter()
            .zip(self.0.iter().zip(&shown.0))
            .filter(|(_, (now, then))| now != then)
            .map(|(part, _)| part)
            .collect()
    }

    /// Passes when the person saw this edition.
    ///
    /// Errors: A sentence that says what to check again.
    pub fn require(&self, shown: &Self) -> std::result::Result<(), String> {
        let parts = self.differs(shown);
        let what = match parts.as_slice() {
            [] => return Ok(()),
            [one] => (*one).to_owned(),
            all if all.len() == PARTS.len() => "what it rests on".to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        };
        Err(format!(
            "Since you opened this page, something changed: {what}. Nothing was stored. Look again, then decide: what \
             you wrote is still here."
        ))
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("-"))
    }
}

/// 64 bits of SHA-256 tell two states of a part apart; nothing here is secret or must resist forgery.
fn print(part: &impl Serialize) -> Result<String> {
    let json = serde_json::to_string(part).map_err(Error::fault)?;
    let digest = hex::encode(Sha256::digest(json.as_bytes()));
    Ok(digest.chars().take(16).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the first version of this product wrote it, with one of everything.
    fn record() -> Record {
        let at = "2026-11-10T08:00:00.000000Z";
        let who = serde_json::json!({ "id": 1, "name": "Mei" });
        let attestation = serde_json::json!({ "who": who, "at": at, "note": "" });
        let json = serde_json::json!({
            "rules_version": 2, "area": "Search", "owner_team": "Discovery", "standard_version": 1, "mentee": who,
            "mentors": [{ "who": who, "role": "Primary", "since": at, "until": null }],
            "request": attestation, "first_key": null, "verdict": null,
            "gates": [{ "rule": {}, "kind": "levels", "label": "Levels", "progress": "1 of 1", "met": true }],
            "competencies": [{
                "code": "SRC-I1", "group": "incident", "group_label": "Incident response", "statement": "Runs a page",
                "behaviours": [], "critical": true, "required": 4, "self_level": null, "mentor_level": 4, "met": true,
                "evidence": null,
            }],
            "items": [{ "code": "SRC-K1", "group_label": "Read", "text": "Read", "mark": "checked", "by": who, "at": at }],
            "sessions": [{ "at": at, "kind": "Lab", "minutes": 45, "summary": "Index lag", "mentor": who }],
            "gaps": [{ "point": { "code": null, "body": "Alone" }, "named": attestation, "closed": attestation }],
            "questions": [{ "id": 1, "asked": attestation, "answers": [] }],
        });
        Record::thaw(&json.to_string()).unwrap()
    }

    #[test]
    fn each_part_that_changed_is_named_and_no_other() {
        type Change = fn(&mut Record);
        let table: [(Change, &str); 9] = [
            (|r| r.mentors.clear(), PARTS[0]),
            (|r| r.first_key = Some(r.request.clone()), PARTS[0]),
            (|r| r.gates[0].met = false, PARTS[1]),
            (|r| r.competencies[0].mentor_level = Some(5), PARTS[2]),
            (|r| r.competencies[0].self_level = Some(4), PARTS[2]),
            (|r| r.items[0].mark = "open".into(), PARTS[3]),
            (|r| r.sessions[0].minutes = 44, PARTS[4]),
            (|r| r.gaps[0].closed = None, PARTS[5]),
            (
                |r| {
                    let answer = r.request.clone();
                    r.questions[0].answers.push(answer);
                },
                PARTS[6],
            ),
        ];
        let shown = Edition::of(&record()).unwrap();
        assert_eq!(shown.require(&shown), Ok(()));
        for (change, part) in table {
            let mut record = record();
            change(&mut record);
            let now = Edition::of(&record).unwrap();
            assert_eq!(now.differs(&shown), [part]);
            assert!(now.require(&shown).unwrap_err().contains(part));
        }
    }

    #[test]
    fn an_edition_reads_back_and_a_form_that_names_none_was_sent_from_none() {
        let now = Edition::of(&record()).unwrap();
        assert_eq!(Edition::parse(&now.to_string()), now);
        for sent in ["", "x", "a-b-c"] {
            assert_eq!(now.differs(&Edition::parse(sent)), PARTS, "{sent:?}");
        }
        let two = now.to_string().replacen(&now.0[2], "0", 1);
        let two = two.replacen(&now.0[4], "0", 1);
        let sentence = now.require(&Edition::parse(&two)).unwrap_err();
        assert!(
            sentence.contains("changed: the levels and the sessions."),
            "{sentence}"
        );
    }
}
