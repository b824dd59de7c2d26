//! The engine on tables and on random facts.

pub mod drills;
pub mod ledger;
pub mod strength;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::db::types::Day;
use crate::domain::assessment::Stream;
use crate::domain::clearance::Standing;
use crate::domain::ramp::{MarkKind, RampState};
use crate::domain::standard::{Content, Gate, Level, Strength};
use crate::sample::{at, competency, critical, day, gates, lines};

const CODES: [&str; 3] = ["PAY-A1", "PAY-I1", "PAY-C1"];
const ITEMS: [&str; 2] = ["PAY-K1", "PAY-K2"];

fn level(n: i64) -> Level {
    Level::new(n).unwrap()
}

/// Three competencies at 3 (the second critical, at 4), two items, two sessions of an hour.
fn version() -> Content {
    let [first, second, third] = CODES;
    Content {
        competencies: vec![competency(first), critical(second), competency(third)],
        gates: gates(2, 120),
        ..lines(&[], &ITEMS)
    }
}

fn today() -> Day {
    day("2026-11-23")
}

fn judged(id: i64, code: &str, stream: Stream, level: Option<Level>) -> Judgement {
    Judgement {
        id,
        code: code.into(),
        stream,
        level,
        strength: Strength::TalkedThrough,
    }
}

fn all_met() -> Facts {
    Facts {
        judgements: (0..)
            .zip(CODES)
            .map(|(n, c)| judged(n, c, Stream::Mentor, Some(level(4))))
            .collect(),
        marks: ITEMS.map(|i| (i.to_owned(), MarkKind::Checked)).to_vec(),
        held: Held {
            sessions: 2,
            minutes: 120,
        },
        ..Facts::default()
    }
}

fn gap(id: i64, about: Option<&str>, is_closed: bool) -> Gap {
    Gap {
        id,
        about: about.map(str::to_owned),
        what: format!("Gap {id}"),
        is_closed,
    }
}

#[test]
fn every_gate_met_is_ready_and_a_hundred_percent() {
    let readiness = evaluate(&version(), &all_met(), today());
    assert!(readiness.is_ready());
    assert_eq!((readiness.percent(), readiness.gates_met()), (100, 3));
    assert_eq!(readiness.obstacles, []);
}

#[test]
fn obstacles_are_ordered_and_say_who_ticks_them_off() {
    let facts = Facts {
        marks: vec![("PAY-K2".into(), MarkKind::Done)],
        judgements: vec![judged(1, "PAY-A1", Stream::Mentor, Some(level(2)))],
        held: Held {
            sessions: 1,
            minutes: 60,
        },
        gaps: vec![gap(1, Some("PAY-C1"), false), gap(2, None, true)],
        ..Facts::default()
    };
    let readiness = evaluate(&version(), &facts, today());
    assert_eq!(readiness.open_words(), "3 gates and 1 gap open");
    let said: Vec<_> = readiness
        .obstacles
        .iter()
        .map(|o| (o.what.as_str(), o.detail.as_str(), o.ticked_by))
        .collect();
    assert_eq!(
        said,
        [
            ("Read PAY-K1", "to be done", TickedBy::Mentee),
            (
                "Gap 1",
                "PAY-C1, named when the sign-off was returned",
                TickedBy::Mentor
            ),
            ("Do PAY-I1", "not assessed yet, needs 4", TickedBy::Mentor),
            ("Do PAY-A1", "at 2, needs 3", TickedBy::Mentor),
            ("Do PAY-C1", "not assessed yet, needs 3", TickedBy::Mentor),
            ("Read PAY-K2", "done, to be checked", TickedBy::Mentor),
            (
                "Hold and record working sessions",
                "1 of 2 sessions, 60 of 120 minutes",
                TickedBy::Mentor
            ),
        ]
    );
    assert_eq!(
        readiness.percent(),
        12,
        "the closed gap is one line of eight"
    );
}

