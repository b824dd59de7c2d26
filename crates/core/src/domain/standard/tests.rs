//! Test versions, and who may edit them.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

pub(super) fn version(number: i32, content: Content) -> Standard {
    Standard {
        id: i64::from(number),
        area_id: 1,
        version: number,
        state: StandardState::Retired,
        note: String::new(),
        material: false,
        revision: 0,
        created_at: jiff::Timestamp::UNIX_EPOCH.into(),
        edited_by: None,
        edited_at: None,
        published_by: None,
        published_at: None,
        content: Arc::new(content),
    }
}

/// Any version; few codes and words, so that two versions have much in common.
pub fn any_content() -> impl Strategy<Value = Content> {
    let words = select(vec!["reads the graph", "finds the key", ""]);
    let competency = (
        select(Group::ALL),
        words.clone(),
        0..5_usize,
        any::<bool>(),
        words.clone(),
    );
    let item = (
        select(ItemGroup::ALL),
        words,
        select(DoneBy::ALL),
        any::<bool>(),
    );
    let competencies = (
        subsequence(vec!["PAY-A1", "PAY-A2", "PAY-A3", "PAY-A4"], 0..=4).prop_shuffle(),
        proptest::collection::vec(competency, 4),
    );
    let items = (
        subsequence(vec!["PAY-K1", "PAY-K2", "PAY-K3"], 0..=3).prop_shuffle(),
        proptest::collection::vec(item, 3),
    );
    let gates = (subsequence(vec![0, 1, 2], 0..=3).prop_shuffle(), 1..3_u32);
    (competencies, items, gates).prop_map(|((codes, lines), (keys, rows), (kinds, held))| Content {
        competencies: codes
            .into_iter()
            .zip(lines)
            .map(
                |(code, (group, statement, level, critical, seen))| Competency {
                    code: code.into(),
                    group,
                    statement: statement.into(),
                    required_level: Level::ALL[level],
                    critical,
                    behaviours: [(); 5].map(|()| seen.to_owned()),
                },
            )
            .collect(),
        items: keys
            .into_iter()
            .zip(rows)
            .map(|(code, (group, text, done_by, has_link))| Item {
                code: code.into(),
                group,
                text: text.into(),
                done_by,
                link: has_link.then(|| "https://runbooks.example.com/one".into()),
            })
            .collect(),
        gates: kinds
            .into_iter()
            .map(|kind| match kind {
                0 => Gate::Levels {
                    critical_evidence: None,
                },
                1 => Gate::Checklist,
                _ => Gate::Sessions { held, minutes: 0 },
            })
            .collect(),
    })
}

#[test]
fn a_draft_is_open_to_those_who_may_edit_it() {
    let member = Actor {
        id: Some(5),
        is_admin: false,
        teams: vec![1],
        ..Actor::operator()
    };
    let lead = |team| Actor {
        leads: vec![team],
        ..member.clone()
    };
    let admin = Actor {
        is_admin: true,
        ..member.clone()
    };
    let may = |actor: &Actor, qualifiers: &[i64]| {
        may_read_version(actor, StandardState::Draft, 1, qualifiers)
    };
    assert!(!may(&member, &[6]));
    assert!(may(&member, &[6, 5]));
    assert!(may(&lead(1), &[]));
    assert!(!may(&lead(2), &[]));
    assert!(may(&admin, &[]));
    assert!(may_read_version(&member, StandardState::Retired, 1, &[]));
}
