//! Blind, then open: each side judges before it sees the other side's new judgement.

use super::Stream;
use super::model::Assessment;
use crate::db::types::{Day, UtcTime};

/// After that many days a judgement opens by itself, so that nobody waits for a side that never judges.
pub const SEALED_DAYS: i64 = 7;

/// A judgement the other side cannot see yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Row of the assessment.
    pub id: i64,
    pub code: String,
    pub stream: Stream,
    /// When it opens if the other side does not judge before.
    pub opens_at: UtcTime,
}

/// What is sealed now. The other side cannot see a judgement until it has judged the same competency too; then both are
/// open. `assessments` are oldest first.
pub fn sealed(assessments: &[Assessment], now: UtcTime) -> Vec<Sealed> {
    let mut waiting: Vec<Sealed> = Vec::new();
    for entry in assessments {
        let of_code = |w: &Sealed| w.code == entry.competency_code;
        if waiting
            .iter()
            .any(|w| of_code(w) && w.stream != entry.stream)
        {
            waiting.retain(|w| !of_code(w));
        } else {
            waiting.push(Sealed {
                id: entry.id,
                code: entry.competency_code.clone(),
                stream: entry.stream,
                opens_at: entry.at.plus_hours(24 * SEALED_DAYS),
            });
        }
    }
    waiting.retain(|w| now < w.opens_at);
    waiting
}

/// The beginning of the last day whose judgements can be sealed on `today`: what was judged before is open to both sides.
pub fn open_before(today: Day) -> UtcTime {
    today.plus_days(-SEALED_DAYS).start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::{Level, Strength};
    use proptest::prelude::*;

    fn at(hours: i64) -> UtcTime {
        let start: jiff::Timestamp = "2026-11-01T08:00:00Z".parse().unwrap();
        UtcTime::from(start).plus_hours(hours)
    }

    fn entries(script: &[(i64, &str, Stream)]) -> Vec<Assessment> {
        (1..)
            .zip(script)
            .map(|(id, (hour, code, stream))| Assessment {
                id,
                ramp_id: 1,
                competency_code: (*code).to_owned(),
                stream: *stream,
                level: Level::new(3),
                by_id: 1,
                at: at(*hour),
                evidence: String::new(),
                evidence_session_id: None,
                evidence_shift_id: None,
                evidence_drill_id: None,
                evidence_activity_id: None,
                evidence_asked_id: None,
                strength: Strength::TalkedThrough,
            })
            .collect()
    }

    fn ids(script: &[(i64, &str, Stream)], hour: i64) -> Vec<i64> {
        sealed(&entries(script), at(hour))
            .iter()
            .map(|s| s.id)
            .collect()
    }

    #[test]
    fn both_open_when_both_are_in_and_a_new_one_is_sealed_again() {
        use Stream::{Mentor, Self_};
        let script = [
            (0, "A", Self_),
            (1, "B", Mentor),
            (2, "A", Mentor),
            (3, "A", Mentor),
            (4, "A", Mentor),
            (5, "A", Self_),
        ];
        let expected: [&[i64]; 7] = [&[], &[1], &[1, 2], &[2], &[2, 4], &[2, 4, 5], &[2]];
        for (n, ids_then) in expected.iter().enumerate() {
            let so_far: Vec<_> = script.iter().take(n).copied().collect();
            assert_eq!(ids(&so_far, 6), *ids_then, "after {n}");
        }
    }

    #[test]
    fn nobody_waits_longer_than_a_week() {
        let script = [(0, "A", Stream::Mentor)];
        assert_eq!(ids(&script, 24 * SEALED_DAYS - 1), [1]);
        assert_eq!(ids(&script, 24 * SEALED_DAYS), [] as [i64; 0]);
    }

    proptest! {
        #[test]
        fn at_most_one_side_of_a_competency_waits_and_what_opened_stays_open(
            script in prop::collection::vec((0_usize..3, any::<bool>()), 0..20),
        ) {
            let all = entries(
                &script
                    .iter()
                    .enumerate()
                    .map(|(n, (code, own))| {
                        let stream = if *own { Stream::Self_ } else { Stream::Mentor };
                        (i64::try_from(n).unwrap(), ["A", "B", "C"][*code], stream)
                    })
                    .collect::<Vec<_>>(),
            );
            let now = at(24);
            let mut opened: Vec<i64> = Vec::new();
            for n in 0..=all.len() {
                let shut = sealed(&all[..n], now);
                for code in ["A", "B", "C"] {
                    let mut of_code = shut.iter().filter(|s| s.code == code).map(|s| s.stream);
                    if let Some(first) = of_code.next() {
                        prop_assert!(of_code.all(|s| s == first));
                    }
                }
                for entry in &all[..n] {
                    let is_shut = shut.iter().any(|s| s.id == entry.id);
                    prop_assert!(!is_shut || !opened.contains(&entry.id));
                    if !is_shut {
                        opened.push(entry.id);
                    }
                }
            }
        }
    }
}
