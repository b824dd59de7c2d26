//! The page of a delta review: what changed since the clearance was given, line by line.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::signoff::Note;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::standard::DiffView;
use crate::pages::request::{old_read, submit};
use crate::usecases::clearance::delta;
use crate::usecases::clearance::delta::Between;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::web::time::TimeText;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

#[derive(Template)]
#[template(path = "clearance/delta.html")]
struct DeltaPage {
    page: Page,
    errors: Errors,
    id: i64,
    delta_id: i64,
    person: String,
    handle: String,
    area: String,
    from: i32,
    to: i32,
    due: TimeText,
    is_overdue: bool,
    lines: Vec<(String, String, bool)>,
    diff: DiffView,
    note: String,
    may_close: bool,
}

/// `GET /clearances/{id}/delta`
pub(crate) async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    page(
        &req,
        id.into_inner(),
        Fields::default(),
        FieldErrors::default(),
        false,
    )
    .await
}

async fn page(
    req: &HttpRequest,
    id: i64,
    fields: Fields,
    errors: FieldErrors,
    overtaken: bool,
) -> Result<HttpResponse> {
    let status = if overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&errors)
    };
    let (page, view) = old_read(req, move |c, context| {
        let case = ClearanceDetail::load(c, id)?;
        let delta = delta::of_clearance(c, id)?.ok_or(Error::NotFound("delta review"))?;
        let between = Between::load(c, &delta)?;
        let ticked = |code: &str| fields.all("seen").any(|seen| seen == code);
        let person = case.holder()?;
        let today = context.now.day();
        Ok(DeltaPage {
            page: Page::signed_out(""),
            id,
            delta_id: delta.id,
            person: person.name.clone(),
            handle: person.handle.clone(),
            area: case.area.name.clone(),
            from: between.from,
            to: between.to,
            due: context.local.day(delta.due_on),
            is_overdue: delta.due_on < today,
            lines: delta::to_show(&between.diff)
                .map(|line| (line.code.clone(), line.title.clone(), ticked(&line.code)))
                .collect(),
            diff: DiffView::new(&between.diff),
            note: fields.get("note").to_owned(),
            may_close: case.permit(&context.actor, today).is_ok() && case.later().is_none(),
            errors,
        })
    })
    .await?;
    let heading = format!("Delta review: {}, {}", view.person, view.area);
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("people", heading)
    };
    html_with(status, &DeltaPage { page, ..view })
}

/// `POST /clearances/{id}/delta`
pub(crate) async fn close(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let note = Note::required(fields.get("note"), "Write what was seen, and how.");
    let seen: Vec<String> = fields.all("seen").map(str::to_owned).collect();
    let delta_id = fields.id("delta").unwrap_or_default();
    let answer = submit(&req, &fields, move |c, act| {
        let note = note.map_err(|sentence| Error::field("note", sentence))?;
        delta::close(c, act, id, delta_id, &seen, &note)?;
        Ok(Done::new(
            format!("/clearances/{id}"),
            "The delta review is done: the clearance rests on the newer version.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => page(&req, id, fields, errors, false).await,
        Err(Error::Conflict(sentence)) => {
            let errors = FieldErrors::one("", sentence.clone());
            let again = page(&req, id, fields, errors, true).await;
            again.map_err(|_| Error::Conflict(sentence))
        }
        other => other,
    }
}
