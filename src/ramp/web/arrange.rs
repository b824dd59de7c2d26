//! The small pages on which something is arranged about a ramp: what it does, a reason, and a button.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::auth::request::{read, submit};
use crate::error::{Error, FieldErrors, Result};
use crate::ramp::PairingRole;
use crate::ramp::actions::{self, Reason, accept};
use crate::ramp::arrange::Deed;
use crate::ramp::dossier::Dossier;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// Mounts the routes.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/accept", web::get().to(show_accept))
        .route("/ramps/{id}/accept", web::post().to(do_accept))
        .route("/ramps/{id}/decline", web::get().to(show_decline))
        .route("/ramps/{id}/decline", web::post().to(do_decline));
}

#[derive(Template)]
#[template(path = "ramp/arrange.html")]
struct ArrangePage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    ramp: String,
    mentee: String,
    mentee_handle: String,
    deed: Deed,
    /// What it does, in sentences.
    what: Vec<String>,
    /// What was typed; `None` where no reason is asked for.
    reason: Option<String>,
}

/// The sentences under the heading.
fn what(deed: Deed, dossier: &Dossier) -> Vec<String> {
    let mentee = dossier.mentee().name;
    match deed {
        Deed::Accept => vec![
            format!(
                "You agree to {mentee}’s way through {}, with its mentors and its target of {}.",
                dossier.area.name, dossier.ramp.target_on
            ),
            "It becomes active when the mentee and the primary mentor have both accepted it."
                .into(),
        ],
        Deed::Decline => vec![
            "The ramp ends without having begun. Your reason stays on its page.".into(),
            "A lead can propose it again, in another way or at another time.".into(),
        ],
        _ => Vec::new(),
    }
}

async fn show(
    req: &HttpRequest,
    id: i64,
    deed: Deed,
    fields: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, shown) = read(req, move |c, asking| {
        let dossier = Dossier::load_for(c, id, &asking.actor, asking.now)?;
        let who = (&asking.actor, asking.now);
        actions::open_to(c, who, &dossier, deed, PairingRole::Primary)?;
        Ok(ArrangePage {
            page: Page::signed_out(""),
            ramp_id: id,
            ramp: format!("{} on {}", dossier.mentee().name, dossier.area.name),
            mentee: dossier.mentee().name.to_owned(),
            mentee_handle: dossier.mentee().handle.to_owned(),
            deed,
            what: what(deed, &dossier),
            reason: (deed != Deed::Accept).then(|| fields.get("reason").to_owned()),
            errors,
        })
    })
    .await?;
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("people", format!("{}: {}", deed.label(), shown.ramp))
    };
    html_with(status, &ArrangePage { page, ..shown })
}

/// The form again with what was typed, where a field was wrong.
async fn or_again(
    req: &HttpRequest,
    id: i64,
    deed: Deed,
    fields: Fields,
    answer: Result<HttpResponse>,
) -> Result<HttpResponse> {
    match answer {
        Err(Error::Invalid(errors)) => show(req, id, deed, fields, errors).await,
        other => other,
    }
}

fn reason(fields: &Fields) -> Result<Reason> {
    Reason::parse(fields.get("reason")).map_err(|sentence| Error::field("reason", sentence))
}

async fn show_accept(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let (fields, errors) = (Fields::default(), FieldErrors::default());
    show(&req, id.into_inner(), Deed::Accept, fields, errors).await
}

async fn do_accept(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    submit(&req, &fields, move |c, act| {
        let said = match accept::accept(c, act, id)? {
            None => "You accepted the ramp. It is active now.".into(),
            Some(who) => format!("You accepted the ramp. It waits for {who} now."),
        };
        Ok(Done::new(format!("/ramps/{id}"), said))
    })
    .await
}

async fn show_decline(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let (fields, errors) = (Fields::default(), FieldErrors::default());
    show(&req, id.into_inner(), Deed::Decline, fields, errors).await
}

async fn do_decline(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let (id, typed) = (id.into_inner(), fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        accept::decline(c, act, id, &reason(&typed)?)?;
        Ok(Done::new(
            format!("/ramps/{id}"),
            "You declined the ramp. It has ended.",
        ))
    })
    .await;
    or_again(&req, id, Deed::Decline, fields, answer).await
}
