//! The administrators' list of teams.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::administrators_only;
use crate::domain::people::Name;
use crate::domain::people::admin::store;
use crate::domain::people::model::Team;
use crate::domain::people::store::teams;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::people::admin as actions;
use crate::web::{Done, Errors, Fields, Page};

struct TeamView {
    id: i64,
    name: String,
    members: i64,
    leads: i64,
    areas: Vec<String>,
}

#[derive(Template)]
#[template(path = "people/admin/teams.html")]
struct TeamsPage {
    page: Page,
    errors: Errors,
    typed: String,
    is_other: bool,
    teams: Vec<TeamView>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        administrators_only(context)?;
        let sizes = store::sizes(c)?.into_iter();
        let sizes: HashMap<(i64, bool), i64> = sizes.map(|(id, lead, n)| ((id, lead), n)).collect();
        let of = |id: i64, leads: bool| sizes.get(&(id, leads)).copied().unwrap_or_default();
        let mut owned: HashMap<i64, Vec<String>> = HashMap::new();
        for (owner, _, area) in store::owned(c)? {
            owned.entry(owner).or_default().push(area);
        }
        let mut view = |team: Team| TeamView {
            members: of(team.id, false) + of(team.id, true),
            leads: of(team.id, true),
            areas: owned.remove(&team.id).unwrap_or_default(),
            id: team.id,
            name: team.name,
        };
        Ok(TeamsPage {
            page: page.titled("admin", "Administer teams"),
            typed: form.fields.get("name").to_owned(),
            is_other: form.fields.has("is_other"),
            errors: form.errors,
            teams: teams(c)?.into_iter().map(&mut view).collect(),
        })
    })
    .await
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let name = Name::parse(typed.get("name")).map_err(|s| Error::field("name", s))?;
        let id = actions::add_team(c, act, &name, typed.has("is_other"))?;
        let said = format!("{} was added. Put its people in.", name.as_str());
        Ok(Done::new(format!("/admin/teams/{id}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}