#[test]
fn an_open_gap_alone_keeps_a_ramp_from_being_ready() {
    let with = |is_closed| {
        let facts = Facts {
            gaps: vec![gap(1, None, true), gap(2, None, is_closed)],
            ..all_met()
        };
        evaluate(&version(), &facts, today())
    };
    let open = with(false);
    assert_eq!(
        (open.is_ready(), open.gates_met(), open.percent()),
        (false, 3, 87)
    );
    assert_eq!(open.open_words(), "1 gap open");
    assert_eq!(open.obstacles.len(), 1);
    let closed = with(true);
    assert!(closed.is_ready());
    assert_eq!(
        (closed.percent(), closed.open_words()),
        (100, String::new())
    );
}

#[test]
fn the_latest_judgement_counts_not_the_best_and_not_observed_neither_way() {
    let mut facts = all_met();
    facts
        .judgements
        .push(judged(10, "PAY-A1", Stream::Mentor, Some(level(2))));
    assert!(!evaluate(&version(), &facts, today()).is_ready());
    facts
        .judgements
        .push(judged(11, "PAY-A1", Stream::Mentor, Some(level(3))));
    facts
        .judgements
        .push(judged(12, "PAY-A1", Stream::Mentor, None));
    assert!(evaluate(&version(), &facts, today()).is_ready());
}

#[test]
fn sessions_need_both_number_and_minutes() {
    let met = |minutes: Vec<u32>| {
        let facts = Facts {
            held: one_after_another(minutes),
            ..all_met()
        };
        evaluate(&version(), &facts, today()).is_ready()
    };
    assert!(met(vec![119, 1]));
    assert!(!met(vec![119]));
    assert!(!met(vec![59, 60]));
}

#[test]
fn only_lines_that_a_gate_asks_for_make_the_share() {
    let sessions_only = Content {
        gates: vec![Gate::Sessions {
            held: 1,
            minutes: 0,
        }],
        ..version()
    };
    let held = Facts {
        held: Held {
            sessions: 1,
            minutes: 10,
        },
        ..Facts::default()
    };
    assert_eq!(evaluate(&sessions_only, &held, today()).percent(), 100);
    let no_session = Facts {
        held: Held::default(),
        ..all_met()
    };
    assert_eq!(evaluate(&version(), &no_session, today()).percent(), 83);
}

#[test]
fn a_cell_shows_the_first_word_that_applies() {
    use BoardStatus as B;
    use RampState as R;
    let today = Day::parse("2026-11-22").unwrap();
    let readiness = evaluate(&version(), &Facts::default(), today);
    let says = |standing, ramp: Option<(R, i64)>| {
        let ramp = ramp.map(|(state, starts)| (state, today.plus_days(starts), &readiness));
        let cell = cell(standing, ramp, today);
        (cell.status, cell.second, cell.is_cover)
    };
    let table = [
        (Standing::None, None, (B::NotPlanned, None, false)),
        (
            Standing::None,
            Some((R::Active, 0)),
            (B::Ramping, None, false),
        ),
        (
            Standing::None,
            Some((R::Active, 1)),
            (B::Planned, None, false),
        ),
        (
            Standing::None,
            Some((R::Paused, 0)),
            (B::Paused, None, false),
        ),
        (
            Standing::None,
            Some((R::Cleared, 0)),
            (B::NotPlanned, None, false),
        ),
        (Standing::Cleared, None, (B::Cleared, None, true)),
        (
            Standing::Cleared,
            Some((R::InReview, 0)),
            (B::Signoff, Some(B::Cleared), true),
        ),
        (
            Standing::Expiring,
            Some((R::Active, 0)),
            (B::Expiring, Some(B::Ramping), true),
        ),
        (
            Standing::Lapsed,
            Some((R::Active, 0)),
            (B::Lapsed, Some(B::Ramping), false),
        ),
        (Standing::Interim, None, (B::Interim, None, false)),
        (
            Standing::Suspended,
            Some((R::InReview, 0)),
            (B::Suspended, Some(B::Signoff), false),
        ),
        (
            Standing::Revoked,
            Some((R::Active, 0)),
            (B::Revoked, Some(B::Ramping), false),
        ),
    ];
    for (standing, ramp, expected) in table {
        assert_eq!(says(standing, ramp), expected, "{standing:?} {ramp:?}");
    }
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let judgement = (0..3_usize, any::<bool>(), 0..6_i64);
    let mark = prop_oneof![
        Just(MarkKind::Open),
        Just(MarkKind::Done),
        Just(MarkKind::Checked)
    ];
    (
        prop::collection::vec(judgement, 0..12),
        prop::collection::vec(mark, 2),
        prop::collection::vec(0..200_u32, 0..4),
        prop::collection::vec(any::<bool>(), 0..3),
    )
        .prop_map(|(judgements, marks, minutes, gaps)| Facts {
            gaps: (1..)
                .zip(gaps)
                .map(|(id, closed)| gap(id, None, closed))
                .collect(),
            judgements: (0..)
                .zip(judgements)
                .map(|(id, (code, own, n))| {
                    let stream = if own { Stream::Self_ } else { Stream::Mentor };
                    judged(id, CODES[code], stream, Level::new(n))
                })
                .collect(),
            marks: ITEMS.map(str::to_owned).into_iter().zip(marks).collect(),
            held: one_after_another(minutes),
            ..Facts::default()
        })
}

