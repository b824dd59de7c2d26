//! The page on which a post-mortem is pasted as a file.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::new;
use crate::domain::postmortem::source;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::web::{Errors, Fields, Page};

#[derive(Template)]
#[template(path = "postmortem/import.html")]
struct ImportPage {
    page: Page,
    errors: Errors,
    text: String,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |_, _, page, form| {
        Ok(ImportPage {
            page: page.titled("library", "Import a post-mortem"),
            text: form.fields.get("text").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

/// Reads the file into the form of a new one, where it is looked at before it is saved. Nothing is written.
pub(crate) async fn import(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let text = fields.get("text");
    let wrong = |sentence: String| Err(Error::field("text", sentence));
    let answer = match source::read(text) {
        _ if text.trim().is_empty() => wrong("Paste the text of the post-mortem.".into()),
        Err(why) => wrong(why.to_string()),
        Ok(told) => new::show(&req, told, Form::default()).await,
    };
    answer
        .or_show(fields, async |form| show(&req, form).await)
        .await
}
