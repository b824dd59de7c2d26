//! Pages that set an area up, change it, and take it out of use.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area::form::Form;
use crate::domain::area::model::Area;
use crate::domain::area::store;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::domain::area::{may_set_up, may_shape};
use crate::domain::people;
use crate::error::{Error, FieldErrors, Result};
use crate::import::templates;
use crate::pages::request::{read, submit};
use crate::usecases::area::actions;
use crate::web::{Done, Errors, Fields, Page, form_status, html, html_with};

/// Something to choose from.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "area/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    form: Form,
    templates: Vec<(Choice, String)>,
    /// What the chosen template brings.
    brings: String,
    teams: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "area/edit.html")]
struct EditPage {
    page: Page,
    errors: Errors,
    area: Area,
    form: Form,
    teams: Vec<Choice>,
    systems: Vec<System>,
    may_archive: bool,
}

fn team_choices(c: &mut Conn, chosen: &str) -> Result<Vec<Choice>> {
    Ok(people::store::teams(c)?
        .into_iter()
        .map(|t| Choice {
            chosen: t.id.to_string() == chosen,
            value: t.id.to_string(),
            label: t.name,
        })
        .collect())
}

async fn show_new(
    req: &HttpRequest,
    typed: Option<Form>,
    template: String,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = read(req, move |c, context| {
        if !may_set_up(&context.actor) {
            return Err(Error::Forbidden(
                "Areas are set up by an administrator.".into(),
            ));
        }
        let all = templates::all(context.now.day())?;
        let wanted = typed.as_ref().map_or(template.as_str(), |f| &f.template);
        let chosen = all.iter().find(|t| t.slug == wanted);
        let brings = chosen.map_or(String::new(), |t| {
            format!(
                "{} competencies, {} checklist items and {} gates, published as its first standard.",
                t.standard.competencies.len(),
                t.standard.items.len(),
                t.standard.gates.len()
            )
        });
        let form = typed.unwrap_or_else(|| match chosen {
            Some(t) => Form {
                template: t.slug.clone(),
                ..Form::saying(&t.slug, &t.fields)
            },
            None => Form::usual(),
        });
        Ok(NewPage {
            page: Page::signed_out(""),
            teams: team_choices(c, &form.owner_team)?,
            templates: all
                .iter()
                .map(|t| {
                    let choice = Choice {
                        value: t.slug.clone(),
                        label: t.fields.name.clone(),
                        chosen: t.slug == form.template,
                    };
                    (choice, t.fields.summary.clone())
                })
                .collect(),
            brings,
            form,
            errors,
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("areas", "Set up an area")
    };
    html_with(status, &NewPage { page, ..view })
}

/// The form of a new area; `?template=` fills it in.
pub(crate) async fn new_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let template = query.trimmed("template").to_owned();
    show_new(&req, None, template, FieldErrors::default()).await
}

/// Sets the area up.
pub(crate) async fn set_up(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let form = Form::typed(&fields);
    let typed = form.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let (slug, fields, owner_team_id) = form.read_new()?;
        let known: Vec<String> = store::all(c)?.into_iter().map(|a| a.code).collect();
        let standard = templates::named(&form.template, act.now.day())?.map(|t| {
            let note = format!("Begun from the template “{}”.", t.fields.name);
            (note, templates::fitted(&t.standard, &fields.code, &known))
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
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_new(&req, Some(typed), String::new(), errors).await,
        other => other,
    }
}

async fn show_edit(
    req: &HttpRequest,
    slug: String,
    typed: Option<Form>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = read(req, move |c, context| {
        let area = store::by_slug(c, &slug)?.ok_or(Error::NotFound("area"))?;
        if !may_shape(&context.actor, area.owner_team_id) {
            return Err(actions::refusal(&area));
        }
        // What was typed is held against what is stored now: saving it again is a decision, not an accident.
        let form = typed.map_or_else(
            || Form::of(&area),
            |form| Form {
                revision: area.revision.to_string(),
                code: area.code.clone(),
                ..form
            },
        );
        Ok(EditPage {
            page: Page::signed_out(""),
            teams: team_choices(c, &form.owner_team)?,
            systems: systems::of_area(c, area.id)?,
            may_archive: may_set_up(&context.actor),
            form,
            errors,
            area,
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("areas", format!("Edit {}", view.area.name))
    };
    html_with(status, &EditPage { page, ..view })
}

/// The form of an area as it stands.
pub(crate) async fn edit_page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show_edit(&req, slug.into_inner(), None, FieldErrors::default()).await
}

pub(crate) async fn change(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let form = Form::typed(&fields);
    let (typed, name) = (form.clone(), slug.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let (fields, owner_team_id) = form.read()?;
        let revision = form.revision.parse().unwrap_or(-1);
        actions::change(c, act, &name, revision, (&fields, owner_team_id))?;
        Ok(Done::new(
            format!("/areas/{name}"),
            format!("{} is changed.", fields.name),
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_edit(&req, slug, Some(typed), errors).await,
        other => other,
    }
}

#[derive(Template)]
#[template(path = "area/archive.html")]
struct ArchivePage {
    page: Page,
    area: Area,
    /// People whose clearance holds, and ramps under way.
    cleared: usize,
    ramps: i64,
}

/// What archiving an area means, before it is done.
pub(crate) async fn archive_page(
    req: HttpRequest,
    slug: web::Path<String>,
) -> Result<HttpResponse> {
    let (page, view) = read(&req, move |c, context| {
        if !may_set_up(&context.actor) {
            return Err(Error::Forbidden(
                "Areas are archived, and brought back, by an administrator.".into(),
            ));
        }
        let area = store::by_slug(c, &slug)?.ok_or(Error::NotFound("area"))?;
        let today = context.now.day();
        let held = crate::domain::clearance::store::latest_in_area(c, area.id)?;
        Ok(ArchivePage {
            page: Page::signed_out(""),
            cleared: held
                .iter()
                .filter(|held| crate::domain::clearance::standing(Some(held), today).is_cover())
                .count(),
            ramps: crate::domain::ramp::store::open_in(c, area.id)?,
            area,
        })
    })
    .await?;
    let page = page.titled("areas", format!("Archive {}", view.area.name));
    html(&ArchivePage { page, ..view })
}

/// Takes the area out of use.
pub(crate) async fn archive(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        actions::archive(c, act, &slug, true)?;
        let said = "The area is archived. Everything recorded in it stays.";
        Ok(Done::new(format!("/areas/{slug}"), said))
    })
    .await
}

/// Brings the area back.
pub(crate) async fn restore(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        actions::archive(c, act, &slug, false)?;
        Ok(Done::new(
            format!("/areas/{slug}"),
            "The area is in use again.",
        ))
    })
    .await
}
