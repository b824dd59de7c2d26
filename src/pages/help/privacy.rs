//! Who sees what, and how long it is kept.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::parts::{PRIVACY, Part};
use crate::error::Result;
use crate::pages::request::show;
use crate::web::Page;

#[derive(Template)]
#[template(path = "help/privacy.html")]
struct PrivacyPage {
    page: Page,
    parts: &'static [Part],
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |_, _, page| {
        Ok(PrivacyPage {
            page: page.titled("", "Privacy"),
            parts: &PRIVACY,
        })
    })
    .await
}
