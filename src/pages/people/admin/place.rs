//! The page on which someone becomes a lead, stops being one, or leaves a team: what it does, and why.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::administrators_only;
use crate::domain::people::admin::store;
use crate::domain::people::{Place, effects};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::web::{Errors, Fields, Page};

#[derive(Template)]
#[template(path = "people/admin/place.html")]
struct PlacePage {
    page: Page,
    errors: Errors,
    title: String,
    button: &'static str,
    team: (i64, String),
    handle: String,
    from: String,
    to: &'static str,
    makes_lead: bool,
    effects: Vec<String>,
    areas: Vec<(String, String)>,
    reason: String,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::asked(&req)?).await
}

/// The page for the team, person and place that the fields name.
pub(super) async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        administrators_only(context)?;
        let (team_id, to) = wanted(&form.fields).ok_or(Error::NotFound("place in a team"))?;
        let team = store::team(c, team_id)?;
        let person = store::by_handle(c, form.fields.get("person"))?.person;
        let from = Place::of(store::leads(c, team_id, person.id)?);
        let others = store::members(c, team_id)?;
        let is_last = !others
            .iter()
            .any(|(p, leads)| *leads && p.id != person.id && p.deactivated_at.is_none());
        let (title, button) = match (from, to) {
            (_, Place::Lead) => ("Make {} a lead of {}", "Make lead"),
            (_, Place::Outside) => ("Remove {} from {}", "Remove"),
            (_, Place::Member) => ("Remove {} as lead of {}", "Remove as lead"),
        };
        let title = title.replacen("{}", &person.name, 1);
        let title = title.replacen("{}", &team.name, 1);
        let owned = store::owned(c)?.into_iter();
        Ok(PlacePage {
            page: page.titled("admin", &title),
            effects: effects(&person.name, (from, to), is_last),
            areas: owned
                .filter(|(owner, ..)| *owner == team_id)
                .map(|(_, slug, name)| (slug, name))
                .collect(),
            from: form.seen("from", from.word()),
            to: to.word(),
            makes_lead: to == Place::Lead,
            title,
            button,
            team: (team.id, team.name),
            handle: person.handle,
            reason: form.fields.get("reason").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

fn wanted(fields: &Fields) -> Option<(i64, Place)> {
    fields.id("team").zip(Place::parse(fields.get("to")))
}
