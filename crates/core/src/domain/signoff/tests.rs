//! The rules of sign-off, in tables; over random histories in [`histories`].

pub mod histories;

use super::record::Record;
use super::*;
use crate::db::types::UtcTime;
use crate::domain::readiness::{Facts, evaluate};
use crate::domain::standard::{Content, Gate};
use crate::forms::Fields;

const MENTEE: i64 = 1;
const MENTOR: i64 = 2;
const FORMER_MENTOR: i64 = 3;
const QUALIFIER: i64 = 4;
const LEAD: i64 = 5;
/// Mentored the mentee in this area on an earlier ramp.
const EARLIER_MENTOR: i64 = 6;
const TEAM: i64 = 50;

fn at(second: i64) -> UtcTime {
    UtcTime::from(jiff::Timestamp::from_second(1_790_000_000 + second).unwrap())
}

fn parties() -> Parties {
    Parties {
        mentee_id: MENTEE,
        mentors: vec![MENTOR],
        mentors_ever: vec![MENTOR, FORMER_MENTOR],
        mentored_before: vec![EARLIER_MENTOR],
        mentee_teams: vec![51],
        owner_team_id: TEAM,
        qualifiers: vec![MENTEE, MENTOR, FORMER_MENTOR, QUALIFIER, EARLIER_MENTOR],
    }
}

fn signoff(state: SignoffState, first_key_by: Option<i64>) -> Signoff {
    Signoff {
        id: 7,
        ramp_id: 9,
        state,
        requested_by: MENTEE,
        requested_at: at(0),
        request_note: String::new(),
        first_key_by,
        first_key_at: first_key_by.map(|_| at(1)),
        first_key_note: None,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        ends_on: None,
        record: None,
        first_key_until: first_key_by.map(|_| at(1).day()),
    }
}

fn actor(id: i64) -> Actor {
    let leads = if id == LEAD { vec![TEAM] } else { Vec::new() };
    Actor {
        id: Some(id),
        is_admin: false,
        leads,
        ..Actor::operator()
    }
}

#[test]
fn whose_a_key_is() {
    use Denied::{Mentee, Mentor, NotCleared, NotMentor, Outside};
    let lead_who = |id| Actor {
        leads: vec![TEAM],
        ..actor(id)
    };
    let admin = Actor {
        is_admin: true,
        ..actor(9)
    };
    // actor, cleared, answer to the first key, answer to the second
    let table = [
        (actor(MENTEE), true, Err(Mentee), Err(Mentee)),
        (lead_who(MENTEE), true, Err(Mentee), Err(Mentee)),
        (actor(MENTOR), true, Ok(()), Err(Mentor)),
        (lead_who(MENTOR), true, Ok(()), Err(Mentor)),
        (actor(MENTOR), false, Err(NotCleared), Err(Mentor)),
        (actor(FORMER_MENTOR), true, Err(NotMentor), Err(Mentor)),
        (lead_who(FORMER_MENTOR), true, Err(NotMentor), Err(Mentor)),
        (actor(EARLIER_MENTOR), true, Err(NotMentor), Err(Mentor)),
        (lead_who(EARLIER_MENTOR), true, Err(NotMentor), Err(Mentor)),
        (actor(QUALIFIER), true, Err(NotMentor), Ok(())),
        (actor(QUALIFIER), false, Err(NotMentor), Err(NotCleared)),
        (actor(LEAD), false, Err(NotMentor), Ok(())),
        (admin, true, Err(NotMentor), Err(Outside)),
        (Actor::operator(), true, Err(Outside), Err(Outside)),
    ];
    for (actor, cleared, first, second) in table {
        let turn = |open: &Signoff| {
            let today = at(1).day();
            match due_key(open, &parties(), &actor, cleared, today) {
                Turn::Yours(_) => Ok(()),
                Turn::NotYours(_, denied) => Err(denied),
                Turn::Decided => panic!("it is open"),
            }
        };
        let said = |state, by| turn(&signoff(state, by));
        assert_eq!(
            said(SignoffState::Requested, None),
            first,
            "first key, {:?}, cleared: {cleared}",
            actor.id
        );
        assert_eq!(
            said(SignoffState::FirstKey, Some(MENTOR)),
            second,
            "second key, {:?}",
            actor.id
        );
        let void = Signoff {
            first_key_until: Some(at(1).day().plus_days(-1)),
            ..signoff(SignoffState::FirstKey, Some(MENTOR))
        };
        assert_eq!(turn(&void), first, "a void first key is due again");
    }
    for state in [
        SignoffState::Granted,
        SignoffState::Returned,
        SignoffState::Withdrawn,
    ] {
        assert_eq!(
            due_key(
                &signoff(state, Some(MENTOR)),
                &parties(),
                &actor(LEAD),
                true,
                at(1).day()
            ),
            Turn::Decided
        );
    }
}

#[test]
fn a_mentor_who_is_not_designated_has_no_key() {
    let parties = Parties {
        qualifiers: vec![QUALIFIER],
        ..parties()
    };
    let turn = due_key(
        &signoff(SignoffState::Requested, None),
        &parties,
        &actor(MENTOR),
        true,
        at(1).day(),
    );
    assert_eq!(turn, Turn::NotYours(Key::First, Denied::NotDesignated));
}

