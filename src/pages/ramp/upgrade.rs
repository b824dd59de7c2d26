//! The page that offers a newer standard: what differs, what is kept, what is new.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::standard::diff::diff;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::standard::DiffView;
use crate::pages::request::submit;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::upgrade;
use crate::usecases::ramp::upgrade::Outcome;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/upgrade.html")]
struct UpgradePage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    from: i32,
    to: i32,
    note: String,
    outcome: Outcome,
    diff: DiffView,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
        let newer = upgrade::offered(c, &dossier, &context.actor)?;
        let (judged, checked) = upgrade::done_on(&dossier);
        let (before, after) = (&dossier.standard.content, &newer.content);
        let mentee = dossier.mentee();
        let title = format!("Standard v{} for {}", newer.version, mentee.name);
        Ok(UpgradePage {
            page: page.titled("ramps", title),
            ramp_id: id,
            mentee: mentee.name.to_owned(),
            area: dossier.area.name.clone(),
            from: dossier.standard.version,
            to: newer.version,
            note: newer.note.clone(),
            outcome: upgrade::outcome(before, after, &judged, &checked),
            diff: DiffView::new(&diff(before, after)),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn take(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = *id;
    let number = |name: &str| fields.trimmed(name).parse().unwrap_or_default();
    let seen: (i32, i32) = (number("from"), number("to"));
    submit(&req, &fields, move |c, act| {
        let version = upgrade::upgrade(c, act, id, seen)?;
        Ok(Done::new(
            format!("/ramps/{id}"),
            format!("The ramp is on version {version} of the standard now."),
        ))
    })
    .await
    // Where something else is offered by now, it is shown, and taken or not.
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
