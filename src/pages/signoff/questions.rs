//! What is asked about a sign-off, and answered.

use actix_web::{HttpRequest, HttpResponse, web};

use super::show::{SentForm, show};
use crate::domain::signoff::Note;
use crate::error::{Error, Result};
use crate::pages::form::OrShow;
use crate::pages::request::submit;
use crate::usecases::signoff::question;
use crate::web::{Done, Fields};

pub(crate) async fn ask(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let body = Note::required(fields.get("question"), "Write what you want to know.");
    submit(&req, &fields, move |c, act| {
        let body = body.map_err(|sentence| Error::field("question", sentence))?;
        question::ask(c, act, id, &body)?;
        Ok(Done::new(
            format!("/sign-offs/{id}#questions"),
            "Your question is on the page.",
        ))
    })
    .await
    .or_show(fields, async |form| {
        show(&req, id, SentForm::Question, form).await
    })
    .await
}

pub(crate) async fn answer(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, asked) = path.into_inner();
    let field = format!("answer-{asked}");
    let body = Note::required(fields.get(&field), "Write your answer.");
    submit(&req, &fields, move |c, act| {
        let body = body.map_err(|sentence| Error::field(&field, sentence))?;
        question::answer(c, act, id, asked, &body)?;
        Ok(Done::new(
            format!("/sign-offs/{id}#questions"),
            "Your answer is on the page.",
        ))
    })
    .await
    .or_show(fields, async |form| {
        show(&req, id, SentForm::Answer, form).await
    })
    .await
}
