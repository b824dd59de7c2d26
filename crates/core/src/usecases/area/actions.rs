//! Setting up and changing an area, its systems and its qualifiers, and archiving it.

use serde_json::{Value, json};

use crate::db::{Conn, is_unique_violation};
use crate::domain::area::model::{Area, Fields};
use crate::domain::area::store;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::domain::area::{may_change, may_manage};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry, Reason};
use crate::domain::people::Actor;
use crate::domain::standard::store::NewVersion;
use crate::domain::standard::{Content, StandardState};
use crate::domain::{currency, people, ramp, standard};
use crate::error::{Error, FieldErrors, Result};
use crate::text;

/// An area as described by a form or a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArea {
    pub slug: String,
    pub fields: Fields,
    pub owner_team_id: i64,
    /// Note and content of its first standard, which is published with it; `None` for an area without one.
    pub standard: Option<(String, Content)>,
}

/// Errors: [`Error::Forbidden`] unless an administrator asks.
pub fn permit_set_up(actor: &Actor) -> Result<()> {
    administrator(actor, "Only an administrator can set up areas.")
}

/// Errors: [`Error::Forbidden`] unless an administrator asks.
pub fn permit_archive(actor: &Actor) -> Result<()> {
    let who = "Only an administrator can archive areas and bring them back.";
    administrator(actor, who)
}

fn administrator(actor: &Actor, who: &str) -> Result<()> {
    match may_manage(actor) {
        true => Ok(()),
        false => Err(Error::Forbidden(who.to_owned())),
    }
}

/// Returns the row of the new area.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Invalid`] when slug or code are taken.
pub fn set_up(c: &mut Conn, act: &Act, new: &NewArea) -> Result<i64> {
    permit_set_up(&act.actor)?;
    let mut errors = FieldErrors::default();
    for area in store::all_with_archived(c)? {
        let gone = if area.archived_at.is_some() {
            ", which is archived"
        } else {
            ""
        };
        if area.slug == new.slug {
            let name = &area.name;
            errors.add("slug", format!("This address belongs to {name}{gone}."));
        }
        if area.code == new.fields.code {
            let name = &area.name;
            errors.add("code", format!("This code belongs to {name}{gone}."));
        }
    }
    let owner = team(c, new.owner_team_id, &mut errors)?;
    errors.or(())?;
    let id = store::insert(c, &new.slug, &new.fields, new.owner_team_id, act.now).map_err(|e| {
        if is_unique_violation(&e, "areas") {
            Error::field(
                "slug",
                "Someone set up an area with this address or code at the same moment.",
            )
        } else {
            e.into()
        }
    })?;
    let mut details = field_details(&new.fields, &owner);
    if let Value::Object(map) = &mut details {
        map.insert("slug".into(), json!(new.slug));
    }
    let entry = Entry::new("area.added", format!("area:{id}")).area(id);
    audit::record(c, act, entry.details(details))?;
    if let Some((note, content)) = &new.standard {
        let first = NewVersion {
            area_id: id,
            version: 1,
            state: StandardState::Published,
            note,
            content,
            by: act.actor.id,
            now: act.now,
        };
        let standard_id = standard::store::insert(c, &first)?;
        let entry = Entry::new("standard.published", format!("standard:{standard_id}")).area(id);
        let details = json!({ "version": 1, "note": note, "content": content });
        audit::record(c, act, entry.details(details))?;
    }
    Ok(id)
}

/// Changes an area that the form showed at `revision`. Slug and code never change. Another practice rule reaches the
/// clearances without an end date.
///
/// Errors: [`Error::Forbidden`] unless the actor is a lead of the owner team or an administrator; [`Error::Invalid`]
/// when someone changed it since, so that no input is lost.
pub fn change(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    revision: i32,
    (fields, owner_team_id): (&Fields, i64),
) -> Result<()> {
    let area = lock_area(c, act, slug)?;
    let mut errors = FieldErrors::default();
    let owner = team(c, owner_team_id, &mut errors)?;
    errors.or(())?;
    let fields = Fields {
        code: area.code.clone(),
        ..fields.clone()
    };
    unchanged(&area, revision)?;
    if fields == Fields::of(&area) && owner_team_id == area.owner_team_id {
        return Ok(());
    }
    store::update(c, area.id, &fields, owner_team_id, act.now)?;
    let entry = Entry::new("area.changed", format!("area:{}", area.id)).area(area.id);
    let rule = fields.rule();
    let reached = match rule == area.rule() {
        true => Vec::new(),
        false => currency::store::adopt(c, area.id, &rule, act.now)?,
    };
    let details = json!({
        "from": field_details(&Fields::of(&area), &area.owner_team),
        "to": field_details(&fields, &owner),
        "clearances": reached,
    });
    audit::record(c, act, entry.details(details))
}

