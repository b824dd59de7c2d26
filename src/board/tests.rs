//! The board from rows: cover, filters, order, figures, keys, looks.

use std::collections::HashMap;

use super::register::{Register, Rows};
use super::*;
use crate::area::store::{Area, Qualifier};
use crate::clearance::store::Clearance;
use crate::db::types::UtcTime;
use crate::people::Actor;
use crate::people::store::{Membership, Person};
use crate::ramp::store::{Pairing, Ramp};
use crate::ramp::{PairingRole, RampState};
use crate::signoff::SignoffState;
use crate::signoff::store::Signoff;
use crate::web::time::Dial;
use proptest::prelude::*;

const TODAY: &str = "2026-11-10";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn then() -> UtcTime {
    day("2026-11-01").start()
}

fn person(id: i64, name: &str) -> Person {
    Person {
        id,
        handle: name.to_lowercase().replace(' ', "-"),
        name: name.into(),
        email: format!("{id}@example.com"),
        time_zone: "UTC".into(),
        is_admin: false,
        deactivated_at: None,
    }
}

fn area(id: i64, slug: &str, minimum_cover: i32) -> Area {
    Area {
        id,
        slug: slug.into(),
        code: slug.to_uppercase(),
        name: slug.into(),
        summary: String::new(),
        tier: 1,
        owner_team_id: 1,
        owner_team: "Commerce SRE".into(),
        minimum_cover,
        target_weeks: 12,
        validity_months: 12,
        recency_days: 90,
    }
}

fn clearance(id: i64, (person_id, area_id): (i64, i64), ends_on: &str) -> Clearance {
    Clearance {
        id,
        person_id,
        area_id,
        granted_at: then(),
        ends_on: day(ends_on),
        signoff_id: None,
    }
}

fn ramp(id: i64, (mentee_id, area_id): (i64, i64), state: RampState) -> Ramp {
    Ramp {
        id,
        mentee_id,
        area_id,
        standard_id: 1,
        state,
        starts_on: day("2026-09-01"),
        target_on: day("2026-12-01"),
        created_at: then(),
        closed_at: None,
    }
}

fn pairing(ramp_id: i64, mentor_id: i64, until: Option<UtcTime>) -> Pairing {
    Pairing {
        ramp_id,
        mentor_id,
        role: PairingRole::Primary,
        interval_days: 7,
        since: then(),
        until,
    }
}

fn signoff(id: i64, ramp_id: i64, state: SignoffState, first_key_by: Option<i64>) -> Signoff {
    Signoff {
        id,
        ramp_id,
        state,
        requested_by: 4,
        requested_at: then(),
        request_note: String::new(),
        first_key_by,
        first_key_at: first_key_by.map(|_| then()),
        first_key_note: None,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        ends_on: None,
        record: None,
    }
}

fn member(team_id: i64, person_id: i64, is_lead: bool) -> Membership {
    Membership {
        team_id,
        person_id,
        is_lead,
    }
}

fn readiness(percent: usize) -> Readiness {
    Readiness {
        gates: vec![],
        competencies: vec![],
        items: vec![],
        obstacles: vec![],
        lines_met: percent,
        lines: 100,
    }
}

/// Two teams, two areas. pay: Ada and Bo cleared (Bo's ends soon), Dee ramps at 80 % with a lapsed clearance, Eve has
/// left though cleared. ord: Cem in review with Bo's first key, Ada lapsed, Bo cleared for long, Dee at 40 %.
fn rows() -> Rows {
    let mut eve = person(5, "Eve Left");
    eve.deactivated_at = Some(then());
    Rows {
        people: vec![
            person(4, "Dee Dunn"),
            eve,
            person(1, "ada King"),
            person(3, "Cem Ak"),
            person(2, "Bo Berg"),
        ],
        teams: vec![
            Team {
                id: 1,
                name: "Commerce SRE".into(),
            },
            Team {
                id: 2,
                name: "Platform & Edge".into(),
            },
            Team {
                id: 3,
                name: "Platform-Edge".into(),
            },
        ],
        memberships: vec![
            member(1, 1, true),
            member(1, 2, false),
            member(2, 3, false),
            member(1, 4, false),
        ],
        areas: vec![area(1, "pay", 3), area(2, "ord", 1)],
        qualifiers: vec![
            Qualifier {
                area_id: 2,
                person_id: 2,
                since: then(),
            },
            Qualifier {
                area_id: 2,
                person_id: 1,
                since: then(),
            },
        ],
        clearances: vec![
            clearance(1, (1, 1), "2027-03-01"),
            clearance(2, (2, 1), "2026-11-24"),
            clearance(3, (5, 1), "2027-03-01"),
            clearance(4, (4, 1), "2026-10-31"),
            clearance(5, (1, 2), "2026-11-09"),
            clearance(6, (2, 2), "2027-05-01"),
        ],
        ramps: vec![
            ramp(1, (4, 1), RampState::Active),
            ramp(2, (3, 2), RampState::InReview),
            ramp(3, (4, 2), RampState::Active),
            ramp(4, (5, 2), RampState::Active),
        ],
        pairings: vec![
            pairing(1, 1, None),
            pairing(2, 2, None),
            pairing(3, 1, Some(then())),
        ],
        signoffs: vec![signoff(7, 2, SignoffState::FirstKey, Some(2))],
    }
}

