//! A pasted list of people: `name, e-mail[, team][, lead][, time zone]` a line, or the format of people.csv. It adds
//! people and puts them into teams; it never removes or renames anything.

use super::change::Change;
use super::existing::Existing;
use super::plan::diff;
use super::source::Source;
use super::{Options, Organisation, PersonEntry, Problem, people_csv};
use crate::domain::people::ZoneName;

/// Most people in one list: each gets a link, and one page shows all links.
pub const MAX: usize = 500;

/// Reads a list. `zone` is the time zone of lines without one.
///
/// Errors: Every problem of every line.
pub fn read(
    text: &str,
    zone: &ZoneName,
    existing: &Existing,
) -> Result<Vec<PersonEntry>, Vec<Problem>> {
    let source = Source::new("list", text.as_bytes());
    let people = people_csv::read_list(&source, zone, existing);
    if people.is_empty() && source.is_sound() {
        source.at_line(
            1,
            "The list is empty. Write one person a line: name, e-mail.",
        );
    }
    if people.len() > MAX {
        let n = people.len();
        let sentence =
            format!("The list has {n} people. The limit is {MAX}. Put the rest in a second list.");
        source.at_line(1, sentence);
    }
    let places: usize = people.iter().map(|entry| entry.teams.len()).sum();
    if places > 2 * MAX {
        let sentence = format!(
            "The list has {places} places in teams. The limit is {}. Put the rest in a second list.",
            2 * MAX
        );
        source.at_line(1, sentence);
    }
    let problems = source.into_problems();
    if problems.is_empty() {
        Ok(people)
    } else {
        Err(problems)
    }
}

/// The changes that a list makes, in an order that works.
pub fn additions(people: &[PersonEntry], existing: &Existing) -> Vec<Change> {
    let organisation = Organisation {
        teams: Vec::new(),
        people: people.to_vec(),
        areas: Vec::new(),
        postmortems: Vec::new(),
    };
    diff(&organisation, existing, Options::default())
        .into_iter()
        .filter(|change| match change {
            Change::AddTeam(_) | Change::AddPerson { .. } => true,
            Change::MovePerson { from, to, .. } => to > from,
            _ => false,
        })
        .collect()
}
