//! Values for unit tests: moments, and versions of a standard.

use crate::db::types::{Day, UtcTime};
use crate::domain::area::practice::Need;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::standard::{Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level};

/// A moment from its RFC 3339 text.
pub fn at(text: &str) -> UtcTime {
    UtcTime::from(text.parse::<jiff::Timestamp>().unwrap())
}

/// A day from its ISO text.
pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A clearance of November 2026 until its last day.
pub fn clearance(person_id: i64, area_id: i64, ends_on: Day) -> Clearance {
    Clearance {
        id: 1,
        person_id,
        area_id,
        granted_at: at("2026-11-01T09:00:00Z"),
        ends_on,
        signoff_id: None,
        state: ClearanceState::Valid,
        kind: ClearanceKind::Full,
        supervisor_id: None,
        extended_at: None,
        recency_days: 90,
        practice: Need::ONE,
        practice_left: 0,
        practice_from: day("2026-11-01"),
        practised_on: day("2026-11-01"),
        holds_until: ends_on,
    }
}

/// A competency at 3, in the group of its code's letter; without one, in the group of incidents.
pub fn competency(code: &str) -> Competency {
    let letter = code
        .split_once('-')
        .and_then(|(_, rest)| rest.chars().next());
    Competency {
        code: code.into(),
        group: match letter {
            Some('A') => Group::Architecture,
            Some('O') => Group::Observability,
            Some('C') => Group::Change,
            _ => Group::Incident,
        },
        statement: format!("Do {code}"),
        required_level: Level::ALL[2],
        critical: false,
        behaviours: Default::default(),
    }
}

/// A critical competency, at 4.
pub fn critical(code: &str) -> Competency {
    Competency {
        required_level: Level::ALL[3],
        critical: true,
        ..competency(code)
    }
}

pub fn item(code: &str) -> Item {
    Item {
        code: code.into(),
        group: ItemGroup::Read,
        text: format!("Read {code}"),
        done_by: DoneBy::Mentee,
        link: Some("https://runbooks.example.com/one".into()),
    }
}

/// Levels, checklist, and sessions: at least `held`, and `minutes` together.
pub fn gates(held: u32, minutes: u32) -> Vec<Gate> {
    let levels = Gate::Levels {
        critical_evidence: None,
    };
    vec![levels, Gate::Checklist, Gate::Sessions { held, minutes }]
}

/// A version with these lines, without a gate.
pub fn lines(competencies: &[&str], items: &[&str]) -> Content {
    Content {
        competencies: competencies.iter().map(|code| competency(code)).collect(),
        items: items.iter().map(|code| item(code)).collect(),
        gates: Vec::new(),
    }
}

/// A version that could be published.
pub fn content() -> Content {
    Content {
        gates: gates(2, 0),
        ..lines(&["PAY-A1", "PAY-A2", "PAY-I1"], &["PAY-K1", "PAY-K2"])
    }
}
