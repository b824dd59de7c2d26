//! The page of the forecast of an area: its cover in the next months, when the next clearance comes, and what to do.

pub mod files;
mod pairing;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::CoverView;
use crate::db::Conn;
use crate::domain::area::Cover;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::cover::bus_factor;
use crate::domain::forecast;
use crate::domain::forecast::Risk;
use crate::domain::forecast::next::pace_words;
use crate::domain::people::model::Person;
use crate::error::Result;
use crate::pages::parts::chart::Picture;
use crate::pages::parts::chart::cover::{cover_chart, lapsing_chart};
use crate::pages::parts::choice::Choice;
use crate::pages::request::show;
use crate::pages::status;
use crate::time::{LocalTime, TimeText};
use crate::usecases::forecast::{Booked, Forecast, RampAhead};
use crate::web::table::Files;
use crate::web::{Fields, Page};
use crate::words::listed;
use pairing::{MentorView, PairingView, mentor_view, pairing_view, risk_words};

/// Mentors suggested for one person at most.
const MENTORS: usize = 5;
/// Pairings suggested at most.
const PAIRINGS: usize = 3;
/// Fewest ramps that somebody may not read and whose numbers are told together: those that they read can be subtracted.
const FEWEST_HIDDEN: usize = 3;

/// Cover of a day, and of the same day without some people.
struct StepView {
    day: TimeText,
    word: String,
    cover: Said,
    without: Option<Said>,
    ended: Vec<(String, String, TimeText)>,
}

/// `3 of 3`, and how good that is.
struct Said {
    share: String,
    css: &'static str,
    icon: &'static str,
    word: String,
}

impl Said {
    fn of(cleared: i64, minimum: i64) -> Self {
        let cover = Cover::of(cleared, minimum);
        let (css, icon) = status::cover(cover);
        Self {
            share: format!("{cleared} of {minimum}"),
            css,
            icon,
            word: cover.label(),
        }
    }
}

struct RampView {
    id: i64,
    name: String,
    expected: String,
    is_measured: bool,
    /// Required, current and booked.
    paces: [String; 3],
    booked: String,
}

