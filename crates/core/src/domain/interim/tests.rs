//! Interim clearances on tables and on random days.

use proptest::prelude::*;

use super::*;
use crate::domain::assessment::Stream;
use crate::domain::readiness::{Facts, Judgement, evaluate};
use crate::domain::standard::{Content, Level, Strength};
use crate::sample::{clearance, day, lines};

fn today() -> Day {
    day("2026-11-23")
}

/// Two competencies: one needs level 4, the other level 2.
fn judged(levels: [i64; 2]) -> Readiness {
    let codes = ["PAY-A1", "PAY-A2"];
    let mut content = lines(&codes, &[]);
    for (competency, level) in content.competencies.iter_mut().zip([4, 2]) {
        competency.required_level = Level::new(level).unwrap();
    }
    let judgement = |n: usize, stream| Judgement {
        id: 1,
        code: codes[n].into(),
        stream,
        level: Level::new(levels[n]),
        strength: Strength::Real,
    };
    let mut judgements = vec![judgement(0, Stream::Mentor), judgement(1, Stream::Mentor)];
    // The mentee's own view never counts.
    judgements.extend((0..2).map(|n| Judgement {
        level: Level::new(5),
        ..judgement(n, Stream::Self_)
    }));
    let facts = Facts {
        judgements,
        ..Facts::default()
    };
    evaluate(&content, &facts, today())
}

fn held(kind: ClearanceKind, state: ClearanceState, ends_in: i64) -> Clearance {
    Clearance {
        state,
        kind,
        supervisor_id: Some(2),
        ..clearance(1, 1, today().plus_days(ends_in))
    }
}

#[test]
fn every_competency_is_at_three_whatever_the_standard_asks() {
    // mentor levels, how many are too low
    for (levels, too_low) in [
        ([3, 3], 0),
        ([5, 3], 0),
        ([4, 2], 1),
        ([2, 3], 1),
        ([1, 2], 2),
        ([0, 3], 1),
    ] {
        let readiness = judged(levels);
        assert_eq!(below(&readiness).count(), too_low, "{levels:?}");
        assert_eq!(is_able(&readiness).is_ok(), too_low == 0, "{levels:?}");
    }
    let nothing = evaluate(&Content::default(), &Facts::default(), today());
    assert!(
        is_able(&nothing).is_err(),
        "a standard that asks for nothing says nothing"
    );
}

#[test]
fn when_one_can_be_granted() {
    use RampState::{Active, InReview, Paused, Proposed};
    let able = judged([3, 3]);
    let grant = |state, starts_in: i64, stands, before| {
        let starts_on = today().plus_days(starts_in);
        can_grant((state, starts_on), today(), stands, before, &able)
    };
    assert_eq!(grant(Active, 0, Standing::None, None), Ok(()));
    assert_eq!(
        grant(Active, -9, Standing::Lapsed, None),
        Err(Blocker::Stands(Standing::Lapsed))
    );
    for state in [
        Proposed,
        Paused,
        InReview,
        RampState::Cleared,
        RampState::Ended,
    ] {
        let refused = grant(state, 0, Standing::None, None);
        assert_eq!(refused, Err(Blocker::State(state)));
    }
    assert!(grant(Active, 1, Standing::None, None).is_err());
    for stands in Standing::ALL.iter().copied() {
        let is_free = stands == Standing::None;
        assert_eq!(
            grant(Active, 0, stands, None).is_ok(),
            is_free,
            "{stands:?}"
        );
    }
    assert!(grant(Active, 0, Standing::None, Some(today().plus_days(-1))).is_err());
    let low = can_grant(
        (Active, today()),
        today(),
        Standing::None,
        None,
        &judged([4, 2]),
    );
    assert_eq!(low, Err(Blocker::Below(1)));
}

