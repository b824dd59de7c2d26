//! The page on which an area is set up.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::owner_team;
use crate::domain::area;
use crate::domain::area::form::AreaForm;
use crate::error::Result;
use crate::import::AreaEntry;
use crate::import::templates;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::team::TeamField;
use crate::pages::request::submit;
use crate::usecases::area::actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "area/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    form: AreaForm,
    templates: Vec<(Choice, String)>,
    /// What the chosen template brings.
    brings: String,
    teams: TeamField,
}

/// The form of a new area; `?template=` fills it in.
pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        actions::permit_set_up(&context.actor)?;
        let all = templates::all(context.now.day())?;
        let wanted = form.fields.trimmed("template");
        let chosen = all.iter().find(|t| t.slug == wanted);
        let brings = chosen.and_then(|t| t.standard.as_ref());
        let brings = brings.map_or(String::new(), |standard| {
            format!(
                "{} competencies, {} checklist items and {} gates, published as its first standard.",
                standard.competencies.len(),
                standard.items.len(),
                standard.gates.len()
            )
        });
        let values = match (form.typed(), chosen) {
            (Some(typed), _) => typed.texts()?,
            (None, Some(t)) => AreaForm {
                template: t.slug.clone(),
                ..AreaForm::saying(&t.slug, &t.fields)
            },
            (None, None) => AreaForm::usual(),
        };
        let choice = |t: &AreaEntry| {
            let choice = Choice::new(&t.slug, &t.fields.name, t.slug == values.template);
            (choice, t.fields.summary.clone())
        };
        Ok(NewPage {
            page: page.titled("areas", "Set up an area"),
            teams: TeamField::load(c, values.owner_team.trim(), &context.actor.teams)?,
            templates: all.iter().map(choice).collect(),
            brings,
            form: values,
            errors: form.errors,
        })
    })
    .await
}

/// Sets the area up.
pub(crate) async fn set_up(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let form: AreaForm = fields.texts()?;
    submit(&req, &fields, move |c, act| {
        let (slug, fields) = form.read_new()?;
        let owner_team_id = owner_team(c, &form)?;
        let known: Vec<String> = area::store::all(c)?.into_iter().map(|a| a.code).collect();
        let standard = templates::named(&form.template, act.now.day())?.and_then(|t| {
            let note = format!("Begun from the template “{}”.", t.fields.name);
            let content = templates::fitted(&t.standard?, &fields.code, &known);
            Some((note, content))
        });
        let name = fields.name.clone();
        let new = actions::NewArea {
            slug,
            fields,
            owner_team_id,
            standard,
        };
        actions::set_up(c, act, &new)?;
        Ok(Done::new(
            format!("/areas/{}", new.slug),
            format!("{name} is set up."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}
