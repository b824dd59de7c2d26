//! A small organisation to look at a board with.

use std::collections::HashMap;

use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::area::practice::Need;
use crate::domain::area::validity::Ends;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::people::Actor;
use crate::domain::people::model::{Membership, Person, Team};
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::ramp::{PairingRole, RampState};
use crate::domain::readiness::Readiness;
use crate::domain::signoff::SignoffState;
use crate::domain::signoff::model::Signoff;
use crate::usecases::board::{Board, Filter, build};
use crate::usecases::register::{Count, Register, Rows};

pub const TODAY: &str = "2026-11-10";

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn then() -> UtcTime {
    day("2026-11-01").start()
}

pub fn person(id: i64, name: &str) -> Person {
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

pub fn area(id: i64, slug: &str, minimum_cover: i32) -> Area {
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
        practice: Need::ONE,
        ends: Ends::AfterMonths,
        archived_at: None,
        revision: 0,
        labels: String::new(),
    }
}

pub fn clearance(id: i64, (person_id, area_id): (i64, i64), ends_on: &str) -> Clearance {
    Clearance {
        id,
        person_id,
        area_id,
        granted_at: then(),
        ends_on: day(ends_on),
        signoff_id: None,
        state: ClearanceState::Valid,
        kind: ClearanceKind::Full,
        supervisor_id: None,
        extended_at: None,
        recency_days: 90,
        practice: Need::ONE,
        practice_left: 0,
        practice_from: then().day(),
        practised_on: then().day(),
        holds_until: day(ends_on),
    }
}

pub fn ramp(id: i64, (mentee_id, area_id): (i64, i64), state: RampState) -> Ramp {
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
        renews_id: None,
    }
}

pub fn pairing(ramp_id: i64, mentor_id: i64, until: Option<UtcTime>) -> Pairing {
    Pairing {
        ramp_id,
        mentor_id,
        role: PairingRole::Primary,
        interval_days: 7,
        since: then(),
        until,
    }
}

pub fn signoff(id: i64, ramp_id: i64, state: SignoffState, first_key_by: Option<i64>) -> Signoff {
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
        first_key_until: first_key_by.map(|_| then().day().plus_days(300)),
    }
}

pub fn member(team_id: i64, person_id: i64, is_lead: bool) -> Membership {
    Membership {
        team_id,
        person_id,
        is_lead,
    }
}

pub fn count(area_id: i64, cleared: i64, ramping: i64) -> Count {
    Count {
        area_id,
        cleared,
        ramping,
    }
}

pub fn readiness(percent: usize) -> Readiness {
    Readiness {
        gaps_open: 0,
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
pub fn rows() -> Rows {
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
        counts: vec![count(1, 2, 1), count(2, 1, 1)],
        qualifiers: vec![(2, 2), (2, 1)],
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
        ..Rows::default()
    }
}

pub fn register() -> Register {
    Register::new(rows(), day(TODAY))
}

pub fn known() -> HashMap<i64, Readiness> {
    HashMap::from([(1, readiness(80)), (2, readiness(100)), (3, readiness(40))])
}

pub fn board(filter: Filter) -> Board {
    build(&register(), &known(), filter)
}

pub fn people(board: &Board) -> Vec<i64> {
    board.rows.iter().map(|r| r.person_id).collect()
}

pub fn actor(id: i64) -> Actor {
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
