use std::collections::HashMap;

use proptest::prelude::*;

use super::finding::{Facts, Finding, Identity, Kind, Shift, Who, ahead, findings};
use super::matching::{Candidate, Known, key_of, names_in};
use super::*;
use crate::db::types::Day;
use crate::domain::availability::Absence;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState, standing};
use crate::domain::people::model::Person;
use crate::sample::{self, at, day};

const NOW: &str = "2026-11-30T09:00:00Z";

fn person(id: i64, name: &str) -> Person {
    Person {
        id,
        handle: format!("person-{id}"),
        name: name.into(),
        email: format!("p{id}@ride.example"),
        time_zone: "Europe/Berlin".into(),
        is_admin: false,
        deactivated_at: None,
    }
}

fn clearance(person_id: i64, holds_until: Day) -> Clearance {
    Clearance {
        holds_until,
        ..sample::clearance(person_id, 1, day("2027-06-01"))
    }
}

fn entry(from: &str, to: &str, name: &str, duty: Duty) -> Entry {
    Entry::new((at(from), at(to)), (name, ""), duty).unwrap()
}

fn shift(person: Option<i64>, duty: Duty) -> Shift {
    Shift {
        entry: entry(
            "2026-12-07T09:00:00Z",
            "2026-12-08T09:00:00Z",
            "Bo Li",
            duty,
        ),
        person,
    }
}

fn facts(held: Vec<Clearance>) -> Facts {
    Facts {
        clearances: held
            .into_iter()
            .map(|held| (held.person_id, held))
            .collect(),
        absences: HashMap::new(),
        people: (1..=9)
            .map(|id| person(id, &format!("Person {id}")))
            .collect(),
    }
}

fn kinds(shifts: &[Shift], facts: &Facts) -> Vec<Kind> {
    let found = findings(shifts, facts, at(NOW));
    found.iter().map(|f| f.identity.kind).collect()
}

#[test]
fn a_shift_is_held_against_the_clearance_on_its_first_day() {
    let far = day("2027-03-01");
    for (held, expected) in [
        (None, vec![Kind::NotCleared]),
        (Some(clearance(1, far)), vec![]),
        (Some(clearance(1, day("2026-12-07"))), vec![]),
        (Some(clearance(1, day("2026-12-06"))), vec![Kind::Lapses]),
        (
            Some(clearance(1, day("2026-11-29"))),
            vec![Kind::NotCleared],
        ),
        (
            Some(Clearance {
                state: ClearanceState::Suspended,
                ..clearance(1, far)
            }),
            vec![Kind::Suspended],
        ),
        (
            Some(Clearance {
                state: ClearanceState::Revoked,
                ..clearance(1, far)
            }),
            vec![Kind::Revoked],
        ),
    ] {
        let facts = facts(held.into_iter().collect());
        assert_eq!(kinds(&[shift(Some(1), Duty::Primary)], &facts), expected);
        // Who watches needs no clearance.
        assert_eq!(
            kinds(&[shift(Some(1), Duty::Shadow)], &facts)
                .iter()
                .filter(|k| **k != Kind::Unpractised)
                .count(),
            0
        );
    }
}

#[test]
fn an_interim_clearance_needs_a_supervisor_on_the_day_of_the_shift() {
    let interim = |supervisor| Clearance {
        kind: ClearanceKind::Interim,
        supervisor_id: supervisor,
        ..clearance(1, day("2026-12-20"))
    };
    let until = |day| vec![interim(Some(2)), clearance(2, day)];
    for (held, expected) in [
        (until(day("2027-03-01")), vec![]),
        (
            until(day("2026-12-06")),
            vec![Kind::Unpractised, Kind::Unsupervised],
        ),
        (vec![interim(Some(2))], vec![Kind::Unsupervised]),
        (vec![interim(None)], vec![Kind::Unsupervised]),
    ] {
        assert_eq!(
            kinds(&[shift(Some(1), Duty::Primary)], &facts(held)),
            expected
        );
    }
}

