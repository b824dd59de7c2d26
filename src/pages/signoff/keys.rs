//! The two keys of a sign-off, the return instead of one, and the way out.

use actix_web::{HttpRequest, HttpResponse, web};

use super::show::{SentForm, show};
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::{Decision, Note};
use crate::error::{Error, Result};
use crate::pages::form::OrShow;
use crate::pages::request::submit;
use crate::usecases::signoff::actions;
use crate::usecases::signoff::actions::Outcome;
use crate::web::{Done, Fields};

pub(crate) async fn first_key(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let words = Note::required(
        fields.get("recommendation"),
        "Write why you recommend the clearance.",
    );
    let shown = Edition::parse(fields.get("edition"));
    submit(&req, &fields, move |c, act| {
        let words = words.map_err(|sentence| Error::field("recommendation", sentence))?;
        actions::turn_first_key(c, act, id, &words, &shown)?;
        Ok(Done::new(
            format!("/sign-offs/{id}"),
            "You turned the first key. The second key is due now.",
        ))
    })
    .await
    .or_show(fields, async |form| {
        show(&req, id, SentForm::Key, form).await
    })
    .await
}

pub(crate) async fn decide(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let decision = Decision::parse(&fields);
    let shown = Edition::parse(fields.get("edition"));
    let gaps = match &decision {
        Ok(Decision::Return { gaps, .. }) => gaps.len(),
        _ => 0,
    };
    submit(&req, &fields, move |c, act| {
        let decision = decision.map_err(Error::Invalid)?;
        Ok(match actions::decide(c, act, id, &decision, &shown)? {
            Outcome::Granted(clearance) => Done::new(
                format!("/clearances/{clearance}"),
                "The clearance is granted.",
            ),
            Outcome::Returned => Done::new(
                format!("/sign-offs/{id}"),
                if gaps == 0 {
                    "The sign-off is returned. The ramp continues."
                } else {
                    "The sign-off is returned. The ramp continues. Its gaps are open items now."
                },
            ),
        })
    })
    .await
    .or_show(fields, async |form| {
        show(&req, id, SentForm::Key, form).await
    })
    .await
}

pub(crate) async fn withdraw(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let reason = Note::required(fields.get("reason"), "Say why you withdraw it.");
    submit(&req, &fields, move |c, act| {
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        actions::withdraw(c, act, id, &reason)?;
        Ok(Done::new(
            format!("/sign-offs/{id}"),
            "The sign-off is withdrawn. The ramp continues.",
        ))
    })
    .await
    .or_show(fields, async |form| {
        show(&req, id, SentForm::Withdraw, form).await
    })
    .await
}
