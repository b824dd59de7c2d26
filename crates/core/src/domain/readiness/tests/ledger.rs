//! The gates of on-call shifts: how many, with how many people, and what the alert ledger says.

use proptest::prelude::*;

use super::today;
use crate::domain::readiness::*;
use crate::domain::standard::{Content, Gate};

fn context(gate: Gate) -> Content {
    Content {
        competencies: Vec::new(),
        items: Vec::new(),
        gates: vec![gate],
    }
}

fn held(gate: Gate, practice: Practice) -> Readiness {
    let facts = Facts {
        practice,
        ..Facts::default()
    };
    evaluate(&context(gate), &facts, today())
}

fn shadowed(shifts: u32, people: u32, with: &[i64]) -> Readiness {
    let practice = Practice {
        shadowed: with.to_vec(),
        ..Practice::default()
    };
    held(Gate::Shadow { shifts, people }, practice)
}

/// The gate of that many alerts at 80 %, and what was taken.
fn ledger(alerts: u32, drills_fill: bool, taken: &[Alert]) -> Readiness {
    let gate = Gate::Ledger {
        percent: 80,
        alerts,
        drills_fill,
    };
    let practice = Practice {
        alerts: taken.to_vec(),
        ..Practice::default()
    };
    held(gate, practice)
}

fn alert(understood: bool, in_drill: bool) -> Alert {
    Alert {
        acknowledged: true,
        understood,
        in_drill,
    }
}

/// So many understood, then so many not understood.
fn taken(understood: usize, not: usize, in_drill: bool) -> Vec<Alert> {
    let yes = vec![alert(true, in_drill); understood];
    [yes, vec![alert(false, in_drill); not]].concat()
}

#[test]
fn shadow_shifts_are_counted_and_so_are_the_people() {
    // shifts, people, with whom, met, progress
    let table: [(u32, u32, &[i64], bool, &str); 6] = [
        (3, 2, &[], false, "0 of 3 shadow shifts, with 0 of 2 people"),
        (
            3,
            2,
            &[7, 7, 7],
            false,
            "3 of 3 shadow shifts, with 1 of 2 people",
        ),
        (
            3,
            2,
            &[7, 8],
            false,
            "2 of 3 shadow shifts, with 2 of 2 people",
        ),
        (
            3,
            2,
            &[7, 8, 7],
            true,
            "3 of 3 shadow shifts, with 2 of 2 people",
        ),
        (2, 1, &[7, 7], true, "2 of 2 shadow shifts"),
        (2, 1, &[7, 7, 9], true, "3 of 2 shadow shifts"),
    ];
    for (shifts, people, with, met, progress) in table {
        let readiness = shadowed(shifts, people, with);
        let gate = &readiness.gates[0];
        assert_eq!((gate.met, gate.progress.as_str()), (met, progress));
        assert_eq!(readiness.is_ready(), met);
    }
}

#[test]
fn a_ledger_is_met_at_exactly_its_share_and_its_number() {
    // asked, understood, not understood, met, progress
    let table = [
        (
            10,
            8,
            2,
            true,
            "80% of 10 alerts understood, needs 80% of 10",
        ),
        (
            10,
            7,
            3,
            false,
            "70% of 10 alerts understood, needs 80% of 10",
        ),
        (
            10,
            9,
            0,
            false,
            "100% of 9 alerts understood, needs 80% of 10",
        ),
        (
            10,
            10,
            0,
            true,
            "100% of 10 alerts understood, needs 80% of 10",
        ),
        // 79.4 % is not rounded up.
        (
            10,
            27,
            7,
            false,
            "79% of 34 alerts understood, needs 80% of 10",
        ),
        (7, 6, 1, true, "85% of 7 alerts understood, needs 80% of 7"),
        (7, 5, 2, false, "71% of 7 alerts understood, needs 80% of 7"),
        (1, 0, 0, false, "no alert yet, needs 80% of 1 understood"),
    ];
    for (asked, understood, not, met, progress) in table {
        let readiness = ledger(asked, true, &taken(understood, not, false));
        let gate = &readiness.gates[0];
        assert_eq!((gate.met, gate.progress.as_str()), (met, progress));
    }
}

