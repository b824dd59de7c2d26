//! The form of one competency of a draft.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::line;
use super::line::{Kind, LineForm, LinePath, choice, open};
use crate::domain::standard::{Group, Level};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::usecases::standard::input::LineInput;
use crate::web::{Errors, Fields, Page};

/// What a level looks like, as it was typed.
struct Behaviour {
    name: String,
    label: String,
    text: String,
}

#[derive(Template)]
#[template(path = "standard/competency.html")]
struct CompetencyPage {
    page: Page,
    errors: Errors,
    form: LineForm,
    groups: Vec<Choice>,
    statement: String,
    levels: Vec<Choice>,
    critical: bool,
    behaviours: Vec<Behaviour>,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<LinePath>) -> Result<HttpResponse> {
    show(&req, path.into_inner(), Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, path: LinePath, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        let opened = open(c, context, Kind::Competency, path, form)?;
        let fields = &opened.fields;
        let group = |g: &Group| {
            let is_first = *g == Group::Architecture;
            choice(fields, "group", g.word(), g.label(), is_first)
        };
        let level = |l: &Level| {
            let number = l.number().to_string();
            let label = format!("{number} {}", l.label());
            choice(fields, "required_level", &number, label, l.number() == 3)
        };
        let behaviour = |l: &Level| {
            let name = format!("level_{}", l.number());
            Behaviour {
                text: fields.get(&name).to_owned(),
                label: format!("Level {}, {}", l.number(), l.label().to_lowercase()),
                name,
            }
        };
        Ok(CompetencyPage {
            page: page.titled("areas", opened.title),
            groups: Group::ALL.iter().map(group).collect(),
            statement: fields.get("statement").to_owned(),
            levels: Level::ALL.iter().map(level).collect(),
            critical: fields.has("critical"),
            behaviours: Level::ALL.iter().map(behaviour).collect(),
            form: opened.form,
            errors: opened.errors,
        })
    })
    .await
}

/// Adds or changes the competency.
pub(crate) async fn save(
    req: HttpRequest,
    path: web::Path<LinePath>,
    fields: Fields,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    line::save(&req, path.clone(), &fields, LineInput::competency)
        .await
        .or_show(fields, async |form| show(&req, path, form).await)
        .await
}
