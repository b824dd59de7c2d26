//! The page on which a post-mortem is written.

use actix_web::{HttpRequest, HttpResponse};

use super::edit::fill;
use crate::domain::postmortem::form::PostmortemForm;
use crate::domain::postmortem::source::Told;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::time::LocalTime;
use crate::usecases::postmortem::actions;
use crate::web::{Done, Fields};

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Told::default(), Form::default()).await
}

/// The form with what was typed, or with what a file says.
pub(super) async fn show(req: &HttpRequest, told: Told, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let values = match form.typed() {
            Some(typed) => PostmortemForm::typed(typed, &context.local),
            None => told.form,
        };
        let page = fill(c, context, page, None, values, form.errors)?;
        Ok(page.with_left_over(&told.left_over))
    })
    .await
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let form = PostmortemForm::typed(&typed, &local);
        let document = form.read(&local)?;
        let slug = actions::add(c, act, &document, form.another)?;
        Ok(Done::new(
            format!("/library/{slug}"),
            "The draft is saved. Ask for a review when it is ready.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, Told::default(), form).await)
    .await
}
