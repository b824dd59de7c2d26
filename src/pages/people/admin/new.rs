//! The page on which one person is added.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::{administrators_only, links, read_person};
use crate::db::Conn;
use crate::domain::people::{NewPerson, Place};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::team;
use crate::pages::parts::team::TeamField;
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
    teams: TeamField,
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
        Ok(NewPage {
            page: page.titled("admin", "Add a person"),
            errors: form.errors,
            teams: TeamField::load(c, values.team.trim(), &context.actor.teams)?,
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

fn read(c: &mut Conn, fields: &Fields) -> Result<(NewPerson, Option<(i64, Place)>)> {
    let mut errors = FieldErrors::default();
    let new = read_person(fields, &mut errors);
    let place = match fields.has("lead") {
        true => Place::Lead,
        false => Place::Member,
    };
    let word = fields.trimmed("team");
    if word.is_empty() && place == Place::Lead {
        errors.add("team", "Choose the team that this person leads.");
    }
    match new {
        Some(new) => {
            let new = errors.or(new)?;
            let team = team::named(c, "team", word)?;
            Ok((new, team.map(|t| (t.id, place))))
        }
        None => Err(Error::Invalid(errors)),
    }
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let added = submit_once(&req, &fields, move |c, act| {
        let (new, team) = read(c, &typed)?;
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
