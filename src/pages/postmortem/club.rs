//! The page of a reading club: who is to come, and who was there.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Names;
use crate::domain::postmortem::club::store;
use crate::domain::postmortem::club::store::Member;
use crate::domain::postmortem::club::{ClubState, Reason};
use crate::domain::postmortem::store as postmortems;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::postmortem::actions::not_open;
use crate::usecases::postmortem::club::actions;
use crate::usecases::postmortem::club::actions::{People, may_close};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "postmortem/club.html")]
struct ClubPage {
    page: Page,
    errors: Errors,
    id: i64,
    slug: String,
    title: String,
    state: ClubState,
    begins: TimeText,
    minutes: i32,
    note: String,
    leader: (String, String),
    members: Vec<Member>,
    /// The viewer sees of everyone whether they were there; otherwise only of some, and of themselves.
    sees_all: bool,
    closed: Option<(String, TimeText)>,
    /// The viewer may cancel it; and say who was there, once it has begun.
    may_close: bool,
    has_begun: bool,
    /// Who may have been there.
    choices: Vec<Choice>,
    others: String,
    reason: String,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, id, form)
    })
    .await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64, form: Form) -> Result<ClubPage> {
    let club = store::by_id(c, id)?;
    let found = postmortems::named(c, &club.postmortem_id.to_string())?;
    let mut members = store::members(c, id)?;
    let is_in_it = members.iter().any(|m| context.actor.is(m.person_id));
    if !is_in_it && !found.access().may_read(&context.actor) {
        return Err(Error::Forbidden(not_open().into()));
    }
    let led_or_closed = [Some(club.led_by), club.closed_by];
    let sees_all = led_or_closed
        .into_iter()
        .flatten()
        .any(|id| context.actor.is(id));
    for member in &mut members {
        // Who came is person-level (rule 9).
        let may_see = sees_all || member.concerned.may_see(&context.actor);
        member.was_there = member.was_there.filter(|_| may_see);
    }
    let names = Names::load(c, led_or_closed.into_iter().flatten())?;
    let leader = names.person(club.led_by);
    let closed_by = club.closed_by.map(|id| names.name(id).to_owned());
    // The form that cancels asks nothing about who was there: that stays as it was planned.
    let typed = form.typed().filter(|fields| fields.has("others"));
    let chosen: Option<Vec<i64>> = typed.map(|fields| {
        let people = People::parse(fields).unwrap_or_default();
        people.chosen.into_iter().collect()
    });
    let is_chosen = |id: i64| chosen.as_ref().is_none_or(|ids| ids.contains(&id));
    let text = |name: &str| form.fields.get(name).to_owned();
    Ok(ClubPage {
        page: page.titled("library", "Reading club"),
        id,
        slug: found.slug.clone(),
        title: found.document.title.clone(),
        state: club.state,
        begins: context.local.moment(club.starts_at),
        minutes: club.minutes,
        leader: (leader.handle.to_owned(), leader.name.to_owned()),
        closed: closed_by.zip(club.closed_at.map(|at| context.local.day_of(at))),
        may_close: club.state == ClubState::Planned
            && may_close(&club, &found, &context.actor).is_ok(),
        has_begun: club.starts_at <= context.now,
        note: club.note,
        choices: members
            .iter()
            .map(|m| Choice::new(m.person_id, &m.name, is_chosen(m.person_id)))
            .collect(),
        members,
        sees_all,
        others: text("others"),
        reason: text("reason"),
        errors: form.errors,
    })
}

/// Says who was there.
pub(crate) async fn held(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let came = People::parse(&typed).map_err(|s| Error::field("others", s))?;
        actions::held(c, act, id, &came)?;
        Ok(Done::new(
            format!("/clubs/{id}"),
            "Saved. It counts for everyone who was there.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

pub(crate) async fn cancel(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let reason = Reason::parse(typed.get("reason")).map_err(|s| Error::field("reason", s))?;
        actions::cancel(c, act, id, &reason)?;
        Ok(Done::new(
            format!("/clubs/{id}"),
            "The reading club is cancelled.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
