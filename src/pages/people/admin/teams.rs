//! The administrators' pages of teams.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::admin::{Show, store};
use crate::domain::people::store::teams;
use crate::domain::people::{Name, Place};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::people::admin::show::{moved, places};
use crate::pages::people::admin::{Move, administrators_only, moves};
use crate::pages::request::{old_read, submit};
use crate::usecases::people::admin as actions;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// People a search on a team's page shows.
const FOUND: i64 = 20;

struct TeamView {
    id: i64,
    name: String,
    members: i64,
    leads: i64,
    areas: Vec<String>,
}

#[derive(Template)]
#[template(path = "people/admin/teams.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    typed: String,
    teams: Vec<TeamView>,
}

pub(crate) async fn list_page(req: HttpRequest) -> Result<HttpResponse> {
    show_list(&req, "", FieldErrors::default()).await
}

async fn show_list(req: &HttpRequest, typed: &str, errors: FieldErrors) -> Result<HttpResponse> {
    let (page, teams) = old_read(req, |c, context| {
        administrators_only(context)?;
        let (sizes, owned) = (store::sizes(c)?, store::owned(c)?);
        let of = |id: i64, leads: bool| {
            let mut all = sizes.iter();
            all.find(|(team, l, _)| *team == id && *l == leads)
                .map_or(0, |(_, _, n)| *n)
        };
        let view = |team: crate::domain::people::model::Team| TeamView {
            members: of(team.id, false) + of(team.id, true),
            leads: of(team.id, true),
            areas: owned
                .iter()
                .filter(|(owner, ..)| *owner == team.id)
                .map(|(_, _, name)| name.clone())
                .collect(),
            id: team.id,
            name: team.name,
        };
        Ok(teams(c)?.into_iter().map(view).collect())
    })
    .await?;
    let status = form_status(&errors);
    let page = ListPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("admin", "Administer teams")
        },
        errors,
        typed: typed.to_owned(),
        teams,
    };
    html_with(status, &page)
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.get("name").to_owned();
    let name = match Name::parse(&typed) {
        Ok(name) => name,
        Err(sentence) => {
            return show_list(&req, &typed, FieldErrors::one("name", sentence)).await;
        }
    };
    let done = submit(&req, &fields, move |c, act| {
        let id = actions::add_team(c, act, &name)?;
        let said = format!("{} was added. Put its people in.", name.as_str());
        Ok(Done::new(format!("/admin/teams/{id}"), said))
    })
    .await;
    match done {
        Err(Error::Invalid(errors)) => show_list(&req, &typed, errors).await,
        done => done,
    }
}

struct MemberView {
    id: i64,
    handle: String,
    name: String,
    email: String,
    leads: bool,
    has_left: bool,
    from: &'static str,
    moves: Vec<Move>,
}

#[derive(Template)]
#[template(path = "people/admin/team.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    id: i64,
    name: String,
    typed: String,
    has_lead: bool,
    areas: Vec<(String, String)>,
    members: Vec<MemberView>,
    q: String,
    found: Vec<MemberView>,
}

pub(crate) async fn show_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    typed: Option<&str>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (page, view) = old_read(req, move |c, context| {
        load(c, context, id, query.trimmed("q"))
    })
    .await?;
    let status = form_status(&errors);
    let page = ShowPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("admin", view.name.clone())
        },
        errors,
        typed: typed.unwrap_or(&view.name).to_owned(),
        ..view
    };
    html_with(status, &page)
}

fn load(c: &mut Conn, context: &ReadContext, id: i64, q: &str) -> Result<ShowPage> {
    administrators_only(context)?;
    let team = store::team(c, id)?;
    let members: Vec<MemberView> = store::members(c, id)?
        .into_iter()
        .map(|(person, leads)| {
            let has_left = person.deactivated_at.is_some();
            MemberView {
                id: person.id,
                handle: person.handle,
                name: person.name,
                email: person.email,
                leads,
                has_left,
                from: Place::of(Some(leads)).word(),
                moves: moves(Some(leads), has_left),
            }
        })
        .collect();
    let found = if q.is_empty() {
        Vec::new()
    } else {
        store::page(c, q, Show::Here, None, FOUND)?
    };
    let owned = store::owned(c)?.into_iter();
    let owned = owned.filter(|(owner, ..)| *owner == id);
    Ok(ShowPage {
        page: Page::signed_out(""),
        errors: FieldErrors::default(),
        id,
        typed: String::new(),
        has_lead: members.iter().any(|m| m.leads && !m.has_left),
        areas: owned.map(|(_, slug, name)| (slug, name)).collect(),
        found: found
            .into_iter()
            .map(|line| line.person)
            .filter(|p| members.iter().all(|m| m.handle != p.handle))
            .map(|person| MemberView {
                id: person.id,
                handle: person.handle,
                name: person.name,
                email: person.email,
                leads: false,
                has_left: false,
                from: Place::Outside.word(),
                moves: moves(None, false),
            })
            .collect(),
        name: team.name,
        members,
        q: q.to_owned(),
    })
}

pub(crate) async fn rename(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (id.into_inner(), fields.get("name").to_owned());
    let name = match Name::parse(&typed) {
        Ok(name) => name,
        Err(sentence) => {
            return show(&req, id, Some(&typed), FieldErrors::one("name", sentence)).await;
        }
    };
    let from = fields.get("was_name").to_owned();
    let done = submit(&req, &fields, move |c, act| {
        actions::rename_team(c, act, id, &from, &name)?;
        let said = format!("The team is called {} now.", name.as_str());
        Ok(Done::new(format!("/admin/teams/{id}"), said))
    })
    .await;
    match done {
        Err(Error::Invalid(errors)) => show(&req, id, Some(&typed), errors).await,
        done => done,
    }
}

pub(crate) async fn set_place(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let (from, to) = places(&fields)?;
    let handle = fields.get("person").to_owned();
    submit(&req, &fields, move |c, act| {
        let (name, team) = actions::set_place(c, act, (id, &handle), from, to)?;
        Ok(Done::new(
            format!("/admin/teams/{id}"),
            moved(&name, &team, to),
        ))
    })
    .await
}
