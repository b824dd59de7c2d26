//! The administrators' page of one team.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Move, administrators_only, moved, moves, place, places};
use crate::db::Conn;
use crate::domain::audit::read_reason;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::admin::{Show, store};
use crate::domain::people::model::Person;
use crate::domain::people::{Name, Place};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::text;
use crate::usecases::people::admin as actions;
use crate::web::{Done, Errors, Fields, Page};

/// People that a search shows.
const FOUND: i64 = 20;

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

impl MemberView {
    /// `leads` as in [`Place::of`].
    fn new(person: Person, leads: Option<bool>) -> Self {
        let has_left = person.deactivated_at.is_some();
        Self {
            id: person.id,
            handle: person.handle,
            name: person.name,
            email: person.email,
            leads: leads == Some(true),
            has_left,
            from: Place::of(leads).word(),
            moves: moves(leads, has_left),
        }
    }
}

#[derive(Template)]
#[template(path = "people/admin/team.html")]
struct TeamPage {
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

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    form.show(req, move |c, context, page, form| {
        load(c, context, page, (id, text::wanted(query.get("q"))), form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (id, q): (i64, &str),
    form: Form,
) -> Result<TeamPage> {
    administrators_only(context)?;
    let team = store::team(c, id)?;
    let members: Vec<MemberView> = store::members(c, id)?
        .into_iter()
        .map(|(person, leads)| MemberView::new(person, Some(leads)))
        .collect();
    let found = if q.is_empty() {
        Vec::new()
    } else {
        store::page(c, q, Show::Here, None, FOUND)?
    };
    let owned = store::owned(c)?.into_iter();
    let owned = owned.filter(|(owner, ..)| *owner == id);
    Ok(TeamPage {
        page: page.titled("admin", &team.name),
        errors: form.errors,
        id,
        // The page has other forms, which leave the name as it is stored.
        typed: match form.fields.has("name") {
            true => form.fields.get("name").to_owned(),
            false => team.name.clone(),
        },
        has_lead: members.iter().any(|m| m.leads && !m.has_left),
        areas: owned.map(|(_, slug, name)| (slug, name)).collect(),
        found: found
            .into_iter()
            .map(|line| line.person)
            .filter(|p| members.iter().all(|m| m.handle != p.handle))
            .map(|person| MemberView::new(person, None))
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
    let (id, typed) = (id.into_inner(), fields.clone());
    submit(&req, &fields, move |c, act| {
        let name = Name::parse(typed.get("name")).map_err(|s| Error::field("name", s))?;
        actions::rename_team(c, act, id, typed.get("was_name"), &name)?;
        let said = format!("The team is called {} now.", name.as_str());
        Ok(Done::new(format!("/admin/teams/{id}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

pub(crate) async fn set_place(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (id.into_inner(), fields.clone());
    submit(&req, &fields, move |c, act| {
        let (from, to) = places(&typed)?;
        let place = (id, typed.get("person"));
        let reason = read_reason(typed.get("reason"))?;
        let (name, team) = actions::set_place(c, act, place, (from, to), &reason)?;
        Ok(Done::new(
            format!("/admin/teams/{id}"),
            moved(&name, &team, to),
        ))
    })
    .await
    .or_show(fields, async |form| match form.fields.has("reason") {
        true => place::show(&req, form).await,
        false => show(&req, id, form).await,
    })
    .await
}