/// Met gates, and the progress: a favourable fact may only raise them.
fn standing_of(facts: &Facts) -> (Vec<bool>, usize) {
    let readiness = evaluate(&version(), facts, today());
    (
        readiness.gates.iter().map(|g| g.met).collect(),
        readiness.lines_met,
    )
}

fn never_worse(before: &(Vec<bool>, usize), after: &(Vec<bool>, usize)) -> bool {
    before.0.iter().zip(&after.0).all(|(b, a)| a >= b) && after.1 >= before.1
}

/// Sessions of so many minutes, each after the one before.
fn one_after_another(minutes: Vec<u32>) -> Held {
    let mut begins = at("2026-11-20T09:00:00Z");
    Held::of(minutes.into_iter().map(|m| {
        let span = (begins, m);
        begins = begins.plus_seconds(60 * i64::from(m));
        span
    }))
}

/// Sessions of one day, which may overlap: minute of their start, and length.
fn day_of(spans: &[(i64, u32)]) -> Held {
    let morning = at("2026-11-20T09:00:00Z");
    let begin = |minute: i64| morning.plus_seconds(60 * minute);
    Held::of(spans.iter().map(|(minute, m)| (begin(*minute), *m)))
}

#[test]
fn a_minute_counts_once_and_a_session_without_its_own_is_none() {
    for (spans, sessions, minutes) in [
        (&[(0, 60), (0, 60)][..], 1, 60),
        (&[(0, 60), (30, 60)], 2, 90),
        (&[(0, 60), (60, 60)], 2, 120),
        (&[(0, 30), (30, 30), (0, 60)], 2, 60),
        (&[(0, 60), (20, 10)], 1, 60),
        (&[(0, 10), (20, 10), (0, 60)], 3, 60),
        (&[], 0, 0),
    ] {
        assert_eq!(day_of(spans), Held { sessions, minutes }, "{spans:?}");
    }
}

#[test]
fn a_correction_that_keeps_time_and_minutes_changes_no_figure() {
    let begin = |minute: i64| at("2026-11-20T06:00:00Z").plus_seconds(60 * minute);
    let row = |id, supersedes, span| Recorded {
        id,
        supersedes,
        span,
    };
    let (whole, inside) = ((begin(0), 60), (begin(20), 10));
    // The first one was held by its plan, row 1.
    let rows = [row(2, Some(1), Some(whole)), row(3, None, Some(inside))];
    let corrected = [
        row(4, Some(2), Some(whole)),
        row(2, Some(1), None),
        row(3, None, Some(inside)),
    ];
    let one = Held {
        sessions: 1,
        minutes: 60,
    };
    assert_eq!(Held::of(in_order(&rows)), one);
    assert_eq!(Held::of(in_order(&corrected)), one);
}

