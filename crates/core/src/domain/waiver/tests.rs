//! Waivers on tables and on random days.

use proptest::prelude::*;

use super::*;
use crate::db::types::UtcTime;
use crate::domain::ramp::MarkKind;
use crate::domain::readiness::{Facts, Held, evaluate};
use crate::domain::standard::{Content, Gate};
use crate::sample::{critical, day, gates, lines};

fn today() -> Day {
    day("2026-11-23")
}

/// One item, and every kind of gate.
fn every_gate() -> Content {
    let mut content = lines(&[], &["PAY-K1", "PAY-K2"]);
    content.gates = gates(2, 0);
    content.gates.push(Gate::Drills { run: 1, primary: 0 });
    content
}

fn waiver(ends_on: Day) -> Waiver {
    let now = UtcTime::stored("2026-11-01 09:00:00").unwrap();
    Waiver {
        id: 1,
        ramp_id: 1,
        subject: Subject::Item,
        code: "PAY-K1".into(),
        reason: "No drill is planned before".into(),
        asked_until: ends_on,
        ends_on,
        asked_by: 1,
        asked_at: now,
        granted: None,
        decided_by: None,
        decided_at: None,
        decision_note: String::new(),
        revoked_by: None,
        revoked_at: None,
        revoke_reason: String::new(),
    }
}

#[test]
fn the_state_of_a_waiver_follows_from_its_row_and_the_day() {
    use WaiverState::{Active, Expired, Pending, Refused, Revoked};
    let at = UtcTime::stored("2026-11-20 09:00:00");
    // granted, revoked, last day, state on 23 November
    let table = [
        (None, None, "2026-11-23", Pending),
        (None, None, "2026-11-22", Expired),
        (Some(true), None, "2026-11-24", Active),
        (Some(true), None, "2026-11-23", Active),
        (Some(true), None, "2026-11-22", Expired),
        (Some(true), at, "2026-11-24", Revoked),
        (Some(true), at, "2026-11-22", Revoked),
        (Some(false), None, "2026-11-24", Refused),
        (Some(false), None, "2026-11-22", Refused),
    ];
    for (granted, revoked_at, last, expected) in table {
        let waiver = Waiver {
            granted,
            revoked_at,
            ..waiver(day(last))
        };
        assert_eq!(state(&waiver, today()), expected, "{granted:?} {last}");
    }
}

#[test]
fn waivable_items_and_gates() {
    let facts = Facts {
        marks: vec![("PAY-K2".into(), MarkKind::Checked)],
        held: Held {
            sessions: 2,
            minutes: 120,
        },
        ..Facts::default()
    };
    let content = every_gate();
    let readiness = evaluate(&content, &facts, today());
    let none = (&[][..], today());
    let words: Vec<String> = waivable(&content, &readiness, none)
        .iter()
        .map(word)
        .collect();
    assert_eq!(words, ["gate:drills", "item:PAY-K1"]);
    let asked = Line {
        id: 1,
        excused: Excused::Gate("drills".into()),
        reason: String::new(),
        ends_on: today(),
        asked_by: 1,
        decided_by: None,
    };
    let left = |on| waivable(&content, &readiness, (std::slice::from_ref(&asked), on)).len();
    assert_eq!((left(today()), left(today().plus_days(1))), (1, 2));
    let refused = |text: &str| {
        let excused = parse_excused(text).unwrap();
        can_waive(&excused, &content, &readiness).unwrap_err()
    };
    assert!(refused("gate:levels").contains("Levels cannot be waived"));
    assert!(refused("gate:checklist").contains("Waive the checklist item by item"));
    assert!(refused("gate:sessions").contains("is met"));
    assert!(refused("gate:shadow").contains("no such gate"));
    assert!(refused("item:PAY-K2").contains("is checked"));
    assert!(refused("item:PAY-K9").contains("no such checklist item"));
    for nothing in ["", "item:", "PAY-K1", "level:3"] {
        assert_eq!(parse_excused(nothing), None, "{nothing}");
    }
}

