//! Who gets how far, and what it leaves behind.

use checkride::domain::audit::Verdict;
use checkride::domain::clearance;
use checkride::domain::signoff::record::Record;
use checkride::domain::signoff::store;
use checkride::error::Error;

use super::*;
use crate::support::verified;

fn refused<T>(answer: Result<T>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(Error::Forbidden(_)) => "forbidden",
        Err(Error::NotFound(_)) => "not there",
        Err(Error::Conflict(_)) => "conflict",
        Err(Error::Invalid(_)) => "invalid",
        Err(e) => panic!("{e}"),
    }
}

/// How many entries the audit chain has, which holds.
fn entries(site: &Site) -> i64 {
    match site.app.db(verified) {
        Verdict::Whole { entries, .. } => entries,
        broken @ Verdict::Broken { .. } => panic!("{broken:?}"),
    }
}

#[test]
fn two_keys_grant_a_clearance_and_freeze_what_it_rests_on() {
    let site = Site::open();
    let before = entries(&site);
    assert_eq!(refused(ask(&site, Role::Mentee)), "invalid");
    let id = requested(&site);
    assert_eq!(ramp_state(&site), RampState::InReview);
    assert_eq!(refused(ask(&site, Role::Mentor)), "conflict");
    let early = decide(&site, Role::OwnerLead, id, &approval(&site));
    assert_eq!(refused(early), "conflict");
    for role in [Role::Mentee, Role::OwnerLead] {
        assert_eq!(refused(turn_first_key(&site, role, id)), "forbidden");
    }
    let stranger = turn_first_key(&site, Role::Stranger, id);
    assert_eq!(refused(stranger), "not there");
    turn_first_key(&site, Role::Mentor, id).unwrap();
    // `SignedOut` acts as the operator of the command line.
    for role in [Role::Mentee, Role::Mentor, Role::SignedOut] {
        let answer = decide(&site, role, id, &approval(&site));
        assert_eq!(refused(answer), "forbidden");
    }
    let stranger = decide(&site, Role::Stranger, id, &approval(&site));
    assert_eq!(refused(stranger), "not there");
    let far = Decision::Approve {
        ends_on: site.app.now().day().plus_months(14),
        note: Note::default(),
        conditions: Vec::new(),
    };
    assert_eq!(refused(decide(&site, Role::OwnerLead, id, &far)), "invalid");
    let granted = decide(&site, Role::OwnerLead, id, &approval(&site)).unwrap();
    assert_eq!(ramp_state(&site), RampState::Cleared);

    let Outcome::Granted(clearance_id) = granted else {
        panic!("it was approved")
    };
    let held = site.app.db(|c| clearance::store::by_id(c, clearance_id));
    assert_eq!(
        (held.person_id, held.area_id),
        (site.mentee.id, site.area_id)
    );
    assert_eq!(
        (held.signoff_id, held.ends_on.to_string().as_str()),
        (Some(id), "2027-11-23")
    );
    let late = decide(&site, Role::Qualifier, id, &approval(&site));
    let Err(Error::Conflict(sentence)) = late else {
        panic!("{late:?}")
    };
    assert!(
        sentence.starts_with("Ruth Abara granted this sign-off on Mon 23 Nov, 10:00"),
        "{sentence}"
    );

    // What is assessed later changes nothing of the record.
    let frozen = site.app.db(|c| store::by_id(c, id)).record.unwrap();
    assess(&site, "PAY-I2", 1);
    let record = Record::thaw(&frozen).unwrap();
    let lines = &record.competencies;
    let line = lines.iter().find(|line| line.code == "PAY-I2").unwrap();
    let evidence = line.evidence.as_ref().unwrap();
    assert_eq!(
        evidence.session.as_deref(),
        Some("Walked through a failover")
    );
    assert_eq!(
        (line.mentor_level, evidence.text.as_str()),
        (Some(4), "I said nothing")
    );
    assert_eq!(record.verdict.unwrap().attestation.who.name, "Ruth Abara");
    assert_eq!(entries(&site), before + 4);
}

#[test]
fn a_return_lets_the_ramp_go_on_and_it_can_be_asked_again() {
    let site = Site::open();
    let id = requested(&site);
    let reasons = give_back("One more night page");
    assert_eq!(
        refused(decide(&site, Role::OwnerLead, id, &reasons)),
        "forbidden"
    );
    decide(&site, Role::Mentor, id, &reasons).unwrap();
    assert_eq!(ramp_state(&site), RampState::Active);
    assert!(site.app.db(|c| store::by_id(c, id)).record.is_some());
    assert_eq!(refused(turn_first_key(&site, Role::Mentor, id)), "conflict");
    let again = recommended(&site);
    assert_eq!(
        decide(&site, Role::Qualifier, again, &reasons).unwrap(),
        Outcome::Returned
    );
    assert_eq!(ramp_state(&site), RampState::Active);
}

#[test]
fn a_gate_that_closes_again_holds_both_keys() {
    let site = Site::open();
    let id = recommended(&site);
    assess(&site, "PAY-I2", 3);
    assert_eq!(
        refused(decide(&site, Role::OwnerLead, id, &approval(&site))),
        "invalid"
    );
    let reasons = give_back("It slipped back");
    assert_eq!(
        refused(decide(&site, Role::OwnerLead, id, &reasons)),
        "done"
    );
}
