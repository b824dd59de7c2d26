//! The page of a person.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::ClearanceKind;
use crate::domain::kpi::may_read_person;
use crate::domain::people::mentoring::may_agree;
use crate::domain::ramp::model::Ramp;
use crate::error::{Error, Result};
use crate::pages::request::{other_day, show_at};
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::text;
use crate::time::TimeText;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::people::logbook::load::{Logbook, logbook};
use crate::usecases::register::{Register, Scope};
use crate::web::{Fields, Page, Past};

struct ClearanceView {
    area: String,
    slug: String,
    id: i64,
    badge: StatusBadge,
    granted: TimeText,
    how: &'static str,
    /// Conditions that nobody has ticked off.
    conditions: i64,
    before: Vec<(i64, TimeText, TimeText)>,
}

struct RampView {
    title: String,
    slug: String,
    badge: Option<StatusBadge>,
    state: &'static str,
    closed: Option<TimeText>,
    /// The ramp's address and its mentors, for those who may read it (rule 9).
    inside: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "people/show.html")]
struct ShowPage {
    page: Page,
    past: Past,
    path: String,
    name: String,
    handle: String,
    is_me: bool,
    may_agree: bool,
    may_read_figures: bool,
    is_admin: bool,
    left: Option<TimeText>,
    teams: Vec<(String, bool)>,
    clearances: Vec<ClearanceView>,
    ramps: Vec<RampView>,
    mentors: Vec<(String, String)>,
    qualifies: Vec<(String, String, bool)>,
    book: Logbook,
}

pub(crate) async fn page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = other_day(&req, &query)?;
    let shown = past.clone();
    let year = query.trimmed("year").parse().ok();
    show_at(&req, &past, move |c, context, page| {
        load(c, context, page, (&handle, year), shown)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (handle, year): (&str, Option<i16>),
    past: Past,
) -> Result<ShowPage> {
    let register = Register::load_for(c, &Scope::Person(handle), context, &[])?;
    let person = register
        .by_handle(handle)
        .cloned()
        .ok_or(Error::NotFound("person"))?;
    let mut mine: Vec<&Ramp> = register
        .ramps()
        .iter()
        .filter(|r| r.mentee_id == person.id)
        .collect();
    mine.reverse();
    let open: Vec<Ramp> = mine
        .iter()
        .filter(|r| r.closed_at.is_none())
        .map(|r| (*r).clone())
        .collect();
    let readiness = Progress::load(c, &open, register.standards(), register.today())?.readiness;
    let local = &context.local;
    let area = |id: i64| {
        register
            .area(id)
            .map(|a| (a.slug.clone(), a.name.clone()))
            .unwrap_or_default()
    };
    let ramps = mine
        .iter()
        .map(|ramp| {
            let parties = register.parties(ramp);
            let may_read = register.may_read(ramp, &context.actor);
            let (slug, title) = area(ramp.area_id);
            let badge = open.iter().any(|r| r.id == ramp.id).then(|| {
                let mut board_cell = register.cell(ramp.mentee_id, ramp.area_id, &readiness);
                board_cell.cell.status = register.ramp_status(ramp);
                board_cell.cell.percent = board_cell.cell.percent.filter(|_| may_read);
                status::marks(&board_cell, &register, local).0
            });
            let mut mentors: Vec<&str> = parties
                .mentors_ever
                .iter()
                .map(|id| register.name(*id))
                .collect();
            mentors.dedup();
            RampView {
                title,
                badge,
                state: ramp.state.label(),
                closed: ramp.closed_at.map(|at| local.day_of(at)),
                inside: may_read.then(|| {
                    let href = match past.is_other_day() {
                        true => past.of("/areas/", &slug),
                        false => format!("/ramps/{}", ramp.id),
                    };
                    (href, mentors.join(", "))
                }),
                slug,
            }
        })
        .collect();
    let mentored = register
        .ramps()
        .iter()
        .filter(|r| r.closed_at.is_none() && register.parties(r).mentors.contains(&person.id));
    let mut mentors: Vec<(String, String)> = mentored.map(|r| area(r.area_id)).collect();
    mentors.sort_by_cached_key(|(slug, name)| (text::sort_key(name), slug.clone()));
    mentors.dedup();
    let designated = register
        .areas()
        .iter()
        .filter(|a| register.qualifiers(a.id).contains(&person.id));
    let mentored_by: Vec<i64> = open
        .iter()
        .flat_map(|r| register.parties(r).mentors.clone())
        .collect();
    let mut book = logbook(c, &register, &person, year, context)?;
    if past.is_other_day() {
        book.unlink();
    }
    Ok(ShowPage {
        page: page.titled("people", past.titled(&person.name)),
        book,
        name: person.name.clone(),
        handle: person.handle.clone(),
        is_me: context.actor.is(person.id),
        may_agree: may_agree(&context.actor, person.id, register.teams_today(person.id)),
        may_read_figures: may_read_person(
            &context.actor,
            person.id,
            register.teams_today(person.id),
            &mentored_by,
        ),
        is_admin: context.actor.is_admin,
        path: format!("/people/{handle}"),
        past,
        left: person.deactivated_at.map(|at| local.day_of(at)),
        teams: register
            .teams()
            .iter()
            .filter(|t| register.teams_of(person.id).contains(&t.id))
            .map(|t| (t.name.clone(), register.is_lead(person.id, t.id)))
            .collect(),
        clearances: by_area(person.id, &register, context),
        ramps,
        mentors,
        qualifies: designated
            .map(|a| {
                (
                    a.slug.clone(),
                    a.name.clone(),
                    register.is_qualifier(person.id, a.id),
                )
            })
            .collect(),
    })
}

/// The latest clearance of each area in the areas' order, each with those before it.
fn by_area(person_id: i64, register: &Register, context: &ReadContext) -> Vec<ClearanceView> {
    let local = &context.local;
    let of_area = register.areas().iter().filter_map(|area| {
        let mut of = register.clearances(person_id, area.id).iter().rev();
        let latest = of.next()?;
        Some(ClearanceView {
            area: area.name.clone(),
            slug: area.slug.clone(),
            id: latest.id,
            badge: status::of_clearance(latest, register, local),
            granted: local.day_of(latest.granted_at),
            how: match (latest.kind, latest.signoff_id) {
                (ClearanceKind::Interim, _) => "under a supervisor",
                (ClearanceKind::Full, Some(_)) => "by sign-off",
                (ClearanceKind::Full, None) => "taken over from before Checkride",
            },
            conditions: register.open_conditions(latest.id),
            before: of
                .map(|c| (c.id, local.day_of(c.granted_at), local.day(c.holds_until)))
                .collect(),
        })
    });
    of_area.collect()
}
