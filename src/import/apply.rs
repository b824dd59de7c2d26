//! Applies the changes of an import, one by one.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::change::Change;
use super::existing;
use crate::db::Conn;
use crate::domain::area::model::Fields;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry, Reason};
use crate::domain::people::{Email, Name};
use crate::domain::standard::store::NewVersion;
use crate::domain::standard::{Content, StandardState};
use crate::domain::{area, currency, people, standard};
use crate::error::{Error, Result};
use crate::usecases::clearance::takeover::{Existing, record_existing};
use crate::usecases::standard::actions::refuse_circle;

/// Rows by key, also those added by this import.
pub(super) struct Rows {
    people: HashMap<String, i64>,
    teams: HashMap<String, i64>,
    areas: HashMap<String, i64>,
}

impl Rows {
    pub(super) fn of(existing: &existing::Existing) -> Self {
        Self {
            people: existing
                .people
                .iter()
                .map(|(key, p)| (key.clone(), p.id))
                .collect(),
            teams: existing
                .teams
                .iter()
                .map(|(key, t)| (key.clone(), t.id))
                .collect(),
            areas: existing
                .areas
                .iter()
                .map(|(slug, a)| (slug.clone(), a.id))
                .collect(),
        }
    }

    /// Those of people who were there before and are changed.
    pub(super) fn people_of(&self, changes: &[Change]) -> Vec<i64> {
        let changed = changes.iter().filter_map(|change| match change {
            Change::RenamePerson { email, .. } | Change::MovePerson { email, .. } => Some(email),
            _ => None,
        });
        changed
            .filter_map(|email| self.people.get(&email.key()).copied())
            .collect()
    }

    pub(super) fn person(&self, email: &Email) -> Result<i64> {
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

    /// The areas that those changes change.
    pub(super) fn areas_of(&self, changes: &[Change]) -> Vec<i64> {
        let changed = changes.iter().filter_map(|change| match change {
            Change::ChangeArea { slug, .. } => self.areas.get(slug),
            _ => None,
        });
        changed.copied().collect()
    }

    fn area(&self, slug: &str) -> Result<i64> {
        self.areas.get(slug).copied().ok_or(Error::NotFound("area"))
    }
}

/// Applies one change and writes it into the audit chain.
///
/// Errors: When someone else wrote at the same moment; a database fault.
pub(super) fn apply(c: &mut Conn, act: &Act, rows: &mut Rows, change: &Change) -> Result<()> {
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
            let id = crate::usecases::people::actions::add(c, act, person, *administrator)?;
            rows.people.insert(person.email.key(), id);
            Ok(())
        }
        Change::RenamePerson { email, from, to } => {
            let id = rows.person(email)?;
            people::store::set_name(c, id, to, act.now)?;
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
            crate::usecases::people::admin::put(
                c,
                act,
                (team_id, team.as_str()),
                person_id,
                (*from, *to),
                &Reason::default(),
            )
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
            currency::store::adopt(c, id, &fields.rule(), act.now)?;
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
            let existing = Existing {
                person_id,
                area_id,
                since: act.now,
                ends_on: *until,
                rests_on: None,
            };
            record_existing(c, act, &existing).map(|_| ())
        }
        Change::PublishFirst {
            slug,
            note,
            content,
        } => {
            let area_id = rows.area(slug)?;
            refuse_circle(c, area_id, content)?;
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
        Change::AddPostmortem { slug, document } => {
            crate::usecases::postmortem::actions::add_file(c, act, slug, document)
        }
        Change::RewritePostmortem { slug, document, .. } => {
            crate::usecases::postmortem::actions::rewrite(c, act, slug, document)
        }
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
    // The next import overwrites a draft; the chain keeps the text of each.
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
    crate::usecases::standard::actions::release(c, act, &draft, before, with)
}

/// Someone published the draft in the browser during the import.
fn overtaken(version: i32) -> Error {
    Error::Conflict(format!(
        "Version {version} is no longer a draft. Import again."
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
        "labels": fields.labels,
        "practice": fields.practice.to_string(),
        "ends": fields.ends.to_string(),
        "systems": systems,
    })
}
