//! Adding many people at once: a pasted list, looked at before it is stored, then a link for each.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{administrators_only, links};
use crate::db::Conn;
use crate::domain::people::{Place, ZoneName};
use crate::error::{Error, Result};
use crate::import;
use crate::import::change::Change;
use crate::import::{existing, list};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::{Once, submit_once};
use crate::web::{Done, Errors, Fields, Page, respond};

/// A person of the list, and what the list changes about them.
struct LineView {
    name: String,
    email: String,
    zone: String,
    is_new: bool,
    changes: String,
}

/// What the list would do.
struct Preview {
    lines: Vec<LineView>,
    new: usize,
    teams: Vec<String>,
    changes: bool,
}

#[derive(Template)]
#[template(path = "people/admin/many.html")]
struct ManyPage {
    page: Page,
    errors: Errors,
    text: String,
    time_zone: String,
    most: usize,
    preview: Option<Preview>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default(), false).await
}

/// The form, with what its list would do when it `looks`.
async fn show(req: &HttpRequest, form: Form, looks: bool) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        administrators_only(context)?;
        let text = form.fields.get("list").to_owned();
        let preview = match looks {
            true => Some(preview(c, &text, &zone(&form.fields)?)?),
            false => None,
        };
        Ok(ManyPage {
            time_zone: match form.fields.has("time_zone") {
                true => form.fields.get("time_zone").to_owned(),
                false => page.zone.clone(),
            },
            page: page.titled("admin", "Add many people"),
            errors: form.errors,
            text,
            most: list::MAX,
            preview,
        })
    })
    .await
}

fn zone(fields: &Fields) -> Result<ZoneName> {
    ZoneName::parse(fields.get("time_zone")).map_err(|sentence| Error::field("time_zone", sentence))
}

fn preview(c: &mut Conn, text: &str, zone: &ZoneName) -> Result<Preview> {
    let existing = existing::people(c)?;
    let people = list::read(text, zone, &existing)
        .map_err(|problems| Error::Invalid(import::at_lines("list", &problems)))?;
    let additions = list::additions(&people, &existing);
    let mut moves: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut teams = Vec::new();
    for change in &additions {
        match change {
            Change::AddTeam(name) => teams.push(name.as_str().to_owned()),
            Change::MovePerson {
                email, team, to, ..
            } => {
                let team = team.as_str();
                let words = match to {
                    Place::Lead => format!("leads {team}"),
                    _ => format!("joins {team}"),
                };
                moves.entry(email.key()).or_default().push(words);
            }
            _ => {}
        }
    }
    let lines: Vec<LineView> = people
        .iter()
        .map(|entry| {
            let key = entry.person.email.key();
            let known = existing.people.get(&key);
            LineView {
                name: known
                    .map_or(entry.person.name.as_str(), |p| &p.name)
                    .to_owned(),
                email: entry.person.email.as_str().to_owned(),
                zone: known
                    .map_or(entry.person.time_zone.as_str(), |p| &p.time_zone)
                    .to_owned(),
                is_new: known.is_none(),
                changes: moves.remove(&key).unwrap_or_default().join(", "),
            }
        })
        .collect();
    Ok(Preview {
        new: lines.iter().filter(|l| l.is_new).count(),
        lines,
        teams,
        changes: !additions.is_empty(),
    })
}

/// Brings the list in, or only looks at it.
pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let answer = match fields.get("step") {
        "add" => bring_in(&req, &fields).await,
        _ => show(&req, Form::filled(fields.clone()), true).await,
    };
    answer
        .or_show(fields, async |form| show(&req, form, false).await)
        .await
}

async fn bring_in(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let made = submit_once(req, fields, move |c, act| {
        let made = import::actions::add_people(c, act, typed.get("list"), &zone(&typed)?)?;
        let said = "The list is imported. Links were shown once. If one is lost, make a new one.";
        Ok((Done::new("/admin/people", said), made))
    })
    .await;
    match made {
        Ok(Once::Now(_, made)) if made.is_empty() => {
            let said = "The list is imported. Nobody in it was new.";
            Ok(respond::done(req, &Done::new("/admin/people", said)))
        }
        made => links::answer(req, made),
    }
}
