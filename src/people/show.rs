//! The page of a person.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::Actor;
use super::entries::{self, Of};
use super::logbook::{self, Entry, Month, Total};
use super::store::Person;
use crate::auth::request::{Asking, past_day, read_at};
use crate::clearance::store::Clearance;
use crate::clearance::{ClearanceKind, ClearanceState};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::error::{Error, Result};
use crate::people::mentoring::may_agree;
use crate::ramp::RampState;
use crate::ramp::progress::Progress;
use crate::ramp::store::Ramp;
use crate::register::look::{self, Mark};
use crate::register::{Register, Scope};
use crate::web::time::{Dial, When};
use crate::web::{Fields, Page, Past, form_status, html_with};

struct ClearanceView {
    area: String,
    slug: String,
    id: i64,
    mark: Mark,
    granted: When,
    ends: When,
    /// How it came about.
    how: &'static str,
    /// Conditions that nobody has ticked off.
    conditions: i64,
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
    past: Past,
    path: String,
    name: String,
    handle: String,
    is_me: bool,
    may_agree: bool,
    is_admin: bool,
    left: Option<When>,
    teams: Vec<(String, bool)>,
    clearances: Vec<ClearanceView>,
    ramps: Vec<RampView>,
    mentors: Vec<(String, String)>,
    qualifies: Vec<(String, String, bool)>,
    book: Book,
}

/// A line of the logbook, with its day.
struct LineView {
    day: When,
    entry: Entry,
}

struct MonthView {
    name: String,
    /// What its sessions add up to; empty without any.
    total: String,
    lines: Vec<LineView>,
}

impl MonthView {
    fn new(month: Month, dial: &Dial) -> Self {
        let line = |entry: Entry| LineView {
            day: dial.day_of(entry.at),
            entry,
        };
        Self {
            name: month.name,
            total: if month.total.sessions > 0 {
                month.total.words()
            } else {
                String::new()
            },
            lines: month.entries.into_iter().map(line).collect(),
        }
    }
}

/// A year of the logbook, as far as it is open to the viewer.
struct Book {
    year: i16,
    /// Years with an entry, and this one.
    years: Vec<i16>,
    months: Vec<MonthView>,
    /// Whether the viewer sees sessions of this person at all (rule 9).
    has_figures: bool,
    brought: String,
    in_year: String,
    to_date: String,
}

/// `GET /people/{handle}`
pub async fn page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = past_day(&req, &query)?;
    let (status, asked) = (form_status(&past.errors), past.clone());
    let year = query.trimmed("year").parse().ok();
    let (page, view) = read_at(&req, &past, move |c, asking| {
        show(c, &handle, year, asking, asked)
    })
    .await?;
    let page = page.titled("people", view.past.titled(&view.name));
    html_with(status, &ShowPage { page, ..view })
}