proptest! {
    #[test]
    fn no_correction_of_words_changes_what_counts(
        spans in prop::collection::vec((0..600_i64, 1..200_u32), 1..7),
        corrected in prop::collection::vec(any::<prop::sample::Index>(), 0..7),
        order in any::<u64>(),
    ) {
        let begin = |minute: i64| at("2026-11-20T06:00:00Z").plus_seconds(60 * minute);
        let mut rows: Vec<Recorded> = (1..).zip(&spans).map(|(id, (minute, minutes))| Recorded {
            id,
            supersedes: None,
            span: Some((begin(*minute), *minutes)),
        }).collect();
        let before = Held::of(in_order(&rows));
        for which in corrected {
            let id = rows.len() as i64 + 1;
            let live: Vec<usize> = (0..rows.len()).filter(|n| rows[*n].span.is_some()).collect();
            let old = &mut rows[live[which.index(live.len())]];
            let new = Recorded { id, supersedes: Some(old.id), span: old.span.take() };
            rows.push(new);
        }
        // Rows come in any order.
        rows.sort_by_key(|row| (row.id as u64).wrapping_mul(order | 1));
        prop_assert_eq!(Held::of(in_order(&rows)), before);
    }

    #[test]
    fn overlapping_minutes_count_once(spans in prop::collection::vec((0..600_i64, 1..200_u32), 0..8), more in (0..600_i64, 1..200_u32)) {
        let held = day_of(&spans);
        let minutes: BTreeSet<i64> = spans.iter().flat_map(|(b, m)| *b..*b + i64::from(*m)).collect();
        prop_assert_eq!(held.minutes as usize, minutes.len());
        prop_assert!(held.sessions as usize <= spans.len());
        let again = [&spans[..], &spans].concat();
        prop_assert_eq!(day_of(&again), held, "said twice, it counts once");
        let with = day_of(&[&spans[..], &[more]].concat());
        prop_assert!(with.minutes >= held.minutes && with.sessions >= held.sessions, "more is never less");
    }

    #[test]
    fn a_favourable_fact_never_makes_readiness_worse(facts in any_facts(), code in 0..3_usize, item in 0..2_usize) {
        let before = standing_of(&facts);
        let mut higher = facts.clone();
        let best = facts.judgements.iter().filter_map(|j| j.level).max().unwrap_or(level(1));
        higher.judgements.push(judged(99, CODES[code], Stream::Mentor, Some(best)));
        prop_assert!(never_worse(&before, &standing_of(&higher)));
        let mut checked = facts.clone();
        checked.marks[item].1 = MarkKind::Checked;
        prop_assert!(never_worse(&before, &standing_of(&checked)));
        let mut closed = facts.clone();
        closed.gaps.iter_mut().for_each(|g| g.is_closed = true);
        prop_assert!(never_worse(&before, &standing_of(&closed)));
        let mut held = facts;
        held.held = Held {
            sessions: held.held.sessions + 1,
            minutes: held.held.minutes + 45,
        };
        prop_assert!(never_worse(&before, &standing_of(&held)));
    }

    #[test]
    fn a_self_assessment_moves_nothing_but_the_self_view(facts in any_facts(), code in 0..3_usize, n in 0..6_i64) {
        let before = standing_of(&facts);
        let mut more = facts;
        more.judgements.push(judged(99, CODES[code], Stream::Self_, Level::new(n)));
        prop_assert_eq!(before, standing_of(&more));
    }

    #[test]
    fn ready_and_a_hundred_percent_and_nothing_missing_are_one(facts in any_facts()) {
        let readiness = evaluate(&version(), &facts, today());
        prop_assert_eq!(readiness.is_ready(), readiness.percent() == 100);
        prop_assert_eq!(readiness.is_ready(), readiness.obstacles.is_empty());
    }
}
