//! The administrators' page of one person: details, teams, link and coming back.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{Move, administrators_only, links, moved, moves, place_page, places, read_person};
use crate::db::Conn;
use crate::domain::audit::{Act, Reason};
use crate::domain::auth;
use crate::domain::auth::context::ReadContext;
use crate::domain::invite;
use crate::domain::people::admin::{Details, Shown, store};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::team;
use crate::pages::parts::team::TeamField;
use crate::pages::request::{app, submit, submit_once};
use crate::time::TimeText;
use crate::usecases::invite::actions as invitations;
use crate::usecases::people::actions::require_admin;
use crate::usecases::people::admin::{self as actions, Edited};
use crate::web::{Done, Errors, Fields, Page};

struct TeamView {
    id: i64,
    name: String,
    leads: bool,
    moves: Vec<Move>,
}

/// The details as they were typed, or as they are stored.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DetailsForm {
    name: String,
    email: String,
    time_zone: String,
    is_admin: String,
}

#[derive(Template)]
#[template(path = "people/admin/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    handle: String,
    shown: Shown,
    /// What the form was opened on.
    was: Shown,
    form: DetailsForm,
    is_me: bool,
    left: Option<TimeText>,
    has_password: bool,
    /// A link can be mailed to them.
    sends_mail: bool,
    /// Where they are signed in, and when they were last seen in one of these.
    sessions: usize,
    last_seen: Option<TimeText>,
    invited: Option<TimeText>,
    teams: Vec<TeamView>,
    others: TeamField,
}

