//! Assessments: judgements of one competency, by the mentee and by mentors, in two streams that are never merged.

pub mod blind;
pub mod evidence;
pub mod model;
pub mod opportunity;
pub mod store;
pub mod turn;

use std::collections::{BTreeMap, HashMap};

use crate::domain::standard::{Content, Level, Strength};
use crate::error;
use crate::error::FieldErrors;
use crate::text_enum;
use crate::words::Words;
use evidence::{Evidence, Source};

text_enum! {
    /// Whose judgement it is.
    pub enum Stream {
        /// The mentee's own; it never counts toward a gate.
        Self_ = "self" / "Self",
        Mentor = "mentor" / "Mentor",
    }
}

/// What a judgement rests on, in words.
pub type EvidenceNote = Words<1000>;

/// A new judgement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// `None` is "not observed".
    pub level: Option<Level>,
    /// In words; may be empty.
    pub evidence: EvidenceNote,
    /// What it rests on.
    pub source: Option<Source>,
}

impl Judged {
    pub fn has_evidence(&self) -> bool {
        !self.evidence.is_empty() || self.source.is_some()
    }
}

/// New judgements by competency code.
pub type Entries = BTreeMap<String, Judged>;

/// The judgements of a competency in one stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The latest judgement with a level: the one that counts.
    pub level: Option<Level>,
    /// The latest judgement of all, "not observed" included.
    pub latest: Option<Judged>,
}

/// What new judgements of one stream on a ramp are checked against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    pub standings: HashMap<String, Standing>,
    /// Evidence that they can rest on.
    pub evidence: Vec<Evidence>,
}

impl Known {
    /// The evidence of a source on this ramp.
    pub fn evidence(&self, source: Source) -> Option<&Evidence> {
        self.evidence
            .iter()
            .find(|evidence| evidence.source == source)
    }

    /// How strong the evidence of a judgement is; words alone are "talked through".
    pub fn strength(&self, judged: &Judged) -> Strength {
        let evidence = judged.source.and_then(|source| self.evidence(source));
        evidence.map_or(Strength::TalkedThrough, |evidence| evidence.strength)
    }
}

/// A judgement to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub code: String,
    /// The level that counted before.
    pub from: Option<Level>,
    pub to: Judged,
}

/// The assessment of a stream that counts: the latest with a level. `assessments` are oldest first.
pub fn counting<'a>(
    assessments: &'a [crate::domain::assessment::model::Assessment],
    code: &str,
    stream: Stream,
) -> Option<&'a crate::domain::assessment::model::Assessment> {
    let mut latest_first = assessments.iter().rev();
    latest_first.find(|a| a.competency_code == code && a.stream == stream && a.level.is_some())
}

/// How the two views differ, in words: something to talk about, not an error.
pub fn gap(own: Option<Level>, mentor: Option<Level>) -> Option<String> {
    let (own, mentor) = (own?.number(), mentor?.number());
    match own.abs_diff(mentor) {
        0 => None,
        n if own > mentor => Some(format!("self-view {n} above the mentor’s")),
        n => Some(format!("self-view {n} below the mentor’s")),
    }
}

/// Whether a judgement says something new: another level, or new evidence for the same one.
pub fn is_change(judged: &Judged, standing: &Standing) -> bool {
    if standing.latest.as_ref() == Some(judged) {
        return false;
    }
    if judged.has_evidence() {
        return true;
    }
    match judged.level {
        Some(level) => standing.level != Some(level),
        None => standing
            .latest
            .as_ref()
            .is_none_or(|last| last.level.is_some()),
    }
}

/// Whether a judgement needs evidence: a mentor's that raises the level. Before the first one, only "observes only" is
/// assumed, so level 1 needs no evidence and every other level does.
pub fn needs_evidence(stream: Stream, level: Option<Level>, standing: &Standing) -> bool {
    let floor = Level::ALL.first().copied();
    stream == Stream::Mentor && level > standing.level.or(floor)
}