#[test]
fn a_sign_off_is_asked_for_while_the_ramp_is_under_way() {
    let ready = evaluate(&Content::default(), &Facts::default(), at(0).day());
    let (today, tomorrow) = (at(0).day(), at(0).day().plus_days(1));
    assert_eq!(can_request(RampState::Active, today, today, &ready), Ok(()));
    assert_eq!(
        can_request(RampState::Active, tomorrow, today, &ready),
        Err(Blocker::NotStarted(tomorrow))
    );
    for state in RampState::ALL
        .iter()
        .copied()
        .filter(|s| *s != RampState::Active)
    {
        assert_eq!(
            can_request(state, today, today, &ready),
            Err(Blocker::State(state))
        );
    }
    let open = evaluate(
        &Content {
            gates: vec![Gate::Sessions {
                held: 1,
                minutes: 0,
            }],
            ..Content::default()
        },
        &Facts::default(),
        at(0).day(),
    );
    assert_eq!(
        can_request(RampState::Active, today, today, &open),
        Err(Blocker::Open { gates: 1, gaps: 0 })
    );
}

#[test]
fn a_decision_reports_a_missing_value_at_its_field() {
    let parse = |decision: &str, note: &str, ends_on: &str| {
        Decision::parse(&Fields::of(&[
            ("decision", decision),
            ("note", note),
            ("ends_on", ends_on),
        ]))
    };
    let fields = |decision, note, ends_on| {
        let errors = parse(decision, note, ends_on).unwrap_err();
        errors
            .iter()
            .map(|(field, _)| field.to_owned())
            .collect::<Vec<_>>()
    };
    let long = "x".repeat(2001);
    assert_eq!(fields("", "", "2027-01-01"), ["decision"]);
    assert_eq!(fields("", &long, ""), ["decision", "note"]);
    assert_eq!(fields("return", " \n ", ""), ["note"]);
    assert_eq!(fields("approve", "", "soon"), ["ends_on"]);
    assert_eq!(fields("approve", &long, "soon"), ["note", "ends_on"]);
    assert!(parse("approve", "", "2027-01-01").is_ok());
    assert!(parse("return", &"é".repeat(2000), "").is_ok());
    let lists = |decision: &str, name: &str, lines: usize| {
        let many = vec!["A line"; lines].join("\n");
        let fields = [
            ("decision", decision),
            ("note", "Why"),
            ("ends_on", "2027-01-01"),
            (name, &many),
        ];
        Decision::parse(&Fields::of(&fields)).is_ok()
    };
    assert!(lists("return", "gaps", 10) && !lists("return", "gaps", 11));
    assert!(lists("approve", "conditions", 5) && !lists("approve", "conditions", 6));
    assert!(lists("approve", "gaps", 11), "an approval names no gaps");
}

/// A record as version 1 of the rules wrote it. It must stay readable forever: never edit it, add the next one after
/// it.
const RECORD_V1: &str = r#"{"rules_version":1,"area":"Search","owner_team":"Discovery","standard_version":2,
"mentee":{"id":1,"name":"Lukas Novák"},"mentors":[{"who":{"id":2,"name":"Mei-Ling Zhou"},"role":"Primary",
"since":"2026-08-01T09:00:00.000000Z","until":null}],"request":{"who":{"id":1,"name":"Lukas Novák"},
"at":"2026-11-08T10:00:00.000000Z","note":""},"first_key":{"who":{"id":2,"name":"Mei-Ling Zhou"},
"at":"2026-11-09T11:20:00.000001Z","note":"Ready."},"verdict":{"state":"granted","deed":{"who":{"id":5,
"name":"Ruth Abrams"},"at":"2026-11-10T08:00:00.000000Z","note":""},"ends_on":"2027-05-10"},"gates":[{"rule":
{"kind":"sessions","held":1,"minutes":30},"kind":"sessions","label":"Working sessions","progress":"1 of 1 sessions",
"met":true}],"competencies":[{"code":"SRC-I1","group":"incident","group_label":"Incident response","statement":
"Runs an index-lag page","behaviours":["","","","",""],"critical":true,"required":4,"self_level":3,"mentor_level":4,
"met":true,"evidence":{"who":{"id":2,"name":"Mei-Ling Zhou"},"at":"2026-11-06T12:00:00.000000Z","text":"Saw it",
"session":null}}],"items":[{"code":"SRC-K1","group_label":"Read","text":"Read the runbook","mark":"checked","by":
{"id":2,"name":"Mei-Ling Zhou"},"at":"2026-09-01T12:00:00.000000Z"}],"sessions":[{"at":"2026-11-03T02:10:00.000000Z",
"kind":"Pairing on real work","minutes":45,"summary":"Index lag","mentor":{"id":2,"name":"Mei-Ling Zhou"}}]}"#;

#[test]
fn a_record_of_the_first_rules_stays_readable() {
    let record = Record::thaw(RECORD_V1).unwrap();
    assert_eq!(record.minutes(), 45);
    assert_eq!(
        record.first_key.as_ref().unwrap().at.0.iso_micros(),
        "2026-11-09T11:20:00.000001Z"
    );
    assert_eq!(
        record
            .verdict
            .as_ref()
            .unwrap()
            .ends_on
            .unwrap()
            .0
            .to_string(),
        "2027-05-10"
    );
    assert_eq!(Record::thaw(&record.freeze().unwrap()).unwrap(), record);
}
