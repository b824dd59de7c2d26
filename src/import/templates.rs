//! Areas to start from: the files of the demo organisation.

use super::area_toml;
use super::area_toml::AreaInput;
use super::codes::Codes;
use super::existing::Existing;
use super::people_csv::PeopleFile;
use super::source::Source;
use super::{AreaEntry, as_error};
use crate::db::types::Day;
use crate::domain::standard::{Content, Gate, check};
use crate::error::{Error, Result};

/// Path in the folder, and the file's bytes.
pub const FILES: [(&str, &[u8]); 6] = [
    (
        "areas/catalogue.toml",
        include_bytes!("../../demo/areas/catalogue.toml"),
    ),
    (
        "areas/command.toml",
        include_bytes!("../../demo/areas/command.toml"),
    ),
    (
        "areas/edge.toml",
        include_bytes!("../../demo/areas/edge.toml"),
    ),
    (
        "areas/orders.toml",
        include_bytes!("../../demo/areas/orders.toml"),
    ),
    (
        "areas/payments.toml",
        include_bytes!("../../demo/areas/payments.toml"),
    ),
    (
        "areas/platform.toml",
        include_bytes!("../../demo/areas/platform.toml"),
    ),
];

/// Every template, in the order of the files' names.
///
/// Errors: A fault: the templates are part of the product, so none may fail.
pub fn all(today: Day) -> Result<Vec<AreaEntry>> {
    FILES
        .iter()
        .map(|(path, bytes)| read(path, bytes, today))
        .collect()
}

pub fn named(slug: &str, today: Day) -> Result<Option<AreaEntry>> {
    Ok(all(today)?.into_iter().find(|t| t.slug == slug))
}

fn read(path: &str, bytes: &[u8], today: Day) -> Result<AreaEntry> {
    let source = Source::new(path, bytes);
    // Without people.csv, the people and the team in a file are not checked.
    let input = AreaInput {
        source: &source,
        people_file: &PeopleFile::default(),
        existing: &Existing::default(),
        today,
    };
    let entry = area_toml::read(&input, &mut Codes::default());
    let problems = source.into_problems();
    match entry.filter(|_| problems.is_empty()) {
        Some(entry) => Ok(entry),
        None => Err(Error::fault(as_error(&problems))),
    }
}

/// A template's content with another area's code: its codes begin with `code`.
pub fn under_code(content: &Content, code: &str) -> Content {
    let renamed = |old: &str| match old.split_once('-') {
        Some((_, rest)) => format!("{code}-{rest}"),
        None => old.to_owned(),
    };
    let mut content = content.clone();
    for competency in &mut content.competencies {
        competency.code = renamed(&competency.code);
    }
    for item in &mut content.items {
        item.code = renamed(&item.code);
    }
    content
}

/// The same for an organisation whose areas have the codes `known`: prerequisites on other areas are removed.
pub fn fitted(content: &Content, code: &str, known: &[String]) -> Content {
    let mut content = under_code(content, code);
    let is_known = |first: &str| known.iter().any(|k| k == first);
    for gate in &mut content.gates {
        if let Gate::Prerequisite { areas } = gate {
            areas.retain(|first| check::comes_first(first, code, is_known).is_ok());
        }
    }
    content.gates.retain(|gate| check::gate_asks(gate).is_ok());
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prerequisite_stays_when_its_area_exists() {
        let today = Day::parse("2026-11-12").unwrap();
        let command = named("command", today).unwrap().unwrap().standard.unwrap();
        let asks = |code: &str, known: &[&str]| {
            let known: Vec<String> = known.iter().map(|k| (*k).to_owned()).collect();
            let gates = fitted(&command, code, &known).gates;
            assert!(gates.len() + 1 >= command.gates.len());
            let asks = gates.into_iter().find_map(|gate| match gate {
                Gate::Prerequisite { areas } => Some(areas),
                _ => None,
            });
            asks.unwrap_or_default()
        };
        assert_eq!(asks("CMD", &["PAY", "PLT"]), ["PLT"]);
        assert_eq!(asks("CMD", &["PAY"]), [""; 0]);
        assert_eq!(
            asks("PLT", &["PLT"]),
            [""; 0],
            "nothing comes before itself"
        );
    }

    #[test]
    fn every_template_can_be_taken_under_any_code() {
        let templates = all(Day::parse("2026-11-12").unwrap()).unwrap();
        assert_eq!(templates.len(), FILES.len());
        for template in templates {
            let standard = template.standard.unwrap();
            let taken = under_code(&standard, "XYZ");
            let codes = taken.competencies.iter().map(|c| &c.code);
            let codes: Vec<_> = codes.chain(taken.items.iter().map(|i| &i.code)).collect();
            assert!(!codes.is_empty());
            assert!(
                codes.iter().all(|code| code.starts_with("XYZ-")),
                "{codes:?}"
            );
            assert_eq!(
                under_code(&taken, &template.fields.code),
                standard,
                "nothing but the code changes"
            );
        }
    }
}
