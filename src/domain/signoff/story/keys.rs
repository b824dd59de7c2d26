//! Who gets how far, and what it leaves behind.

use super::super::{Decision, Note, record, store};
use super::{House, act, decide, now, turn_first_key, words};
use crate::domain::people::Actor;
use crate::domain::ramp::RampState;
use crate::domain::{audit, clearance};
use crate::error::{Error, Result};
use crate::usecases::signoff::actions::{Outcome, request};

fn refused<T>(answer: Result<T>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(Error::Forbidden(_)) => "forbidden",
        Err(Error::Conflict(_)) => "conflict",
        Err(Error::Invalid(_)) => "invalid",
        Err(e) => panic!("{e}"),
    }
}

#[test]
fn two_keys_grant_a_clearance_and_freeze_what_it_rests_on() {
    let house = House::new();
    let early = house.act(|c| request(c, &act(&house.mentee), house.ramp_id, &Note::default()));
    assert_eq!(refused(early), "invalid");
    let id = house.requested();
    assert_eq!(house.ramp_state(), RampState::InReview);
    assert_eq!(
        refused(house.act(|c| request(c, &act(&house.mentor), house.ramp_id, &Note::default()))),
        "conflict"
    );
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &house.approval()))),
        "conflict"
    );
    for actor in [&house.mentee, &house.lead, &house.stranger] {
        assert_eq!(
            refused(house.act(|c| turn_first_key(c, &act(actor), id, &words("I say so")))),
            "forbidden"
        );
    }
    house
        .act(|c| turn_first_key(c, &act(&house.mentor), id, &words("Ready.")))
        .unwrap();
    for actor in [
        &house.mentee,
        &house.mentor,
        &house.stranger,
        &Actor::operator(),
    ] {
        assert_eq!(
            refused(house.act(|c| decide(c, &act(actor), id, &house.approval()))),
            "forbidden"
        );
    }
    let far = Decision::Approve {
        ends_on: now().day().plus_months(8),
        note: Note::default(),
        conditions: Vec::new(),
    };
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &far))),
        "invalid"
    );
    let granted = house
        .act(|c| decide(c, &act(&house.lead), id, &house.approval()))
        .unwrap();
    assert_eq!(house.ramp_state(), RampState::Cleared);

    let Outcome::Granted(clearance_id) = granted else {
        panic!("it was approved")
    };
    let held = house
        .act(|c| clearance::store::by_id(c, clearance_id))
        .unwrap();
    assert_eq!(
        (Some(held.person_id), held.area_id),
        (house.mentee.id, house.area_id)
    );
    assert_eq!(
        (held.signoff_id, held.ends_on.to_string().as_str()),
        (Some(id), "2027-05-10")
    );
    let late = house.act(|c| decide(c, &act(&house.second_lead), id, &house.approval()));
    let Err(Error::Conflict(sentence)) = late else {
        panic!("{late:?}")
    };
    assert!(
        sentence.starts_with("Ruth granted this sign-off on Tue 10 Nov, 08:00"),
        "{sentence}"
    );

    // What is assessed later changes nothing of the record.
    let frozen = house.act(|c| store::by_id(c, id)).unwrap().record.unwrap();
    house.act(|c| house.assess(c, 1, 1)).unwrap();
    let record = record::Record::thaw(&frozen).unwrap();
    let evidence = record.competencies[0].evidence.as_ref().unwrap();
    assert_eq!(
        evidence.session.as_deref(),
        Some("Index lag, from alert to all-clear")
    );
    assert_eq!(
        (record.competencies[0].mentor_level, evidence.text.as_str()),
        (Some(4), "I said nothing")
    );
    assert_eq!(record.verdict.unwrap().deed.who.name, "Ruth");
    assert!(matches!(
        house.act(audit::verify).unwrap(),
        audit::Verdict::Whole { entries: 4, .. }
    ));
}

#[test]
fn a_return_lets_the_ramp_go_on_and_it_can_be_asked_again() {
    let house = House::new();
    let id = house.requested();
    let reasons = Decision::Return {
        reasons: words("One more night page"),
        gaps: Vec::new(),
    };
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &reasons))),
        "forbidden"
    );
    house
        .act(|c| decide(c, &act(&house.mentor), id, &reasons))
        .unwrap();
    assert_eq!(house.ramp_state(), RampState::Active);
    assert!(house.act(|c| store::by_id(c, id)).unwrap().record.is_some());
    assert_eq!(
        refused(house.act(|c| turn_first_key(c, &act(&house.mentor), id, &words("Ready.")))),
        "conflict"
    );
    let again = house.recommended();
    assert_eq!(
        house
            .act(|c| decide(c, &act(&house.second_lead), again, &reasons))
            .unwrap(),
        Outcome::Returned
    );
    assert_eq!(house.ramp_state(), RampState::Active);
}

#[test]
fn a_gate_that_closes_again_holds_both_keys() {
    let house = House::new();
    let id = house.recommended();
    house.act(|c| house.assess(c, 3, 1)).unwrap();
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &house.approval()))),
        "invalid"
    );
    let reasons = Decision::Return {
        reasons: words("It slipped back"),
        gaps: Vec::new(),
    };
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &reasons))),
        "done"
    );
}
