//! The page of an area: its people, its cover, its standard.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{CoverView, label_link};
use crate::db::Conn;
use crate::domain::area;
use crate::domain::area::labels;
use crate::domain::area::model::Area;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::domain::area::{may_change, may_manage};
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::rules::AreaRoles;
use crate::domain::people::Actor;
use crate::domain::ramp::may_start_any;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::BoardStatus;
use crate::domain::standard::{
    Standard, StandardState, may_draft, may_read_version, sections, store as standards,
};
use crate::error::{Error, Result};
use crate::pages::parts::standard::ContentView;
use crate::pages::request::{other_day, show_at};
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::{LocalTime, TimeText};
use crate::usecases::area::roster;
use crate::usecases::area::roster::Roster;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::drill::detail::mentored_areas;
use crate::usecases::register::{Register, Scope};
use crate::web::table::Files;
use crate::web::{Fields, Page, Past};

pub(super) struct RosterLine {
    pub(super) name: String,
    pub(super) handle: String,
    pub(super) mark: StatusBadge,
    /// What the mark says beside the day of its own column.
    note: String,
    pub(super) also: Option<StatusBadge>,
    href: String,
    pub(super) date: Option<TimeText>,
    pub(super) date_word: String,
    pub(super) mentors: String,
}

struct QualifierLine {
    name: String,
    handle: String,
    mark: StatusBadge,
    may_sign: bool,
}

struct Version {
    number: i32,
    state: &'static str,
    material: bool,
    published: Option<TimeText>,
    by: String,
    note: String,
}

/// An area with its people, on a day.
#[derive(Template)]
#[template(path = "area/show.html")]
pub struct ShowPage {
    page: Page,
    past: Past,
    path: String,
    area: Area,
    /// Labels of the area, each with the list of its areas.
    labels: Vec<(String, String)>,
    cover: CoverView,
    cleared: i64,
    ramping: i64,
    may_start: bool,
    may_change: bool,
    may_manage: bool,
    pub(super) roster: Vec<RosterLine>,
    /// The pages of the roster before this one and after it: which it is, words and address.
    turns: Vec<(&'static str, &'static str, String)>,
    files: Files,
    systems: Vec<System>,
    standard: Option<(Version, ContentView)>,
    /// Versions the viewer may read, the newest first.
    history: Vec<Version>,
    may_draft: bool,
    /// For those who shape the standard: its oldest section, and for how long nobody touched it.
    oldest: Option<(String, String)>,
    may_drill: bool,
    qualifiers: Vec<QualifierLine>,
    ending: Vec<(String, String, TimeText)>,
    /// What ends before the day to come, and whether there is more.
    ended: Vec<(String, String, TimeText)>,
    has_more_ended: bool,
    interim: Vec<InterimLine>,
    /// What keeps the area from its first sign-off, for those who can change it.
    stuck: Option<Stuck>,
}

/// Why nobody can turn a first key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stuck {
    NobodyCleared,
    NoQualifier,
}

/// Somebody on call under a supervisor, apart from cover.
struct InterimLine {
    name: String,
    href: String,
    mark: StatusBadge,
    supervisor: String,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = other_day(&req, &query)?;
    let asked = past.clone();
    let part = Part::Page(query.id("page").unwrap_or(1).clamp(1, LAST) - 1);
    show_at(&req, &past, move |c, context, page| {
        load(c, context, page, (&slug, part), asked)
    })
    .await
}

/// No roster has as many pages.
const LAST: i64 = 1_000_000;
/// Clearances that end next, of those that are named.
const ENDS_NEXT: i64 = 3;
/// Those that end before a day to come, of those that are named.
const ENDED_NAMED: i64 = 50;

/// How much of its roster is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everybody.
    Whole,
    /// One page; the first is 0.
    Page(i64),
}

