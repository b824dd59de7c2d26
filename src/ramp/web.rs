//! Pages of ramps: proposing one, and the ramp page with its checklist, gates and sessions.

mod arrange;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::actions::{self, StartRamp, default_target};
use super::dossier::Dossier;
use super::view::RampView;
use super::{MarkKind, store};
use crate::auth::request::{Asking, read, submit};
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Result};
use crate::people::Actor;
use crate::web::{Done, Errors, Fields, Page, form_status, html, html_with};
use crate::{area, people, stale};

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/new", web::get().to(new_page))
        .route("/ramps/new", web::post().to(start))
        .route("/ramps/{id}", web::get().to(show))
        .route("/ramps/{id}/items/{code}", web::post().to(mark))
        .configure(arrange::routes);
}

/// A ramp with its checklist, gates and sessions.
#[derive(Template)]
#[template(path = "ramp/show.html")]
pub struct ShowPage {
    page: Page,
    ramp: RampView,
}

async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let (page, ramp) = read(&req, move |c, asking| load(c, asking, id)).await?;
    html(&ramp.in_shell(page))
}

/// What the page of a ramp shows to whoever asks.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub fn load(c: &mut Conn, asking: &Asking, id: i64) -> Result<ShowPage> {
    let dossier = Dossier::load_for(c, id, &asking.actor, asking.now)?;
    let flagged: Vec<String> = stale::store::open_of_area(c, dossier.area.id)?
        .into_iter()
        .map(|f| f.item_code)
        .collect();
    Ok(ShowPage {
        page: Page::signed_out(""),
        ramp: RampView::of(&dossier, &asking.actor, &asking.dial, &flagged),
    })
}

impl ShowPage {
    /// The page as it is sent.
    #[must_use]
    pub fn in_shell(self, page: Page) -> Self {
        let ramp = self.ramp;
        let mut page = page.titled("people", ramp.title.clone());
        if ramp.is_open && ramp.is_mentor {
            page.record_href = format!("/sessions/new?ramp={}", ramp.id);
        }
        Self { page, ramp }
    }
}

async fn mark(
    req: HttpRequest,
    path: web::Path<(i64, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let read_mark = |field: &str| MarkKind::parse(fields.get(field));
    let (Some(from), Some(to)) = (read_mark("from"), read_mark("to")) else {
        return Err(Error::field(
            "to",
            "Say how far the item is: open, done or checked.",
        ));
    };
    submit(&req, &fields, move |c, act| {
        let text = actions::mark(c, act, id, &code, from, to)?;
        Ok(Done::new(
            format!("/ramps/{id}#item-{code}"),
            format!("{}: {text}", to.label()),
        ))
    })
    .await
}

/// Somebody or something to choose from a list.
struct Choice {
    id: i64,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "ramp/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    areas: Vec<Choice>,
    mentees: Vec<Choice>,
    primaries: Vec<Choice>,
    secondaries: Vec<Choice>,
    starts_on: String,
    target_on: String,
    interval_days: String,
}

/// May start a ramp for somebody, somewhere.
fn may_start_any(actor: &Actor) -> bool {
    actor.is_admin || !actor.leads.is_empty()
}

async fn show_new(req: &HttpRequest, fields: Fields, errors: FieldErrors) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, template) = read(req, move |c, asking| {
        if !may_start_any(&asking.actor) {
            return Err(Error::Forbidden(
                "A ramp is started by a lead of the mentee's team or of the area's owner team, or by an administrator."
                    .into(),
            ));
        }
        let areas = area::store::all(c)?;
        let wanted = fields.id("area").or_else(|| {
            let slug = fields.get("area");
            areas.iter().find(|a| a.slug == slug).map(|a| a.id)
        });
        let people = people::store::active(c)?;
        let load: Vec<(i64, i64)> = store::mentor_loads(c)?;
        let today = asking.now.day();
        let person_list = |field: &str, with_load: bool| -> Vec<Choice> {
            let chosen = fields.id(field);
            people
                .iter()
                .map(|p| {
                    let count = load.iter().find(|(id, _)| *id == p.id).map_or(0, |(_, n)| *n);
                    let mentors = if with_load && count > 0 { format!(", mentors {count}") } else { String::new() };
                    Choice { id: p.id, label: format!("{}{mentors}", p.name), chosen: chosen == Some(p.id) }
                })
                .collect()
        };
        let typed = |name: &str, default: String| {
            if fields.has(name) { fields.get(name).to_owned() } else { default }
        };
        let target = areas.iter().find(|a| Some(a.id) == wanted).map(|a| default_target(a, today).to_string());
        Ok(NewPage {
            page: Page::signed_out(""),
            mentees: person_list("mentee", false),
            primaries: person_list("primary", true),
            secondaries: person_list("secondary", true),
            starts_on: typed("starts_on", today.to_string()),
            target_on: typed("target_on", target.unwrap_or_default()),
            interval_days: typed("interval_days", "7".into()),
            areas: areas
                .into_iter()
                .map(|a| Choice { chosen: Some(a.id) == wanted, label: format!("{}, {}", a.name, a.code), id: a.id })
                .collect(),
            errors,
        })
    })
    .await?;
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("people", "Start a ramp")
    };
    html_with(status, &NewPage { page, ..template })
}

async fn new_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show_new(&req, query, FieldErrors::default()).await
}

async fn start(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let input = StartRamp::parse(&typed, act.now.day())?;
        let id = actions::start(c, act, &input)?;
        let awaited = Dossier::lock(c, id)?.awaited().unwrap_or_default();
        Ok(Done::new(
            format!("/ramps/{id}"),
            format!("The ramp is proposed. It waits for {awaited} to accept it."),
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_new(&req, fields, errors).await,
        other => other,
    }
}