#[test]
fn the_last_day_is_from_today_to_half_a_year() {
    assert!(check_end(day("2026-11-22"), today()).is_err());
    assert!(check_end(today(), today()).is_ok());
    assert!(check_end(today().plus_days(MAX_DAYS), today()).is_ok());
    assert!(check_end(today().plus_days(MAX_DAYS + 1), today()).is_err());
}

#[test]
fn no_row_whatever_excuses_levels_or_the_whole_checklist() {
    let until = today().plus_days(10);
    let gates = ["levels", "checklist"];
    let facts = Facts {
        waivers: gates
            .map(|kind| crate::domain::readiness::Waiver {
                excused: Excused::Gate(kind.into()),
                until,
            })
            .to_vec(),
        ..Facts::default()
    };
    let mut content = every_gate();
    content.competencies = vec![critical("PAY-A1")];
    let readiness = evaluate(&content, &facts, today());
    for gate in readiness.gates {
        assert_eq!(
            (gate.met, gate.waived_until),
            (false, None),
            "{:?}",
            gate.gate
        );
    }
}

#[test]
fn a_waiver_excuses_nothing_that_holds_by_itself() {
    let excused = [
        Excused::Item("PAY-K1".into()),
        Excused::Gate("sessions".into()),
    ];
    let waivers = excused.map(|excused| crate::domain::readiness::Waiver {
        excused,
        until: today(),
    });
    let open = Facts {
        waivers: waivers.to_vec(),
        ..Facts::default()
    };
    assert_eq!(evaluate(&every_gate(), &open, today()).waived(), 2);
    let done = Facts {
        marks: vec![("PAY-K1".into(), MarkKind::Checked)],
        held: Held {
            sessions: 2,
            minutes: 120,
        },
        ..open
    };
    let readiness = evaluate(&every_gate(), &done, today());
    assert_eq!(readiness.waived(), 0);
    assert_eq!(readiness.gates[2].word(), "met");
}

proptest! {
    /// With any waivers and on any day: an item or gate is excused exactly while one of its waivers is active.
    #[test]
    fn a_waiver_never_outlives_its_end(
        waivers in prop::collection::vec((0..4_usize, -40..40_i64), 0..8),
        seen in -45..45_i64,
    ) {
        let subjects = [
            Excused::Item("PAY-K1".into()),
            Excused::Item("PAY-K2".into()),
            Excused::Gate("sessions".into()),
            Excused::Gate("drills".into()),
        ];
        let on = today().plus_days(seen);
        let facts = Facts {
            waivers: waivers
                .iter()
                .map(|(n, ends)| crate::domain::readiness::Waiver {
                    excused: subjects[*n].clone(),
                    until: today().plus_days(*ends),
                })
                .collect(),
            ..Facts::default()
        };
        let readiness = evaluate(&every_gate(), &facts, on);
        let until = |n: usize| {
            let ends = waivers.iter().filter(|(of, ends)| *of == n && *ends >= seen);
            ends.map(|(_, ends)| today().plus_days(*ends)).max()
        };
        for n in [0, 1] {
            prop_assert_eq!(readiness.items[n].waived_until, until(n));
            prop_assert_eq!(readiness.items[n].is_met(), until(n).is_some());
        }
        for (gate, n) in [(2, 2), (3, 3)] {
            prop_assert_eq!(readiness.gates[gate].waived_until, until(n));
            prop_assert_eq!(readiness.gates[gate].met, until(n).is_some());
        }
        // The checklist is met when each of its items is.
        prop_assert_eq!(readiness.gates[1].met, until(0).is_some() && until(1).is_some());
        // The list of waivers says the same.
        let line = |(id, (n, ends)): (i64, &(usize, i64))| Line {
            id,
            excused: subjects[*n].clone(),
            reason: String::new(),
            ends_on: today().plus_days(*ends),
            asked_by: 1,
            decided_by: Some(2),
        };
        let lines: Vec<Line> = (0..).zip(&waivers).map(line).collect();
        for (n, subject) in subjects.iter().enumerate() {
            prop_assert_eq!(holding(&lines, subject, on).map(|l| l.ends_on), until(n));
            prop_assert!(waiting(&lines, subject, on).is_none());
        }
    }
}
