//! The page of one session in any state, and what is done with it there.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::Act;
use crate::domain::ramp::part::Part;
use crate::domain::session::plan::Absent;
use crate::domain::session::store;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::pages::session::row_of;
use crate::pages::session::show_view::SessionView;
use crate::time::{LocalTime, MomentField};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::planning::Reason;
use crate::usecases::session::{amend, next, planning};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "session/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    s: SessionView,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let session = store::by_id(c, id)?;
        let dossier = Dossier::load_for(c, session.ramp_id, &context.actor, context.now)
            .map_err(|e| e.hidden("session"))?;
        let s = SessionView::load(c, &dossier, &session, &form, context)?;
        let title = format!("Session with {}, {}", s.mentee, s.starts.text);
        Ok(ShowPage {
            page: page.titled("ramps", title),
            errors: form.errors,
            s,
        })
    })
    .await
}

/// Does something with a plan; where that cannot be, its page comes back with what was typed.
async fn change<F>(req: HttpRequest, path: &str, fields: Fields, f: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, i64, &Fields) -> Result<String> + Send + 'static,
{
    let (id, typed) = (row_of(path)?, fields.clone());
    submit(&req, &fields, move |c, act| {
        let said = f(c, act, id, &typed)?;
        Ok(Done::new(format!("/sessions/{id}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

fn reason(fields: &Fields, name: &str) -> Result<Reason> {
    Reason::parse(fields.get(name)).map_err(|sentence| Error::field(name, sentence))
}

pub(crate) async fn reschedule(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let from = typed.trimmed("from").parse().map(jiff::Timestamp::into);
        let from: UtcTime = from.map_err(|_| Error::incomplete())?;
        let to = MomentField::sent(typed, "starts_at", &local)
            .read("Enter the day and time it is to begin.")
            .map_err(|sentence| Error::field("starts_at", sentence))?;
        planning::reschedule(c, act, id, (from, to), &reason(typed, "move_reason")?)?;
        Ok(format!(
            "The session is moved to {}.",
            local.moment(to).text
        ))
    })
    .await
}

pub(crate) async fn cancel(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        planning::cancel(c, act, id, &reason(typed, "cancel_reason")?)?;
        Ok("The session is cancelled.".into())
    })
    .await
}

pub(crate) async fn no_show(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, &path, fields, |c, act, id, typed| {
        let absent = Absent::parse(typed.get("absent"))
            .ok_or_else(|| Error::field("absent", "Say who did not come."))?;
        planning::no_show(c, act, id, absent, &reason(typed, "no_show_note")?)?;
        Ok("The no-show is recorded.".into())
    })
    .await
}

pub(crate) async fn undo(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    submit(&req, &fields, move |c, act| {
        let session = amend::undo(c, act, id)?;
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let day = local.day_of(session.starts_at).text;
        Ok(Done::new(
            Part::Sessions.at(session.ramp_id, "sessions"),
            format!("The record of the session on {day} is undone. It no longer counts."),
        ))
    })
    .await
}

/// Ticks a next action off, or opens it again.
pub(crate) async fn tick(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (ramp_id, action) = path.into_inner();
    let done = match fields.get("to") {
        "done" => true,
        "open" => false,
        _ => return Err(Error::field("to", "Say whether it is done or open.")),
    };
    submit(&req, &fields, move |c, act| {
        let body = next::tick(c, act, ramp_id, action, done)?;
        let word = if done { "Done" } else { "Open again" };
        let next = Part::Sessions.at(ramp_id, "next-actions");
        Ok(Done::new(next, format!("{word}: {body}")))
    })
    .await
}
