//! What all pages share on which something is arranged about a ramp: a form, a deed, and the way back to the ramp.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{arrange, pair};
use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::ramp::arrange::Transition;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::submit;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions::Reason;
use crate::web::{Done, Errors, Fields, Page};

/// What is arranged about which ramp.
pub(crate) struct Head {
    pub deed: Transition,
    pub ramp_id: i64,
    pub ramp: String,
    pub mentee: String,
    pub mentee_handle: String,
}

impl Head {
    pub(crate) fn new(dossier: &Dossier, deed: Transition) -> Self {
        let mentee = dossier.mentee();
        Self {
            deed,
            ramp_id: dossier.ramp.id,
            ramp: format!("{} on {}", mentee.name, dossier.area.name),
            mentee: mentee.name.to_owned(),
            mentee_handle: mentee.handle.to_owned(),
        }
    }

    pub(crate) fn shell(&self, page: Page, errors: &Errors) -> Page {
        Page {
            has_errors: !errors.is_empty(),
            ..page.titled("people", format!("{}: {}", self.deed.label(), self.ramp))
        }
    }
}

/// The page of a deed, as its address asks for it.
pub(crate) async fn fresh(
    req: HttpRequest,
    id: web::Path<i64>,
    deed: Transition,
) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, id.into_inner(), deed, query, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    deed: Transition,
    fields: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    match deed {
        Transition::HandOver | Transition::AddMentor | Transition::RemoveMentor => {
            pair::show(req, id, deed, fields, errors).await
        }
        Transition::Accept
        | Transition::Decline
        | Transition::Pause
        | Transition::Resume
        | Transition::Target
        | Transition::End => arrange::show(req, id, deed, fields, errors).await,
    }
}

/// Does the deed and says what came of it; or shows its form again.
pub(crate) async fn act<F>(
    req: HttpRequest,
    id: web::Path<i64>,
    deed: Transition,
    fields: Fields,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, i64, &Fields) -> Result<String> + Send + 'static,
{
    let (id, typed) = (id.into_inner(), fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let said = f(c, act, id, &typed)?;
        Ok(Done::new(format!("/ramps/{id}"), said))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, id, deed, fields, errors).await,
        other => other,
    }
}

/// Why, as it was typed.
pub(crate) fn reason(fields: &Fields) -> Result<Reason> {
    Reason::parse(fields.get("reason")).map_err(|sentence| Error::field("reason", sentence))
}
