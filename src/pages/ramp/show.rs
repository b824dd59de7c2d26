//! The overview of a ramp: what is missing, its gates, and what comes next.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::part::Part;
use crate::error::Result;
use crate::pages::ramp::show_view::Overview;
use crate::pages::ramp::show_view::head::{RampHead, open};
use crate::pages::ramp::show_view::history::History;
use crate::pages::request::show;
use crate::web::Page;

#[derive(Template)]
#[template(path = "ramp/show.html")]
pub struct ShowPage {
    page: Page,
    ramp: RampHead,
    view: Overview,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| load(c, context, page, *id)).await
}

/// What the page shows the person who asks.
pub fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64) -> Result<ShowPage> {
    let (page, dossier, ramp) = open(c, context, page, (id, Part::Overview), &[])?;
    let history = History::load(c, id)?;
    let view = Overview::of(&dossier, &history, &context.actor, &context.local);
    Ok(ShowPage { page, ramp, view })
}
