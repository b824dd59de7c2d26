//! The administrators' page of one person: details, teams, link, leaving and coming back.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::admin::{Details, Shown, store};
use crate::domain::people::model::Team;
use crate::domain::people::store::teams;
use crate::domain::people::{Email, Name, Place, Reason, ZoneName};
use crate::domain::{invite, people};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::people::admin::links;
use crate::pages::people::admin::{Move, administrators_only, moves};
use crate::pages::request::{Once, old_read, submit, submit_once};
use crate::usecases::people::admin as actions;
use crate::usecases::register::{Leaving, leaving};
use crate::web::time::TimeText;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

struct TeamView {
    id: i64,
    name: String,
    leads: bool,
    from: &'static str,
    moves: Vec<Move>,
}

/// Name, e-mail, time zone and role as the form shows them.
struct Typed {
    name: String,
    email: String,
    time_zone: String,
    is_admin: bool,
}

#[derive(Template)]
#[template(path = "people/admin/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    handle: String,
    shown: Shown,
    typed: Typed,
    is_me: bool,
    left: Option<TimeText>,
    has_password: bool,
    invited: Option<TimeText>,
    teams: Vec<TeamView>,
    others: Vec<Team>,
}

pub(crate) async fn show_page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    show(&req, &handle, None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    handle: &str,
    typed: Option<&Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let key = handle.to_owned();
    let (page, view) = old_read(req, move |c, context| load(c, context, &key)).await?;
    let typed = typed.map_or(view.typed, |f| Typed {
        name: f.get("name").to_owned(),
        email: f.get("email").to_owned(),
        time_zone: f.get("time_zone").to_owned(),
        is_admin: f.has("is_admin"),
    });
    let status = form_status(&errors);
    let page = ShowPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("admin", view.shown.name.clone())
        },
        errors,
        typed,
        ..view
    };
    html_with(status, &page)
}

fn load(c: &mut Conn, context: &ReadContext, handle: &str) -> Result<ShowPage> {
    administrators_only(context)?;
    let store::Line {
        person,
        has_password,
    } = store::by_handle(c, handle)?;
    let has_left = person.deactivated_at.is_some();
    let own = store::teams_of(c, &[person.id])?;
    let others = teams(c)?.into_iter();
    let others = others.filter(|t| own.iter().all(|(_, id, ..)| *id != t.id));
    let others = others.collect();
    let open = invite::store::open_of(c, &[person.id], context.now)?;
    let local = &context.local;
    Ok(ShowPage {
        page: Page::signed_out(""),
        errors: FieldErrors::default(),
        handle: person.handle.clone(),
        typed: Typed {
            name: person.name.clone(),
            email: person.email.clone(),
            time_zone: person.time_zone.clone(),
            is_admin: person.is_admin,
        },
        is_me: context.actor.is(person.id),
        left: person.deactivated_at.map(|at| local.day_of(at)),
        has_password,
        invited: open.first().map(|(_, at)| local.moment(*at)),
        teams: own
            .into_iter()
            .map(|(_, id, name, leads)| TeamView {
                id,
                name,
                leads,
                from: Place::of(Some(leads)).word(),
                moves: moves(Some(leads), has_left),
            })
            .collect(),
        others,
        shown: Shown {
            name: person.name,
            email: person.email,
            time_zone: person.time_zone,
            is_admin: person.is_admin,
        },
    })
}

pub(crate) async fn edit(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let mut errors = FieldErrors::default();
    let name = Name::parse(fields.get("name")).map_err(|e| errors.add("name", e));
    let email = Email::parse(fields.get("email")).map_err(|e| errors.add("email", e));
    let zone = ZoneName::parse(fields.get("time_zone")).map_err(|e| errors.add("time_zone", e));
    let (Ok(name), Ok(email), Ok(time_zone)) = (name, email, zone) else {
        return show(&req, &handle, Some(&fields), errors).await;
    };
    let details = Details {
        name,
        email,
        time_zone,
        is_admin: fields.has("is_admin"),
    };
    let shown = Shown {
        name: fields.get("was_name").to_owned(),
        email: fields.get("was_email").to_owned(),
        time_zone: fields.get("was_zone").to_owned(),
        is_admin: fields.has("was_admin"),
    };
    let key = handle.clone();
    let done = submit(&req, &fields, move |c, act| {
        let changed = actions::edit(c, act, &key, &shown, &details)?;
        let said = if changed {
            "Saved."
        } else {
            "Nothing was changed."
        };
        Ok(Done::new(format!("/admin/people/{key}"), said))
    })
    .await;
    match done {
        Err(Error::Invalid(errors)) => show(&req, &handle, Some(&fields), errors).await,
        done => done,
    }
}

