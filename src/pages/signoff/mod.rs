//! Routes of sign-offs, and what its forms do.

pub mod gap;
pub mod key_panel;
pub mod queue;
pub mod request;
pub mod show;
pub mod view;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::{Decision, Note};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::submit;
use crate::pages::signoff::show::{Form, Returned, show, show_with};
use crate::usecases::signoff::actions;
use crate::usecases::signoff::actions::Outcome;
use crate::web::{Done, Fields};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/sign-off", web::get().to(request::page))
        .route("/ramps/{id}/sign-off", web::post().to(request::send))
        .route("/ramps/{id}/gaps/{gap}", web::get().to(gap::page))
        .route("/ramps/{id}/gaps/{gap}", web::post().to(gap::send))
        .route("/sign-offs", web::get().to(queue::queue))
        .route("/sign-offs/{id}", web::get().to(show))
        .route("/sign-offs/{id}/first-key", web::post().to(first_key))
        .route("/sign-offs/{id}/decision", web::post().to(decide))
        .route("/sign-offs/{id}/withdraw", web::post().to(withdraw))
        .route("/sign-offs/{id}/questions", web::post().to(ask))
        .route(
            "/sign-offs/{id}/questions/{question}",
            web::post().to(answer),
        );
}

/// The page with everything that was typed, when it could not be accepted or came too late.
async fn answer_or_show(
    req: &HttpRequest,
    id: i64,
    form: Form,
    fields: Fields,
    answer: Result<HttpResponse>,
) -> Result<HttpResponse> {
    let (errors, overtaken) = match answer {
        Err(Error::Invalid(errors)) => (errors, false),
        Err(Error::Conflict(sentence)) => (FieldErrors::one("", sentence), true),
        other => return other,
    };
    let returned = Returned {
        form,
        fields,
        errors,
        overtaken,
    };
    show_with(req, id, returned).await
}

async fn first_key(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let words = Note::required(
        fields.get("recommendation"),
        "Write why you recommend the clearance.",
    );
    let shown = Edition::parse(fields.get("edition"));
    let answer = submit(&req, &fields, move |c, act| {
        let words = words.map_err(|sentence| Error::field("recommendation", sentence))?;
        actions::turn_first_key(c, act, id, &words, &shown)?;
        Ok(Done::new(
            format!("/sign-offs/{id}"),
            "You turned the first key. The second key is due now.",
        ))
    })
    .await;
    answer_or_show(&req, id, Form::Key, fields, answer).await
}

async fn decide(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let decision = Decision::parse(&fields);
    let shown = Edition::parse(fields.get("edition"));
    let gaps = match &decision {
        Ok(Decision::Return { gaps, .. }) => gaps.len(),
        _ => 0,
    };
    let answer = submit(&req, &fields, move |c, act| {
        let decision = decision.map_err(Error::Invalid)?;
        Ok(match actions::decide(c, act, id, &decision, &shown)? {
            Outcome::Granted(clearance) => Done::new(
                format!("/clearances/{clearance}"),
                "The clearance is granted.",
            ),
            Outcome::Returned => Done::new(
                format!("/sign-offs/{id}"),
                if gaps == 0 {
                    "The sign-off is returned. The ramp goes on."
                } else {
                    "The sign-off is returned. The ramp goes on; its gaps are open items now."
                },
            ),
        })
    })
    .await;
    answer_or_show(&req, id, Form::Key, fields, answer).await
}

async fn withdraw(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let reason = Note::required(fields.get("reason"), "Say why you take it back.");
    let answer = submit(&req, &fields, move |c, act| {
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        actions::withdraw(c, act, id, &reason)?;
        Ok(Done::new(
            format!("/sign-offs/{id}"),
            "The sign-off is withdrawn. The ramp goes on.",
        ))
    })
    .await;
    answer_or_show(&req, id, Form::Withdraw, fields, answer).await
}

async fn ask(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let body = Note::required(fields.get("question"), "Write what you want to know.");
    let answer = submit(&req, &fields, move |c, act| {
        let body = body.map_err(|sentence| Error::field("question", sentence))?;
        crate::usecases::signoff::question::ask(c, act, id, &body)?;
        Ok(Done::new(
            format!("/sign-offs/{id}#questions"),
            "Your question is on the page.",
        ))
    })
    .await;
    answer_or_show(&req, id, Form::Question, fields, answer).await
}

async fn answer(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, question) = path.into_inner();
    let field = format!("answer-{question}");
    let body = Note::required(fields.get(&field), "Write your answer.");
    let answer = submit(&req, &fields, move |c, act| {
        let body = body.map_err(|sentence| Error::field(&field, sentence))?;
        crate::usecases::signoff::question::answer(c, act, id, question, &body)?;
        Ok(Done::new(
            format!("/sign-offs/{id}#questions"),
            "Your answer is on the page.",
        ))
    })
    .await;
    answer_or_show(&req, id, Form::Answer, fields, answer).await
}
