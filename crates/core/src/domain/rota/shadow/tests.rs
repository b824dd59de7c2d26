use proptest::prelude::*;

use super::*;
use crate::domain::rota::Duty;
use crate::sample::at;

const NOW: &str = "2026-11-30T09:00:00Z";

/// Hours from now, and how the tool calls it.
fn wanted(from: i64, to: i64, uid: &str) -> Wanted {
    let when = (at(NOW).plus_hours(from), at(NOW).plus_hours(to));
    let entry = Entry::new(when, ("Bo Li", ""), Duty::Shadow).unwrap();
    Wanted {
        entry: entry.known_as(uid),
        mentee_id: 1,
        with_id: Some(2),
    }
}

fn ours(id: i64, from: i64, to: i64, uid: &str) -> Ours {
    Ours {
        shift_id: id,
        rota_id: 9,
        mentee_id: 1,
        with_id: 2,
        from: at(NOW).plus_hours(from),
        to: at(NOW).plus_hours(to),
        uid: uid.into(),
        said: (at(NOW).plus_hours(from), at(NOW).plus_hours(to)),
        is_changed: false,
        is_cancelled: false,
    }
}

/// A shift that the rota said for those hours.
fn moved_from(from: i64, to: i64, ours: Ours) -> Ours {
    Ours {
        said: (at(NOW).plus_hours(from), at(NOW).plus_hours(to)),
        is_changed: true,
        ..ours
    }
}

fn fate(wanted: &Wanted, ours: &Ours) -> Fate {
    of_planned(wanted, ours, at(NOW))
}

#[test]
fn a_shift_is_the_same_by_its_hours_then_its_name_then_where_they_overlap() {
    let two = [wanted(10, 20, "a"), wanted(30, 40, "b")];
    for (ours, expected) in [
        (
            vec![ours(1, 10, 20, ""), ours(2, 30, 40, "")],
            [Some(0), Some(1)],
        ),
        // The names changed places: the hours say more.
        (
            vec![ours(1, 30, 40, "a"), ours(2, 10, 20, "b")],
            [Some(1), Some(0)],
        ),
        (vec![ours(1, 200, 210, "b")], [None, Some(0)]),
        (vec![ours(1, 12, 22, "x")], [Some(0), None]),
        // Someone moved it: what the rota said still tells which one it is, also when it has begun.
        (
            vec![moved_from(10, 20, ours(1, 200, 210, ""))],
            [Some(0), None],
        ),
        (
            vec![moved_from(30, 40, ours(1, -5, 15, ""))],
            [None, Some(0)],
        ),
        (
            vec![moved_from(10, 20, ours(1, 30, 40, "b"))],
            [Some(0), None],
        ),
        (vec![ours(1, 20, 30, "x")], [None, None]),
        // One that has begun is the same only where it says so.
        (vec![ours(1, -5, 15, "a")], [None, None]),
        (
            vec![Ours {
                mentee_id: 3,
                ..ours(1, 10, 20, "a")
            }],
            [None, None],
        ),
    ] {
        assert_eq!(pairs(&two, &ours, at(NOW)), expected, "{ours:?}");
    }
}

#[test]
fn a_planned_shift_follows_the_rota_until_somebody_changes_it() {
    let planned = ours(7, 10, 20, "a");
    let moved = wanted(12, 22, "a");
    assert_eq!(fate(&wanted(10, 20, "b"), &planned), Fate::Planned(7));
    assert_eq!(
        fate(&moved, &planned),
        Fate::Due(Step::Move {
            shift_id: 7,
            rota_id: 9,
            to: moved.clone()
        })
    );
    let changed = Ours {
        is_changed: true,
        ..planned.clone()
    };
    assert_eq!(fate(&moved, &changed), Fate::Left(Why::Changed, Some(7)));
    let cancelled = Ours {
        is_cancelled: true,
        ..changed.clone()
    };
    assert_eq!(
        fate(&wanted(10, 20, "a"), &cancelled),
        Fate::Left(Why::Cancelled, Some(7))
    );
    let begun = ours(7, -2, 20, "a");
    assert_eq!(fate(&moved, &begun), Fate::Planned(7));
    assert_eq!(
        fate(&wanted(10, 500, "a"), &planned),
        Fate::Left(Why::Long, Some(7))
    );
    let begun = moved_from(10, 20, ours(7, -2, 8, ""));
    assert_eq!(
        fate(&wanted(10, 20, ""), &begun),
        Fate::Left(Why::Changed, Some(7))
    );
    // Another person is on call; nobody known says nothing.
    let mut other = wanted(10, 20, "a");
    other.with_id = Some(5);
    let cancel = Step::Cancel {
        shift_id: 7,
        rota_id: 9,
    };
    assert_eq!(fate(&other, &planned), Fate::Due(cancel));
    other.with_id = None;
    assert_eq!(fate(&other, &planned), Fate::Planned(7));
}

