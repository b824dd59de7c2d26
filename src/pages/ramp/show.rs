//! The page of a ramp, with its checklist, gates and sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::MarkKind;
use crate::error::{Error, Result};
use crate::pages::ramp::show_view::RampView;
use crate::pages::ramp::show_view::history::History;
use crate::pages::request::{show, submit};
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::web::{Done, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/show.html")]
pub struct ShowPage {
    page: Page,
    ramp: RampView,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| load(c, context, page, *id)).await
}

/// What the page shows the person who asks.
pub fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64) -> Result<ShowPage> {
    let history = History::load(c, id)?;
    let named = history.people();
    let dossier = Dossier::load_with(c, id, &context.actor, &named, context.now)?;
    let ramp = RampView::of(&dossier, &history, &context.actor, &context.local);
    let mut page = page.titled("people", ramp.title.as_str());
    if ramp.is_open && ramp.is_mentor {
        page.record_href = format!("/sessions/new?ramp={id}");
    }
    Ok(ShowPage { page, ramp })
}

/// Marks a checklist item open, done or checked.
pub(crate) async fn mark(
    req: HttpRequest,
    path: web::Path<(i64, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let read_mark = |field: &str| MarkKind::parse(fields.get(field));
    let (Some(from), Some(to)) = (read_mark("from"), read_mark("to")) else {
        return Err(Error::field(
            "to",
            "Say how far the item is: open, done or checked.",
        ));
    };
    submit(&req, &fields, move |c, act| {
        let text = actions::mark(c, act, id, &code, from, to)?;
        Ok(Done::new(
            format!("/ramps/{id}#item-{code}"),
            format!("{}: {text}", to.label()),
        ))
    })
    .await
}