/// The places a form moves somebody from and to.
pub(crate) fn places(fields: &Fields) -> Result<(Place, Place)> {
    let place = |name: &str| Place::parse(fields.get(name));
    place("from").zip(place("to")).ok_or_else(|| {
        let sentence = "The form was incomplete. Load the page again, then send it.";
        Error::field("", sentence)
    })
}

/// What was done, in words.
pub(crate) fn moved(name: &str, team: &str, to: Place) -> String {
    match to {
        Place::Outside => format!("{name} is not in {team} any more."),
        Place::Member => format!("{name} is a member of {team}."),
        Place::Lead => format!("{name} leads {team}."),
    }
}

pub(crate) async fn set_place(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (from, to) = places(&fields)?;
    let Some(team_id) = fields.id("team") else {
        let errors = FieldErrors::one("team", "Choose a team.");
        return show(&req, &handle, None, errors).await;
    };
    submit(&req, &fields, move |c, act| {
        let (name, team) = actions::set_place(c, act, (team_id, &handle), from, to)?;
        let back = format!("/admin/people/{handle}");
        Ok(Done::new(back, moved(&name, &team, to)))
    })
    .await
}

pub(crate) async fn invite(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let made = submit_once(&req, &fields, move |c, act| {
        let person = store::by_handle(c, &handle)?.person;
        let token = crate::usecases::invite::actions::issue(c, act, &person)?;
        let said = "The link was shown once; make a new one if it is lost.";
        let done = Done::new(format!("/admin/people/{handle}"), said);
        Ok((done, (person, token)))
    })
    .await?;
    match made {
        Once::Now(page, made) => links::show(&req, *page, vec![made]),
        Once::Before(response) => Ok(response),
    }
}

pub(crate) async fn revoke(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        let person = store::by_handle(c, &handle)?.person;
        let said = if crate::usecases::invite::actions::revoke(c, act, person.id)? {
            "The link no longer works."
        } else {
            "There was no link that works."
        };
        Ok(Done::new(format!("/admin/people/{handle}"), said))
    })
    .await
}

#[derive(Template)]
#[template(path = "people/admin/deactivate.html")]
struct LeavingPage {
    page: Page,
    errors: Errors,
    handle: String,
    name: String,
    is_me: bool,
    stays: Option<String>,
    reason: String,
    left: Leaving,
}

pub(crate) async fn leaving_page(
    req: HttpRequest,
    handle: web::Path<String>,
) -> Result<HttpResponse> {
    show_leaving(&req, &handle, "", FieldErrors::default()).await
}

async fn show_leaving(
    req: &HttpRequest,
    handle: &str,
    reason: &str,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let (key, reason) = (handle.to_owned(), reason.to_owned());
    let status = form_status(&errors);
    let (page, view) = old_read(req, move |c, context| {
        administrators_only(context)?;
        let person = store::by_handle(c, &key)?.person;
        if person.deactivated_at.is_some() {
            let sentence = format!("{} was deactivated before.", person.name);
            return Err(Error::Conflict(sentence));
        }
        let others = store::other_administrators(c, person.id)?;
        let (id, name) = (person.id, person.name.clone());
        let stays = crate::domain::people::admin::last_administrator(&person, others);
        let who = people::store::actor(c, person)?;
        Ok(LeavingPage {
            page: Page::signed_out(""),
            handle: key,
            is_me: context.actor.is(id),
            name,
            stays,
            reason,
            left: leaving(c, &who, context.now.day())?,
            errors,
        })
    })
    .await?;
    let title = format!("Deactivate {}", view.name);
    let page = LeavingPage {
        page: Page {
            has_errors: !view.errors.is_empty(),
            ..page.titled("admin", title)
        },
        ..view
    };
    html_with(status, &page)
}

pub(crate) async fn deactivate(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let reason = match Reason::parse(fields.get("reason")) {
        Ok(reason) if reason.is_empty() => Err("Say why, for those who look later.".to_owned()),
        other => other,
    };
    let reason = match reason {
        Ok(reason) => reason,
        Err(sentence) => {
            let errors = FieldErrors::one("reason", sentence);
            return show_leaving(&req, &handle, fields.get("reason"), errors).await;
        }
    };
    submit(&req, &fields, move |c, act| {
        let person = crate::usecases::people::actions::deactivate(c, act, &handle, &reason)?;
        let said = format!("{} is deactivated and signed out everywhere.", person.name);
        Ok(Done::new(format!("/admin/people/{handle}"), said))
    })
    .await
}

pub(crate) async fn reactivate(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        let person = actions::reactivate(c, act, &handle)?;
        let said = format!("{} is back: the account works again.", person.name);
        Ok(Done::new(format!("/admin/people/{handle}"), said))
    })
    .await
}
