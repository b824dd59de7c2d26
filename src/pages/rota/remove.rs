//! The page on which a rota is removed.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::audit::read_reason;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::rota::actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "rota/remove.html")]
struct RemovePage {
    page: Page,
    errors: Errors,
    id: i64,
    name: String,
    area: String,
    reason: String,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (rota, area) = actions::of(c, &context.actor, id)?;
        if rota.removed_at.is_some() {
            return Err(Error::NotFound("rota"));
        }
        Ok(RemovePage {
            page: page.titled("areas", format!("Remove {}", rota.name)),
            id,
            name: rota.name,
            area: area.name,
            reason: form.fields.get("reason").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn remove(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let reason = read_reason(typed.get("reason"))?;
        let (name, area) = actions::remove(c, act, id, &reason)?;
        let path = format!("/areas/{}/rota", area.slug);
        Ok(Done::new(path, format!("{name} was removed.")))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
