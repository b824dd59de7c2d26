//! What a correction changed.

use std::collections::BTreeMap;

use super::SessionKind;
use crate::db::types::UtcTime;
use crate::domain::standard::Level;

/// The fields of a recorded session that a correction can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub kind: SessionKind,
    pub starts_at: UtcTime,
    /// How long it lasted.
    pub minutes: i32,
    /// What was worked on.
    pub summary: String,
    pub next_actions: Vec<String>,
    /// The post-mortem that was discussed.
    pub postmortem_id: Option<i64>,
    /// How much help each practised competency needed.
    pub observations: BTreeMap<String, Level>,
}

/// One changed field: before, and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    Kind(SessionKind, SessionKind),
    Start(UtcTime, UtcTime),
    /// The length in minutes.
    Minutes(i32, i32),
    Summary(String, String),
    /// Next actions, a line each.
    NextActions(Vec<String>, Vec<String>),
    /// The post-mortem that was discussed.
    Postmortem(Option<i64>, Option<i64>),
    /// The help a competency needed; `None` when it was not recorded.
    Help(String, Option<Level>, Option<Level>),
}

/// What changed from `before` to `after`; empty when they are equal.
pub fn differences(before: &Snapshot, after: &Snapshot) -> Vec<Difference> {
    let mut all = Vec::new();
    if before.kind != after.kind {
        all.push(Difference::Kind(before.kind, after.kind));
    }
    if before.starts_at != after.starts_at {
        all.push(Difference::Start(before.starts_at, after.starts_at));
    }
    if before.minutes != after.minutes {
        all.push(Difference::Minutes(before.minutes, after.minutes));
    }
    if before.summary != after.summary {
        all.push(Difference::Summary(
            before.summary.clone(),
            after.summary.clone(),
        ));
    }
    if before.next_actions != after.next_actions {
        all.push(Difference::NextActions(
            before.next_actions.clone(),
            after.next_actions.clone(),
        ));
    }
    if before.postmortem_id != after.postmortem_id {
        all.push(Difference::Postmortem(
            before.postmortem_id,
            after.postmortem_id,
        ));
    }
    let mut codes: Vec<&String> = before.observations.keys().collect();
    codes.extend(after.observations.keys());
    codes.sort();
    codes.dedup();
    for code in codes {
        let of = |snapshot: &Snapshot| snapshot.observations.get(code).copied();
        let (was, is) = (of(before), of(after));
        if was != is {
            all.push(Difference::Help(code.clone(), was, is));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn snapshot() -> impl Strategy<Value = Snapshot> {
        let observations = prop::collection::btree_map("[A-C]", 1_i64..=5, 0..3);
        let words = prop::collection::vec("[xy]", 0..2);
        let postmortem_id = prop::option::of(1_i64..3);
        (
            0_usize..3,
            0_i64..2,
            1_i32..3,
            "[ab]",
            words,
            postmortem_id,
            observations,
        )
            .prop_map(
                |(kind, hour, minutes, summary, next_actions, postmortem_id, help)| Snapshot {
                    postmortem_id,
                    kind: SessionKind::ALL[kind],
                    starts_at: UtcTime::from(jiff::Timestamp::UNIX_EPOCH).plus_hours(hour),
                    minutes,
                    summary,
                    next_actions,
                    observations: help
                        .into_iter()
                        .map(|(code, level)| (code, Level::new(level).unwrap()))
                        .collect(),
                },
            )
    }

    /// `snapshot` with the difference applied.
    fn apply(mut snapshot: Snapshot, difference: &Difference) -> Snapshot {
        match difference.clone() {
            Difference::Kind(_, kind) => snapshot.kind = kind,
            Difference::Start(_, at) => snapshot.starts_at = at,
            Difference::Minutes(_, minutes) => snapshot.minutes = minutes,
            Difference::Summary(_, words) => snapshot.summary = words,
            Difference::NextActions(_, lines) => snapshot.next_actions = lines,
            Difference::Postmortem(_, id) => snapshot.postmortem_id = id,
            Difference::Help(code, _, Some(level)) => {
                snapshot.observations.insert(code, level);
            }
            Difference::Help(code, _, None) => {
                snapshot.observations.remove(&code);
            }
        }
        snapshot
    }

    proptest! {
        #[test]
        fn the_differences_are_all_there_is_between_two_records(before in snapshot(), after in snapshot()) {
            prop_assert_eq!(differences(&before, &before), vec![]);
            let all = differences(&before, &after);
            prop_assert_eq!(all.is_empty(), before == after);
            prop_assert_eq!(all.iter().fold(before, apply), after);
        }
    }
}