#[test]
fn only_what_lies_ahead_and_is_nobodys_is_cancelled_when_the_rota_loses_it() {
    let all = [
        ours(1, 10, 20, ""),
        ours(2, -5, 20, ""),
        Ours {
            is_changed: true,
            ..ours(3, 10, 20, "")
        },
        Ours {
            is_cancelled: true,
            ..ours(4, 10, 20, "")
        },
        ours(5, 24 * 29, 24 * 30, ""),
        ours(6, 30, 40, ""),
    ];
    assert_eq!(
        gone(&all, &[Some(5)], at(NOW)),
        [Step::Cancel {
            shift_id: 1,
            rota_id: 9
        }]
    );
}

#[test]
fn every_reason_is_a_sentence() {
    for why in [
        Why::NoRamp,
        Why::NotRunning,
        Why::NobodyOnCall,
        Why::NotCleared,
        Why::NoAuthor,
        Why::Taken,
        Why::Long,
        Why::Begun,
        Why::Changed,
        Why::Cancelled,
    ] {
        for is_planned in [false, true] {
            assert!(why.sentence(is_planned).ends_with('.'), "{why:?}");
        }
    }
}

#[test]
fn a_shift_that_exists_is_not_called_unplanned() {
    let said = Why::Taken.sentence(true);
    assert_eq!(said, "Not moved: one of the two has another shift then.");
    assert!(Why::Taken.sentence(false).starts_with("Not planned: "));
}

prop_compose! {
    fn some()(
        all in prop::collection::vec((-40i64..200, 1i64..60, 0usize..4, 1i64..3, any::<bool>(), any::<bool>()), 0..8)
    ) -> Vec<(i64, i64, &'static str, i64, bool, bool)> {
        let name = |n: usize| ["", "a", "b", "c"][n];
        all.into_iter().map(|(from, long, uid, who, x, y)| (from, from + long, name(uid), who, x, y)).collect()
    }
}

proptest! {
    #[test]
    fn no_shift_is_two_and_none_that_began_or_was_changed_is_touched(said in some(), planned in some()) {
        let wanted: Vec<Wanted> = said.into_iter().map(|(from, to, uid, who, ..)| {
            Wanted { mentee_id: who, ..wanted(from, to, uid) }
        }).collect();
        let ours: Vec<Ours> = (1..).zip(planned).map(|(id, (from, to, uid, who, is_changed, is_cancelled))| {
            Ours { mentee_id: who, is_changed, is_cancelled, ..ours(id, from, to, uid) }
        }).collect();
        let pairs = pairs(&wanted, &ours, at(NOW));
        let mut used: Vec<usize> = pairs.iter().flatten().copied().collect();
        let n = used.len();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(used.len(), n);
        let fates = wanted.iter().zip(&pairs).filter_map(|(w, pair)| Some(fate(w, &ours[(*pair)?])));
        let due = fates.filter_map(|fate| match fate { Fate::Due(step) => Some(step), _ => None });
        for step in due.chain(gone(&ours, &pairs, at(NOW))) {
            let id = match step {
                Step::Move { shift_id, .. } | Step::Cancel { shift_id, .. } => shift_id,
                Step::Plan(_) => unreachable!("a planned shift is not planned again"),
            };
            let touched = ours.iter().find(|one| one.shift_id == id).unwrap();
            prop_assert!(touched.from > at(NOW) && !touched.is_changed && !touched.is_cancelled);
        }
    }
}
