//! The page on which the two people of a session tell each other how it went.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::session::feedback::NewFeedback;
use crate::domain::session::feedback::store::Row;
use crate::domain::session::store;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::pages::session::row_of;
use crate::time::TimeText;
use crate::usecases::dossier::Dossier;
use crate::usecases::session::feedback;
use crate::usecases::session::feedback::Feedback;
use crate::web::{Done, Errors, Fields, Page};
use crate::words::Words;

/// What one side said: question and answer.
struct Said {
    answers: Vec<(&'static str, String)>,
    when: TimeText,
}

#[derive(Template)]
#[template(path = "session/feedback.html")]
struct FeedbackPage {
    page: Page,
    errors: Errors,
    id: i64,
    ramp_id: i64,
    session: String,
    mentee: String,
    area: String,
    /// The other of the two.
    other_name: String,
    questions: [&'static str; 2],
    first: String,
    second: String,
    /// What the form was opened on.
    seen: String,
    may_write: bool,
    is_in: bool,
    other_is_in: bool,
    own: Option<Said>,
    other: Option<Said>,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let session = store::by_id(c, id)?;
        let dossier = Dossier::load_for(c, session.ramp_id, &context.actor, context.now)
            .map_err(|e| e.hidden("session"))?;
        let given = Feedback::load(c, &dossier, &session, &context.actor)?;
        let said = |row: &Row, questions: [&'static str; 2]| {
            let answers = questions
                .into_iter()
                .zip([row.first.clone(), row.second.clone()]);
            Said {
                answers: answers.filter(|(_, text)| !text.is_empty()).collect(),
                when: context.local.moment(row.at),
            }
        };
        let (side, stored) = (given.side, given.own.as_ref());
        let text = |name: &str, stored: Option<&String>| match form.typed() {
            Some(typed) => typed.get(name).to_owned(),
            None => stored.cloned().unwrap_or_default(),
        };
        let other_id = match dossier.parties.is_mentee(&context.actor) {
            true => session.mentor_id,
            false => dossier.ramp.mentee_id,
        };
        Ok(FeedbackPage {
            page: page.titled("ramps", "Feedback on a session"),
            id,
            ramp_id: dossier.ramp.id,
            session: context.local.moment(session.starts_at).text,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
            other_name: dossier.person(other_id).name.to_owned(),
            questions: side.questions(),
            first: text("first", stored.map(|row| &row.first)),
            second: text("second", stored.map(|row| &row.second)),
            seen: form.seen("seen", given.edition()),
            may_write: given.may_write(),
            is_in: stored.is_some(),
            other_is_in: given.other_is_in,
            own: stored.map(|row| said(row, side.questions())),
            other: given
                .other
                .as_ref()
                .map(|row| said(row, side.other().questions())),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn give(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (row_of(&path)?, fields.clone());
    submit(&req, &fields, move |c, act| {
        let given = feedback::give(c, act, id, parse(&typed))?;
        let words = match given.is_open {
            true => "Saved. Both of you can read both answers now.",
            false => "Saved. You can correct it until it opens.",
        };
        Ok(Done::new(format!("/sessions/{id}/feedback"), words))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

fn parse(fields: &Fields) -> Result<(NewFeedback, i64)> {
    let seen = fields.id("seen").ok_or_else(Error::incomplete)?;
    let mut errors = FieldErrors::default();
    let mut read =
        |name: &str| Words::parse(fields.get(name)).map_err(|sentence| errors.add(name, sentence));
    match (read("first"), read("second")) {
        (Ok(first), Ok(second)) => Ok((NewFeedback::new(first, second)?, seen)),
        _ => Err(Error::Invalid(errors)),
    }
}
