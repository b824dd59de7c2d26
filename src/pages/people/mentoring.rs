//! The page on which a person, their lead or an administrator writes down how much mentoring was agreed.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::people::mentoring::Agreed;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::usecases::people::mentoring as actions;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/people/{handle}/mentoring", web::get().to(show_page))
        .route("/people/{handle}/mentoring", web::post().to(agree));
}

#[derive(Template)]
#[template(path = "people/mentoring.html")]
struct MentoringPage {
    page: Page,
    errors: Errors,
    handle: String,
    name: String,
    is_me: bool,
    was_mentees: String,
    was_hours: String,
    mentees: String,
    hours: String,
}

async fn show_page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    show(&req, &handle, None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    handle: &str,
    typed: Option<&Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let key = handle.to_owned();
    let (page, (person, agreed, is_me)) = old_read(req, move |c, context| {
        let (person, agreed) = actions::of(c, &context.actor, &key)?;
        let is_me = context.actor.is(person.id);
        Ok((person, agreed, is_me))
    })
    .await?;
    let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
    let (was_mentees, was_hours) = (number(agreed.mentees), number(agreed.hours));
    let get = |name: &str, was: &str| typed.map_or(was, |f| f.get(name)).to_owned();
    let (mentees, hours) = (get("mentees", &was_mentees), get("hours", &was_hours));
    let status = form_status(&errors);
    let page = MentoringPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("people", format!("Mentoring agreed with {}", person.name))
        },
        errors,
        handle: person.handle,
        name: person.name,
        is_me,
        was_mentees,
        was_hours,
        mentees,
        hours,
    };
    html_with(status, &page)
}

async fn agree(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let shown = Agreed::parse(fields.get("was_mentees"), fields.get("was_hours"))?;
    let agreed = match Agreed::parse(fields.get("mentees"), fields.get("hours")) {
        Ok(agreed) => agreed,
        Err(Error::Invalid(errors)) => return show(&req, &handle, Some(&fields), errors).await,
        Err(e) => return Err(e),
    };
    submit(&req, &fields, move |c, act| {
        let person = actions::agree(c, act, &handle, shown, agreed)?;
        let said = format!("What {} agreed to is written down.", person.name);
        Ok(Done::new(format!("/people/{}", person.handle), said))
    })
    .await
}
