//! The page on which one person is added.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::{administrators_only, links, read_person};
use crate::domain::people::store::teams;
use crate::domain::people::{NewPerson, Place};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{app, submit_once};
use crate::usecases::people::admin as actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Default, Deserialize)]
#[serde(default)]
struct PersonForm {
    name: String,
    email: String,
    time_zone: String,
    team: String,
    lead: String,
    is_other: String,
}

#[derive(Template)]
#[template(path = "people/admin/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    form: PersonForm,
    teams: Vec<Choice>,
    /// Their link reaches them by mail.
    sends_mail: bool,
    email_hint: &'static str,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let sends_mail = app(req)?.sends_mail();
    form.show(req, move |c, context, page, form| {
        administrators_only(context)?;
        let values = match form.typed() {
            Some(typed) => typed.texts()?,
            None => PersonForm {
                time_zone: page.zone.clone(),
                ..PersonForm::default()
            },
        };
        let teams = teams(c)?.into_iter();
        Ok(NewPage {
            page: page.titled("admin", "Add a person"),
            errors: form.errors,
            teams: teams
                .map(|t| Choice::new(t.id, t.name, t.id.to_string() == values.team))
                .collect(),
            form: values,
            sends_mail,
            email_hint: match sends_mail {
                true => "They sign in with it. Their link is mailed there.",
                false => "They sign in with it. Nothing is sent there.",
            },
        })
    })
    .await
}

fn read(fields: &Fields) -> Result<(NewPerson, Option<(i64, Place)>)> {
    let mut errors = FieldErrors::default();
    let new = read_person(fields, &mut errors);
    let place = match fields.has("lead") {
        true => Place::Lead,
        false => Place::Member,
    };
    let team = fields.id("team").map(|id| (id, place));
    if team.is_none() && !fields.trimmed("team").is_empty() {
        errors.add("team", "Choose a team from the list.");
    } else if team.is_none() && place == Place::Lead {
        errors.add("team", "Choose the team that this person leads.");
    }
    match new {
        Some(new) => errors.or((new, team)),
        None => Err(Error::Invalid(errors)),
    }
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let added = submit_once(&req, &fields, move |c, act| {
        let (new, team) = read(&typed)?;
        let made = actions::add_to_team(c, act, &new, team, typed.has("is_other"))?;
        let done = Done::new(
            format!("/admin/people/{}", made.0.handle),
            format!(
                "{} was added. The link was shown once; make a new one if it is lost.",
                made.0.name
            ),
        );
        Ok((done, vec![made]))
    })
    .await;
    links::answer(&req, added, app(&req)?.sends_mail())
        .or_show(fields, async |form| show(&req, form).await)
        .await
}
