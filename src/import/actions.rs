//! Use cases of the importer: what would change, and changing it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::change::Change;
use super::plan::diff;
use super::present::{self, Present, refusal_of_archived};
use super::{Options, Organisation, list};
use crate::area::store::Fields;
use crate::audit::{self, Act, Entry};
use crate::db::Conn;
use crate::db::conn::transaction_lock;
use crate::error::{Error, FieldErrors, Result};
use crate::invite::{self, Token};
use crate::people::store::Person;
use crate::people::{Email, Name, ZoneName};
use crate::standard::store::NewVersion;
use crate::standard::{Content, StandardState};
use crate::{area, clearance, people, standard};

/// What an import did.
#[derive(Debug)]
pub struct Report {
    /// Every change, in the order they were made.
    pub changes: Vec<Change>,
}

/// Makes the database say what the files say, in the caller's transaction. A second time it changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] for an area that is archived; whatever a change
/// met. The caller then rolls back.
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
    people::actions::one_at_a_time(c)?;
    require_in_use(c, organisation)?;
    let present = present::load(c)?;
    let changes = diff(organisation, &present, options);
    let mut rows = Rows::of(&present);
    for change in &changes {
        make(c, act, &mut rows, change)?;
    }
    Ok(Report { changes })
}

/// Brings in a pasted list, in the caller's transaction, and makes a link for everybody who is new: gives them back in
/// the order of the list.
///
/// # Errors
/// [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] with every problem of the list at `list`.
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
    people::actions::one_at_a_time(c)?;
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
        let token = invite::actions::issue(c, act, &person)?;
        Ok((person, token))
    });
    links.collect()
}

/// What [`import`] would do.
///
/// # Errors
/// A database fault.
pub fn plan(c: &mut Conn, organisation: &Organisation, options: Options) -> Result<Vec<Change>> {
    Ok(diff(organisation, &present::load(c)?, options))
}

