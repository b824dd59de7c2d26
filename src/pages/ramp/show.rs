//! The page of a ramp, with its checklist, gates and sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::note::may_keep;
use crate::domain::discussion::store::Window;
use crate::domain::ramp::MarkKind;
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::parts::discussion::{ThreadView, render};
use crate::pages::ramp::show_view::RampView;
use crate::pages::ramp::show_view::history::History;
use crate::pages::request::submit;
use crate::usecases::discussion::place::of_ramp;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::web::{Deed, Done, Fields, Page, html};

#[derive(Template)]
#[template(path = "ramp/show.html")]
pub struct ShowPage {
    page: Page,
    ramp: RampView,
    thread: ThreadView,
    keeps_notes: bool,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let load = move |c: &mut Conn, context: &ReadContext, page, _| load(c, context, page, *id);
    let mut page = Form::default().read(&req, load).await?;
    render(&req, &mut page.thread).await?;
    html(&page)
}

/// What the page shows the person who asks.
pub fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64) -> Result<ShowPage> {
    let history = History::load(c, id)?;
    let named = history.people();
    let dossier = Dossier::load_with(c, id, &context.actor, &named, context.now)?;
    let ramp = RampView::of(&dossier, &history, &context.actor, &context.local);
    let mut page = page.titled("ramps", ramp.title.as_str());
    // A session of this ramp is recorded on this page, for whoever may.
    if ramp.is_open && ramp.is_mentor {
        page.deed = page.deed.map(|deed| Deed {
            href: format!("/sessions/new?ramp={id}"),
            ..deed
        });
    }
    let thread = ThreadView::load(c, context, &of_ramp(&dossier), Window::Newest)?;
    Ok(ShowPage {
        page,
        ramp,
        thread,
        keeps_notes: may_keep(&dossier.parties, &context.actor),
    })
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
    // Marked on home, one comes back there.
    let is_home = fields.get("back") == "home";
    submit(&req, &fields, move |c, act| {
        let text = actions::mark(c, act, id, &code, from, to)?;
        let back = match is_home {
            true => "/".to_owned(),
            false => format!("/ramps/{id}#item-{code}"),
        };
        Ok(Done::new(back, format!("{}: {text}", to.label())))
    })
    .await
}
