//! The page on which the record of a session is corrected.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::row_of;
use crate::domain::session::lifecycle::{Step, step};
use crate::domain::session::{next, store};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::pages::session::record_form;
use crate::pages::session::record_form::RecordForm;
use crate::pages::session::record_view::{Purpose, RecordView};
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::session::{amend, discussed, overlap, planning};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "session/correct.html")]
struct CorrectPage {
    page: Page,
    errors: Errors,
    /// The session that is corrected.
    id: i64,
    record: RecordView,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, mut form| {
        let session = store::by_id(c, id)?;
        let dossier = Dossier::load_for(c, session.ramp_id, &context.actor, context.now)
            .map_err(|e| e.hidden("session"))?;
        amend::may_correct(&dossier, &session, &context.actor)?;
        if step(&session, Step::Correct, context.now).is_err() {
            return Err(Error::Conflict(
                "Only a current record can be corrected. This one was corrected or undone already, or never held."
                    .into(),
            ));
        }
        let values = match RecordForm::typed(&mut form, &dossier, context)? {
            Some(typed) => typed,
            None => {
                let next = next::store::of_sessions(c, &[id])?;
                RecordForm::of(&amend::snapshot(&dossier, &session, &next), &context.local)
            }
        };
        let purpose = Purpose::Correct(&session);
        let offered = discussed::choices(c, dossier.ramp.area_id, session.postmortem_id)?;
        let reader = (&context.actor, context.now.day());
        let others = overlap::open_at_that_time(c, reader, &dossier, values.span, Some(id))?;
        let shown = (&form.errors, offered.as_slice(), others.as_slice());
        Ok(CorrectPage {
            page: page.titled("ramps", "Correct a session"),
            id,
            record: RecordView::new(&dossier, purpose, values, context, shown),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn correct(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let reason = planning::Reason::parse(typed.get("reason"));
        let new = match (record_form::parse(&typed, &local), &reason) {
            (Err(Error::Invalid(mut errors)), Err(sentence)) => {
                errors.add("reason", sentence.as_str());
                return Err(Error::Invalid(errors));
            }
            (new, _) => new?,
        };
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        let correction = amend::correct(c, act, id, &new, &reason)?;
        let said =
            "The correction is recorded. It counts from now on; the original stays readable.";
        let place = format!("/sessions/{correction}");
        Ok(Done::new(place.as_str(), said).undoable(&format!("{place}/undo")))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