/// What the page of an area shows to the person who asks.
pub fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (slug, part): (&str, Part),
    past: Past,
) -> Result<ShowPage> {
    let versions = standards::of_slug(c, slug)?;
    let publishers: Vec<i64> = versions.iter().filter_map(|s| s.published_by).collect();
    let found = area::store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
    let day = context.now.day();
    let on_page = match part {
        Part::Whole => None,
        Part::Page(n) => Some(Roster::load(c, found.id, n, day)?),
    };
    let people = on_page
        .as_ref()
        .map(|roster| [&roster.people[..], &roster.beside].concat());
    let people = people.as_deref();
    let scope = Scope::Area { slug, people };
    let register = Register::load_for(c, &scope, context, &publishers)?;
    let area = register
        .areas()
        .first()
        .cloned()
        .ok_or(Error::NotFound("area"))?;
    // The file shows neither.
    let ends = match part {
        Part::Whole => Vec::new(),
        Part::Page(_) => roster::ending(c, area.id, (day, None), ENDS_NEXT)?,
    };
    let mut ended = match (part, past.ahead_of) {
        (Part::Page(_), Some(today)) => {
            roster::ending(c, area.id, (today, Some(day)), ENDED_NAMED + 1)?
        }
        _ => Vec::new(),
    };
    let most = usize::try_from(ENDED_NAMED).unwrap_or(usize::MAX);
    let has_more_ended = ended.len() > most;
    ended.truncate(most);
    // Whoever ramps here does so on one of these versions.
    let standards = versions.iter().map(|s| (s.id, s.clone())).collect();
    let progress = Progress::load(c, register.ramps(), &standards, register.today())?;
    let readiness = &progress.readiness;
    // What an area is made of has no past; what is done about it is done today.
    let is_today = !past.is_other_day();
    let systems = if is_today {
        systems::of_area(c, area.id)?
    } else {
        Vec::new()
    };
    let (actor, local) = (&context.actor, &context.local);
    let cells = register
        .active()
        .iter()
        .map(|p| (p, register.cell(p.id, area.id, readiness)));
    let mut roster: Vec<_> = cells
        .filter(|(p, s)| {
            let is_on_page = on_page
                .as_ref()
                .is_none_or(|on_page| on_page.people.contains(&p.id));
            s.cell.status != BoardStatus::NotPlanned && is_on_page
        })
        .collect();
    match on_page.as_ref().filter(|on_page| !on_page.is_whole()) {
        // In the order of the pages.
        Some(on_page) => {
            roster.sort_by_key(|(p, _)| on_page.people.iter().position(|known| *known == p.id));
        }
        // Who is cleared first, then in the order of the words; by name among equals.
        None => roster.sort_by_key(|(_, s)| (!s.cell.is_cover, s.cell.status)),
    }
    let roster = roster.iter().map(|(person, cell)| {
        let (mark, also) = status::marks(cell, &register, local);
        let clearance = cell
            .clearance
            .as_ref()
            .filter(|_| cell.cell.is_cover || cell.ramp.is_none());
        let ramp = cell.ramp.as_ref().filter(|r| register.may_read(r, actor));
        let (date, date_word) = match (clearance, &cell.ramp) {
            (Some(held), _) => (
                Some(local.day(held.holds_until)),
                held.words_alone(register.today()),
            ),
            (None, Some(ramp)) => (Some(local.day(ramp.target_on)), "target".to_owned()),
            (None, None) => (None, String::new()),
        };
        RosterLine {
            note: match clearance {
                Some(_) => status::beside_the_day(cell, &register, local),
                None => mark.detail.clone(),
            },
            name: person.name.clone(),
            handle: person.handle.clone(),
            mark,
            also,
            href: if is_today {
                status::href(cell, &register, actor)
            } else {
                past.of("/people/", &person.handle)
            },
            date,
            date_word,
            mentors: ramp.map(|r| mentors(r, &register)).unwrap_or_default(),
        }
    });
    let readable = |s: &&Standard| {
        may_read_version(
            actor,
            s.state,
            area.owner_team_id,
            &register.qualifiers(area.id),
        )
    };
    let published = versions
        .iter()
        .find(|s| s.state == StandardState::Published);
    let shown = |s: &Standard| {
        let by = s.published_by.map_or("", |id| register.name(id));
        version(s, by, local)
    };
    let cover = register.cover(&area);
    let may_shape = is_today && may_change(actor, area.owner_team_id);
    let mut designated = register.qualifiers(area.id).into_iter();
    let stuck = match cover.cleared {
        _ if !may_shape || area.archived_at.is_some() => None,
        0 => Some(Stuck::NobodyCleared),
        _ if !designated.any(|id| register.is_qualifier(id, area.id)) => Some(Stuck::NoQualifier),
        _ => None,
    };
    let may_draft = is_today && may_draft(actor, area.owner_team_id, &register.qualifiers(area.id));
    Ok(ShowPage {
        page: page.titled("areas", past.titled(&area.name)),
        cleared: cover.cleared,
        ramping: cover.ramping,
        cover: CoverView::new(cover),
        may_start: is_today && may_start_any(actor),
        may_change: may_shape,
        stuck,
        may_manage: is_today && may_manage(actor),
        roster: roster.collect(),
        turns: on_page
            .as_ref()
            .map(|on_page| turns(on_page, &past.of("/areas/", slug)))
            .unwrap_or_default(),
        systems,
        standard: published.map(|s| (shown(s), ContentView::new(&s.content))),
        history: versions.iter().filter(readable).map(shown).collect(),
        may_draft,
        oldest: may_draft
            .then(|| sections::oldest(&versions))
            .flatten()
            .map(|s| (s.section.label(), local.age(s.since))),
        may_drill: is_today && roles(c, &register, &area, actor)?.may_plan(actor),
        qualifiers: register
            .qualifiers(area.id)
            .into_iter()
            .filter_map(|id| register.person(id))
            .map(|person| {
                let cell = register.cell(person.id, area.id, readiness);
                QualifierLine {
                    name: person.name.clone(),
                    handle: person.handle.clone(),
                    mark: status::marks(&cell, &register, local).0,
                    may_sign: register.is_qualifier(person.id, area.id),
                }
            })
            .collect(),
        ending: ends
            .into_iter()
            .map(|(held, name)| (name, held.end_words(), local.day(held.holds_until)))
            .collect(),
        has_more_ended,
        ended: ended
            .into_iter()
            .map(|(held, name)| (name, held.end_words(), local.day(held.holds_until)))
            .collect(),
        interim: register
            .interim(area.id)
            .map(|held| InterimLine {
                name: register.name(held.person_id).to_owned(),
                href: match register.person(held.person_id) {
                    Some(person) if !is_today => past.of("/people/", &person.handle),
                    _ => format!("/clearances/{}", held.id),
                },
                mark: status::of_clearance(held, &register, local),
                supervisor: held
                    .supervisor_id
                    .filter(|_| register.is_supervised(held))
                    .map(|id| register.name(id).to_owned())
                    .unwrap_or_default(),
            })
            .collect(),
        labels: labels::all(&area.labels).map(label_link).collect(),
        files: Files::on(&format!("/areas/{slug}/people"), &past),
        path: format!("/areas/{slug}"),
        area,
        past,
    })
}

