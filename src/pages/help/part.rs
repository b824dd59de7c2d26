//! One part of the guide, with the way to those beside it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::parts::{GUIDE, Part};
use crate::error::{Error, Result};
use crate::pages::request::show;
use crate::web::Page;

#[derive(Template)]
#[template(path = "help/part.html")]
struct PartPage {
    page: Page,
    part: &'static Part,
    before: Option<&'static Part>,
    after: Option<&'static Part>,
}

pub(crate) async fn page(req: HttpRequest, anchor: web::Path<String>) -> Result<HttpResponse> {
    show(&req, move |_, _, page| {
        let mut parts = GUIDE.iter().enumerate();
        let (at, part) = parts
            .find(|(_, part)| part.anchor == *anchor)
            .ok_or(Error::NotFound("part of the guide"))?;
        Ok(PartPage {
            page: page.titled("", part.title.as_str()),
            part,
            before: at.checked_sub(1).and_then(|before| GUIDE.get(before)),
            after: GUIDE.get(at + 1),
        })
    })
    .await
}
