//! The page on which a mentee asks what someone saw.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::types::Day;
use crate::domain::asked::{NewAsk, OPEN_DAYS};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::asked::actions;
use crate::usecases::dossier::Dossier;
use crate::web::{Done, Errors, Fields, Page};
use crate::words::Words;

/// So many people are chips; more are a list.
const CHIPS: usize = 8;

#[derive(Template)]
#[template(path = "asked/ask.html")]
struct AskPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    code: String,
    statement: String,
    people: Vec<Choice>,
    /// Too many for chips.
    is_list: bool,
    worked_on: String,
    work: String,
    days: i64,
}

pub(crate) async fn page(
    req: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    show(&req, row_of(path.into_inner())?, Form::asked(&req)?).await
}

fn row_of((ramp, code): (String, String)) -> Result<(i64, String)> {
    let id = ramp.parse().map_err(|_| Error::NotFound("ramp"))?;
    Ok((id, code))
}

async fn show(
    req: &HttpRequest,
    (ramp_id, code): (i64, String),
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
        actions::may_ask(&dossier, &context.actor)?;
        let statement = actions::competency(&dossier, &code)?.statement.clone();
        let people = actions::can_be_asked(c, &dossier, context.now.day())?;
        let chosen = form.fields.id("asked");
        let worked_on = match form.fields.has("worked_on") {
            true => form.fields.get("worked_on").to_owned(),
            false => context.now.day().to_string(),
        };
        Ok(AskPage {
            page: page.titled("ramps", format!("Ask for an observation of {code}")),
            ramp_id,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
            statement,
            is_list: people.len() > CHIPS,
            people: people
                .into_iter()
                .map(|p| Choice::new(p.id, p.name, chosen == Some(p.id)))
                .collect(),
            worked_on,
            work: form.fields.get("work").to_owned(),
            days: OPEN_DAYS,
            errors: form.errors,
            code,
        })
    })
    .await
}

pub(crate) async fn ask(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let place = row_of(path.into_inner())?;
    let (typed, (ramp_id, code)) = (fields.clone(), place.clone());
    submit(&req, &fields, move |c, act| {
        let asked = actions::ask(c, act, ramp_id, &code, parse(&typed))?;
        Ok(Done::new(
            format!("/ramps/{ramp_id}/competencies/{code}"),
            format!(
                "Asked. An answer is possible until {}.",
                act.moment(asked.expires_at)
            ),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, place, form).await)
    .await
}

fn parse(fields: &Fields) -> Result<NewAsk> {
    let mut errors = FieldErrors::default();
    let asked_id = fields.id("asked");
    if asked_id.is_none() {
        errors.add("asked", "Choose the person who saw it.");
    }
    let worked_on = Day::parse(fields.trimmed("worked_on"));
    if worked_on.is_none() {
        errors.add("worked_on", "Enter the day of the work.");
    }
    let missing = "Say in a sentence what you worked on.";
    let work = Words::required(fields.get("work"), missing)
        .map_err(|sentence| errors.add("work", sentence));
    match (asked_id, worked_on, work) {
        (Some(asked_id), Some(worked_on), Ok(work)) => Ok(NewAsk {
            asked_id,
            worked_on,
            work,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}
