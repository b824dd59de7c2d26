//! What somebody practised, and until when it keeps each clearance alive.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::store::{self, Activity};
use super::{actions, may_see};
use crate::auth::request::{Asking, read, submit};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::register::{Register, Scope, look};
use crate::web::time::When;
use crate::web::{Done, Fields, Page, html};

/// Lines of practice on the page.
const LINES: i64 = 100;

struct Held {
    id: i64,
    area: String,
    slug: String,
    mark: look::Mark,
    /// Last practice, until when it holds by it, every how many days, and the last day it was granted for.
    practised: When,
    until: When,
    recency: i32,
    ends: When,
}

struct Line {
    id: i64,
    day: When,
    what: &'static str,
    area: String,
    note: String,
    link: Option<String>,
    is_undone: bool,
    can_take_back: bool,
}

#[derive(Template)]
#[template(path = "currency/practice.html")]
struct PracticePage {
    page: Page,
    name: String,
    handle: String,
    is_me: bool,
    held: Vec<Held>,
    lines: Vec<Line>,
}

/// `GET /people/{handle}/practice`
pub(super) async fn show(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    let (page, view) = read(&req, move |c, asking| load(c, &handle, asking)).await?;
    let page = page.titled("people", format!("Practice of {}", view.name));
    html(&PracticePage { page, ..view })
}

fn load(c: &mut Conn, handle: &str, asking: &Asking) -> Result<PracticePage> {
    let (today, dial) = (asking.now.day(), &asking.dial);
    let register = Register::load(c, &Scope::Person(handle), &asking.actor, today)?;
    let person = register
        .by_handle(handle)
        .ok_or(Error::NotFound("person"))?;
    if !may_see(&asking.actor, person.id, register.teams_of(person.id)) {
        return Err(Error::Forbidden(format!(
            "What {} practised is open to them and the leads of their teams. Until when a clearance holds stands on \
             its own page, open to everybody.",
            person.name
        )));
    }
    let held = register.areas().iter().filter_map(|area| {
        let held = register.clearance(person.id, area.id)?;
        register
            .standing(person.id, area.id)
            .is_cover()
            .then(|| Held {
                id: held.id,
                area: area.name.clone(),
                slug: area.slug.clone(),
                mark: look::of_clearance(held, &register, dial),
                practised: dial.day(held.practised_on),
                until: dial.day(held.holds_until),
                recency: held.recency_days,
                ends: dial.day(held.ends_on),
            })
    });
    let lines = store::of_person(c, person.id, LINES)?;
    Ok(PracticePage {
        page: Page::signed_out(""),
        held: held.collect(),
        lines: lines
            .into_iter()
            .map(|(activity, area)| line(activity, area, asking))
            .collect(),
        name: person.name.clone(),
        handle: person.handle.clone(),
        is_me: asking.actor.is(person.id),
    })
}

fn line(activity: Activity, area: String, asking: &Asking) -> Line {
    Line {
        id: activity.id,
        day: asking.dial.day(activity.day),
        what: activity.kind.label(),
        area,
        can_take_back: actions::may_take_back(&asking.actor, asking.now, &activity),
        is_undone: activity.undone_at.is_some(),
        note: activity.note,
        link: activity.link,
    }
}

/// `POST /activities/{id}/take-back`
pub(super) async fn take_back(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    submit(&req, &fields, move |c, act| {
        actions::take_back(c, act, id)?;
        Ok(Done::new(
            format!("/people/{}/practice", act.actor.handle),
            "The incident is taken back: it no longer counts as practice.",
        ))
    })
    .await
}
