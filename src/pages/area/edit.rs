//! The page on which an area is changed.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::owner_team;
use crate::domain::area::form::AreaForm;
use crate::domain::area::may_manage;
use crate::domain::area::model::Area;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::team::TeamField;
use crate::pages::request::submit;
use crate::usecases::area::actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "area/edit.html")]
struct EditPage {
    page: Page,
    errors: Errors,
    area: Area,
    form: AreaForm,
    teams: TeamField,
    systems: Vec<System>,
    may_archive: bool,
}

/// The form of an area as it stands.
pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let area = actions::area_to_change(c, &context.actor, &slug)?;
        let values = match form.typed() {
            None => AreaForm::of(&area),
            Some(typed) => AreaForm {
                revision: form.seen("revision", area.revision),
                code: area.code.clone(),
                ..typed.texts()?
            },
        };
        Ok(EditPage {
            page: page.titled("areas", format!("Edit {}", area.name)),
            teams: TeamField::load(c, values.owner_team.trim(), &context.actor.teams)?,
            systems: systems::of_area(c, area.id)?,
            may_archive: may_manage(&context.actor),
            form: values,
            errors: form.errors,
            area,
        })
    })
    .await
}

pub(crate) async fn change(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let form: AreaForm = fields.texts()?;
    let name = slug.clone();
    submit(&req, &fields, move |c, act| {
        let fields = form.read()?;
        let owner_team_id = owner_team(c, &form)?;
        let revision = form.revision.parse().unwrap_or(-1);
        actions::change(c, act, &name, revision, (&fields, owner_team_id))?;
        Ok(Done::new(
            format!("/areas/{name}"),
            format!("{} is changed.", fields.name),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