#[test]
fn drills_fill_a_ledger_up_to_half_where_the_gate_allows_it() {
    // asked, filled by drills, real, in drills, met
    let table = [
        (10, true, 5, 5, true),
        (10, true, 4, 6, false),
        (10, true, 9, 1, true),
        (10, true, 0, 20, false),
        (10, false, 5, 5, false),
        (10, false, 10, 0, true),
        // Of an odd number the larger half is real.
        (7, true, 4, 3, true),
        (7, true, 3, 4, false),
        (1, true, 0, 1, false),
    ];
    for (asked, fill, real, drills, met) in table {
        let all = [taken(real, 0, false), taken(drills, 0, true)].concat();
        let readiness = ledger(asked, fill, &all);
        assert_eq!(
            readiness.gates[0].met, met,
            "{real} real and {drills} in drills of {asked}"
        );
    }
    let filled = ledger(10, true, &[taken(6, 0, false), taken(9, 0, true)].concat());
    assert_eq!(
        filled.gates[0].progress,
        "100% of 10 alerts understood, needs 80% of 10; 4 from drills"
    );
}

#[test]
fn a_ledger_half_filled_by_drills_is_met_at_exactly_its_share() {
    // of five real ones understood, of five in drills, met
    for (real, drills, met) in [(5, 3, true), (3, 5, true), (5, 2, false), (2, 5, false)] {
        let all = [
            taken(real, 5 - real, false),
            taken(drills, 5 - drills, true),
        ];
        let readiness = ledger(10, true, &all.concat());
        let progress = format!(
            "{}% of 10 alerts understood, needs 80% of 10; 5 from drills",
            (real + drills) * 10
        );
        let gate = &readiness.gates[0];
        assert_eq!((gate.met, &gate.progress), (met, &progress));
    }
}

#[test]
fn a_full_ledger_leaves_drills_out_and_the_latest_injects_come_first() {
    // Ten real ones: what went badly in a drill does not count.
    let full = [taken(8, 2, false), taken(0, 9, true)].concat();
    assert!(ledger(10, true, &full).is_ready());
    // Two places are left: the two latest of the drill were understood.
    let mixed = [taken(6, 2, false), taken(0, 3, true), taken(2, 0, true)].concat();
    assert!(ledger(10, true, &mixed).is_ready());
}

#[test]
fn an_alert_that_was_not_acknowledged_does_not_count() {
    let missed = Alert {
        acknowledged: false,
        ..alert(true, false)
    };
    let all = [taken(9, 0, false), vec![missed; 5]].concat();
    let readiness = ledger(10, true, &all);
    assert_eq!(
        readiness.gates[0].progress,
        "100% of 9 alerts understood, needs 80% of 10"
    );
}

fn any_alerts() -> impl Strategy<Value = Vec<Alert>> {
    let alert = (any::<bool>(), any::<bool>(), any::<bool>());
    let alert = alert.prop_map(|(acknowledged, understood, in_drill)| Alert {
        acknowledged,
        understood,
        in_drill,
    });
    prop::collection::vec(alert, 0..30)
}

proptest! {
    #[test]
    fn an_alert_that_was_understood_never_closes_a_ledger(all in any_alerts(), asked in 1..15_u32, fill in any::<bool>()) {
        let before = ledger(asked, fill, &all).is_ready();
        let more = [all, vec![alert(true, false)]].concat();
        prop_assert!(ledger(asked, fill, &more).is_ready() >= before);
    }

    #[test]
    fn drills_are_never_more_than_half_of_what_is_asked(all in any_alerts(), asked in 1..15_u32) {
        let counted = Ledger::of(&all, asked, true);
        let asked = usize::try_from(asked).unwrap();
        prop_assert!(counted.from_drills * 2 <= asked);
        prop_assert!(counted.understood <= counted.acknowledged);
        let real = all.iter().filter(|a| a.acknowledged && !a.in_drill).count();
        prop_assert_eq!(counted.acknowledged, real + counted.from_drills);
        prop_assert!(counted.from_drills == 0 || counted.acknowledged <= asked);
    }

    #[test]
    fn one_more_shadow_shift_never_closes_the_gate(with in prop::collection::vec(0..4_i64, 0..8), one in 0..6_i64) {
        let before = shadowed(4, 2, &with).is_ready();
        let more = [with, vec![one]].concat();
        prop_assert!(shadowed(4, 2, &more).is_ready() >= before);
    }
}
