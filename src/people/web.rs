//! Pages of people.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::auth::request::{Asking, read};
use crate::clearance::store::{self as clearances, Clearance};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people::store::Person;
use crate::ramp::dossier;
use crate::ramp::store::{self as ramps, Ramp};
use crate::register::Register;
use crate::register::look::{self, Mark};
use crate::web::time::When;
use crate::web::{Fields, Page, html};

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/people", web::get().to(list_page))
        .route("/people/{handle}", web::get().to(show_page));
}

struct TeamChoice {
    word: String,
    name: String,
    chosen: bool,
}

struct PersonLine {
    name: String,
    handle: String,
    leads: bool,
    cleared: Vec<(String, String)>,
    ramping: usize,
}

struct TeamView {
    name: String,
    people: Vec<PersonLine>,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    page: Page,
    q: String,
    choices: Vec<TeamChoice>,
    is_filtered: bool,
    total: usize,
    teams: Vec<TeamView>,
}

async fn list_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (page, view) = read(&req, move |c, asking| {
        let register = Register::load(c, asking.now.day())?;
        Ok(list(&register, query.trimmed("team"), query.trimmed("q")))
    })
    .await?;
    html(&ListPage {
        page: page.titled("people", "People"),
        ..view
    })
}

fn list(register: &Register, team: &str, q: &str) -> ListPage {
    let chosen = super::team_of(team, register.teams());
    let wanted = q.to_lowercase();
    let found: Vec<&Person> = register
        .active()
        .iter()
        .filter(|p| p.name.to_lowercase().contains(&wanted))
        .collect();
    let named = register
        .teams()
        .iter()
        .filter(|t| chosen.is_none_or(|id| id == t.id))
        .map(|t| TeamView {
            name: t.name.clone(),
            people: found
                .iter()
                .filter(|p| register.teams_of(p.id).contains(&t.id))
                .map(|p| line(register, p, register.is_lead(p.id, t.id)))
                .collect(),
        });
    let without = TeamView {
        name: "No team".into(),
        people: found
            .iter()
            .filter(|p| chosen.is_none() && register.teams_of(p.id).is_empty())
            .map(|p| line(register, p, false))
            .collect(),
    };
    let in_team = |p: &&&Person| chosen.is_none_or(|id| register.teams_of(p.id).contains(&id));
    ListPage {
        page: Page::signed_out(""),
        q: q.to_owned(),
        choices: register
            .teams()
            .iter()
            .map(|t| TeamChoice {
                word: super::team_word(t, register.teams()),
                name: t.name.clone(),
                chosen: chosen == Some(t.id),
            })
            .collect(),
        is_filtered: chosen.is_some() || !q.is_empty(),
        total: found.iter().filter(in_team).count(),
        teams: named
            .chain([without])
            .filter(|t| !t.people.is_empty())
            .collect(),
    }
}

fn line(register: &Register, person: &Person, leads: bool) -> PersonLine {
    let cleared = register
        .areas()
        .iter()
        .filter(|a| register.standing(person.id, a.id).is_cover());
    PersonLine {
        name: person.name.clone(),
        handle: person.handle.clone(),
        leads,
        cleared: cleared.map(|a| (a.slug.clone(), a.name.clone())).collect(),
        ramping: register
            .ramps()
            .iter()
            .filter(|r| r.mentee_id == person.id)
            .count(),
    }
}

struct ClearanceView {
    area: String,
    slug: String,
    id: i64,
    mark: Mark,
    granted: When,
    ends: When,
    signed: bool,
    before: Vec<(i64, When, When)>,
}

struct RampView {
    title: String,
    slug: String,
    mark: Option<Mark>,
    state: &'static str,
    closed: Option<When>,
    /// The ramp's address and its mentors, for those who may read it (rule 9).
    inside: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "people/show.html")]
struct ShowPage {
    page: Page,
    name: String,
    is_me: bool,
    left: Option<When>,
    teams: Vec<(String, bool)>,
    clearances: Vec<ClearanceView>,
    ramps: Vec<RampView>,
    mentors: Vec<(String, String)>,
    qualifies: Vec<(String, String, bool)>,
}

