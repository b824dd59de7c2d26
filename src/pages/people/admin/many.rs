//! Adding many people at once: a pasted list, looked at before it is stored, then a link for each.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::people::{Place, ZoneName};
use crate::error::{Error, FieldErrors, Result};
use crate::import;
use crate::import::change::Change;
use crate::import::{list, present};
use crate::pages::people::admin::administrators_only;
use crate::pages::people::admin::links;
use crate::pages::request::{Once, old_read, submit_once};
use crate::web::{Done, Errors, Fields, Page, form_status, html_with, respond};

/// A person of the list, and what becomes of them.
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
    show(&req, None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    typed: Option<(&Fields, &ZoneName)>,
    mut errors: FieldErrors,
) -> Result<HttpResponse> {
    let text = typed.map(|(f, _)| f.get("list").to_owned());
    let asked = typed.map(|(f, zone)| (f.get("list").to_owned(), zone.clone()));
    let asked = asked.filter(|_| errors.is_empty());
    let (page, looked) = old_read(req, move |c, context| {
        administrators_only(context)?;
        asked
            .map(|(text, zone)| preview(c, &text, &zone))
            .transpose()
    })
    .await?;
    let preview = match looked {
        Some(Ok(preview)) => Some(preview),
        Some(Err(problems)) => {
            errors = import::at_lines("list", &problems);
            None
        }
        None => None,
    };
    let status = form_status(&errors);
    let time_zone = typed.map_or(page.zone.clone(), |(f, _)| f.get("time_zone").to_owned());
    let page = ManyPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("admin", "Add many people")
        },
        errors,
        text: text.unwrap_or_default(),
        time_zone,
        most: list::MOST,
        preview,
    };
    html_with(status, &page)
}

fn preview(
    c: &mut Conn,
    text: &str,
    zone: &ZoneName,
) -> Result<std::result::Result<Preview, Vec<import::Problem>>> {
    let present = present::people(c)?;
    let people = match list::read(text, zone, &present) {
        Ok(people) => people,
        Err(problems) => return Ok(Err(problems)),
    };
    let additions = list::additions(&people, &present);
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
            let known = present.people.get(&key);
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
    Ok(Ok(Preview {
        new: lines.iter().filter(|l| l.is_new).count(),
        lines,
        teams,
        changes: !additions.is_empty(),
    }))
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let zone = match ZoneName::parse(fields.get("time_zone")) {
        Ok(zone) => zone,
        Err(sentence) => {
            let utc = ZoneName::parse("UTC").map_err(Error::fault)?;
            let errors = FieldErrors::one("time_zone", sentence);
            return show(&req, Some((&fields, &utc)), errors).await;
        }
    };
    if fields.get("step") != "add" {
        return show(&req, Some((&fields, &zone)), FieldErrors::default()).await;
    }
    let (text, own) = (fields.get("list").to_owned(), zone.clone());
    let made = submit_once(&req, &fields, move |c, act| {
        let made = import::actions::add_people(c, act, &text, &own)?;
        let said =
            "The list was brought in. Links were shown once; make a new one where one is lost.";
        Ok((Done::new("/admin/people", said), made))
    })
    .await;
    match made {
        Ok(Once::Now(_, made)) if made.is_empty() => {
            let said = "The list was brought in; nobody in it was new.";
            Ok(respond::done(&req, &Done::new("/admin/people", said)))
        }
        Ok(Once::Now(page, made)) => links::show(&req, *page, made),
        Ok(Once::Before(response)) => Ok(response),
        Err(Error::Invalid(errors)) => show(&req, Some((&fields, &zone)), errors).await,
        Err(e) => Err(e),
    }
}
