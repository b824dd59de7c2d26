//! A list of people that somebody pasted: `name, e-mail[, team][, lead][, time zone]` a line, or what people.csv says. It adds
//! people and puts them into teams; what is there already is never taken away or renamed.

use super::change::Change;
use super::plan::diff;
use super::present::Present;
use super::source::Source;
use super::{Options, Organisation, PersonEntry, Problem, people_csv};
use crate::domain::people::ZoneName;

/// People of one list: each gets a link, and all of them a page to copy them from.
pub const MOST: usize = 500;

/// Reads a list. `zone` is the time zone of those whose line names none.
///
/// Errors: Every problem of every line.
pub fn read(
    text: &str,
    zone: &ZoneName,
    present: &Present,
) -> Result<Vec<PersonEntry>, Vec<Problem>> {
    let source = Source::new("list", text.as_bytes());
    let people = people_csv::read_list(&source, zone, present);
    if people.is_empty() && source.is_sound() {
        source.at_line(
            1,
            "The list is empty. Write one person a line: name, e-mail.",
        );
    }
    if people.len() > MOST {
        let n = people.len();
        let sentence = format!(
            "The list has {n} people; {MOST} is the most. Bring the rest in a second list."
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

/// What a list adds to the database, in an order in which it can be made.
pub fn additions(people: &[PersonEntry], present: &Present) -> Vec<Change> {
    let organisation = Organisation {
        people: people.to_vec(),
        areas: Vec::new(),
        postmortems: Vec::new(),
    };
    diff(&organisation, present, Options::default())
        .into_iter()
        .filter(|change| match change {
            Change::AddTeam(_) | Change::AddPerson { .. } => true,
            Change::MovePerson { from, to, .. } => to > from,
            _ => false,
        })
        .collect()
}
