//! What the pages share on which something is arranged about a ramp: a form, a transition, the way back to the ramp.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{arrange, pair};
use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::ramp::arrange::Transition;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions::Reason;
use crate::web::{Done, Fields};

/// What is arranged about which ramp.
pub(crate) struct Head {
    pub transition: Transition,
    pub ramp_id: i64,
    pub mentee: String,
    pub area: String,
}

impl Head {
    pub(crate) fn new(dossier: &Dossier, transition: Transition) -> Self {
        Self {
            transition,
            ramp_id: dossier.ramp.id,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
        }
    }

    pub(crate) fn title(&self) -> String {
        let Self { mentee, area, .. } = self;
        format!("{}: {mentee} on {area}", self.transition.label())
    }
}

/// The form of a transition; the query may fill it in.
pub(crate) async fn page(
    req: HttpRequest,
    id: web::Path<i64>,
    transition: Transition,
) -> Result<HttpResponse> {
    show(&req, *id, transition, Form::asked(&req)?).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    transition: Transition,
    form: Form,
) -> Result<HttpResponse> {
    match transition {
        Transition::HandOver | Transition::AddMentor | Transition::RemoveMentor => {
            pair::show(req, id, transition, form).await
        }
        Transition::Accept
        | Transition::Decline
        | Transition::Pause
        | Transition::Resume
        | Transition::Target
        | Transition::End => arrange::show(req, id, transition, form).await,
    }
}

/// Takes the transition and leads to the ramp with what `f` says; or shows its form again.
pub(crate) async fn take<F>(
    req: HttpRequest,
    id: web::Path<i64>,
    transition: Transition,
    fields: Fields,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, i64, &Fields) -> Result<String> + Send + 'static,
{
    let (id, typed) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let said = f(c, act, id, &typed)?;
        Ok(Done::new(format!("/ramps/{id}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, id, transition, form).await)
    .await
}

/// Why, as it was typed.
pub(crate) fn reason(fields: &Fields) -> Result<Reason> {
    Reason::parse(fields.get("reason")).map_err(|sentence| Error::field("reason", sentence))
}