#[derive(Template)]
#[template(path = "area/forecast.html")]
struct ForecastPage {
    page: Page,
    area: Area,
    cover: CoverView,
    steps: Vec<StepView>,
    /// Who is cleared now, with those who are ticked.
    people: Vec<Choice>,
    gone: String,
    chart: Picture,
    lapsing: Picture,
    next: Option<(TimeText, TimeText)>,
    /// Required, current and booked, of all ramps; None where it would tell one person's.
    paces: Option<[String; 3]>,
    ramps: Vec<RampView>,
    /// Ramps that the viewer may not read.
    hidden: usize,
    /// What all ramps give together is told: it gives away none of the hidden ones.
    is_told: bool,
    bus_factor: usize,
    signers: usize,
    competencies: usize,
    single_points: Vec<(String, String, Option<String>)>,
    risk: String,
    is_calm: bool,
    /// The best first.
    pairings: Vec<PairingView>,
    candidates: Vec<Choice>,
    /// Whether the viewer could start a ramp here.
    may_start: bool,
    /// For whom all mentors are shown.
    mentee: Option<Person>,
    mentors: Vec<MentorView>,
    files: Files,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| {
        load(c, context, page, &slug, &query)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    slug: &str,
    query: &Fields,
) -> Result<ForecastPage> {
    let found = Forecast::load(c, context, slug)?;
    let (register, area, local) = (&found.register, &found.area, &context.local);
    let (today, minimum) = (register.today(), i64::from(area.minimum_cover));
    let gone = gone(query);
    let risk = forecast::risk(&found.held, minimum, today);
    let covering = covering(&found);
    let may_read = |r: &&RampAhead| register.may_read(&r.ramp, &context.actor);
    let hidden = found.ramps.iter().filter(|r| !may_read(r)).count();
    let is_told = hidden == 0 || hidden >= FEWEST_HIDDEN;
    // What one person can do is for them and their leads to read.
    let holder = |person: &Person| {
        let teams = register.teams_today(person.id);
        let may_read = context.actor.is(person.id) || context.actor.leads_any(teams);
        may_read.then(|| person.name.clone())
    };
    let mut each = found.pairings.iter();
    let chosen = each.find(|(person, _)| query.id("for") == Some(person.id));
    Ok(ForecastPage {
        page: page.titled("areas", format!("Forecast of {}", area.name)),
        cover: CoverView::new(register.cover(area)),
        steps: steps(&found, &gone, local),
        people: covering
            .iter()
            .map(|p| Choice::new(p.id, p.name.clone(), gone.contains(&p.id)))
            .collect(),
        gone: names(&covering, &gone),
        chart: cover_chart(&area.name, covering.len(), minimum),
        lapsing: lapsing_chart(&forecast::lapsing(&found.held, today)),
        paces: paces(&found).filter(|_| is_told),
        next: found
            .next()
            .filter(|_| is_told)
            .map(|next| (local.day(next.first), local.day(next.last))),
        ramps: found
            .ramps
            .iter()
            .filter(may_read)
            .map(|r| ramp_view(r, register.name(r.ramp.mentee_id), local))
            .collect(),
        hidden,
        is_told,
        bus_factor: bus_factor(covering.len(), usize::try_from(minimum).unwrap_or_default()),
        signers: found.signers(),
        competencies: found.competencies,
        single_points: found
            .single_points
            .iter()
            .map(|(k, person)| (k.code.clone(), k.statement.clone(), holder(person)))
            .collect(),
        risk: risk_words(risk, &found, local),
        is_calm: risk == Risk::Calm,
        pairings: found
            .pairings
            .iter()
            .take(PAIRINGS)
            .map(|one| pairing_view(one, risk, &found, local))
            .collect(),
        candidates: found
            .pairings
            .iter()
            .map(|(p, _)| Choice::new(p.id, p.name.clone(), query.id("for") == Some(p.id)))
            .collect(),
        mentors: chosen
            .iter()
            .flat_map(|(_, pairing)| &pairing.mentors)
            .take(MENTORS)
            .filter_map(|mentor| mentor_view(mentor, &found, local))
            .collect(),
        may_start: found.may_start,
        mentee: chosen.map(|(person, _)| person.clone()),
        files: Files::of(&format!("/areas/{}/forecast", area.slug), query),
        area: area.clone(),
    })
}

/// Who is left out of the cover.
fn gone(query: &Fields) -> Vec<i64> {
    let all = query.all("without");
    all.filter_map(|id| id.parse().ok()).collect()
}

/// Who is cleared now.
fn covering(found: &Forecast) -> Vec<&Person> {
    let (register, area) = (&found.register, &found.area);
    let active = register.active().iter();
    active
        .filter(|p| register.standing(p.id, area.id).is_cover())
        .collect()
}

fn names(covering: &[&Person], gone: &[i64]) -> String {
    let all = covering.iter().filter(|p| gone.contains(&p.id));
    listed(&all.map(|p| p.name.as_str()).collect::<Vec<_>>())
}

/// The paces of all ramps together, where there is one.
fn paces(found: &Forecast) -> Option<[String; 3]> {
    let paces = found.paces();
    let said = |tenths: Option<i64>| tenths.map_or_else(|| "not known".into(), pace_words);
    (!found.ramps.is_empty()).then(|| [paces.required, paces.current, paces.booked].map(said))
}

fn steps(found: &Forecast, gone: &[i64], local: &LocalTime) -> Vec<StepView> {
    let (today, minimum) = (found.register.today(), i64::from(found.area.minimum_cover));
    let left = forecast::without(&found.held, gone);
    let all = forecast::outlook(&found.held, today);
    let without = forecast::outlook(&left, today);
    let view = |(step, without): (forecast::Outlook, forecast::Outlook)| StepView {
        word: match step.day.days_since(today) {
            0 => "Today".into(),
            n => format!("In {n} days"),
        },
        day: local.day(step.day),
        cover: Said::of(step.cleared, minimum),
        without: (!gone.is_empty()).then(|| Said::of(without.cleared, minimum)),
        ended: step
            .ended
            .iter()
            .map(|held| {
                let name = found.register.name(held.person_id).to_owned();
                (name, held.end_words(), local.day(held.holds_until))
            })
            .collect(),
    };
    all.into_iter().zip(without).map(view).collect()
}

fn ramp_view(r: &RampAhead, name: &str, local: &LocalTime) -> RampView {
    let pace = |tenths: Option<i64>, none: &str| tenths.map_or_else(|| none.into(), pace_words);
    RampView {
        id: r.ramp.id,
        name: name.to_owned(),
        expected: match r.expected {
            None => "no estimate yet".into(),
            Some(e) if e.first == e.last => local.day(e.first).text,
            Some(e) => format!("{} to {}", local.day(e.first).text, local.day(e.last).text),
        },
        is_measured: r.expected.is_some_and(|e| e.is_measured),
        paces: [
            pace(r.paces.required, "the target is past"),
            pace(r.paces.current, "first day"),
            pace(r.paces.booked, "the target is past"),
        ],
        booked: booked_words(r.booked),
    }
}

/// `1 session`, `2 sessions`.
fn counted(n: usize, one: &str, many: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}

/// `2 lines in 1 session and 1 shift`.
fn booked_words(booked: Booked) -> String {
    let all = [
        (booked.sessions, "session", "sessions"),
        (booked.shifts, "shift", "shifts"),
        (booked.drills, "drill", "drills"),
    ];
    let planned = all.into_iter().filter(|(n, ..)| *n > 0);
    let planned: Vec<String> = planned
        .map(|(n, one, many)| counted(n, one, many))
        .collect();
    match planned.is_empty() {
        true => "nothing is planned".into(),
        false => format!(
            "{} in {}",
            counted(booked.lines, "line", "lines"),
            listed(&planned.iter().map(String::as_str).collect::<Vec<_>>())
        ),
    }
}