#[test]
fn absence_unknown_people_and_leavers_are_found() {
    let mut known = facts(vec![clearance(1, day("2027-03-01"))]);
    // 23:00 UTC on 8 December is 9 December in Berlin.
    let late = Shift {
        entry: entry(
            "2026-12-08T23:00:00Z",
            "2026-12-09T07:00:00Z",
            "x",
            Duty::Shadow,
        ),
        person: Some(1),
    };
    let away = |first, last| {
        vec![Absence {
            first_on: day(first),
            last_on: day(last),
        }]
    };
    for (absence, is_away) in [
        (away("2026-12-09", "2026-12-09"), true),
        (away("2026-12-08", "2026-12-08"), false),
        (away("2026-12-10", "2026-12-10"), false),
    ] {
        known.absences.insert(1, absence);
        assert_eq!(
            kinds(std::slice::from_ref(&late), &known) == [Kind::Away],
            is_away
        );
    }
    assert_eq!(kinds(&[shift(None, Duty::Shadow)], &known), [Kind::Unknown]);
    let gone = Person {
        deactivated_at: Some(at(NOW)),
        ..person(1, "Gone")
    };
    known.people = [gone].into_iter().collect();
    assert_eq!(
        kinds(&[shift(Some(1), Duty::Primary)], &known),
        [Kind::Left]
    );
}

#[test]
fn who_is_cleared_and_has_no_shift_is_found_when_practice_runs_out() {
    let soon = facts(vec![
        clearance(1, day("2026-12-20")),
        clearance(2, day("2027-02-01")),
    ]);
    assert_eq!(kinds(&[], &soon), [Kind::Unpractised]);
    assert_eq!(kinds(&[shift(Some(1), Duty::Primary)], &soon), []);
    assert_eq!(
        kinds(&[shift(Some(1), Duty::Shadow)], &soon),
        [Kind::Unpractised]
    );
}

#[test]
fn names_in_titles_are_found_without_the_words_of_the_trade() {
    for (title, name) in [
        ("On call: Amara Okafor", "Amara Okafor"),
        ("Amara Okafor - Payments_schedule", "Amara Okafor"),
        ("[L1] Amara Okafor", "Amara Okafor"),
        ("Amara Okafor (Secondary)", "Amara Okafor"),
        ("Amara Okafor", "Amara Okafor"),
        ("amara@ride.example", "amara@ride.example"),
    ] {
        assert_eq!(
            names_in(title).first().map(String::as_str),
            Some(name),
            "{title}"
        );
    }
    for nobody in ["On call", "Primary on-call", "", " - "] {
        assert_eq!(names_in(nobody), [""; 0], "{nobody}");
    }
}

fn candidate(id: i64, name: &str) -> Candidate {
    Candidate {
        id,
        name_key: crate::text::key(name),
        email_key: format!("p{id}@ride.example"),
        deactivated_at: None,
    }
}

/// Who an entry is: each person, or how the one nobody knows is called.
fn who(known: &Known, name: &str, email: &str) -> Vec<Result<i64, String>> {
    let when = (at(NOW), at("2027-01-01T00:00:00Z"));
    let entry = Entry::new(when, (name, email), Duty::Primary).unwrap();
    let shifts = known.shifts(entry).into_iter();
    shifts
        .map(|shift| shift.person.ok_or(shift.entry.name))
        .collect()
}

