//! The page on which somebody says when they can meet, and when they are away.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::availability::{Absence, WEEKDAYS, Week};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::time::LocalTime;
use crate::usecases::availability as actions;
use crate::web::{Done, Errors, Fields, Page};

const PATH: &str = "/me/availability";

#[derive(Template)]
#[template(path = "calendar/availability.html")]
struct AvailabilityPage {
    page: Page,
    errors: Errors,
    zone: String,
    /// Nobody set the hours: they are the usual ones.
    is_usual: bool,
    is_overtaken: bool,
    /// The hours as stored, in one line.
    now: String,
    was: String,
    days: Vec<DayView>,
    first_on: String,
    last_on: String,
    absences: Vec<AbsenceView>,
}

struct DayView {
    name: &'static str,
    hours: String,
}

struct AbsenceView {
    id: i64,
    words: String,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        let own = actions::own(c, me, context.local.today())?;
        // Two forms share the page; only one of them was sent.
        let hours = form.typed().filter(|f| f.has("was_hours"));
        let days = (1..).zip(WEEKDAYS).map(|(weekday, name)| DayView {
            name,
            hours: hours.map_or_else(|| own.week.text(weekday), |f| f.get(name).to_owned()),
        });
        let day = |day| context.local.day(day).text;
        let absences = own.absences.iter().map(|kept| {
            let (first, last) = (kept.absence.first_on, kept.absence.last_on);
            AbsenceView {
                id: kept.id,
                words: match first == last {
                    true => day(first),
                    false => format!("{} to {}", day(first), day(last)),
                },
            }
        });
        Ok(AvailabilityPage {
            zone: page.zone.clone(),
            page: page.titled("", "Availability"),
            is_usual: !own.is_set,
            is_overtaken: form.is_overtaken(),
            days: days.collect(),
            was: form.seen("was_hours", own.week.line()),
            now: own.week.line(),
            first_on: form.fields.get("first_on").to_owned(),
            last_on: form.fields.get("last_on").to_owned(),
            absences: absences.collect(),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn save(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let week = Week::parse(|day| typed.get(day))?;
        actions::set_week(c, act, typed.get("was_hours"), &week)?;
        Ok(Done::new(PATH, "Your weekly hours are saved."))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let today = LocalTime::new(&act.actor.time_zone, act.now).today();
        let absence = Absence::parse(typed.get("first_on"), typed.get("last_on"), today)?;
        actions::add_absence(c, act, absence)?;
        Ok(Done::new(PATH, "Your absence is added."))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}

pub(crate) async fn remove(
    req: HttpRequest,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.parse().map_err(|_| Error::NotFound("absence"))?;
    submit(&req, &fields, move |c, act| {
        actions::remove_absence(c, act, id)?;
        Ok(Done::new(PATH, "The absence is removed."))
    })
    .await
}