fn register() -> Register {
    Register::new(rows(), day(TODAY))
}

fn known() -> HashMap<i64, Readiness> {
    HashMap::from([(1, readiness(80)), (2, readiness(100)), (3, readiness(40))])
}

fn board(filter: Filter) -> Board {
    build(&register(), &known(), filter)
}

fn people(board: &Board) -> Vec<i64> {
    board.rows.iter().map(|r| r.person_id).collect()
}

fn actor(id: i64) -> Actor {
    let memberships = rows().memberships;
    let of = |leads: bool| {
        let mine = memberships
            .iter()
            .filter(move |m| m.person_id == id && (m.is_lead || !leads));
        mine.map(|m| m.team_id).collect()
    };
    Actor {
        id: Some(id),
        is_admin: false,
        teams: of(false),
        leads: of(true),
        ..Actor::operator()
    }
}

#[test]
fn cover_counts_everybody_cleared_who_has_not_left() {
    let board = board(Filter {
        team: Some(2),
        ..Filter::ALL
    });
    let covers: Vec<_> = board
        .columns
        .iter()
        .map(|c| (c.cover.cleared, c.cover.minimum, c.cover.ramping))
        .collect();
    assert_eq!(
        covers,
        [(2, 3, 1), (1, 1, 1)],
        "the filtered team has nobody cleared, and the cover does not care"
    );
    assert_eq!(board.figures.short, [(1, 1)]);
    assert_eq!(people(&board), [3]);
}

#[test]
fn people_come_by_name_whatever_its_case_and_those_who_left_do_not() {
    assert_eq!(people(&board(Filter::ALL)), [1, 2, 3, 4]);
}

#[test]
fn figures_are_the_lengths_of_the_lists_they_lead_to() {
    let figures = board(Filter::ALL).figures;
    let spots = |spots: &[Spot]| {
        spots
            .iter()
            .map(|s| (s.person_id, s.area_id))
            .collect::<Vec<_>>()
    };
    assert_eq!(spots(&figures.to_sign_off), [(3, 2)]);
    assert_eq!(spots(&figures.expiring), [(2, 1)]);
    assert_eq!(spots(&figures.close), [(4, 1)]);
    assert_eq!(
        spots(&figures.lapsed),
        [(1, 2), (4, 1)],
        "the last to end first"
    );
}

#[test]
fn each_word_of_show_keeps_whoever_has_such_a_cell() {
    let shown = |show| {
        people(&board(Filter {
            show,
            ..Filter::ALL
        }))
    };
    assert_eq!(shown(Show::Cleared), [1, 2], "expiring counts as cleared");
    assert_eq!(shown(Show::Ramping), [4]);
    assert_eq!(shown(Show::Close), [4]);
    assert_eq!(shown(Show::Signoff), [3]);
    assert_eq!(shown(Show::Expiring), [2]);
    assert_eq!(
        shown(Show::Lapsed),
        [1, 4],
        "also where a ramp is the second mark"
    );
    let in_ord = board(Filter {
        show: Show::Close,
        area: Some(2),
        ..Filter::ALL
    });
    assert!(in_ord.rows.is_empty(), "close in another area only");
    assert_eq!(
        (in_ord.people, in_ord.columns.len()),
        (4, 1),
        "the figures keep their ground"
    );
}

#[test]
fn order_is_by_name_by_areas_cleared_or_by_the_next_end() {
    let sorted = |sort| {
        people(&board(Filter {
            sort,
            ..Filter::ALL
        }))
    };
    assert_eq!(sorted(Sort::Cleared), [2, 1, 3, 4]);
    assert_eq!(
        sorted(Sort::Expiry),
        [2, 1, 3, 4],
        "who has nothing to lose comes last"
    );
    let in_ord = board(Filter {
        sort: Sort::Expiry,
        area: Some(2),
        ..Filter::ALL
    });
    assert_eq!(
        people(&in_ord),
        [2, 1, 3, 4],
        "a lapsed clearance has no end to come"
    );
}

#[test]
fn words_that_name_nothing_ask_for_everything() {
    let register = register();
    assert_eq!(
        Filter::parse("nobody", "99", "best", "random", &register),
        Filter::ALL
    );
    let filter = Filter::parse("commerce-sre", "ord", "sign-off", "expiry", &register);
    assert_eq!(
        filter,
        Filter {
            team: Some(1),
            area: Some(2),
            show: Show::Signoff,
            sort: Sort::Expiry
        }
    );
    assert_eq!(Filter::parse("1", "", "", "", &register).team, Some(1));
}