/// Takes the system at `place` off an area, if no one changed the area since `revision`. Returns its name.
///
/// Errors: As [`change_systems`]; [`Error::NotFound`]; [`Error::Invalid`] without a reason.
pub fn remove_system(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    (place, revision): (usize, i32),
    reason: &Reason,
) -> Result<String> {
    let mut name = String::new();
    change_systems(c, act, slug, (revision, reason), |mut all| {
        audit::require_reason(reason)?;
        if place >= all.len() {
            return Err(Error::NotFound("system"));
        }
        name = all.remove(place).name;
        Ok(all)
    })?;
    Ok(name)
}

/// Replaces the systems of an area, if no one changed the area since `revision`. The reason may be empty.
///
/// Errors: As [`change`]; [`Error::Invalid`] when two systems have the same name.
pub fn change_systems(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    (revision, reason): (i32, &Reason),
    wanted: impl FnOnce(Vec<System>) -> Result<Vec<System>>,
) -> Result<()> {
    let area = lock_area(c, act, slug)?;
    unchanged(&area, revision)?;
    let before = systems::of_area(c, area.id)?;
    let after = wanted(before.clone())?;
    for (n, system) in after.iter().enumerate() {
        let is_same = |other: &System| text::key(&other.name) == text::key(&system.name);
        if after.iter().take(n).any(is_same) {
            let sentence = format!("There is a system “{}” in this area already.", system.name);
            return Err(Error::field("name", sentence));
        }
    }
    systems::write(c, area.id, &after)?;
    if !store::take_revision(c, area.id, revision)? {
        return Err(overtaken());
    }
    let entry = Entry::new("area.systems_changed", format!("area:{}", area.id)).area(area.id);
    let details = json!({ "from": system_details(&before), "to": system_details(&after) });
    let details = audit::with_reason(details, reason);
    audit::record(c, act, entry.details(details))
}

/// Archives an area, or restores it. An archived area is not on the board, in lists or in choices; every record stays.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] while someone ramps in it, or
/// when it was done already.
pub fn archive(c: &mut Conn, act: &Act, slug: &str, is_archived: bool) -> Result<()> {
    permit_archive(&act.actor)?;
    let area = store::lock_by_slug(c, slug)?;
    if area.archived_at.is_some() == is_archived {
        let how = if is_archived { "archived" } else { "in use" };
        return Err(Error::Conflict(format!("{} is {how} already.", area.name)));
    }
    let open = ramp::store::open_in(c, area.id)?;
    if is_archived && open > 0 {
        let ramps = if open == 1 { "ramp is" } else { "ramps are" };
        return Err(Error::Conflict(format!(
            "{open} {ramps} open in {}. End them first.",
            area.name
        )));
    }
    store::set_archived(c, area.id, is_archived, act.now)?;
    let action = if is_archived {
        "area.archived"
    } else {
        "area.restored"
    };
    audit::record(
        c,
        act,
        Entry::new(action, format!("area:{}", area.id)).area(area.id),
    )
}

/// Designates someone who may sign for an area once cleared.
///
/// Errors: [`Error::Forbidden`] unless the actor is a lead of the owner team or an administrator; [`Error::Invalid`]
/// when no one matches the input, they are designated already, or they mentor the actor's own ramp in the area.
pub fn designate(c: &mut Conn, act: &Act, slug: &str, person_id: i64) -> Result<String> {
    let area = lock_area(c, act, slug)?;
    act.hold(c, &[person_id])?;
    let person = people::store::by_id(c, person_id)?
        .filter(|p| p.deactivated_at.is_none())
        .ok_or_else(|| Error::field("person", "Choose someone who is here."))?;
    if own_mentors(c, &act.actor, area.id)?.contains(&person_id) {
        let sentence = format!(
            "{} mentors your ramp here. Another lead of {} or an administrator designates them.",
            person.name, area.owner_team
        );
        return Err(Error::field("person", sentence));
    }
    let current = store::qualifiers_of(c, area.id)?;
    if current.iter().any(|q| q.person_id == person_id) {
        return Err(Error::field(
            "person",
            format!("{} is designated already.", person.name),
        ));
    }
    store::designate(c, area.id, person_id, act.actor.id, act.now)?;
    let entry = Entry::new("qualifier.designated", format!("area:{}", area.id));
    audit::record(c, act, entry.area(area.id).person(person_id))?;
    Ok(person.name)
}

