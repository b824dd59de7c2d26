//! The page on which a person, their lead or an administrator writes down how much mentoring was agreed.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::people::mentoring::Agreed;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::people::mentoring as actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "people/mentoring.html")]
struct MentoringPage {
    page: Page,
    errors: Errors,
    handle: String,
    name: String,
    is_me: bool,
    is_overtaken: bool,
    /// What is agreed now.
    agreed_mentees: String,
    agreed_hours: String,
    /// What the form was opened on.
    was_mentees: String,
    was_hours: String,
    mentees: String,
    hours: String,
}

pub(crate) async fn page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    show(&req, handle.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, handle: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (person, agreed) = actions::of(c, &context.actor, &handle)?;
        let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
        let (was_mentees, was_hours) = (number(agreed.mentees), number(agreed.hours));
        let value = |name: &str, was: &str| form.typed().map_or(was, |f| f.get(name)).to_owned();
        Ok(MentoringPage {
            page: page.titled("people", format!("Mentoring agreed with {}", person.name)),
            is_overtaken: form.is_overtaken(),
            is_me: context.actor.is(person.id),
            mentees: value("mentees", &was_mentees),
            hours: value("hours", &was_hours),
            was_mentees: form.seen("was_mentees", &was_mentees),
            was_hours: form.seen("was_hours", &was_hours),
            handle: person.handle,
            name: person.name,
            agreed_mentees: was_mentees,
            agreed_hours: was_hours,
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn agree(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let handle = handle.into_inner();
    let (typed, key) = (fields.clone(), handle.clone());
    submit(&req, &fields, move |c, act| {
        let shown = Agreed::parse(typed.get("was_mentees"), typed.get("was_hours"))?;
        let agreed = Agreed::parse(typed.get("mentees"), typed.get("hours"))?;
        let person = actions::agree(c, act, &key, shown, agreed)?;
        let said = format!("The agreement with {} is saved.", person.name);
        Ok(Done::new(format!("/people/{}", person.handle), said))
    })
    .await
    .or_show(fields, async |form| show(&req, handle, form).await)
    .await
}