#[test]
fn people_are_known_by_mail_then_as_said_then_by_name() {
    let gone = Candidate {
        deactivated_at: Some(at(NOW)),
        ..candidate(4, "Bo Li")
    };
    let people = [
        candidate(1, "Amara Okafor"),
        candidate(2, "Bo Li"),
        candidate(3, "Noor Haddad"),
        candidate(5, "Noor Haddad"),
        gone,
    ];
    let said = [
        ("the duty phone".to_owned(), 3),
        ("amara okafor".to_owned(), 2),
    ];
    let known = Known::new(people.iter(), said);
    let plain = Known::new(people.iter(), []);
    for (known, name, email, expected) in [
        (&known, "Bo Li", "P1@ride.example", Ok(1)),
        (&known, "The  duty PHONE", "", Ok(3)),
        (&known, "On call: Amara Okafor", "", Ok(2)),
        (&known, "Amara Okafor", "", Ok(2)),
        (&plain, "On call: AMARA Okafor", "", Ok(1)),
        // Who left has no claim to a name; two people have the other one.
        (&plain, "Bo Li", "", Ok(2)),
        (&plain, "Noor Haddad", "", Err("Noor Haddad")),
        (&plain, "", "nobody@ride.example", Err("")),
        (&plain, "", "", Err("")),
    ] {
        let expected = expected.map_err(str::to_owned);
        assert_eq!(who(known, name, email), [expected], "{name} <{email}>");
    }
}

#[test]
fn everyone_whom_a_title_names_is_found() {
    let people = [
        candidate(1, "Ada Park"),
        candidate(2, "Ben Ode"),
        candidate(3, "Noor Haddad"),
        candidate(5, "Noor Haddad"),
        candidate(6, "Park, Ada"),
    ];
    let known = Known::new(people.iter(), [("night desk".to_owned(), 9)]);
    let nobody = |name: &str| Err(name.to_owned());
    for (title, expected) in [
        ("Ada Park, Ben Ode", vec![Ok(1), Ok(2)]),
        (
            "On call: Ben Ode and Ada Park (primary)",
            vec![Ok(2), Ok(1)],
        ),
        ("Ada Park / Ben Ode - Payments", vec![Ok(1), Ok(2)]),
        ("p1@ride.example; p2@ride.example", vec![Ok(1), Ok(2)]),
        ("Ada Park & night desk", vec![Ok(1), Ok(9)]),
        // A name of two people, and one that nobody has, next to one that is known.
        ("Ada Park, Noor Haddad", vec![Ok(1), nobody("Noor Haddad")]),
        ("Ada Park, Benn Ode", vec![Ok(1), nobody("Benn Ode")]),
        // A whole title that is a name is that name.
        ("Park, Ada", vec![Ok(6)]),
        ("Payments, Europe", vec![nobody("Payments, Europe")]),
    ] {
        assert_eq!(who(&known, title, ""), expected, "{title}");
    }
}

#[test]
fn who_a_finding_is_about_is_read_as_it_was_written() {
    for who in [
        Who::Person(7),
        Who::Named("bo li: 2".into()),
        Who::Named(String::new()),
    ] {
        assert_eq!(Who::parse(&who.word()), Some(who));
    }
    for bad in ["", "p:", "p:x", "q:1", "7"] {
        assert_eq!(Who::parse(bad), None, "{bad}");
    }
}

fn held() -> impl Strategy<Value = Vec<Clearance>> {
    let one = (
        1i64..6,
        -40i64..120,
        0usize..3,
        0usize..2,
        prop::option::of(1i64..6),
    );
    prop::collection::vec(one, 0..6).prop_map(|rows| {
        let rows = rows.into_iter();
        rows.map(|(id, days, state, kind, supervisor)| Clearance {
            state: ClearanceState::ALL[state],
            kind: ClearanceKind::ALL[kind],
            supervisor_id: supervisor,
            ..clearance(id, day("2026-11-30").plus_days(days))
        })
        .collect()
    })
}

fn shifts() -> impl Strategy<Value = Vec<Shift>> {
    let one = (
        prop::option::of(1i64..8),
        0i64..900,
        1i64..200,
        0usize..3,
        "[a-c]{1,2}",
    );
    prop::collection::vec(one, 0..12).prop_map(|rows| {
        let rows = rows.into_iter();
        rows.map(|(person, start, long, duty, name)| {
            let from = at(NOW).plus_hours(start - 100);
            let when = (from, from.plus_hours(long));
            let entry = Entry::new(when, (&name, ""), Duty::ALL[duty]).unwrap();
            Shift { entry, person }
        })
        .collect()
    })
}