/// The mentors of the actor's own ramp in an area: nobody designates them who would sign for oneself (rule 1).
pub fn own_mentors(c: &mut Conn, actor: &Actor, area_id: i64) -> Result<Vec<i64>> {
    match actor.id {
        Some(id) => ramp::store::pairs::mentors_now(c, (id, area_id)),
        None => Ok(Vec::new()),
    }
}

/// Ends a designation; earlier signatures stay valid.
///
/// Errors: [`Error::Forbidden`] as for [`designate`]; [`Error::Conflict`] when it had ended; [`Error::Invalid`] without a
/// reason.
pub fn end_designation(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    person_id: i64,
    reason: &Reason,
) -> Result<String> {
    let area = lock_area(c, act, slug)?;
    audit::require_reason(reason)?;
    let person = people::store::by_id(c, person_id)?.ok_or(Error::NotFound("person"))?;
    if !store::end_designation(c, area.id, person_id, act.actor.id, act.now)? {
        return Err(Error::Conflict(format!(
            "{} is no longer designated for {}.",
            person.name, area.name
        )));
    }
    let entry = Entry::new("qualifier.ended", format!("area:{}", area.id));
    let details = audit::with_reason(json!({}), reason);
    audit::record(
        c,
        act,
        entry.area(area.id).person(person_id).details(details),
    )?;
    Ok(person.name)
}

/// The area, for the page of someone who may change it.
///
/// Errors: [`Error::NotFound`]; [`Error::Forbidden`] for everyone else.
pub fn area_to_change(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Area> {
    let area = store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
    require_shape(&area, actor)?;
    Ok(area)
}

/// The locked area, for someone who may change it.
///
/// Errors: [`Error::Forbidden`] for everyone else; [`Error::Conflict`] when it is archived.
pub fn lock_area(c: &mut Conn, act: &Act, slug: &str) -> Result<Area> {
    let area = store::lock_by_slug(c, slug)?;
    require_shape(&area, &act.actor)?;
    if area.archived_at.is_some() {
        let sentence = format!("{} is archived. Bring it back first.", area.name);
        return Err(Error::Conflict(sentence));
    }
    Ok(area)
}

fn require_shape(area: &Area, actor: &Actor) -> Result<()> {
    if may_change(actor, area.owner_team_id) {
        Ok(())
    } else {
        Err(forbidden(area))
    }
}

/// Who may change an area, for someone who may not.
pub fn forbidden(area: &Area) -> Error {
    Error::Forbidden(format!(
        "{} can be edited only by leads of {} and by administrators.",
        area.name, area.owner_team
    ))
}

fn unchanged(area: &Area, revision: i32) -> Result<()> {
    if area.revision == revision {
        Ok(())
    } else {
        Err(overtaken())
    }
}

fn overtaken() -> Error {
    Error::Conflict(
        "Someone changed this area while you were editing. Your text is below. The area's page shows what is stored now."
            .into(),
    )
}

fn team(c: &mut Conn, id: i64, errors: &mut FieldErrors) -> Result<String> {
    let found = people::store::teams_by_ids(c, &[id])?.pop();
    if found.is_none() {
        errors.add("owner_team", "Choose the team that owns the area.");
    }
    Ok(found.map(|t| t.name).unwrap_or_default())
}

fn field_details(fields: &Fields, owner_team: &str) -> Value {
    json!({
        "code": fields.code,
        "name": fields.name,
        "summary": fields.summary,
        "tier": fields.tier,
        "owner_team": owner_team,
        "minimum_cover": fields.minimum_cover,
        "target_weeks": fields.target_weeks,
        "validity_months": fields.validity_months,
        "recency_days": fields.recency_days,
        "labels": fields.labels,
        "practice": fields.practice.to_string(),
        "ends": fields.ends.to_string(),
    })
}

fn system_details(all: &[System]) -> Value {
    all.iter()
        .map(|s| json!({ "name": s.name, "reference": s.reference, "links": s.links }))
        .collect()
}
