//! The form in which a real incident is logged: open it, paste the link, save.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::types::Day;
use crate::domain::currency::{Incident, store};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::usecases::currency::actions;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};
use crate::words::{Words, web_address};

#[derive(Template)]
#[template(path = "currency/log.html")]
struct LogPage {
    page: Page,
    errors: Errors,
    areas: Vec<(i64, String, bool)>,
    day: String,
    link: String,
    /// It is where one begins to type, when it is all that is left to fill in.
    link_attrs: &'static str,
    note: String,
    handle: String,
}

async fn show(req: &HttpRequest, fields: Fields, errors: FieldErrors) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = old_read(req, move |c, context| {
        let areas = store::areas_of(c, context.actor.id.unwrap_or_default())?;
        let chosen = |id: i64, slug: &str| match fields.trimmed("area") {
            "" => areas.len() == 1,
            typed => typed == id.to_string() || typed == slug,
        };
        let is_fresh = errors.is_empty() && !fields.has("link");
        Ok(LogPage {
            page: Page::signed_out(""),
            errors,
            link_attrs: match is_fresh && areas.iter().any(|area| chosen(area.id, &area.slug)) {
                true => "required autocomplete=off autofocus",
                false => "required autocomplete=off",
            },
            areas: areas
                .iter()
                .map(|area| (area.id, area.name.clone(), chosen(area.id, &area.slug)))
                .collect(),
            day: if fields.has("day") {
                fields.get("day").to_owned()
            } else {
                context.now.day().to_string()
            },
            link: fields.get("link").to_owned(),
            note: fields.get("note").to_owned(),
            handle: context.actor.handle.clone(),
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("people", "Log an incident")
    };
    html_with(status, &LogPage { page, ..view })
}

/// `GET /incidents/new`
pub(crate) async fn open(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, query, FieldErrors::default()).await
}

fn parse(fields: &Fields) -> Result<Incident> {
    let mut errors = FieldErrors::default();
    let mut said = |field: &str, sentence: String| errors.add(field, sentence);
    let area_id = fields.trimmed("area").parse().unwrap_or_else(|_| {
        said("area", "Choose the area it was in.".into());
        0
    });
    let day = Day::parse(fields.trimmed("day"));
    if day.is_none() {
        said("day", "Enter the day it was on.".into());
    }
    let link = web_address(fields.trimmed("link")).unwrap_or_else(|sentence| {
        said("link", sentence);
        String::new()
    });
    let note = Words::parse(fields.get("note")).unwrap_or_else(|sentence| {
        said("note", sentence);
        Words::default()
    });
    match day {
        Some(day) => errors.or(Incident {
            area_id,
            day,
            note,
            link,
        }),
        None => Err(Error::Invalid(errors)),
    }
}

/// `POST /incidents`
pub(crate) async fn save(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let incident = match parse(&fields) {
        Ok(incident) => incident,
        Err(Error::Invalid(errors)) => return show(&req, fields, errors).await,
        Err(other) => return Err(other),
    };
    let answer = submit(&req, &fields, move |c, act| {
        actions::log(c, act, &incident)?;
        Ok(Done::new(
            format!("/people/{}/practice", act.actor.handle),
            "The incident is logged: it counts as practice.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, fields, errors).await,
        done => done,
    }
}