fn show(
    c: &mut Conn,
    handle: &str,
    year: Option<i16>,
    asking: &Asking,
    past: Past,
) -> Result<ShowPage> {
    let register = Register::seen(c, &Scope::Person(handle), asking, &[])?;
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
            let parties = register.parties(ramp);
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
        .filter(|r| r.closed_at.is_none() && register.parties(r).mentors.contains(&person.id));
    let mut mentors: Vec<(String, String)> = mentored.map(|r| area(r.area_id)).collect();
    mentors.sort();
    mentors.dedup();
    let designated = register
        .areas()
        .iter()
        .filter(|a| register.qualifiers(a.id).contains(&person.id));
    let book = book(c, &register, &person, year, asking)?;
    Ok(ShowPage {
        page: Page::signed_out(""),
        book,
        name: person.name.clone(),
        handle: person.handle.clone(),
        is_me: asking.actor.is(person.id),
        may_agree: may_agree(&asking.actor, person.id, register.teams_today(person.id)),
        is_admin: asking.actor.is_admin,
        path: format!("/people/{handle}"),
        past,
        left: person.deactivated_at.map(|at| dial.day_of(at)),
        teams: register
            .teams()
            .iter()
            .filter(|t| register.teams_of(person.id).contains(&t.id))
            .map(|t| (t.name.clone(), register.is_lead(person.id, t.id)))
            .collect(),
        clearances: by_area(person.id, &register, asking),
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
fn by_area(person_id: i64, register: &Register, asking: &Asking) -> Vec<ClearanceView> {
    let dial = &asking.dial;
    let of_area = register.areas().iter().filter_map(|area| {
        let mut of = register.clearances(person_id, area.id).iter().rev();
        let latest = of.next()?;
        Some(ClearanceView {
            area: area.name.clone(),
            slug: area.slug.clone(),
            id: latest.id,
            mark: look::of_clearance(latest, register, dial),
            granted: dial.day_of(latest.granted_at),
            ends: dial.day(latest.holds_until),
            how: match (latest.kind, latest.signoff_id) {
                (ClearanceKind::Interim, _) => "under a supervisor",
                (ClearanceKind::Full, Some(_)) => "by sign-off",
                (ClearanceKind::Full, None) => "taken over from before Checkride",
            },
            conditions: register.open_conditions(latest.id),
            before: of
                .map(|c| (c.id, dial.day_of(c.granted_at), dial.day(c.holds_until)))
                .collect(),
        })
    });
    of_area.collect()
}

/// What the viewer may see of a person's year: clearances are open to all; ramps and sessions to the person, who leads
/// them, administrators, and of a ramp to those who may read it (rule 9).
fn book(
    c: &mut Conn,
    register: &Register,
    person: &Person,
    year: Option<i16>,
    asking: &Asking,
) -> Result<Book> {
    let (actor, dial) = (&asking.actor, &asking.dial);
    let sees_all =
        actor.is(person.id) || actor.is_admin || actor.leads_any(register.teams_today(person.id));
    let sees = |ramp: &Ramp| sees_all || register.may_read(ramp, actor);
    let (own, mentored): (Vec<&Ramp>, Vec<&Ramp>) = register
        .ramps()
        .iter()
        .chain(register.left())
        .filter(|r| sees(r))
        .partition(|r| r.mentee_id == person.id);
    let this_year = dial.today().date().year();
    let wanted = year.and_then(|y| Some((y, logbook::bounds(y, dial)?)));
    let (year, bounds) = wanted
        .or_else(|| Some((this_year, logbook::bounds(this_year, dial)?)))
        .ok_or(Error::NotFound("year"))?;
    let of = Of {
        person_id: person.id,
        own: own.iter().map(|r| r.id).collect(),
        mentored: mentored.iter().map(|r| r.id).collect(),
    };
    let found = entries::year(c, &of, bounds)?;
    let mut all = session_entries(&found.sessions, register, person.id, actor);
    let mut others = clearance_entries(&found.changes, register, person.id);
    others.extend(
        own.iter()
            .flat_map(|ramp| ramp_entries(ramp, register, actor)),
    );
    let others_at: Vec<UtcTime> = others.iter().map(|e| e.at).collect();
    all.extend(
        others
            .into_iter()
            .filter(|e| bounds.0 <= e.at && e.at < bounds.1),
    );
    let months = logbook::months(all, dial);
    let in_year = months
        .iter()
        .fold(Total::default(), |sum, m| sum.and(m.total));
    let (before, after) = (found.before, found.after);
    let moments = others_at.into_iter().chain(before.1).chain(after.1);
    let mut years: Vec<i16> = moments
        .map(|at| dial.local_day(at).date().year())
        .chain([this_year, year])
        .collect();
    // Sessions between the first and the last are not looked at one by one: every year between may have some.
    if let (Some(first), Some(last)) = (years.iter().min().copied(), years.iter().max().copied()) {
        years = (first..=last).rev().collect();
    }
    Ok(Book {
        year,
        years,
        months: months
            .into_iter()
            .map(|month| MonthView::new(month, dial))
            .collect(),
        has_figures: sees_all || !own.is_empty() || !mentored.is_empty(),
        brought: before.0.words(),
        in_year: in_year.words(),
        to_date: before.0.and(in_year).and(after.0).words(),
    })
}

fn session_entries(
    held: &[entries::Held],
    register: &Register,
    person_id: i64,
    actor: &Actor,
) -> Vec<Entry> {
    let of = |session: &entries::Held| {
        let mut ramps = register.ramps().iter().chain(register.left());
        let ramp = ramps.find(|r| r.id == session.ramp_id)?;
        let area = register.area_name(ramp.area_id);
        let may_read = register.may_read(ramp, actor);
        Some(Entry {
            at: session.at,
            what: session.kind.label().to_owned(),
            // Whom they mentored is for those alone who may read that ramp (rule 9).
            about: if ramp.mentee_id == person_id || !may_read {
                area.to_owned()
            } else {
                format!("{area}, with {}", register.name(ramp.mentee_id))
            },
            href: if may_read {
                format!("/sessions/{}", session.id)
            } else {
                String::new()
            },
            counts: Total {
                sessions: 1,
                minutes: session.minutes,
            },
        })
    };
    held.iter().filter_map(of).collect()
}

fn granted(held: &Clearance) -> &'static str {
    match held.kind {
        ClearanceKind::Full => "Cleared",
        ClearanceKind::Interim => "Interim clearance",
    }
}

fn clearance_entries(
    changes: &[(i64, ClearanceState, UtcTime)],
    register: &Register,
    person_id: i64,
) -> Vec<Entry> {
    let held = register
        .areas()
        .iter()
        .flat_map(|area| register.clearances(person_id, area.id));
    let entry = |held: &Clearance, what: &str, at| Entry {
        at,
        what: what.to_owned(),
        about: register.area_name(held.area_id).to_owned(),
        href: format!("/clearances/{}", held.id),
        counts: Total::default(),
    };
    held.flat_map(|held| {
        let changed = changes.iter().filter(|(id, ..)| *id == held.id);
        let changed = changed.map(|(_, state, at)| {
            let what = match state {
                ClearanceState::Valid => "Clearance reinstated",
                ClearanceState::Suspended => "Clearance suspended",
                ClearanceState::Revoked => "Clearance revoked",
            };
            entry(held, what, *at)
        });
        std::iter::once(entry(held, granted(held), held.granted_at))
            .chain(changed.collect::<Vec<_>>())
    })
    .collect()
}

fn ramp_entries(ramp: &Ramp, register: &Register, actor: &Actor) -> Vec<Entry> {
    let entry = |what: &str, at| Entry {
        at,
        what: what.to_owned(),
        about: register.area_name(ramp.area_id).to_owned(),
        href: if register.may_read(ramp, actor) {
            format!("/ramps/{}", ramp.id)
        } else {
            String::new()
        },
        counts: Total::default(),
    };
    let ended = ramp.closed_at.map(|at| match ramp.state {
        RampState::Cleared => entry("Ramp done", at),
        _ => entry("Ramp ended", at),
    });
    std::iter::once(entry("Ramp set up", ramp.created_at))
        .chain(ended)
        .collect()
}
