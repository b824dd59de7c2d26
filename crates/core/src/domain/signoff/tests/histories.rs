//! The rules of sign-off over random histories.

use proptest::prelude::*;

use super::*;
use crate::domain::assessment::Stream;
use crate::domain::readiness::Judgement;
use crate::domain::standard::{Level, Strength};
use crate::sample::lines;

/// An event around a sign-off; every number is a person.
#[derive(Debug, Clone)]
enum Happening {
    Pair(i64),
    Unpair(i64),
    Designate(i64),
    Undesignate(i64),
    Clear(i64),
    Lapse(i64),
    Lead(i64),
    /// Mentored the mentee in the area on an earlier ramp.
    MentoredBefore(i64),
    FirstKey(i64),
    Approve(i64),
    Return(i64),
    AskAgain,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening as H;
    let person = 1..6_i64;
    prop_oneof![
        person.clone().prop_map(H::Pair),
        person.clone().prop_map(H::Unpair),
        person.clone().prop_map(H::Designate),
        person.clone().prop_map(H::Designate),
        person.clone().prop_map(H::Undesignate),
        person.clone().prop_map(H::Clear),
        person.clone().prop_map(H::Clear),
        person.clone().prop_map(H::Lapse),
        person.clone().prop_map(H::Lead),
        person.clone().prop_map(H::MentoredBefore),
        person.clone().prop_map(H::FirstKey),
        person.clone().prop_map(H::FirstKey),
        person.clone().prop_map(H::Approve),
        person.prop_map(H::Return),
        Just(H::AskAgain),
    ]
}

fn judgement(stream: Stream) -> impl Strategy<Value = Judgement> {
    (prop_oneof![Just("A"), Just("B")], 0..=5_i64, 0..100_i64).prop_map(
        move |(code, level, second)| Judgement {
            id: second,
            code: code.into(),
            stream,
            level: Level::new(level),
            strength: Strength::TalkedThrough,
        },
    )
}

proptest! {
    #[test]
    fn nobody_ever_holds_both_keys(history in prop::collection::vec(happening(), 1..80)) {
        let mut parties = Parties { mentee_id: MENTEE, owner_team_id: TEAM, ..Parties::default() };
        let (mut cleared, mut leads) = (Vec::new(), Vec::new());
        let mut open = signoff(SignoffState::Requested, None);
        for what in history {
            let may = |id: i64, open: &Signoff| {
                let actor = Actor { leads: if leads.contains(&id) { vec![TEAM] } else { vec![] }, ..actor(id + 100) };
                let actor = Actor { id: Some(id), ..actor };
                due_key(open, &parties, &actor, cleared.contains(&id), at(1).day())
            };
            match what {
                Happening::Pair(p) => {
                    parties.mentors.push(p);
                    parties.mentors_ever.push(p);
                }
                Happening::MentoredBefore(p) => parties.mentored_before.push(p),
                Happening::Unpair(p) => parties.mentors.retain(|m| *m != p),
                Happening::Designate(p) => parties.qualifiers.push(p),
                Happening::Undesignate(p) => {
                    parties.qualifiers.retain(|q| *q != p);
                    open.first_key_until = open.first_key_until.filter(|_| open.first_key_by != Some(p));
                }
                Happening::Clear(p) => cleared.push(p),
                Happening::Lapse(p) => {
                    cleared.retain(|q| *q != p);
                    open.first_key_until = open.first_key_until.filter(|_| open.first_key_by != Some(p));
                }
                Happening::Lead(p) => leads.push(p),
                Happening::FirstKey(p) => {
                    if may(p, &open) == Turn::Yours(Key::First) {
                        prop_assert!(p != MENTEE && parties.mentors.contains(&p) && cleared.contains(&p));
                        open = signoff(SignoffState::FirstKey, Some(p));
                    }
                }
                Happening::Approve(p) => {
                    if may(p, &open) == Turn::Yours(Key::Second) {
                        prop_assert!(p != MENTEE, "the mentee decided");
                        prop_assert!(open.first_key_by.is_some() && open.first_key_by != Some(p), "one person, two keys");
                        prop_assert!(!parties.ever_mentored(p), "a mentor turned the second key");
                        prop_assert!(open.first_key_until.is_some(), "granted on a void first key");
                        prop_assert!(leads.contains(&p) || (parties.qualifiers.contains(&p) && cleared.contains(&p)));
                        open.state = SignoffState::Granted;
                    }
                }
                Happening::Return(p) => {
                    if matches!(may(p, &open), Turn::Yours(_)) {
                        prop_assert!(p != MENTEE, "the mentee decided");
                        open.state = SignoffState::Returned;
                    }
                }
                Happening::AskAgain => {
                    if !open.state.is_open() {
                        open = signoff(SignoffState::Requested, None);
                    }
                }
            }
        }
    }

    #[test]
    fn a_self_assessment_never_moves_a_gate(
        mentors in prop::collection::vec(judgement(Stream::Mentor), 0..12),
        own in prop::collection::vec(judgement(Stream::Self_), 0..12),
    ) {
        let today = at(0).day();
        let mut content = lines(&["A", "B"], &[]);
        content.gates = vec![Gate::Levels { critical_evidence: None }];
        let before = evaluate(&content, &Facts { judgements: mentors.clone(), ..Facts::default() }, today);
        let after = evaluate(&content, &Facts { judgements: [mentors, own].concat(), ..Facts::default() }, today);
        prop_assert_eq!(&before.gates, &after.gates);
        prop_assert_eq!(before.is_ready(), after.is_ready());
        prop_assert_eq!(
            can_request(RampState::Active, today, today, &before),
            can_request(RampState::Active, today, today, &after)
        );
    }
}
