//! The page of a delta review: what changed since the clearance was given, line by line.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::signoff::Note;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::standard::DiffView;
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::clearance::delta;
use crate::usecases::clearance::delta::VersionDiff;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::web::{Done, Errors, Fields, Page};

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

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let detail = ClearanceDetail::load(c, id)?;
        let delta = delta::of_clearance(c, id)?.ok_or(Error::NotFound("delta review"))?;
        let versions = VersionDiff::load(c, &delta)?;
        let ticked = |code: &str| form.fields.all("seen").any(|seen| seen == code);
        let person = detail.holder()?;
        let today = context.now.day();
        Ok(DeltaPage {
            page: page.titled(
                "people",
                format!("Delta review: {}, {}", person.name, detail.area.name),
            ),
            id,
            delta_id: delta.id,
            person: person.name.clone(),
            handle: person.handle.clone(),
            area: detail.area.name.clone(),
            from: versions.from,
            to: versions.to,
            due: context.local.day(delta.due_on),
            is_overdue: delta.due_on < today,
            lines: delta::to_show(&versions.diff)
                .map(|line| (line.code.clone(), line.title.clone(), ticked(&line.code)))
                .collect(),
            diff: DiffView::new(&versions.diff),
            note: form.fields.get("note").to_owned(),
            may_close: detail.permit_close(&context.actor, today).is_ok()
                && detail.later().is_none(),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn close(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let note = Note::required(fields.get("note"), "Write what was seen, and how.");
    let seen: Vec<String> = fields.all("seen").map(str::to_owned).collect();
    let delta_id = fields.id("delta").unwrap_or_default();
    submit(&req, &fields, move |c, act| {
        let note = note.map_err(|sentence| Error::field("note", sentence))?;
        delta::close(c, act, id, delta_id, &seen, &note)?;
        Ok(Done::new(
            format!("/clearances/{id}"),
            "The delta review is done: the clearance rests on the newer version.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
