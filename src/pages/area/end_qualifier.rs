//! The page on which the designation of a qualifier ends.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::area::{signers_left, store};
use crate::domain::audit::read_reason;
use crate::domain::clearance::{self, standing};
use crate::domain::people::Names;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::area::actions;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "area/end_qualifier.html")]
struct EndPage {
    page: Page,
    errors: Errors,
    area: Area,
    id: i64,
    name: String,
    /// Who can sign then.
    left: String,
    reason: String,
}

async fn show(
    req: &HttpRequest,
    (slug, person_id): (String, i64),
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let area = actions::area_to_change(c, &context.actor, &slug)?;
        let designated = store::qualifiers_of(c, area.id)?;
        if designated.iter().all(|q| q.person_id != person_id) {
            return Err(Error::NotFound("qualifier"));
        }
        let held = clearance::store::latest_in_area(c, area.id)?;
        let is_cleared = |id: i64| {
            let held = held.iter().find(|held| held.person_id == id);
            standing(held, context.now.day()).is_cover()
        };
        let names = Names::load(c, designated.iter().map(|q| q.person_id))?;
        let left: Vec<&str> = designated
            .iter()
            .map(|q| q.person_id)
            .filter(|id| *id != person_id && names.is_active(*id) && is_cleared(*id))
            .map(|id| names.name(id))
            .collect();
        let name = names.name(person_id).to_owned();
        Ok(EndPage {
            page: page.titled("areas", format!("End the designation of {name}")),
            left: signers_left(&left),
            id: person_id,
            name,
            reason: form.fields.get("reason").to_owned(),
            errors: form.errors,
            area,
        })
    })
    .await
}

/// What it means that someone is no longer a qualifier.
pub(crate) async fn page(req: HttpRequest, path: web::Path<(String, i64)>) -> Result<HttpResponse> {
    show(&req, path.into_inner(), Form::default()).await
}

pub(crate) async fn end(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    let ((slug, person_id), typed) = (path.clone(), fields.clone());
    submit(&req, &fields, move |c, act| {
        let reason = read_reason(typed.get("reason"))?;
        let who = actions::end_designation(c, act, &slug, person_id, &reason)?;
        Ok(Done::new(
            format!("/areas/{slug}/qualifiers"),
            format!("{who} is no longer designated. Sign-offs that were granted stay valid."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, path, form).await)
    .await
}
