//! The page on which people are added who were cleared before Checkride.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::model::Area;
use crate::domain::area::validity::Ends;
use crate::domain::clearance;
use crate::domain::clearance::takeover::last_days;
use crate::domain::people::{Actor, admin};
use crate::domain::ramp;
use crate::domain::signoff::Note;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::area::actions;
use crate::usecases::clearance::takeover::{Line, add_existing};
use crate::usecases::people::find::called;
use crate::web::{Done, Errors, Fields, Page};

/// Lines for people of other teams, who are named by e-mail.
const OTHERS: [&str; 3] = ["a", "b", "c"];

struct LineView {
    key: String,
    /// Whom it is about; empty when they are named by e-mail.
    name: String,
    /// The e-mail, or `yes` where the line is ticked.
    who: String,
    since: String,
    until: String,
}

#[derive(Template)]
#[template(path = "area/cleared.html")]
struct ClearedPage {
    page: Page,
    errors: Errors,
    area: Area,
    team: Vec<LineView>,
    others: Vec<LineView>,
    rests_on: String,
    /// The area gives clearances an end date.
    has_end: bool,
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let area = actions::area_to_change(c, &context.actor, &slug)?;
        if area.archived_at.is_some() {
            return Err(Error::Conflict(format!("{} is archived.", area.name)));
        }
        let today = context.now.day();
        let team = candidates(c, &context.actor, &area)?;
        let held = clearance::store::latest_in_area(c, area.id)?;
        let taken: Vec<Day> = held.iter().map(|held| held.ends_on).collect();
        let lines = team.len() + OTHERS.len();
        let ends = last_days(lines, &taken, today, area.validity());
        let mut ends = ends.into_iter().map(|day| match day == Day::NEVER {
            true => String::new(),
            false => day.to_string(),
        });
        let mut line = |key: String, name: String| {
            let typed = |field: &str| form.fields.trimmed(&format!("{field}-{key}")).to_owned();
            let proposed = ends.next().unwrap_or_default();
            let until = format!("until-{key}");
            LineView {
                who: typed("who"),
                since: typed("since"),
                until: match form.fields.has(&until) {
                    true => typed("until"),
                    false => proposed,
                },
                key,
                name,
            }
        };
        Ok(ClearedPage {
            page: page.titled("areas", format!("Cleared already: {}", area.name)),
            team: team
                .into_iter()
                .map(|(id, name)| line(id.to_string(), name))
                .collect(),
            others: OTHERS
                .into_iter()
                .map(|key| line(key.to_owned(), String::new()))
                .collect(),
            rests_on: form.fields.get("rests_on").to_owned(),
            has_end: area.ends != Ends::Never,
            errors: form.errors,
            area,
        })
    })
    .await
}

/// Members of the owner team who can be added by this person: with no clearance and no ramp here, now or before.
fn candidates(c: &mut Conn, actor: &Actor, area: &Area) -> Result<Vec<(i64, String)>> {
    let mut out: HashSet<i64> = clearance::store::latest_in_area(c, area.id)?
        .iter()
        .map(|held| held.person_id)
        .collect();
    out.extend(ramp::store::ever_ramped(c, area.id)?);
    out.extend(actions::own_mentors(c, actor, area.id)?);
    out.extend(actor.id);
    let members = admin::store::members(c, area.owner_team_id)?.into_iter();
    Ok(members
        .map(|(person, _)| person)
        .filter(|person| person.deactivated_at.is_none() && !out.contains(&person.id))
        .map(|person| (person.id, person.name))
        .collect())
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

/// The lines that name a person.
fn lines(c: &mut Conn, fields: &Fields) -> Result<(Vec<Line>, Note)> {
    let mut errors = FieldErrors::default();
    let named = fields.with_prefix("who-");
    let named: Vec<_> = named.filter(|(_, who)| !who.trim().is_empty()).collect();
    if named.is_empty() {
        errors.add("", "Choose at least one person.");
    }
    let mut lines = Vec::new();
    for (key, who) in named {
        let found = person(c, key, who.trim())?;
        let person_id = found.map_err(|sentence| errors.add(format!("who-{key}"), sentence));
        let mut day = |field: &str, empty: Option<Day>, sentence: &str| {
            let name = format!("{field}-{key}");
            let day = match fields.trimmed(&name) {
                "" => empty,
                typed => Day::parse(typed),
            };
            day.ok_or_else(|| errors.add(name, sentence))
        };
        let since = day("since", None, "Enter the first day.");
        let ends_on = day("until", Some(Day::NEVER), "Enter the last day.");
        if let (Ok(person_id), Ok(since), Ok(ends_on)) = (person_id, since, ends_on) {
            lines.push(Line {
                key: key.to_owned(),
                person_id,
                since,
                ends_on,
            });
        }
    }
    let rests_on = Note::required(fields.get("rests_on"), "Write what it rests on.");
    let rests_on = rests_on.map_err(|sentence| errors.add("rests_on", sentence));
    match rests_on {
        Ok(rests_on) => errors.or((lines, rests_on)),
        Err(()) => Err(Error::Invalid(errors)),
    }
}

/// The person of a line: the row of a member who was offered, or a name or handle.
fn person(c: &mut Conn, key: &str, who: &str) -> Result<std::result::Result<i64, String>> {
    if let Ok(id) = key.parse() {
        return Ok(Ok(id));
    }
    Ok(called(c, who)?.map(|person| person.id))
}

pub(crate) async fn add(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, name) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        let (lines, rests_on) = lines(c, &typed)?;
        let said = match add_existing(c, act, &name, &lines, &rests_on)? {
            1 => "1 clearance is added, marked as taken over.".to_owned(),
            n => format!("{n} clearances are added, marked as taken over."),
        };
        Ok(Done::new(format!("/areas/{name}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
