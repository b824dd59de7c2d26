//! The page that shows the secret of a hook, once: the answer to the form that made it.

use actix_web::HttpResponse;
use askama::Template;

use crate::error::Result;
use crate::web::{Page, html};

#[derive(Template)]
#[template(path = "hook/secret.html")]
struct SecretPage {
    page: Page,
    id: i64,
    name: String,
    secret: String,
}

pub(super) fn page(page: Page, id: i64, name: String, secret: String) -> Result<HttpResponse> {
    html(&SecretPage {
        page: page.titled("", "Secret of the hook"),
        id,
        name,
        secret,
    })
}