fn identities(found: &[Finding]) -> Vec<Identity> {
    found.iter().map(|f| f.identity.clone()).collect()
}

proptest! {
    /// The page of the rota and the board can never disagree: both ask how a clearance stands on the day.
    #[test]
    fn a_shift_of_somebody_cleared_on_its_day_is_never_found_uncleared(shifts in shifts(), held in held()) {
        let facts = facts(held);
        let shifts = ahead(shifts, at(NOW), DAYS_AHEAD);
        let found = findings(&shifts, &facts, at(NOW));
        for shift in shifts.iter().filter(|s| s.entry.duty != Duty::Shadow) {
            let Some(id) = shift.person else { continue };
            let of = |f: &&Finding| f.identity.who == Who::Person(id) && f.identity.at == shift.entry.starts_at;
            let about: Vec<_> = found.iter().filter(of).filter(|f| f.ends_at.is_some()).collect();
            let stands = standing(facts.clearances.get(&id), shift.entry.starts_at.day());
            if stands.is_cover() {
                prop_assert!(about.is_empty(), "{stands:?} {about:?}");
            } else if stands != crate::domain::clearance::Standing::Interim {
                prop_assert!(about.iter().any(|f| f.is_about_clearance()), "{stands:?}");
            }
        }
    }

    #[test]
    fn findings_are_the_same_whatever_the_order_and_however_often(shifts in shifts(), held in held()) {
        let facts = facts(held);
        let once = findings(&ahead(shifts.clone(), at(NOW), DAYS_AHEAD), &facts, at(NOW));
        let mut twice = shifts.clone();
        twice.reverse();
        twice.extend(shifts);
        let again = findings(&ahead(twice, at(NOW), DAYS_AHEAD), &facts, at(NOW));
        prop_assert_eq!(identities(&once), identities(&again));
        let mut unique = identities(&once);
        unique.dedup();
        prop_assert_eq!(unique.len(), once.len());
        for finding in &once {
            prop_assert!(finding.sentence().ends_with('.'), "{}", finding.sentence());
        }
    }

    #[test]
    fn a_longer_clearance_never_adds_a_finding_about_a_shift(shifts in shifts(), held in held(), days in 0i64..60) {
        let shifts = ahead(shifts, at(NOW), DAYS_AHEAD);
        let longer = held.iter().map(|held| Clearance { holds_until: held.holds_until.plus_days(days), ..held.clone() });
        let of_full = |held: &Clearance| held.kind == ClearanceKind::Full;
        let all_full = held.iter().all(of_full);
        let before = findings(&shifts, &facts(held.clone()), at(NOW));
        let after = findings(&shifts, &facts(longer.collect()), at(NOW));
        let about = |found: &[Finding]| found.iter().filter(|f| f.ends_at.is_some()).count();
        prop_assert!(!all_full || about(&after) <= about(&before));
    }
}

#[test]
fn an_entry_is_named_by_what_there_is() {
    let of = |name: &str, email: &str| {
        Entry::new(
            (at(NOW), at("2027-01-01T00:00:00Z")),
            (name, email),
            Duty::Primary,
        )
        .unwrap()
    };
    assert_eq!(of(" Bo \u{202e} Li ", "").called(), "Bo Li");
    assert_eq!(of("", "bo@ride.example").called(), "bo@ride.example");
    assert_eq!(of("", "").called(), "Nobody");
    assert_eq!(key_of(&of("BO Li", "x@ride.example")), "bo li");
    assert!(Entry::new((at(NOW), at(NOW)), ("Bo", ""), Duty::Primary).is_none());
}
