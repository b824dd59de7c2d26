//! The ramp queue of an area: asking to ramp; for leads, who waits and which mentor has a place.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Names;
use crate::domain::queue::model::RampRequest;
use crate::domain::queue::{WORDS, may_ask, store};
use crate::domain::ramp::PairingRole;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow, errors_of_row};
use crate::pages::parts::table::download;
use crate::pages::ramp::candidates;
use crate::pages::ramp::candidates::{Candidate, Wanted};
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::queue::actions;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Done, Errors, Fields, Page};
use crate::words::Words;

/// The outcome of a request that nobody answered yet.
const WAITS: &str = "Waits";

/// A request that the viewer answers.
struct Applicant {
    id: i64,
    person_id: i64,
    name: String,
    handle: String,
    since: TimeText,
    why: String,
    /// The field of the form that declines, and what was typed there.
    field: String,
    typed: String,
}

/// A request of the viewer.
struct Own {
    id: i64,
    why: String,
    since: TimeText,
    outcome: &'static str,
    words: String,
    by: String,
    ramp_id: Option<i64>,
}

/// A person who could mentor, and what they carry.
struct Mentor {
    name: String,
    word: &'static str,
    load: String,
    has_place: bool,
}

#[derive(Template)]
#[template(path = "ramp/queue.html")]
struct QueuePage {
    page: Page,
    errors: Errors,
    area: Area,
    /// Why the viewer cannot ask; empty when they can.
    blocked: &'static str,
    why: String,
    waits: Option<Own>,
    before: Vec<Own>,
    /// For those who answer.
    answers: bool,
    applicants: Vec<Applicant>,
    mentors: Vec<Mentor>,
    files: Files,
}

const HEADER: [&str; 7] = [
    "Person",
    "Handle",
    "Asked (UTC)",
    "Why",
    "Outcome",
    "Closed (UTC)",
    "Words of the lead",
];

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), None, Form::default()).await
}

/// Shows the page; a form that came back is the one that asks, or that declines one request.
async fn show(
    req: &HttpRequest,
    slug: String,
    of: Option<i64>,
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, &slug, (of, form))
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    slug: &str,
    (of, form): (Option<i64>, Form),
) -> Result<QueuePage> {
    let area = area::store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
    let (actor, local) = (&context.actor, &context.local);
    let me = actor.id.unwrap_or_default();
    let answers = actor.is_admin || !actor.leads.is_empty();
    let applicants = match answers {
        true => actions::answerable(c, actor, &area)?,
        false => Vec::new(),
    };
    let standing = actions::standing(c, me, &area, context.now.day())?;
    let mut own = store::closed_of(c, me, area.id)?;
    let waiting = store::waiting(c, area.id)?;
    own.extend(waiting.into_iter().filter(|w| w.person_id == me));
    let named = own.iter().filter_map(|r| r.closed_by);
    let names = Names::load(c, named.chain(applicants.iter().map(|a| a.person_id)))?;
    let view = |r: &RampRequest| Own {
        id: r.id,
        why: r.why.clone(),
        since: local.day_of(r.asked_at),
        outcome: r.outcome.map_or(WAITS, |o| o.label()),
        words: r.words.clone(),
        by: r.closed_by.map_or("", |id| names.name(id)).to_owned(),
        ramp_id: r.ramp_id,
    };
    let (closed, open): (Vec<_>, Vec<_>) = own.iter().partition(|r| r.closed_at.is_some());
    let typed = |row: Option<i64>, name: &str| match form.typed().filter(|_| of == row) {
        Some(fields) => fields.get(name).to_owned(),
        None => String::new(),
    };
    let mentors = match applicants.is_empty() {
        true => Vec::new(),
        false => candidates::mentors(c, area.id, Wanted::default(), local)?,
    };
    Ok(QueuePage {
        page: page.titled("areas", format!("Ramp queue of {}", area.name)),
        blocked: may_ask(standing).err().unwrap_or_default(),
        why: typed(None, "why"),
        waits: open.first().map(|r| view(r)),
        before: closed.into_iter().map(view).collect(),
        answers,
        applicants: applicants
            .iter()
            .map(|r| Applicant {
                id: r.id,
                person_id: r.person_id,
                name: names.name(r.person_id).to_owned(),
                handle: names.person(r.person_id).handle.to_owned(),
                since: local.day_of(r.asked_at),
                why: r.why.clone(),
                field: format!("reason-{}", r.id),
                typed: typed(Some(r.id), "reason"),
            })
            .collect(),
        mentors: mentors.into_iter().map(mentor).collect(),
        errors: errors_of_row(&form.errors, of),
        files: Files::of(&format!("/areas/{}/queue", area.slug), &Fields::default()),
        area,
    })
}

/// Who waits for the viewer, and the viewer's own requests.
pub(crate) async fn table(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let area = area::store::by_slug(c, &slug)?.ok_or(Error::NotFound("area"))?;
        let me = context.actor.id.unwrap_or_default();
        let mut all = actions::answerable(c, &context.actor, &area)?;
        let waiting = store::waiting(c, area.id)?.into_iter();
        all.extend(waiting.filter(|r| r.person_id == me));
        all.extend(store::closed_of(c, me, area.id)?);
        let names = Names::load(c, all.iter().map(|r| r.person_id))?;
        let mut table = Table::new(format!("ramp-queue-of-{}", area.slug), &HEADER);
        table.rows.extend(all.iter().map(|r| {
            vec![
                Cell::text(names.name(r.person_id)),
                Cell::text(names.person(r.person_id).handle),
                Cell::Moment(r.asked_at),
                Cell::text(&r.why),
                Cell::text(r.outcome.map_or(WAITS, |o| o.label())),
                Cell::maybe(r.closed_at, Cell::Moment),
                Cell::text(&r.words),
            ]
        }));
        Ok(table)
    })
    .await
}

fn mentor(candidate: Candidate) -> Mentor {
    Mentor {
        load: candidate.load.words(),
        has_place: !candidate.load.exceeds_with(PairingRole::Primary),
        word: candidate.word,
        name: candidate.name,
    }
}

fn words(typed: &Fields, field: &str, missing: &str) -> Result<Words<WORDS>> {
    Words::required(typed.get(field), missing).map_err(|sentence| Error::field(field, sentence))
}

pub(crate) async fn ask(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, typed) = (slug.into_inner(), fields.clone());
    let name = slug.clone();
    submit(&req, &fields, move |c, act| {
        let missing = "Say in a sentence why you want to ramp here.";
        actions::ask(c, act, &name, words(&typed, "why", missing))?;
        Ok(Done::new(
            format!("/areas/{name}/queue"),
            "You asked. The leads see it on their home.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, None, form).await)
    .await
}

pub(crate) async fn withdraw(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, id) = path.into_inner();
    submit(&req, &fields, move |c, act| {
        actions::withdraw(c, act, &slug, id)?;
        let said = "You no longer ask. You can ask again at any time.";
        Ok(Done::new(format!("/areas/{slug}/queue"), said))
    })
    .await
}

pub(crate) async fn decline(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, id) = path.into_inner();
    let (name, typed) = (slug.clone(), fields.clone());
    submit(&req, &fields, move |c, act| {
        let missing = "Say why. The person reads it.";
        actions::decline(c, act, &name, id, words(&typed, "reason", missing))?;
        Ok(Done::new(
            format!("/areas/{name}/queue"),
            "Declined. The person reads your reason.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, Some(id), form).await)
    .await
}
