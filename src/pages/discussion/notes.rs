//! A mentor's private notes on a ramp.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::discussion::note;
use crate::web::{Done, Errors, Fields, Page};
use crate::words::Words;

#[derive(Template)]
#[template(path = "discussion/notes.html")]
struct NotesPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    number: String,
    body: String,
    saved: Option<TimeText>,
    /// They changed in another window: what they say now.
    stored: Option<String>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, ramp_id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (dossier, stored) = note::open(c, ramp_id, &context.actor, context.now)?;
        Ok(NotesPage {
            page: page.titled("ramps", "Private notes"),
            ramp_id,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
            number: form.seen("number", stored.number),
            saved: stored.at.map(|at| context.local.moment(at)),
            body: match form.typed() {
                Some(fields) => fields.get("note").to_owned(),
                None => stored.body.clone(),
            },
            stored: form.is_overtaken().then_some(stored.body),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn save(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let ramp_id = id.into_inner();
    let seen = fields.trimmed("number").parse().unwrap_or(-1);
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let body = || Words::parse(typed.get("note")).map_err(|why| Error::field("note", why));
        note::save(c, act, ramp_id, seen, body)?;
        Ok(Done::new(
            format!("/ramps/{ramp_id}/notes"),
            "Your notes are saved. Only you read them.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, ramp_id, form).await)
    .await
}
