//! The page on which a real incident is logged: open it, paste the link, save.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::types::Day;
use crate::domain::area::practice::MINUTES;
use crate::domain::currency::{ActivityKind, Incident, store};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::currency::actions;
use crate::web::{Done, Errors, Fields, Page};
use crate::words::{Words, listed, web_address};

#[derive(Template)]
#[template(path = "currency/log.html")]
struct LogPage {
    page: Page,
    errors: Errors,
    areas: Vec<Choice>,
    day: String,
    link: String,
    /// Typing begins here when nothing else is left to fill in.
    link_attrs: &'static str,
    note: String,
    minutes: String,
    minutes_hint: String,
    /// Every area needs the minutes.
    needs_minutes: bool,
    /// Where an incident keeps no clearance alive, and why.
    uncounted: Vec<(String, String)>,
    another: bool,
    handle: String,
}

/// The form; the address may fill it in.
pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        let fields = &form.fields;
        let me = context.actor.id.unwrap_or_default();
        let areas = store::areas_of(c, me)?;
        let needs = store::needs(c, me, &areas)?;
        let each = || areas.iter().zip(&needs);
        let by_minutes: Vec<&str> = each()
            .filter(|(_, need)| need.counts_minutes_of(ActivityKind::Incident))
            .map(|(area, _)| area.name.as_str())
            .collect();
        let chosen = |id: i64, slug: &str| match fields.trimmed("area") {
            "" => areas.len() == 1,
            typed => typed == id.to_string() || typed == slug,
        };
        let is_fresh = form.typed().is_none() && !fields.has("link");
        Ok(LogPage {
            page: page.titled("practice", "Log an incident"),
            link_attrs: match is_fresh && areas.iter().any(|area| chosen(area.id, &area.slug)) {
                true => "required autocomplete=off autofocus",
                false => "required autocomplete=off",
            },
            areas: areas
                .iter()
                .map(|area| Choice::new(area.id, &area.name, chosen(area.id, &area.slug)))
                .collect(),
            day: if fields.has("day") {
                fields.get("day").to_owned()
            } else {
                context.now.day().to_string()
            },
            link: fields.get("link").to_owned(),
            note: fields.get("note").to_owned(),
            minutes: fields.get("minutes").to_owned(),
            minutes_hint: match by_minutes.is_empty() {
                true => "How long you worked on it.".into(),
                false => format!(
                    "How long you worked on it. Needed in {}.",
                    listed(&by_minutes)
                ),
            },
            needs_minutes: !areas.is_empty() && by_minutes.len() == areas.len(),
            uncounted: each()
                .filter(|(_, need)| !need.counts(ActivityKind::Incident))
                .map(|(area, need)| (area.name.clone(), need.kinds_words()))
                .collect(),
            another: fields.has("another"),
            handle: context.actor.handle.clone(),
            errors: form.errors,
        })
    })
    .await
}

fn parse(fields: &Fields) -> Result<Incident> {
    let mut errors = FieldErrors::default();
    let mut said = |field: &str, sentence: String| errors.add(field, sentence);
    let area_id = fields.trimmed("area").parse().unwrap_or_else(|_| {
        said("area", "Choose the area it was in.".into());
        0
    });
    let day = Day::parse(fields.trimmed("day"));
    if day.is_none() {
        said("day", "Enter the day it was on.".into());
    }
    let link = web_address(fields.trimmed("link")).unwrap_or_else(|sentence| {
        said("link", sentence);
        String::new()
    });
    let note = Words::parse(fields.get("note")).unwrap_or_else(|sentence| {
        said("note", sentence);
        Words::default()
    });
    let minutes = match fields.trimmed("minutes") {
        "" => None,
        typed => {
            let minutes = typed.parse().ok().filter(|n| MINUTES.contains(n));
            if minutes.is_none() {
                let (low, high) = (MINUTES.start(), MINUTES.end());
                said(
                    "minutes",
                    format!("Enter a whole number from {low} to {high}."),
                );
            }
            minutes
        }
    };
    match day {
        Some(day) => errors.or(Incident {
            area_id,
            day,
            note,
            link,
            minutes,
            another: fields.has("another"),
        }),
        None => Err(Error::Invalid(errors)),
    }
}

pub(crate) async fn save(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let said = match actions::log(c, act, &parse(&typed)?)? {
            None => "The incident is logged: it counts as practice.".to_owned(),
            Some(why) => format!("The incident is logged. It keeps no clearance alive: {why}."),
        };
        Ok(Done::new(
            format!("/people/{}/practice", act.actor.handle),
            said,
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}
