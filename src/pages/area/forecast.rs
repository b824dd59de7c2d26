//! The page of the forecast of an area: its cover in the next months, when the next clearance comes, and what to do.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::CoverView;
use crate::db::Conn;
use crate::domain::area::Cover;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::cover::bus_factor;
use crate::domain::clearance::standing;
use crate::domain::forecast;
use crate::domain::forecast::Risk;
use crate::domain::forecast::next::pace_words;
use crate::domain::forecast::pairing::Mentor;
use crate::domain::people::model::Person;
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::pages::request::show;
use crate::pages::status;
use crate::time::{LocalTime, TimeText};
use crate::usecases::forecast::{Booked, Forecast, RampAhead};
use crate::web::{Fields, Page};

/// Mentors suggested at most.
const MENTORS: usize = 5;

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

struct MentorView {
    name: String,
    handle: String,
    reasons: Vec<String>,
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
    next: Option<(TimeText, TimeText)>,
    ramps: Vec<RampView>,
    /// Ramps that the viewer may not read.
    hidden: usize,
    bus_factor: usize,
    signers: usize,
    competencies: usize,
    single_points: Vec<(String, String, Option<String>)>,
    risk: String,
    is_calm: bool,
    candidates: Vec<Choice>,
    mentee: Option<Person>,
    mentors: Vec<MentorView>,
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
    let found = Forecast::load(c, context, slug, query.id("for"))?;
    let (register, area, local) = (&found.register, &found.area, &context.local);
    let (today, minimum) = (register.today(), i64::from(area.minimum_cover));
    let gone: Vec<i64> = query
        .all("without")
        .filter_map(|id| id.parse().ok())
        .collect();
    let risk = forecast::risk(&found.held, minimum, today);
    let covering = register.active().iter().filter(|p| {
        let held = register.clearance(p.id, area.id);
        standing(held, today).is_cover()
    });
    let covering: Vec<&Person> = covering.collect();
    let may_read = |r: &&RampAhead| register.may_read(&r.ramp, &context.actor);
    // What one person can do is for them and their leads to read.
    let holder = |person: &Person| {
        let teams = register.teams_today(person.id);
        let may_read = context.actor.is(person.id) || context.actor.leads_any(teams);
        may_read.then(|| person.name.clone())
    };
    Ok(ForecastPage {
        page: page.titled("areas", format!("Forecast of {}", area.name)),
        cover: CoverView::new(register.cover(area)),
        steps: steps(&found, &gone, local),
        people: covering
            .iter()
            .map(|p| Choice::new(p.id, p.name.clone(), gone.contains(&p.id)))
            .collect(),
        gone: names(
            covering
                .iter()
                .filter(|p| gone.contains(&p.id))
                .map(|p| p.name.as_str()),
        ),
        next: found
            .next()
            .map(|next| (local.day(next.first), local.day(next.last))),
        ramps: found
            .ramps
            .iter()
            .filter(may_read)
            .map(|r| ramp_view(r, register.name(r.ramp.mentee_id), local))
            .collect(),
        hidden: found.ramps.iter().filter(|r| !may_read(r)).count(),
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
        candidates: found
            .candidates
            .iter()
            .map(|p| {
                let is_chosen = found.mentee.as_ref().is_some_and(|m| m.id == p.id);
                Choice::new(p.id, p.name.clone(), is_chosen)
            })
            .collect(),
        mentors: found
            .mentors
            .iter()
            .take(MENTORS)
            .filter_map(|(mentor, away)| {
                let person = register.person(mentor.person_id)?;
                Some(MentorView {
                    name: person.name.clone(),
                    handle: person.handle.clone(),
                    reasons: reasons(mentor, away, &found, local),
                })
            })
            .collect(),
        mentee: found.mentee.clone(),
        area: area.clone(),
    })
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
            names(planned.iter().map(String::as_str))
        ),
    }
}

/// What threatens the cover, and whether a ramp is expected before.
fn risk_words(risk: Risk, found: &Forecast, local: &LocalTime) -> String {
    let minimum = found.area.minimum_cover;
    match risk {
        Risk::Short(1) => "Cover is short by 1 person now.".into(),
        Risk::Short(n) => format!("Cover is short by {n} people now."),
        Risk::FallsShort(day) => {
            let mut expected = found.ramps.iter().filter_map(|ramp| ramp.expected);
            let ramp = match expected.any(|range| range.last < day) {
                true => "A clearance is expected before that.",
                false => "No clearance is expected before that.",
            };
            let day = local.day(day).text;
            format!("Cover falls below {minimum} on {day}. {ramp}")
        }
        Risk::NoSpare => "Cover has no spare: one leaver breaks it.".into(),
        Risk::Calm => "Cover holds for 90 days, also without one person today.".into(),
    }
}

/// Why somebody is suggested as a mentor.
fn reasons(mentor: &Mentor, away: &str, found: &Forecast, local: &LocalTime) -> Vec<String> {
    let room = match mentor.has_room() {
        true => "Has room",
        false => "Has no room",
    };
    let until = found.register.today().plus_days(mentor.days_left);
    let mut all = vec![
        format!("{room}: {}", mentor.load.words()),
        format!("Cleared {}", local.until(until)),
        format!("{} of 8 working hours in common", mentor.common_hours),
    ];
    if mentor.is_qualifier {
        all.push("Qualifier: can turn the first key".into());
    }
    if !away.is_empty() {
        all.push(format!("Is {away}"));
    }
    all
}

/// `Ada, Priya and Jonas`.
fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = all.collect();
    match all.split_last() {
        None => String::new(),
        Some((one, [])) => (*one).to_owned(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}