/// Refuses areas that are out of use, and holds the others in use until this transaction ends.
fn require_in_use(c: &mut Conn, organisation: &Organisation) -> Result<()> {
    let mut known = area::store::ever(c)?;
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

/// Rows by key, those added on the way as well.
struct Rows {
    people: HashMap<String, i64>,
    teams: HashMap<String, i64>,
    areas: HashMap<String, i64>,
}

impl Rows {
    fn of(present: &Present) -> Self {
        Self {
            people: present
                .people
                .iter()
                .map(|(key, p)| (key.clone(), p.id))
                .collect(),
            teams: present
                .teams
                .iter()
                .map(|(key, t)| (key.clone(), t.id))
                .collect(),
            areas: present
                .areas
                .iter()
                .map(|(slug, a)| (slug.clone(), a.id))
                .collect(),
        }
    }

    fn person(&self, email: &Email) -> Result<i64> {
        self.person_by_key(&email.key())
    }

    fn person_by_key(&self, key: &str) -> Result<i64> {
        self.people
            .get(key)
            .copied()
            .ok_or(Error::NotFound("person with that e-mail"))
    }

    fn team(&self, name: &Name) -> Result<i64> {
        self.teams
            .get(&name.key())
            .copied()
            .ok_or(Error::NotFound("team of that name"))
    }

    fn area(&self, slug: &str) -> Result<i64> {
        self.areas.get(slug).copied().ok_or(Error::NotFound("area"))
    }
}

/// Makes one change and writes it into the audit chain.
fn make(c: &mut Conn, act: &Act, rows: &mut Rows, change: &Change) -> Result<()> {
    match change {
        Change::AddTeam(name) => {
            let (id, _) = people::store::team_named(c, name, act.now)?;
            rows.teams.insert(name.key(), id);
            let entry = Entry::new("team.added", format!("team:{id}"));
            audit::record(c, act, entry.details(json!({ "name": name.as_str() })))
        }
        Change::AddPerson {
            person,
            administrator,
        } => {
            let id = people::actions::add(c, act, person, *administrator)?;
            rows.people.insert(person.email.key(), id);
            Ok(())
        }
        Change::RenamePerson { email, from, to } => {
            let id = rows.person(email)?;
            people::store::set_name(c, id, to)?;
            let entry = Entry::new("person.renamed", format!("person:{id}")).person(id);
            audit::record(
                c,
                act,
                entry.details(json!({ "from": from, "to": to.as_str() })),
            )
        }
        Change::MovePerson {
            email,
            team,
            from,
            to,
        } => {
            let (person_id, team_id) = (rows.person(email)?, rows.team(team)?);
            people::admin::actions::put(c, act, (team_id, team.as_str()), person_id, *from, *to)
        }
        Change::AddArea {
            slug,
            fields,
            owner_team,
            systems,
        } => {
            let id = area::store::insert(c, slug, fields, rows.team(owner_team)?, act.now)?;
            rows.areas.insert(slug.clone(), id);
            area::systems::write(c, id, systems)?;
            let details = area_details(slug, fields, owner_team, systems);
            audit::record(
                c,
                act,
                Entry::new("area.added", format!("area:{id}"))
                    .area(id)
                    .details(details),
            )
        }
        Change::ChangeArea {
            slug,
            fields,
            owner_team,
            systems,
            ..
        } => {
            let id = rows.area(slug)?;
            area::store::update(c, id, fields, rows.team(owner_team)?, act.now)?;
            area::systems::write(c, id, systems)?;
            let details = area_details(slug, fields, owner_team, systems);
            audit::record(
                c,
                act,
                Entry::new("area.changed", format!("area:{id}"))
                    .area(id)
                    .details(details),
            )
        }
        Change::Designate { slug, email } => {
            let (area_id, person_id) = (rows.area(slug)?, rows.person(email)?);
            area::store::designate(c, area_id, person_id, act.actor.id, act.now)?;
            let entry = Entry::new("qualifier.designated", format!("area:{area_id}"));
            audit::record(c, act, entry.area(area_id).person(person_id))
        }
        Change::EndDesignation { slug, email_key } => {
            let (area_id, person_id) = (rows.area(slug)?, rows.person_by_key(email_key)?);
            area::store::end_designation(c, area_id, person_id, act.actor.id, act.now)?;
            let entry = Entry::new("qualifier.ended", format!("area:{area_id}"));
            audit::record(c, act, entry.area(area_id).person(person_id))
        }
        Change::TakeOverClearance { slug, email, until } => {
            let (area_id, person_id) = (rows.area(slug)?, rows.person(email)?);
            clearance::actions::record_existing(c, act, person_id, area_id, act.now, *until)?;
            Ok(())
        }
        Change::PublishFirst {
            slug,
            note,
            content,
        } => {
            let area_id = rows.area(slug)?;
            let state = StandardState::Published;
            let new = NewVersion {
                area_id,
                version: 1,
                state,
                note,
                content,
                by: act.actor.id,
                now: act.now,
            };
            let id = standard::store::insert(c, &new)?;
            let entry = Entry::new("standard.published", format!("standard:{id}")).area(area_id);
            audit::record(
                c,
                act,
                entry.details(json!({ "version": 1, "note": note, "content": content })),
            )
        }
        Change::Draft {
            slug,
            version,
            rewrites,
            note,
            content,
            ..
        } => draft(
            c,
            act,
            rows.area(slug)?,
            (*version, *rewrites),
            note,
            content,
        ),
        Change::PublishDraft { slug, version } => publish(c, act, rows.area(slug)?, *version),
    }
}

fn draft(
    c: &mut Conn,
    act: &Act,
    area_id: i64,
    (version, rewrites): (i32, Option<i64>),
    note: &str,
    content: &Content,
) -> Result<()> {
    let id = match rewrites {
        Some(id) => {
            let draft = standard::store::lock_draft(c, area_id)?.filter(|d| d.id == id);
            let draft = draft.ok_or_else(|| overtaken(version))?;
            let at = (id, draft.revision);
            standard::store::save_draft(c, at, content, act.actor.id, act.now)?;
            standard::store::set_note(c, id, note)?;
            id
        }
        None => {
            let new = NewVersion {
                area_id,
                version,
                state: StandardState::Draft,
                note,
                content,
                by: act.actor.id,
                now: act.now,
            };
            standard::store::insert(c, &new)?
        }
    };
    let entry = Entry::new("standard.drafted", format!("standard:{id}")).area(area_id);
    // A draft is written over by the next import; the chain keeps what each of them said.
    audit::record(
        c,
        act,
        entry.details(json!({ "version": version, "note": note, "content": content })),
    )
}

fn publish(c: &mut Conn, act: &Act, area_id: i64, version: i32) -> Result<()> {
    let draft = standard::store::lock_draft(c, area_id)?.filter(|d| d.version == version);
    let draft = draft.ok_or_else(|| overtaken(version))?;
    let versions = standard::store::of_area(c, area_id)?;
    let before = versions
        .iter()
        .find(|s| s.state == StandardState::Published);
    let with = (draft.note.as_str(), draft.material);
    standard::actions::release(c, act, &draft, before, with)
}

/// Somebody published the draft in the browser while the import was made.
fn overtaken(version: i32) -> Error {
    Error::Conflict(format!(
        "Version {version} is no draft any more; import again."
    ))
}

fn area_details(
    slug: &str,
    fields: &Fields,
    owner_team: &Name,
    systems: &[area::systems::System],
) -> Value {
    let systems: Vec<_> = systems
        .iter()
        .map(|s| json!({ "name": s.name, "reference": s.reference, "links": s.links }))
        .collect();
    json!({
        "slug": slug,
        "code": fields.code,
        "name": fields.name,
        "summary": fields.summary,
        "tier": fields.tier,
        "owner_team": owner_team.as_str(),
        "minimum_cover": fields.minimum_cover,
        "target_weeks": fields.target_weeks,
        "validity_months": fields.validity_months,
        "recency_days": fields.recency_days,
        "systems": systems,
    })
}
