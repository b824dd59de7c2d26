//! How strong the evidence of critical competencies must be.

use super::*;

fn asking_for(needed: Option<Strength>) -> Content {
    let gates = vec![Gate::Levels {
        critical_evidence: needed,
    }];
    Content { gates, ..version() }
}

fn backed(id: i64, code: &str, at: i64, strength: Strength) -> Judgement {
    Judgement {
        strength,
        ..judged(id, code, Stream::Mentor, Some(level(at)))
    }
}

#[test]
fn a_critical_competency_needs_the_evidence_that_is_asked_for() {
    use Strength::{Drill, Lab, Real};
    // The critical one needs 4. Judgements (level, strength) in order; whether it is met when a drill is required.
    let table: [(&[(i64, Strength)], bool); 7] = [
        // Evidence from before the level fell does not count for the new level.
        (&[(4, Real), (2, Lab), (4, Lab)], false),
        (&[(4, Drill)], true),
        (&[(4, Real)], true),
        (&[(4, Lab)], false),
        // The level seen in the drill was not high enough yet.
        (&[(3, Drill), (4, Lab)], false),
        // A later judgement with weaker evidence takes nothing away.
        (&[(4, Drill), (4, Lab)], true),
        // The latest level counts, whatever its evidence.
        (&[(4, Drill), (3, Real)], false),
    ];
    for (said, met) in table {
        let mut facts = all_met();
        facts.judgements.retain(|j| j.code != "PAY-I1");
        let judgements = (10..).zip(said);
        facts
            .judgements
            .extend(judgements.map(|(id, (at, strength))| backed(id, "PAY-I1", *at, *strength)));
        let readiness = evaluate(&asking_for(Some(Drill)), &facts, today());
        assert_eq!(readiness.is_ready(), met, "{said:?}");
    }
}

#[test]
fn missing_evidence_is_explained() {
    let content = asking_for(Some(Strength::Drill));
    let readiness = evaluate(&content, &all_met(), today());
    let said: Vec<_> = readiness.obstacles.iter().map(|o| &*o.detail).collect();
    assert_eq!(said, ["at 4, needs evidence: drill or stronger"]);
    assert!(evaluate(&asking_for(None), &all_met(), today()).is_ready());
}

proptest! {
    #[test]
    fn stronger_evidence_never_makes_it_worse(
        said in prop::collection::vec((1..6_i64, 0..5_usize), 1..6), needed in 0..5_usize, which in 0..6_usize,
    ) {
        let content = asking_for(Strength::ALL.get(needed).copied());
        let facts = |bump: bool| {
            let judgements = (0..).zip(&said).map(|(id, (at, strength))| {
                let more = usize::from(bump && usize::try_from(id).unwrap() == which % said.len());
                let strength = Strength::ALL[(strength + more).min(4)];
                backed(id, "PAY-I1", *at, strength)
            });
            Facts { judgements: judgements.collect(), ..Facts::default() }
        };
        let met = |bump| evaluate(&content, &facts(bump), today()).competency("PAY-I1").unwrap().met;
        prop_assert!(met(true) >= met(false));
    }
}