async fn show_page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    let (page, view) = read(&req, move |c, asking| show(c, &handle, asking)).await?;
    let page = page.titled("people", view.name.clone());
    html(&ShowPage { page, ..view })
}

fn show(c: &mut Conn, handle: &str, asking: &Asking) -> Result<ShowPage> {
    let register = Register::load(c, asking.now.day())?;
    let person = register
        .by_handle(handle)
        .cloned()
        .ok_or(Error::NotFound("person"))?;
    let history = clearances::of_person(c, person.id)?;
    let mine = ramps::of_mentee(c, person.id)?;
    let open: Vec<Ramp> = register
        .ramps()
        .iter()
        .filter(|r| r.mentee_id == person.id)
        .cloned()
        .collect();
    let readiness = dossier::readiness_of(c, &open)?;
    let closed: Vec<i64> = mine
        .iter()
        .filter(|r| r.closed_at.is_some())
        .map(|r| r.id)
        .collect();
    let pairings = ramps::pairings(c, &closed)?;
    let dial = &asking.dial;
    let area = |id: i64| {
        register
            .area(id)
            .map(|a| (a.slug.clone(), a.name.clone()))
            .unwrap_or_default()
    };
    let ramps = mine
        .iter()
        .map(|ramp| {
            let mut parties = register.parties(ramp);
            parties.mentors_ever.extend(
                pairings
                    .iter()
                    .filter(|p| p.ramp_id == ramp.id)
                    .map(|p| p.mentor_id),
            );
            let may_read = parties.may_read(&asking.actor);
            let (slug, title) = area(ramp.area_id);
            let mark = open.iter().any(|r| r.id == ramp.id).then(|| {
                let mut square = register.square(ramp.mentee_id, ramp.area_id, &readiness);
                square.cell.status = register.ramp_word(ramp);
                square.cell.percent = square.cell.percent.filter(|_| may_read);
                look::marks(&square, &register, dial).0
            });
            let mut mentors: Vec<&str> = parties
                .mentors_ever
                .iter()
                .map(|id| register.name(*id))
                .collect();
            mentors.dedup();
            RampView {
                title,
                slug,
                mark,
                state: ramp.state.label(),
                closed: ramp.closed_at.map(|at| dial.day_of(at)),
                inside: may_read.then(|| (format!("/ramps/{}", ramp.id), mentors.join(", "))),
            }
        })
        .collect();
    let mentored = register
        .ramps()
        .iter()
        .filter(|r| register.parties(r).mentors.contains(&person.id));
    let mut mentors: Vec<(String, String)> = mentored.map(|r| area(r.area_id)).collect();
    mentors.sort();
    mentors.dedup();
    let designated = register
        .areas()
        .iter()
        .filter(|a| register.qualifiers(a.id).contains(&person.id));
    Ok(ShowPage {
        page: Page::signed_out(""),
        name: person.name.clone(),
        is_me: asking.actor.is(person.id),
        left: person.deactivated_at.map(|at| dial.day_of(at)),
        teams: register
            .teams()
            .iter()
            .filter(|t| register.teams_of(person.id).contains(&t.id))
            .map(|t| (t.name.clone(), register.is_lead(person.id, t.id)))
            .collect(),
        clearances: by_area(&history, &register, asking),
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
fn by_area(history: &[Clearance], register: &Register, asking: &Asking) -> Vec<ClearanceView> {
    let dial = &asking.dial;
    let of_area = register.areas().iter().filter_map(|area| {
        let mut of = history.iter().filter(|c| c.area_id == area.id);
        let latest = of.next()?;
        Some(ClearanceView {
            area: area.name.clone(),
            slug: area.slug.clone(),
            id: latest.id,
            mark: look::of_clearance(latest, register.today(), dial),
            granted: dial.day_of(latest.granted_at),
            ends: dial.day(latest.ends_on),
            signed: latest.signoff_id.is_some(),
            before: of
                .map(|c| (c.id, dial.day_of(c.granted_at), dial.day(c.ends_on)))
                .collect(),
        })
    });
    of_area.collect()
}
