//! The page of what a person practised, and until when it keeps each clearance alive.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area::practice::Need;
use crate::domain::audit::read_reason;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::Standing;
use crate::domain::currency::store;
use crate::domain::currency::store::{Activity, Place};
use crate::domain::currency::{ActivityKind, may_see};
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow, errors_of_row};
use crate::pages::parts::table::download;
use crate::pages::request::{show, submit};
use crate::pages::status;
use crate::time::TimeText;
use crate::usecases::currency::actions;
use crate::usecases::register::{Register, Scope};
use crate::web::table::{Cell, Files, Table};
use crate::web::{Done, Errors, Fields, Page};

/// Lines of practice on the page.
const LINES: i64 = 100;

struct Held {
    holds: bool,
    id: i64,
    area: String,
    slug: String,
    badge: status::StatusBadge,
    /// A real incident counts.
    by_incident: bool,
    practised: TimeText,
    rule: String,
    /// What ends or ended it and when, the first one in front.
    ends: Vec<(String, TimeText)>,
}

struct Line {
    id: i64,
    day: TimeText,
    what: &'static str,
    area: String,
    note: String,
    minutes: Option<i32>,
    /// Why it does not count; empty when it does.
    why_not: String,
    /// The shift or drill that it was, if the viewer may open it; or a link.
    link: Option<String>,
    is_elsewhere: bool,
    is_undone: bool,
    can_take_back: bool,
    /// The field that says why, and what was typed into it.
    field: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "currency/practice.html")]
struct PracticePage {
    page: Page,
    errors: Errors,
    name: String,
    handle: String,
    is_me: bool,
    held: Vec<Held>,
    lines: Vec<Line>,
    files: Files,
}

pub(crate) async fn page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| {
        load(c, context, page, &handle, (None, Form::default()))
    })
    .await
}

/// The form of the line `row` may have come back.
fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    handle: &str,
    (row, form): (Option<i64>, Form),
) -> Result<PracticePage> {
    let (today, local) = (context.now.day(), &context.local);
    let register = Register::load(c, &Scope::Person(handle), &context.actor, today)?;
    let person = seen(&register, &context.actor, handle)?;
    let held = register.areas().iter().filter_map(|area| {
        let held = register.clearance(person.id, area.id)?;
        let standing = register.standing(person.id, area.id);
        let holds = standing.is_cover();
        // A person whose clearance lapsed looks here for why.
        (holds || standing == Standing::Lapsed).then(|| Held {
            holds,
            by_incident: held.practice.counts(ActivityKind::Incident),
            id: held.id,
            area: area.name.clone(),
            slug: area.slug.clone(),
            badge: status::of_clearance(held, &register, local),
            practised: local.day(held.practised_on),
            rule: held.rule().words(),
            ends: status::ends(held, today, local),
        })
    });
    let lines = store::of_person(c, person.id, LINES)?;
    let needs = store::needs(c, person.id, register.areas())?;
    let needs: HashMap<i64, Need> = register.areas().iter().map(|a| a.id).zip(needs).collect();
    Ok(PracticePage {
        page: page.titled("people", format!("Practice of {}", person.name)),
        held: held.collect(),
        lines: lines
            .into_iter()
            .map(|(activity, place)| {
                let typed = form.typed().filter(|_| row == Some(activity.id));
                let why_not = needs
                    .get(&activity.area_id)
                    .and_then(|need| activity.why_not(need));
                Line {
                    why_not: why_not.unwrap_or_default(),
                    ..line(activity, place, context, typed)
                }
            })
            .collect(),
        errors: errors_of_row(&form.errors, row),
        name: person.name.clone(),
        handle: person.handle.clone(),
        is_me: context.actor.is(person.id),
        files: Files::of(&format!("/people/{handle}/practice"), &Fields::default()),
    })
}

/// The person, if the viewer may see what they practised.
fn seen<'a>(register: &'a Register, actor: &Actor, handle: &str) -> Result<&'a Person> {
    let person = register
        .by_handle(handle)
        .ok_or(Error::NotFound("person"))?;
    if !may_see(actor, person.id, register.teams_of(person.id)) {
        return Err(Error::Forbidden(format!(
            "Only {} and the leads of their teams see this practice. Anyone can see when a \
             clearance ends: open it.",
            person.name
        )));
    }
    Ok(person)
}

const HEADER: [&str; 8] = [
    "Day",
    "Practice",
    "Area",
    "Minutes",
    "Note",
    "Link",
    "Recorded (UTC)",
    "Taken back (UTC)",
];

pub(crate) async fn table(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let scope = Scope::Person(&handle);
        let register = Register::load(c, &scope, &context.actor, context.now.day())?;
        let person = seen(&register, &context.actor, &handle)?;
        let mut table = Table::new(format!("practice-of-{}", person.handle), &HEADER);
        let all = store::of_person(c, person.id, i64::MAX)?;
        table.rows.extend(all.into_iter().map(|(activity, place)| {
            vec![
                Cell::Day(activity.day),
                Cell::text(activity.kind.label()),
                Cell::text(place.area),
                Cell::maybe(activity.minutes, |n| Cell::Number(n.into())),
                Cell::text(activity.note),
                Cell::maybe(activity.link, Cell::text),
                Cell::Moment(activity.recorded_at),
                Cell::maybe(activity.undone_at, Cell::Moment),
            ]
        }));
        Ok(table)
    })
    .await
}

fn line(activity: Activity, place: Place, context: &ReadContext, typed: Option<&Fields>) -> Line {
    let own = page_of(&activity, &place, &context.actor);
    Line {
        id: activity.id,
        field: format!("reason-{}", activity.id),
        reason: typed.map_or_else(String::new, |fields| fields.get("reason").to_owned()),
        day: context.local.day(activity.day),
        what: activity.kind.label(),
        area: place.area,
        can_take_back: actions::may_take_back(&context.actor, context.now, &activity),
        is_undone: activity.undone_at.is_some(),
        minutes: activity.minutes,
        why_not: String::new(),
        note: activity.note,
        is_elsewhere: own.is_none(),
        link: own.or(activity.link),
    }
}

/// The page of the shift or drill that it was. Drills are open to all members, a shift to those on it and to the leads of
/// its mentee and of its area; of the leads who see this page, those of the person on call may be neither.
fn page_of(activity: &Activity, place: &Place, actor: &Actor) -> Option<String> {
    if let Some(id) = activity.drill_id {
        return Some(format!("/drills/{id}"));
    }
    let was_the_mentee = place.mentee_id == Some(activity.person_id);
    let may_open = actor.is(activity.person_id)
        || was_the_mentee
        || actor.leads(place.owner_team_id)
        || actor.is_admin;
    let id = activity.shift_id.filter(|_| may_open)?;
    Some(format!("/shifts/{id}"))
}

pub(crate) async fn take_back(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (id.into_inner(), fields.clone());
    submit(&req, &fields, move |c, act| {
        actions::take_back(c, act, id, &read_reason(typed.get("reason"))?)?;
        Ok(Done::new(
            format!("/people/{}/practice", act.actor.handle),
            "The incident is taken back: it no longer counts as practice.",
        ))
    })
    .await
    .or_show(fields, async |form| {
        form.show(&req, move |c, context, page, form| {
            let handle = context.actor.handle.clone();
            load(c, context, page, &handle, (Some(id), form))
        })
        .await
    })
    .await
}
