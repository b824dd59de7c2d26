//! The page on which an administrator deactivates a person who leaves, with what they leave behind.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::administrators_only;
use crate::domain::people;
use crate::domain::people::Reason;
use crate::domain::people::admin::{last_administrator, store};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::people::actions;
use crate::usecases::register::{Leaving, leaving};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "people/admin/deactivate.html")]
struct DeactivatePage {
    page: Page,
    errors: Errors,
    handle: String,
    name: String,
    is_me: bool,
    stays: Option<String>,
    reason: String,
    left: Leaving,
}

pub(crate) async fn page(req: HttpRequest, handle: web::Path<String>) -> Result<HttpResponse> {
    show(&req, handle.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, handle: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        administrators_only(context)?;
        let person = store::by_handle(c, &handle)?.person;
        if person.deactivated_at.is_some() {
            let sentence = format!("{} was deactivated before.", person.name);
            return Err(Error::Conflict(sentence));
        }
        let others = store::other_administrators(c, person.id)?;
        let (id, name) = (person.id, person.name.clone());
        let stays = last_administrator(&person, others);
        let who = people::store::actor(c, person)?;
        Ok(DeactivatePage {
            page: page.titled("admin", format!("Deactivate {name}")),
            handle,
            is_me: context.actor.is(id),
            name,
            stays,
            reason: form.fields.get("reason").to_owned(),
            left: leaving(c, &who, context.now.day())?,
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn deactivate(
    req: HttpRequest,
    handle: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let handle = handle.into_inner();
    let (typed, key) = (fields.clone(), handle.clone());
    submit(&req, &fields, move |c, act| {
        let reason = Reason::parse(typed.get("reason"));
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        if reason.is_empty() {
            return Err(Error::field(
                "reason",
                "Say why. It stays in the audit log.",
            ));
        }
        let person = actions::deactivate(c, act, &key, &reason)?;
        let said = format!("{} is deactivated and signed out everywhere.", person.name);
        Ok(Done::new(format!("/admin/people/{key}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, handle, form).await)
    .await
}
