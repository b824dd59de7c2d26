//! The page on which a lead says who a name of a rota is.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::change;
use crate::domain::area::model::Area;
use crate::domain::rota::finding::{Kind, Who};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::parts::choice::Choice;
use crate::usecases::area::actions::area_to_change;
use crate::usecases::people::find;
use crate::usecases::rota::{actions, checked};
use crate::web::{Errors, Fields, Page};

#[derive(Template)]
#[template(path = "rota/names.html")]
struct NamesPage {
    page: Page,
    errors: Errors,
    area: Area,
    /// Names that nobody here has.
    names: Vec<Choice>,
    who: String,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let area = area_to_change(c, &context.actor, &slug)?;
        let all = checked(c, area.id, context.now)?.findings;
        let mut unknown: BTreeMap<String, String> = BTreeMap::new();
        for (finding, _) in all
            .into_iter()
            .filter(|(f, _)| f.identity.kind == Kind::Unknown)
        {
            if let Who::Named(key) = finding.identity.who
                && !key.is_empty()
            {
                unknown.insert(key, finding.name);
            }
        }
        let chosen = form.fields.get("called");
        let names = unknown.into_iter().map(|(key, name)| {
            let is_chosen = key == chosen;
            Choice::new(key, name, is_chosen)
        });
        Ok(NamesPage {
            page: page.titled("areas", format!("Names in the rota of {}", area.name)),
            names: names.collect(),
            who: form.fields.get("who").to_owned(),
            errors: form.errors,
            area,
        })
    })
    .await
}

pub(crate) async fn say(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let show = async |slug, form| show(&req, slug, form).await;
    change(
        &req,
        (slug.into_inner(), fields),
        show,
        |c, act, slug, typed| {
            let called = typed.get("called");
            if called.is_empty() {
                return Err(Error::field("called", "Choose a name."));
            }
            let person = find::called(c, typed.trimmed("who"))?;
            let person = person.map_err(|sentence| Error::field("who", sentence))?;
            let who = actions::say(c, act, slug, (called, person.id))?;
            Ok(format!("These shifts are now those of {who}."))
        },
    )
    .await
}
