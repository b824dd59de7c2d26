//! Use cases of the importer: the plan, and the import.

use std::collections::BTreeSet;

use super::apply::{Rows, apply};
use super::change::Change;
use super::doubts::{DOUBTS, Decisions, Doubts};
use super::existing;
use super::existing::{Existing, archived_sentence};
use super::library::LibraryCheck;
use super::plan::{diff, notes};
use super::{Options, Organisation, Problem, as_error, list};
use crate::db::locks::Order;
use crate::db::{Conn, locks};
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::invite::Token;
use crate::domain::people::ZoneName;
use crate::domain::people::model::Person;
use crate::domain::{area, clearance, people, postmortem};
use crate::error::{Error, FieldErrors, Result};

/// What an import did, or would do.
#[derive(Debug)]
pub struct Report {
    /// Every change, in the order they were made.
    pub changes: Vec<Change>,
    /// What may not be meant, and what it did not change although a file says something else.
    pub notes: Vec<String>,
}

/// Makes the database say what the files say, in the caller's transaction. A second run changes nothing.
///
/// Errors: [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] for an archived area, and as in
/// [`plan`]; any error of a change. The caller then rolls back.
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
    // Two imports at once would both find the same things missing, so the second waits here for the first.
    locks::one_at_a_time(c, Order::Imports, "")?;
    crate::usecases::people::actions::one_at_a_time(c)?;
    crate::usecases::postmortem::actions::one_at_a_time(c)?;
    crate::usecases::standard::actions::one_publishes_at_a_time(c)?;
    let slugs: Vec<&str> = organisation
        .postmortems
        .iter()
        .map(|p| p.slug.as_str())
        .collect();
    postmortem::store::import::lock(c, &slugs)?;
    require_in_use(c, organisation)?;
    let existing = existing::load(c)?;
    let report = decided(organisation, &existing, options)?;
    let mut rows = Rows::of(&existing);
    clearance::store::lock_unending(c, &rows.areas_of(&report.changes))?;
    // Every lock before those of the audit log and the search, which are the last to take.
    act.hold(c, &rows.people_of(&report.changes))?;
    audit::in_one_go(c, act, |c, act| {
        let mut changes = report.changes.iter();
        changes.try_for_each(|change| apply(c, act, &mut rows, change))
    })?;
    Ok(report)
}

/// Imports a pasted list, in the caller's transaction. Makes a link for each new person and mails it to them; returns them
/// in the order of the list.
///
/// Errors: [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] with every problem of the list at
/// `list`, or at `doubts` while one of them is not decided.
pub fn add_people(
    c: &mut Conn,
    act: &Act,
    text: &str,
    zone: &ZoneName,
    decisions: &Decisions,
) -> Result<Vec<(Person, Token)>> {
    if !act.actor.is_admin {
        let sentence = "Only an administrator may add people.";
        return Err(Error::Forbidden(sentence.into()));
    }
    locks::one_at_a_time(c, Order::Imports, "")?;
    crate::usecases::people::actions::one_at_a_time(c)?;
    let existing = existing::people(c)?;
    let entries = list::read(text, zone, &existing)
        .map_err(|problems| Error::Invalid(super::at_lines("list", &problems)))?;
    if !decisions.settle(&Doubts::of(&entries, &existing)) {
        let sentence = "Answer every question below, then add the list.";
        return Err(Error::field(DOUBTS, sentence));
    }
    let entries = decisions.apply(entries);
    let mut rows = Rows::of(&existing);
    let changes = list::additions(&entries, &existing);
    act.hold(c, &rows.people_of(&changes))?;
    audit::in_one_go(c, act, |c, act| {
        let mut new = Vec::new();
        for change in changes {
            apply(c, act, &mut rows, &change)?;
            if let Change::AddPerson { person, .. } = change {
                new.push(rows.person(&person.email)?);
            }
        }
        let links = new.into_iter().map(|id| {
            let person = people::store::by_id(c, id)?.ok_or(Error::NotFound("person"))?;
            let token = crate::usecases::invite::actions::mail(c, act, &person)?;
            Ok((person, token))
        });
        links.collect()
    })
}

/// What [`import`] would do.
///
/// Errors: [`Error::Invalid`] when a post-mortem teaches a competency that would only be in a draft.
pub fn plan(c: &mut Conn, organisation: &Organisation, options: Options) -> Result<Report> {
    decided(organisation, &existing::load(c)?, options)
}

/// The changes and notes for the files, compared with the database.
fn decided(organisation: &Organisation, existing: &Existing, options: Options) -> Result<Report> {
    let check = LibraryCheck {
        existing,
        areas: &organisation.areas,
        unread: BTreeSet::new(),
    };
    let files = organisation.postmortems.iter();
    let problems: Vec<Problem> = files
        .flat_map(|entry| check.problems(entry, options))
        .collect();
    if !problems.is_empty() {
        return Err(as_error(&problems));
    }
    Ok(Report {
        changes: diff(organisation, existing, options),
        notes: notes(organisation, existing),
    })
}

/// Refuses archived areas, and locks the others until this transaction ends, so that nobody archives them.
fn require_in_use(c: &mut Conn, organisation: &Organisation) -> Result<()> {
    let mut known = area::store::all_with_archived(c)?;
    known.retain(|a| organisation.areas.iter().any(|e| e.slug == a.slug));
    known.sort_unstable_by_key(|a| a.id);
    let mut errors = FieldErrors::default();
    for area in known {
        let area = area::store::lock(c, area.id)?;
        if let Some(at) = area.archived_at {
            errors.add("", archived_sentence(&area.name, at.day()));
        }
    }
    errors.or(())
}
