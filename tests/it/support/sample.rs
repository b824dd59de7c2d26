//! What tests put into the app: standards and a post-mortem.

use checkride::domain::postmortem::{Document, Point, Severity};
use checkride::domain::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level,
};

use super::at;

/// The levels, the checklist, and one session of so many minutes.
fn gates(minutes: u32) -> Vec<Gate> {
    let levels = Gate::Levels {
        critical_evidence: None,
    };
    vec![levels, Gate::Checklist, Gate::Sessions { held: 1, minutes }]
}

/// What the standard asks for: two competencies a group, the second one critical, two checklist items, three gates.
pub fn content() -> Content {
    let groups = [
        (Group::Architecture, "A"),
        (Group::Observability, "O"),
        (Group::Incident, "I"),
        (Group::Change, "C"),
    ];
    let competencies = groups.into_iter().flat_map(|(group, letter)| {
        [(1, false), (2, true)].map(|(number, critical)| Competency {
            code: format!("PAY-{letter}{number}"),
            group,
            statement: format!("Shows the {} of payments, part {number}", group.word()),
            required_level: Level::new(if critical { 4 } else { 3 }).unwrap(),
            critical,
            behaviours: [1, 2, 3, 4, 5].map(|level| format!("What is seen at level {level}")),
        })
    });
    Content {
        competencies: competencies.collect(),
        items: vec![
            Item {
                code: "PAY-K1".into(),
                group: ItemGroup::Read,
                text: "Read the failover runbook".into(),
                done_by: DoneBy::Mentee,
                link: Some("https://runbooks.example.com/payments/failover".into()),
            },
            Item {
                code: "PAY-K2".into(),
                group: ItemGroup::Access,
                text: "Get access to the payments dashboards".into(),
                done_by: DoneBy::Mentee,
                link: None,
            },
        ],
        gates: gates(30),
    }
}

/// A standard of three lines: two competencies of incidents, the second one critical, and a checklist item.
pub fn short() -> Content {
    let all = content();
    let competency = |code: &str, level| Competency {
        code: code.into(),
        group: Group::Incident,
        statement: format!("Does {code}"),
        required_level: Level::new(level).unwrap(),
        critical: level > 3,
        behaviours: Default::default(),
    };
    Content {
        competencies: vec![competency("H-I1", 3), competency("H-I2", 4)],
        items: vec![Item {
            code: "H-K1".into(),
            link: None,
            ..all.items[0].clone()
        }],
        gates: gates(10),
    }
}

/// A document that can be taught.
pub fn document() -> Document {
    let point = |saw: &str, code: &str| Point {
        saw: saw.into(),
        question: format!("What does it mean that {}?", saw.to_lowercase()),
        believed: "The provider had failed".into(),
        decided: "Switched everything to the other one".into(),
        now: "Look at the capture queue first".into(),
        teaches: vec![code.into()],
    };
    Document {
        title: "Captures were doubled".into(),
        severity: Severity::One,
        occurred_at: at("2025-11-20T19:42:00Z"),
        minutes: 47,
        areas: vec!["payments".into()],
        systems: vec!["Gateway".into()],
        link: Some("https://wiki.example.com/inc/2418".into()),
        symptoms: "Authorisation takes nine seconds.".into(),
        impact: "1,912 shoppers were charged twice.".into(),
        points: vec![
            point("The queue grows", "PAY-I1"),
            point("Support calls", "PAY-I2"),
        ],
        surprised: "Keys are per provider.".into(),
        actions: Vec::new(),
        body: "## Timeline\n\nIt **began** at night.".into(),
    }
}
