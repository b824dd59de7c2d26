//! The board from rows: cover, filters, order, figures, keys, looks.

use std::collections::HashMap;

use super::table::table;
use crate::domain::people::team_of;
use crate::domain::readiness::BoardStatus;
use crate::domain::signoff::SignoffState;
use crate::pages::board::fixture::*;
use crate::pages::status;
use crate::time::LocalTime;
use crate::usecases::board::*;
use crate::usecases::register::keys;
use crate::usecases::register::{Register, Rows};
use crate::web::csv::Separator;
use proptest::prelude::*;

#[test]
fn cover_is_of_the_area_whoever_is_shown() {
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
fn words_that_name_nothing_ask_for_everything_but_an_area_that_is_not_there_for_nothing() {
    let register = register();
    let teams = register.teams();
    assert_eq!(team_of("nobody", teams), None);
    assert_eq!(
        Filter::parse(None, "", "best", "random", register.areas()),
        Filter::ALL
    );
    let gone = Filter::parse(None, "99", "", "", register.areas());
    assert_eq!(
        gone,
        Filter {
            area: Some(0),
            ..Filter::ALL
        }
    );
    let team = team_of("commerce sre", teams);
    let filter = Filter::parse(team, "ord", "sign-off", "expiry", register.areas());
    assert_eq!(
        filter,
        Filter {
            team: Some(1),
            area: Some(2),
            show: Show::Signoff,
            sort: Sort::Expiry
        }
    );
    assert_eq!(team_of("1", teams), Some(1));
}

#[test]
fn an_organisation_too_large_for_one_board_begins_with_a_team_of_the_viewer() {
    let register = register();
    let shown = |asked, is_large, own: &[i64]| team_shown(asked, is_large, own, register.teams());
    assert_eq!(shown(None, false, &[2]), None, "small: everyone");
    assert_eq!(shown(None, true, &[2]), Some(2));
    assert_eq!(shown(None, true, &[]), Some(1), "in no team: the first");
    assert_eq!(shown(Some(3), true, &[2]), Some(3));
    assert_eq!(shown(Some(3), false, &[2]), Some(3));
}

#[test]
fn the_file_for_a_spreadsheet_says_what_the_board_says_and_runs_nothing() {
    let mut rows = rows();
    rows.people[2].name = "=HYPERLINK(\"http://evil.example\")".into();
    rows.teams[0].name = "@Commerce, \"SRE\"".into();
    let register = Register::new(rows, day(TODAY));
    let filter = Filter {
        team: Some(1),
        show: Show::Cleared,
        ..Filter::ALL
    };
    let file = table(&register, &build(&register, &known(), filter))
        .csv(Separator::Comma)
        .unwrap();
    let file = String::from_utf8(file).unwrap();
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        [
            "Person,Handle,Teams,Area,Status,Also,Share of ramp in percent,Counts as cover,Practise by,Cleared until,Delta review due",
            "\"'=HYPERLINK(\"\"http://evil.example\"\")\",ada-king,\"'@Commerce, \"\"SRE\"\"\",pay,Cleared,,,yes,,2027-03-01,",
            "\"'=HYPERLINK(\"\"http://evil.example\"\")\",ada-king,\"'@Commerce, \"\"SRE\"\"\",ord,Lapsed,,,no,,2026-11-09,",
            "Bo Berg,bo-berg,\"'@Commerce, \"\"SRE\"\"\",pay,Expiring,,,yes,,2026-11-24,",
            "Bo Berg,bo-berg,\"'@Commerce, \"\"SRE\"\"\",ord,Cleared,,,yes,,2027-05-01,",
        ]
    );
}

#[test]
fn a_cell_says_what_the_prototype_says() {
    let register = register();
    let local = LocalTime::new("UTC", day(TODAY).start());
    let said = |person, area| {
        let cell = register.cell(person, area, &known());
        let (badge, also) = status::marks(&cell, &register, &local);
        (badge.line(), also.map(|m| m.line()))
    };
    assert_eq!(said(1, 1), ("Cleared until 1 Mar 2027".into(), None));
    assert_eq!(said(2, 1), ("Expiring until 24 Nov".into(), None));
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
    let cell = register().cell(4, 2, &HashMap::new());
    assert_eq!(
        (cell.cell.status, cell.cell.percent),
        (BoardStatus::Ramping, None)
    );
}

#[test]
fn a_cell_leads_into_a_ramp_only_for_those_who_may_read_it() {
    let register = register();
    let href = |person, area, id| {
        status::href(
            &register.cell(person, area, &known()),
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
            prop_assert!(row.cells.iter().all(|s| whole.cells.contains(s)));
            prop_assert!(row.cells.iter().any(|s| show.matches(s)));
        }
        let cells = |show: Show| {
            let listed = board(Filter { show, ..filter });
            listed.rows.iter().flat_map(|r| &r.cells).filter(|s| show.matches(s)).count()
        };
        prop_assert_eq!(some.figures.close.len(), cells(Show::Close));
        prop_assert_eq!(some.figures.to_sign_off.len(), cells(Show::Signoff));
        prop_assert_eq!(some.figures.expiring.len(), cells(Show::Expiring));
        prop_assert_eq!(some.figures.lapsed.len(), cells(Show::Lapsed));
    }
}