#[test]
fn teams_whose_words_would_be_the_same_go_by_number() {
    let teams = rows().teams;
    let words: Vec<_> = teams.iter().map(|t| team_word(t, &teams)).collect();
    assert_eq!(words, ["commerce-sre", "2", "3"]);
    let odd = [
        Team {
            id: 8,
            name: "9".into(),
        },
        Team {
            id: 9,
            name: "チーム".into(),
        },
    ];
    assert_eq!(odd.each_ref().map(|t| team_word(t, &odd)), ["8", "9"]);
    assert_eq!(team_of("9", &odd), Some(9));
}

#[test]
fn a_square_says_what_the_prototype_says() {
    let register = register();
    let dial = Dial::new("UTC", day(TODAY).start());
    let said = |person, area| {
        let square = register.square(person, area, &known());
        let (mark, also) = look::marks(&square, &register, &dial);
        (mark.line(), also.map(|m| m.line()))
    };
    assert_eq!(said(1, 1), ("Cleared to Mar 27".into(), None));
    assert_eq!(said(2, 1), ("Expiring on 24 Nov".into(), None));
    assert_eq!(
        said(4, 1),
        ("Lapsed on 31 Oct".into(), Some("Ramping 80%, close".into()))
    );
    assert_eq!(said(3, 2), ("Sign-off by Bo".into(), None));
    assert_eq!(said(4, 2), ("Ramping 40%".into(), None));
    assert_eq!(said(3, 1), ("Not planned".into(), None));
}

#[test]
fn a_ramp_the_engine_was_not_asked_about_has_no_share() {
    let square = register().square(4, 2, &HashMap::new());
    assert_eq!(
        (square.cell.status, square.cell.percent),
        (BoardStatus::Ramping, None)
    );
}

#[test]
fn a_cell_leads_into_a_ramp_only_for_those_who_may_read_it() {
    let register = register();
    let href = |person, area, id| {
        look::href(
            &register.square(person, area, &known()),
            &register,
            &actor(id),
        )
    };
    assert_eq!(href(4, 2, 4), "/ramps/3", "the mentee");
    assert_eq!(href(4, 2, 1), "/ramps/3", "a lead and former mentor");
    assert_eq!(href(4, 2, 3), "/people/dee-dunn", "a stranger");
    assert_eq!(href(4, 1, 3), "/clearances/4", "clearances are open to all");
    assert_eq!(href(2, 1, 3), "/clearances/2");
}

#[test]
fn the_second_key_is_due_to_an_independent_approver() {
    let register = register();
    let due = |id| keys::due(&register, &actor(id)).len();
    assert_eq!(
        due(1),
        1,
        "leads the owner team; the lapsed clearance takes nothing from that"
    );
    assert_eq!(due(2), 0, "turned the first key, and mentors");
    assert_eq!(due(3), 0, "the mentee");
    assert_eq!(due(4), 0, "no qualifier");
}

#[test]
fn the_first_key_is_due_to_a_mentor_who_is_cleared_and_designated() {
    let waiting = signoff(7, 2, SignoffState::Requested, None);
    let register = Register::new(
        Rows {
            signoffs: vec![waiting],
            ..rows()
        },
        day(TODAY),
    );
    let due = |id| keys::due(&register, &actor(id)).len();
    assert_eq!(
        (due(1), due(2), due(3)),
        (0, 1, 0),
        "a lead has no first key"
    );
    let later = Register::new(
        Rows {
            signoffs: vec![signoff(7, 2, SignoffState::Requested, None)],
            ..rows()
        },
        day("2027-05-02"),
    );
    assert!(
        keys::due(&later, &actor(2)).is_empty(),
        "the clearance ended the day before"
    );
}

proptest! {
    /// Whatever is asked for, the same cells say the same, and a figure is as long as its list.
    #[test]
    fn filters_choose_and_never_change(
        team in proptest::option::of(1_i64..4),
        area in proptest::option::of(1_i64..3),
        show in 0_usize..7,
        sort in 0_usize..3,
    ) {
        let show = *Show::ALL.get(show).unwrap();
        let filter = Filter { team, area, show, sort: *Sort::ALL.get(sort).unwrap() };
        let (all, some) = (board(Filter::ALL), board(filter));
        for row in &some.rows {
            let whole = all.rows.iter().find(|r| r.person_id == row.person_id).unwrap();
            prop_assert!(row.squares.iter().all(|s| whole.squares.contains(s)));
            prop_assert!(row.squares.iter().any(|s| show.matches(s)));
        }
        let cells = |show: Show| {
            let listed = board(Filter { show, ..filter });
            listed.rows.iter().flat_map(|r| &r.squares).filter(|s| show.matches(s)).count()
        };
        prop_assert_eq!(some.figures.close.len(), cells(Show::Close));
        prop_assert_eq!(some.figures.to_sign_off.len(), cells(Show::Signoff));
        prop_assert_eq!(some.figures.expiring.len(), cells(Show::Expiring));
        prop_assert_eq!(some.figures.lapsed.len(), cells(Show::Lapsed));
    }
}
