//! The guide of this version: a page that leads to its parts.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::parts::{GUIDE, Part};
use crate::error::Result;
use crate::pages::request::show;
use crate::web::Page;

#[derive(Template)]
#[template(path = "help/guide.html")]
struct GuidePage {
    page: Page,
    parts: &'static [Part],
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |_, _, page| {
        Ok(GuidePage {
            page: page.titled("", "Guide"),
            parts: &GUIDE,
        })
    })
    .await
}
