//! The gate `drills`. The engine never sees drills that do not count: not debriefed, only observed, or led.

use proptest::prelude::*;

use super::*;

/// The gate after these drills; `true` for one as primary.
fn gate(run: u32, primary: u32, drills: &[bool]) -> GateResult {
    let mut content = version();
    content.gates = vec![Gate::Drills { run, primary }];
    let mut facts = all_met();
    facts.practice.drills = drills.to_vec();
    let readiness = evaluate(&content, &facts, today());
    readiness.gates.first().cloned().unwrap()
}

#[test]
fn a_gate_asks_for_drills_and_for_some_of_them_as_primary() {
    // asked for, as primary, taken part in, met, how far
    let table: [(u32, u32, &[bool], bool, &str); 7] = [
        (2, 1, &[], false, "0 of 2 drills, 0 of 1 as primary"),
        (2, 1, &[true], false, "1 of 2 drills, 1 of 1 as primary"),
        (
            2,
            1,
            &[false, false],
            false,
            "2 of 2 drills, 0 of 1 as primary",
        ),
        (
            2,
            1,
            &[false, true],
            true,
            "2 of 2 drills, 1 of 1 as primary",
        ),
        (
            2,
            1,
            &[true, true, true],
            true,
            "3 of 2 drills, 3 of 1 as primary",
        ),
        (1, 0, &[false], true, "1 of 1 drills"),
        (0, 1, &[true], true, "1 of 0 drills, 1 of 1 as primary"),
    ];
    for (run, primary, drills, met, progress) in table {
        let gate = gate(run, primary, drills);
        assert_eq!(
            (gate.met, gate.progress.as_str()),
            (met, progress),
            "{drills:?}"
        );
    }
}

#[test]
fn an_open_gate_is_one_line_that_leads_to_drills() {
    let mut content = version();
    content.gates.push(Gate::Drills { run: 1, primary: 1 });
    let readiness = evaluate(&content, &all_met(), today());
    let obstacle = readiness.obstacles.first().unwrap();
    assert_eq!(obstacle.kind, ObstacleKind::Practice("drills"));
    assert_eq!(obstacle.detail, "0 of 1 drills, 0 of 1 as primary");
    assert_eq!(readiness.obstacles.len(), 1);
}

#[test]
fn planned_drills_and_shifts_meet_a_gate_only_together_with_what_is_missing() {
    use crate::domain::readiness::gates::is_met_with;
    let drills = |drills: &[bool]| Practice {
        drills: drills.to_vec(),
        ..Practice::default()
    };
    let gate = Gate::Drills { run: 2, primary: 1 };
    for (held, planned, met) in [
        (&[][..], &[true][..], false),
        (&[false], &[false], false),
        (&[false], &[true], true),
        (&[], &[true, false], true),
    ] {
        let is_met = is_met_with(&gate, &drills(held), &drills(planned));
        assert_eq!(is_met, met, "{held:?} {planned:?}");
    }
    let with = |people: &[i64]| Practice {
        shadowed: people.to_vec(),
        ..Practice::default()
    };
    let gate = Gate::Shadow {
        shifts: 2,
        people: 2,
    };
    assert!(!is_met_with(&gate, &with(&[1]), &with(&[1])));
    assert!(is_met_with(&gate, &with(&[1]), &with(&[2])));
}

proptest! {
    #[test]
    fn the_gate_is_met_by_enough_drills_and_one_more_never_closes_it(
        run in 0_u32..5, primary in 0_u32..5, drills in prop::collection::vec(any::<bool>(), 0..8), more in any::<bool>(),
    ) {
        let led = drills.iter().filter(|d| **d).count();
        let now = gate(run, primary, &drills);
        prop_assert_eq!(now.met, drills.len() >= run as usize && led >= primary as usize);
        let later = gate(run, primary, &[&drills[..], &[more]].concat());
        prop_assert!(later.met || !now.met);
    }
}
