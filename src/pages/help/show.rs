//! How clearance works, and what the words mean: the same for everyone who is signed in.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::error::Result;
use crate::pages::request::show;
use crate::web::Page;

#[derive(Template)]
#[template(path = "help/show.html")]
struct HelpPage {
    page: Page,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |_, _, page| {
        Ok(HelpPage {
            page: page.titled("", "Help"),
        })
    })
    .await
}
