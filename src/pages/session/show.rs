//! The page of one session, in whatever state, and the forms of one that is planned.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::Act;
use crate::domain::session::plan::Absent;
use crate::domain::session::store;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::pages::session::row_of;
use crate::pages::session::show_view::{SessionView, Typed};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::planning;
use crate::usecases::session::planning::Reason;
use crate::web::time::LocalTime;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

#[derive(Template)]
#[template(path = "session/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    s: SessionView,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    typed: Option<Typed>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, s) = old_read(req, move |c, context| {
        let session = store::by_id(c, id)?;
        let dossier = Dossier::load_for(c, session.ramp_id, &context.actor, context.now)?;
        SessionView::load(c, &dossier, &session, typed, context)
    })
    .await?;
    let title = format!("Session with {}, {}", s.mentee, s.starts.text);
    let page = Page {
        has_errors: !errors.is_empty(),
        ..page.titled("people", title)
    };
    html_with(status, &ShowPage { page, errors, s })
}

/// Does something with a plan; where it is refused for what was typed, its page comes back with that.
async fn change<F>(req: HttpRequest, path: &str, fields: Fields, f: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, i64, &Fields) -> Result<String> + Send + 'static,
{
    let (id, typed) = (row_of(path)?, fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let said = f(c, act, id, &typed)?;
        Ok(Done::new(format!("/sessions/{id}"), said))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, id, Some(Typed::of(&fields)), errors).await,
        other => other,
    }
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
        let from: UtcTime = from.map_err(|_| {
            Error::field(
                "",
                "The form was incomplete. Load the page again, then send it.",
            )
        })?;
        let to = local
            .parse_input(typed.get("starts_at"))
            .ok_or_else(|| Error::field("starts_at", "Enter the day and time it is to begin."))?;
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
        Ok("It is noted who did not come.".into())
    })
    .await
}