/// The judgements to store, in the order of the standard.
///
/// Errors: [`crate::error::Error::Invalid`] with a sentence for each that is not allowed.
pub fn decide(
    stream: Stream,
    content: &Content,
    known: &Known,
    entries: &Entries,
) -> error::Result<Vec<Change>> {
    let mut errors = FieldErrors::default();
    if entries
        .keys()
        .any(|code| content.competency(code).is_none())
    {
        errors.add(
            "",
            "A competency you judged is not part of this ramp's standard. Load the page again.",
        );
    }
    let (mut changes, none) = (Vec::new(), Standing::default());
    for competency in &content.competencies {
        let code = &competency.code;
        let Some(judged) = entries.get(code) else {
            continue;
        };
        let standing = known.standings.get(code).unwrap_or(&none);
        if !is_change(judged, standing) {
            continue;
        }
        if judged.source.is_some_and(|source| {
            known
                .evidence(source)
                .is_none_or(|evidence| !evidence.backs(code))
        }) {
            errors.add(
                format!("evidence-{code}"),
                "Choose something of this ramp in which this competency was observed.",
            );
        } else if needs_evidence(stream, judged.level, standing) && !judged.has_evidence() {
            errors.add(
                format!("evidence-{code}"),
                format!(
                    "{}: the level rises, so say what you saw or choose what it rests on.",
                    competency.statement
                ),
            );
        }
        changes.push(Change {
            code: code.clone(),
            from: standing.level,
            to: judged.clone(),
        });
    }
    errors.or(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::sample::lines;
    use proptest::prelude::*;

    fn level(n: i64) -> Option<Level> {
        Level::new(n)
    }

    fn judged(n: i64, evidence: &str) -> Judged {
        Judged {
            level: level(n),
            evidence: EvidenceNote::parse(evidence).unwrap(),
            source: None,
        }
    }

    fn known(code: &str, latest: Judged, counts: Option<Level>) -> Known {
        let standing = Standing {
            level: counts,
            latest: Some(latest),
        };
        Known {
            standings: HashMap::from([(code.to_owned(), standing)]),
            evidence: vec![Evidence {
                source: Source::Session(7),
                at: crate::db::types::UtcTime::from(jiff::Timestamp::UNIX_EPOCH),
                what: "Drill",
                summary: String::new(),
                strength: Strength::Lab,
                observed: vec![(code.to_owned(), Level::ALL[1])],
            }],
        }
    }

    #[test]
    fn a_change_is_a_new_level_or_new_evidence() {
        let stands = |last: Judged, counts| Standing {
            level: counts,
            latest: Some(last),
        };
        let at_two = stands(judged(2, "Saw it"), level(2));
        let not_seen_since = stands(judged(0, ""), level(2));
        let cases = [
            (judged(2, ""), &at_two, false),
            (judged(2, "Saw it"), &at_two, false),
            (judged(2, "Saw it again"), &at_two, true),
            (judged(1, ""), &at_two, true),
            (judged(0, ""), &at_two, true),
            (judged(0, ""), &not_seen_since, false),
            (judged(2, ""), &not_seen_since, false),
            (judged(3, ""), &not_seen_since, true),
            (judged(1, ""), &Standing::default(), true),
            (judged(0, ""), &Standing::default(), true),
        ];
        for (entry, standing, expected) in cases {
            assert_eq!(
                is_change(&entry, standing),
                expected,
                "{entry:?} against {standing:?}"
            );
        }
    }

    #[test]
    fn a_session_backs_a_level_only_where_the_competency_was_observed() {
        let at_two = known("A", judged(2, ""), level(2));
        let with = |code: &str, session| {
            Entries::from([(
                code.into(),
                Judged {
                    source: Some(Source::Session(session)),
                    ..judged(3, "")
                },
            )])
        };
        assert!(
            decide(
                Stream::Mentor,
                &lines(&["A", "B"], &[]),
                &at_two,
                &with("A", 7)
            )
            .is_ok()
        );
        assert!(
            decide(
                Stream::Mentor,
                &lines(&["A", "B"], &[]),
                &at_two,
                &with("A", 8)
            )
            .is_err()
        );
        assert!(
            decide(
                Stream::Mentor,
                &lines(&["A", "B"], &[]),
                &at_two,
                &with("B", 7)
            )
            .is_err()
        );
    }

    #[test]
    fn every_missing_piece_of_evidence_is_named_at_its_field() {
        let entries = Entries::from([
            ("A".into(), judged(3, "")),
            ("B".into(), judged(2, "")),
            ("X".into(), judged(1, "")),
        ]);
        let Err(Error::Invalid(errors)) = decide(
            Stream::Mentor,
            &lines(&["A", "B"], &[]),
            &Known::default(),
            &entries,
        ) else {
            panic!("it was taken")
        };
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["", "evidence-A", "evidence-B"]);
        let entries = Entries::from([("A".into(), judged(1, ""))]);
        assert_eq!(
            decide(
                Stream::Mentor,
                &lines(&["A", "B"], &[]),
                &Known::default(),
                &entries
            )
            .unwrap()
            .len(),
            1
        );
    }

    fn any_judged() -> impl Strategy<Value = Judged> {
        (
            0_i64..=5,
            prop_oneof![Just(""), Just("Saw it"), Just("Led it")],
            prop::option::of(Just(7_i64)),
        )
            .prop_map(|(n, evidence, source)| Judged {
                source: source.map(Source::Session),
                ..judged(n, evidence)
            })
    }

    proptest! {
        #[test]
        fn the_latest_judgement_said_again_keeps_nothing(last in any_judged(), before in 0_i64..=5) {
            let counts = last.level.or(level(before));
            let known = known("A", last.clone(), counts);
            for stream in [Stream::Mentor, Stream::Self_] {
                let entries = Entries::from([("A".to_owned(), last.clone())]);
                prop_assert_eq!(decide(stream, &lines(&["A", "B"], &[]), &known, &entries).unwrap(), vec![]);
            }
        }

        #[test]
        fn no_mentor_level_ever_rises_without_evidence(last in any_judged(), before in 0_i64..=5, next in any_judged()) {
            let counts = last.level.or(level(before));
            let entries = Entries::from([("A".to_owned(), next)]);
            for change in decide(Stream::Mentor, &lines(&["A", "B"], &[]), &known("A", last, counts), &entries).unwrap_or_default() {
                let floor = change.from.or(level(1));
                prop_assert!(change.to.level <= floor || change.to.has_evidence());
            }
        }

        #[test]
        fn a_self_view_never_needs_evidence(next in any_judged(), counts in 0_i64..=5) {
            let standing = Standing { level: level(counts), latest: None };
            prop_assert!(!needs_evidence(Stream::Self_, next.level, &standing));
        }
    }
}