#[test]
fn it_lasts_sixty_days_at_most_and_once_sixty_more() {
    let check = |days| check_end(today().plus_days(days), today()).is_ok();
    assert_eq!([0, 1, 60, 61].map(check), [false, true, true, false]);
    let interim = held(ClearanceKind::Interim, ClearanceState::Valid, 10);
    let latest = can_extend(&interim, today()).unwrap();
    assert_eq!(latest, today().plus_days(70));
    let check = |days| check_extension(today().plus_days(days), &interim, latest, today()).is_ok();
    assert_eq!(
        [0, 10, 11, 70, 71].map(check),
        [false, false, true, true, false]
    );
    // It ended before it was extended: sixty days from today.
    let ended = held(ClearanceKind::Interim, ClearanceState::Valid, -5);
    assert_eq!(can_extend(&ended, today()), Ok(today().plus_days(60)));
    let twice = Clearance {
        extended_at: Some(ended.granted_at),
        ..interim
    };
    assert!(
        can_extend(&twice, today())
            .unwrap_err()
            .contains("extended once")
    );
    for (kind, state) in [
        (ClearanceKind::Full, ClearanceState::Valid),
        (ClearanceKind::Interim, ClearanceState::Suspended),
        (ClearanceKind::Interim, ClearanceState::Revoked),
    ] {
        assert!(
            can_extend(&held(kind, state, 10), today()).is_err(),
            "{kind:?} {state:?}"
        );
    }
}

#[test]
fn an_extension_needs_a_ramp_under_way() {
    let able = judged([3, 3]);
    for state in RampState::ALL {
        let goes_on = matches!(state, RampState::Active | RampState::InReview);
        assert_eq!(can_go_on(*state, &able).is_ok(), goes_on, "{state:?}");
        assert!(can_go_on(*state, &judged([3, 2])).is_err(), "{state:?}");
    }
}

#[test]
fn who_supervises() {
    let interim = held(ClearanceKind::Interim, ClearanceState::Valid, 10);
    let own = |id, kind, state, ends_in| Clearance {
        person_id: id,
        supervisor_id: None,
        ..held(kind, state, ends_in)
    };
    use ClearanceKind::{Full, Interim};
    use ClearanceState::{Revoked, Suspended, Valid};
    // the supervisor's own clearance, whether they are here, supervised
    let table = [
        (own(2, Full, Valid, 0), true, true),
        (own(2, Full, Valid, 0), false, false),
        (own(2, Full, Valid, -1), true, false),
        (own(2, Full, Suspended, 9), true, false),
        (own(2, Full, Revoked, 9), true, false),
        (own(2, Interim, Valid, 9), true, false),
        (own(3, Full, Valid, 9), true, false),
    ];
    for (own, is_here, expected) in table {
        assert_eq!(
            is_supervised(&interim, Some((&own, is_here)), today()),
            expected,
            "{own:?}"
        );
    }
    assert!(!is_supervised(&interim, None, today()));
    for other in [
        held(Full, Valid, 9),
        held(Interim, Valid, -1),
        held(Interim, Revoked, 9),
    ] {
        assert!(
            is_supervised(&other, None, today()),
            "asks for nobody: {other:?}"
        );
    }
}

proptest! {
    #[test]
    fn interim_is_never_cover(ends_in in -100..100_i64, state in 0..3_usize, seen in -100..100_i64) {
        let states = [ClearanceState::Valid, ClearanceState::Suspended, ClearanceState::Revoked];
        let interim = held(ClearanceKind::Interim, states[state], ends_in);
        let on = today().plus_days(seen);
        let stands = standing(Some(&interim), on);
        prop_assert!(!stands.is_cover());
        prop_assert_eq!(stands == Standing::Interim, state == 0 && seen <= ends_in);
    }

    #[test]
    fn granted_and_extended_it_never_lasts_longer_than_twice_sixty_days(
        first in 1..80_i64, wait in 0..60_i64, more in -5..90_i64,
    ) {
        let ends_on = today().plus_days(first);
        prop_assume!(check_end(ends_on, today()).is_ok() && wait <= first);
        let interim = held(ClearanceKind::Interim, ClearanceState::Valid, first);
        let later = today().plus_days(wait);
        let latest = can_extend(&interim, later).unwrap();
        let new = ends_on.plus_days(more);
        if check_extension(new, &interim, latest, later).is_ok() {
            prop_assert!(new > ends_on && new.days_since(today()) <= 2 * MAX_DAYS);
        }
    }
}
