//! The page that offers a newer standard: what differs, what is kept, what is new.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::standard::diff::diff;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::standard::DiffView;
use crate::pages::request::{old_read, submit};
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::upgrade;
use crate::usecases::ramp::upgrade::Outcome;
use crate::web::{Done, Errors, Fields, Page, html_with};

pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/upgrade", web::get().to(show))
        .route("/ramps/{id}/upgrade", web::post().to(take));
}

#[derive(Template)]
#[template(path = "ramp/upgrade.html")]
struct UpgradePage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    mentee_handle: String,
    area: String,
    from: i32,
    to: i32,
    note: String,
    outcome: Outcome,
    diff: DiffView,
}

async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    page(&req, id.into_inner(), FieldErrors::default()).await
}

async fn page(req: &HttpRequest, id: i64, errors: FieldErrors) -> Result<HttpResponse> {
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    let (page, view) = old_read(req, move |c, context| {
        let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
        let newer = upgrade::offered(c, &dossier, &context.actor)?;
        let (judged, checked) = upgrade::done_on(&dossier);
        let (before, after) = (&dossier.standard.content, &newer.content);
        Ok(UpgradePage {
            page: Page::signed_out(""),
            ramp_id: id,
            mentee: dossier.mentee().name.to_owned(),
            mentee_handle: dossier.mentee().handle.to_owned(),
            area: dossier.area.name.clone(),
            from: dossier.standard.version,
            to: newer.version,
            note: newer.note.clone(),
            outcome: upgrade::outcome(before, after, &judged, &checked),
            diff: DiffView::new(&diff(before, after)),
            errors,
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled(
            "people",
            format!("Standard v{} for {}", view.to, view.mentee),
        )
    };
    html_with(status, &UpgradePage { page, ..view })
}

async fn take(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let number = |name: &str| fields.trimmed(name).parse().unwrap_or_default();
    let seen: (i32, i32) = (number("from"), number("to"));
    let answer = submit(&req, &fields, move |c, act| {
        let version = upgrade::upgrade(c, act, id, seen)?;
        Ok(Done::new(
            format!("/ramps/{id}"),
            format!("The ramp is on version {version} of the standard now."),
        ))
    })
    .await;
    match answer {
        // Something else is offered by now: it is shown, and taken or not.
        Err(Error::Conflict(sentence)) => {
            let again = page(&req, id, FieldErrors::one("", sentence.clone())).await;
            again.map_err(|_| Error::Conflict(sentence))
        }
        other => other,
    }
}