pub(crate) async fn page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    show(&req, handle.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, handle: String, form: Form) -> Result<HttpResponse> {
    let sends_mail = app(req)?.sends_mail();
    form.show(req, move |c, context, page, form| {
        load(c, context, (page, sends_mail), &handle, form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    (page, sends_mail): (Page, bool),
    handle: &str,
    form: Form,
) -> Result<ShowPage> {
    administrators_only(context)?;
    let store::Line {
        person,
        has_password,
    } = store::by_handle(c, handle)?;
    let has_left = person.deactivated_at.is_some();
    let own = store::teams_of(c, &[person.id])?;
    let others = TeamField::load(c, form.fields.trimmed("team"), &context.actor.teams)?;
    let others = others.without(|name| own.iter().any(|(_, _, own, _)| own == name));
    let open = invite::store::open_of(c, &[person.id], context.now)?;
    let sessions = auth::store::open_sessions(c, person.id, context.now)?;
    let local = &context.local;
    // The page has other forms, which leave these fields as they are stored.
    let values = match form.fields.has("was_name") {
        true => form.fields.texts()?,
        false => DetailsForm {
            name: person.name.clone(),
            email: person.email.clone(),
            time_zone: person.time_zone.clone(),
            is_admin: match person.is_admin {
                true => "yes".to_owned(),
                false => String::new(),
            },
        },
    };
    let stored = Shown {
        name: person.name.clone(),
        email: person.email.clone(),
        time_zone: person.time_zone.clone(),
        is_admin: person.is_admin,
    };
    Ok(ShowPage {
        page: page.titled("admin", &person.name),
        handle: person.handle.clone(),
        form: values,
        is_me: context.actor.is(person.id),
        left: person.deactivated_at.map(|at| local.day_of(at)),
        has_password,
        sends_mail,
        sessions: sessions.len(),
        last_seen: sessions.first().map(|s| local.moment(s.last_seen_at)),
        invited: open.first().map(|(_, at)| local.moment(*at)),
        teams: own
            .into_iter()
            .map(|(_, id, name, leads)| TeamView {
                id,
                name,
                leads,
                moves: moves(Some(leads), has_left),
            })
            .collect(),
        others,
        was: match form.wrong().filter(|fields| fields.has("was_name")) {
            Some(fields) => was(fields),
            None => stored.clone(),
        },
        shown: stored,
        errors: form.errors,
    })
}

/// What the form showed when it was opened.
fn was(fields: &Fields) -> Shown {
    Shown {
        name: fields.get("was_name").to_owned(),
        email: fields.get("was_email").to_owned(),
        time_zone: fields.get("was_zone").to_owned(),
        is_admin: fields.has("was_admin"),
    }
}

/// What the form showed, and what it asks for in its place.
fn read(fields: &Fields) -> Result<(Shown, Details)> {
    let mut errors = FieldErrors::default();
    let Some(person) = read_person(fields, &mut errors) else {
        return Err(Error::Invalid(errors));
    };
    let details = Details {
        name: person.name,
        email: person.email,
        time_zone: person.time_zone,
        is_admin: fields.has("is_admin"),
    };
    Ok((was(fields), details))
}

pub(crate) async fn edit(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let handle = handle.into_inner();
    let (typed, key) = (fields.clone(), handle.clone());
    submit(&req, &fields, move |c, act| {
        let (shown, details) = read(&typed)?;
        let said = match actions::edit(c, act, &key, &shown, &details)? {
            Edited::Saved => "Saved.",
            Edited::WithoutLink => "Saved. The link sent before no longer works. Send a new one.",
            Edited::Nothing => "Nothing was changed.",
        };
        Ok(Done::new(format!("/admin/people/{key}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, handle, form).await)
    .await
}

pub(crate) async fn set_place(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let handle = handle.into_inner();
    let (typed, key) = (fields.clone(), handle.clone());
    submit(&req, &fields, move |c, act| {
        let (from, to) = places(&typed)?;
        let team = team::named(c, "team", typed.trimmed("team"))?;
        let team = team.ok_or_else(|| Error::field("team", "Choose a team."))?;
        let team_id = team.id;
        if from.needs_reason(to) {
            require_admin(act)?;
            // Nothing is stored: that page asks why first.
            return Ok(Done::new(place_page(team_id, &key, to), ""));
        }
        let place = (team_id, key.as_str());
        let (name, team) = actions::set_place(c, act, place, (from, to), &Reason::default())?;
        Ok(Done::new(
            format!("/admin/people/{key}"),
            moved(&name, &team, to),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, handle, form).await)
    .await
}

pub(crate) async fn invite(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    if fields.get("by") == "mail" {
        return mail(req, handle, fields).await;
    }
    let made = submit_once(&req, &fields, move |c, act| {
        let person = store::by_handle(c, &handle)?.person;
        let token = invitations::issue(c, act, &person)?;
        let said = "The link was shown once; make a new one if it is lost.";
        let done = Done::new(format!("/admin/people/{handle}"), said);
        Ok((done, vec![(person, token)]))
    })
    .await;
    links::answer(&req, made, false)
}

async fn mail(req: HttpRequest, handle: web::Path<String>, fields: Fields) -> Result<HttpResponse> {
    let sends_mail = app(&req)?.sends_mail();
    take(req, handle, fields, move |c, act, handle| {
        require_admin(act)?;
        if !sends_mail {
            let sentence = "This Checkride sends no mail. Make a link, and hand it over yourself.";
            return Err(Error::Conflict(sentence.into()));
        }
        let person = store::by_handle(c, handle)?.person;
        invitations::mail(c, act, &person)?;
        Ok(format!("A link is on its way to {}.", person.email))
    })
    .await
}

pub(crate) async fn revoke(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        let person = store::by_handle(c, &handle)?.person;
        let said = if invitations::revoke(c, act, person.id)? {
            "The link no longer works."
        } else {
            "There was no working link."
        };
        Ok(Done::new(format!("/admin/people/{handle}"), said))
    })
    .await
}

pub(crate) async fn sign_out(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, handle, fields, |c, act, handle| {
        let person = actions::sign_out(c, act, handle)?;
        Ok(format!("{} is signed out everywhere.", person.name))
    })
    .await
}

pub(crate) async fn reactivate(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, handle, fields, |c, act, handle| {
        let person = actions::reactivate(c, act, handle)?;
        Ok(format!("{} is back: the account works again.", person.name))
    })
    .await
}

/// Does what one button asks, and says on the same page what was done.
async fn take(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
    f: impl FnOnce(&mut Conn, &Act, &str) -> Result<String> + Send + 'static,
) -> Result<HttpResponse> {
    let handle = handle.into_inner();
    let key = handle.clone();
    submit(&req, &fields, move |c, act| {
        let said = f(c, act, &key)?;
        Ok(Done::new(format!("/admin/people/{key}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, handle, form).await)
    .await
}
