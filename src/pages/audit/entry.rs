//! The page of one entry of the audit log.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::view::{Line, Named, line};
use crate::domain::area;
use crate::error::Result;
use crate::pages::request::show;
use crate::time::TimeText;
use crate::usecases::audit::actions;
use crate::web::Page;

#[derive(Template)]
#[template(path = "audit/entry.html")]
struct EntryPage {
    page: Page,
    line: Line,
    at: TimeText,
    /// Its place in the chain; `None` until it is sealed.
    place: Option<i64>,
    previous_hash: String,
    hash: String,
}

pub(crate) async fn page(req: HttpRequest, seq: web::Path<i64>) -> Result<HttpResponse> {
    let seq = seq.into_inner();
    show(&req, move |c, context, page| {
        let row = actions::entry(c, &context.actor, seq)?;
        let areas = area::store::all_with_archived(c)?;
        let named = Named::look_up(c, std::slice::from_ref(&row), &areas, &context.actor)?;
        Ok(EntryPage {
            page: page.titled("", format!("Entry {seq}")),
            line: line(&row, &named, &context.local, false),
            at: context.local.moment(row.at),
            place: row.position,
            previous_hash: row.previous_hash,
            hash: row.hash,
        })
    })
    .await
}
