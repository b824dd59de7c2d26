//! Use cases of the importer: what would change, and changing it.

use std::collections::BTreeSet;

use super::change::Change;
use super::library::Taught;
use super::make::{Rows, make};
use super::plan::{diff, notes};
use super::present;
use super::present::{Present, refusal_of_archived};
use super::{Options, Organisation, Problem, list, refusal};
use crate::db::Conn;
use crate::db::conn::transaction_lock;
use crate::domain::audit::Act;
use crate::domain::invite::Token;
use crate::domain::people::ZoneName;
use crate::domain::people::model::Person;
use crate::domain::{area, people};
use crate::error::{Error, FieldErrors, Result};

/// What an import did, or would do.
#[derive(Debug)]
pub struct Report {
    /// Every change, in the order they were made.
    pub changes: Vec<Change>,
    /// What it left alone although a file says something else.
    pub notes: Vec<String>,
}

/// Makes the database say what the files say, in the caller's transaction. A second time it changes nothing.
///
/// Errors: [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] for an area that is archived, and as
/// [`plan`]; whatever a change met. The caller then rolls back.
pub fn import(
    c: &mut Conn,
    act: &Act,
    organisation: &Organisation,
    options: Options,
) -> Result<Report> {
    if !act.actor.is_admin {
        return Err(Error::Forbidden(
            "Only an administrator may import an organisation.".into(),
        ));
    }
    // Two imports at once would both find the same things missing: the second waits here until the first is done.
    transaction_lock(c, "import")?;
    crate::usecases::people::actions::one_at_a_time(c)?;
    require_in_use(c, organisation)?;
    let present = present::load(c)?;
    let report = decided(organisation, &present, options)?;
    let mut rows = Rows::of(&present);
    for change in &report.changes {
        make(c, act, &mut rows, change)?;
    }
    Ok(report)
}

/// Brings in a pasted list, in the caller's transaction, and makes a link for everybody who is new: gives them back in
/// the order of the list.
///
/// Errors: [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] with every problem of the list at
/// `list`.
pub fn add_people(
    c: &mut Conn,
    act: &Act,
    text: &str,
    zone: &ZoneName,
) -> Result<Vec<(Person, Token)>> {
    if !act.actor.is_admin {
        let sentence = "Only an administrator may add people.";
        return Err(Error::Forbidden(sentence.into()));
    }
    transaction_lock(c, "import")?;
    crate::usecases::people::actions::one_at_a_time(c)?;
    let present = present::people(c)?;
    let entries = list::read(text, zone, &present)
        .map_err(|problems| Error::Invalid(super::at_lines("list", &problems)))?;
    let mut rows = Rows::of(&present);
    let mut new = Vec::new();
    for change in list::additions(&entries, &present) {
        make(c, act, &mut rows, &change)?;
        if let Change::AddPerson { person, .. } = change {
            new.push(rows.person(&person.email)?);
        }
    }
    let links = new.into_iter().map(|id| {
        let person = people::store::by_id(c, id)?.ok_or(Error::NotFound("person"))?;
        let token = crate::usecases::invite::actions::issue(c, act, &person)?;
        Ok((person, token))
    });
    links.collect()
}

/// What [`import`] would do.
///
/// Errors: [`Error::Invalid`] where a post-mortem teaches what would be in a draft alone.
pub fn plan(c: &mut Conn, organisation: &Organisation, options: Options) -> Result<Report> {
    decided(organisation, &present::load(c)?, options)
}

/// What becomes of the files beside what the database has.
fn decided(organisation: &Organisation, present: &Present, options: Options) -> Result<Report> {
    let taught = Taught {
        present,
        areas: &organisation.areas,
        unread: BTreeSet::new(),
    };
    let files = organisation.postmortems.iter();
    let problems: Vec<Problem> = files
        .flat_map(|entry| taught.problems(entry, options))
        .collect();
    if !problems.is_empty() {
        return Err(refusal(&problems));
    }
    Ok(Report {
        changes: diff(organisation, present, options),
        notes: notes(organisation, present),
    })
}

/// Refuses areas that are out of use, and holds the others in use until this transaction ends.
fn require_in_use(c: &mut Conn, organisation: &Organisation) -> Result<()> {
    let mut known = area::store::all_with_archived(c)?;
    known.retain(|a| organisation.areas.iter().any(|e| e.slug == a.slug));
    known.sort_unstable_by_key(|a| a.id);
    let mut errors = FieldErrors::default();
    for area in known {
        let area = area::store::lock(c, area.id)?;
        if let Some(at) = area.archived_at {
            errors.add("", refusal_of_archived(&area.name, at.day()));
        }
    }
    errors.or(())
}
