//! The page of one shift, and the forms on it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::shift::Reason;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::pages::shift::form;
use crate::pages::shift::row_of;
use crate::pages::shift::view::{Rows, ShiftView, hours_seen};
use crate::time::LocalTime;
use crate::usecases::shift::detail::ShiftDetail;
use crate::usecases::shift::{actions, ledger};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "shift/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    s: ShiftView,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let rows = Rows::load(c, id)?;
        let detail = ShiftDetail::load_for(c, id, &context.actor, &rows.people())?;
        let s = ShiftView::of(&detail, &rows, &form, context)?;
        let title = format!("{} of {}, {}", s.kind, s.mentee.0, s.starts.text);
        Ok(ShowPage {
            page: page.titled("ramps", title),
            errors: form.errors,
            s,
        })
    })
    .await
}

/// Changes a shift; a form of its page that cannot be taken comes back on it.
async fn change<F>(req: HttpRequest, path: &str, fields: Fields, f: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, i64, &Fields) -> Result<Done> + Send + 'static,
{
    let (id, typed) = (row_of(path)?, fields.clone());
    submit(&req, &fields, move |c, act| f(c, act, id, &typed))
        .await
        .or_show(fields, async |form| show(&req, id, form).await)
        .await
}

fn done(id: i64, said: impl Into<String>) -> Done {
    Done::new(format!("/shifts/{id}"), said)
}

fn reason(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<Reason> {
    Reason::parse(fields.get(name))
        .map_err(|sentence| errors.add(name, sentence))
        .ok()
}

pub(crate) async fn reschedule(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let from = hours_seen(typed).ok_or_else(Error::incomplete)?;
        let mut errors = FieldErrors::default();
        // The form of a shift that has begun asks for its end alone.
        let begins = (!typed.has("starts_at")).then(|| from.starts_at());
        let to = form::hours(typed, &local, begins, &mut errors);
        let why = reason(typed, "move_reason", &mut errors);
        let (Some(to), Some(why)) = (to, why) else {
            return Err(Error::Invalid(errors));
        };
        actions::reschedule(c, act, id, (from, to), &why)?;
        let (begins, ends) = (local.moment(to.starts_at()), local.moment(to.ends_at()));
        let said = match from.starts_at() == to.starts_at() {
            true => format!("The shift ends on {}.", ends.text),
            false => format!("The shift is moved: it begins on {}.", begins.text),
        };
        Ok(done(id, said))
    })
    .await
}

pub(crate) async fn rebrief(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        let mut errors = FieldErrors::default();
        let brief = form::brief(typed, &mut errors);
        let why = reason(typed, "brief_reason", &mut errors);
        let (Some(brief), Some(why)) = (brief, why) else {
            return Err(Error::Invalid(errors));
        };
        actions::rebrief(c, act, id, &brief, &why)?;
        Ok(done(id, "The brief is changed."))
    })
    .await
}

pub(crate) async fn cancel(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        let mut errors = FieldErrors::default();
        let Some(why) = reason(typed, "cancel_reason", &mut errors) else {
            return Err(Error::Invalid(errors));
        };
        actions::cancel(c, act, id, &why)?;
        Ok(done(id, "The shift is cancelled."))
    })
    .await
}

pub(crate) async fn add_alert(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        let new = form::alert(typed)?;
        let line = ledger::add(c, act, id, &new)?;
        let place = format!("/shifts/{id}#ledger");
        let undo = format!("/shifts/{id}/alerts/{line}/take-back");
        Ok(Done::new(place, "The alert is in the ledger.").undoable(&undo))
    })
    .await
}

pub(crate) async fn take_back(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, alert) = path.into_inner();
    submit(&req, &fields, move |c, act| {
        ledger::take_back(c, act, id, alert)?;
        Ok(Done::new(
            format!("/shifts/{id}#ledger"),
            "The line is taken back. It no longer counts.",
        ))
    })
    .await
}
