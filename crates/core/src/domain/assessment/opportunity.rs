//! Competencies that nobody could observe yet, and what kind of practice shows them.

use super::model::Assessment;
use super::{Stream, counting};
use crate::domain::assessment::evidence::Evidence;
use crate::domain::standard::Group;

/// What lets a competency be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Practice {
    /// A drill that expects it.
    Drill,
    /// A shadow or reverse-shadow shift.
    Shift,
    /// A post-mortem that teaches it.
    PostMortem,
}

/// Whether it waits for an opportunity: a mentor's latest judgement is "not observed", or no mentor has judged it and
/// it was observed nowhere.
pub fn is_missing(assessments: &[Assessment], evidence: &[Evidence], code: &str) -> bool {
    let mut latest_first = assessments.iter().rev();
    let latest = latest_first.find(|a| a.stream == Stream::Mentor && a.competency_code == code);
    match latest {
        Some(latest) => latest.level.is_none(),
        None => {
            counting(assessments, code, Stream::Mentor).is_none()
                && evidence.iter().all(|seen| seen.help(code).is_none())
        }
    }
}

/// What gives an opportunity, the likeliest first. An incident seldom comes when it is needed, so incidents are
/// practised; how a system behaves when it is well is read and watched.
pub fn practices_for(group: Group) -> [Practice; 3] {
    use Practice::{Drill, PostMortem, Shift};
    match group {
        Group::Architecture => [PostMortem, Shift, Drill],
        Group::Observability => [Shift, PostMortem, Drill],
        Group::Incident | Group::Change => [Drill, Shift, PostMortem],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::UtcTime;
    use crate::domain::assessment::evidence::Source;
    use crate::domain::standard::{Level, Strength};

    fn judged(id: i64, stream: Stream, level: i64) -> Assessment {
        Assessment {
            id,
            ramp_id: 1,
            competency_code: "A".into(),
            stream,
            level: Level::new(level),
            by_id: 2,
            at: UtcTime::from(jiff::Timestamp::UNIX_EPOCH),
            evidence: String::new(),
            evidence_session_id: None,
            evidence_shift_id: None,
            evidence_drill_id: None,
            evidence_activity_id: None,
            evidence_asked_id: None,
            strength: Strength::TalkedThrough,
        }
    }

    #[test]
    fn it_waits_while_it_was_seen_nowhere_or_not_again() {
        let seen = [Evidence {
            source: Source::Drill(1),
            at: UtcTime::from(jiff::Timestamp::UNIX_EPOCH),
            what: "Drill",
            summary: String::new(),
            strength: Strength::Drill,
            observed: vec![("A".into(), Level::ALL[1])],
        }];
        let (own, two, unseen) = (
            judged(1, Stream::Self_, 4),
            judged(2, Stream::Mentor, 2),
            judged(3, Stream::Mentor, 0),
        );
        // (assessments, evidence, missing)
        let table: [(&[Assessment], &[Evidence], bool); 5] = [
            (&[], &[], true),
            (&[own], &[], true),
            (&[], &seen, false),
            (std::slice::from_ref(&two), &[], false),
            (&[two.clone(), unseen], &seen, true),
        ];
        for (assessments, evidence, missing) in table {
            assert_eq!(
                is_missing(assessments, evidence, "A"),
                missing,
                "{assessments:?}"
            );
        }
    }
}