/// The part of the actor in drills of the area.
fn roles(c: &mut Conn, register: &Register, area: &Area, actor: &Actor) -> Result<AreaRoles> {
    let me = actor.id.ok_or(Error::SignedOut)?;
    let mentored = mentored_areas(c, me)?;
    let (owner, qualifiers) = (area.owner_team_id, register.qualifiers(area.id));
    Ok(AreaRoles::of_one(
        me,
        owner,
        qualifiers,
        mentored.contains(&area.id),
    ))
}

/// The way to the rest of the roster of the page at `address`.
fn turns(on_page: &Roster, address: &str) -> Vec<(&'static str, &'static str, String)> {
    let n = on_page.page;
    let joint = if address.contains('?') { '&' } else { '?' };
    let to = |number: i64| format!("{address}{joint}page={number}#ro");
    let before = (n > 0).then(|| ("prev", "Previous page", to(n)));
    let after = on_page.has_more.then(|| ("next", "Next page", to(n + 2)));
    before.into_iter().chain(after).collect()
}

fn mentors(ramp: &Ramp, register: &Register) -> String {
    register.mentor_names(ramp.id).join(", ")
}

fn version(standard: &Standard, by: &str, local: &LocalTime) -> Version {
    Version {
        by: by.to_owned(),
        note: standard.note.clone(),
        number: standard.version,
        state: standard.state.label(),
        material: standard.material,
        published: standard.published_at.map(|at| local.day_of(at)),
    }
}
