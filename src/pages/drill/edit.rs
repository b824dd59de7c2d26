//! The page on which a planned drill is changed; its form is that of a new one.

use actix_web::{HttpRequest, HttpResponse, web};

use super::plan::{content, fill};
use crate::domain::drill::lifecycle::{Step, step};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::drill::form::{DrillForm, parse};
use crate::pages::drill::row_of;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::time::LocalTime;
use crate::usecases::drill::actions;
use crate::usecases::drill::detail::DrillDetail;
use crate::web::{Done, Fields};

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, mut form| {
        let detail = DrillDetail::load(c, id)?;
        actions::require_arranger(&detail, &context.actor)?;
        if step(detail.drill.state, Step::Change).is_none() {
            return Err(Error::Conflict(format!(
                "Only a planned drill can be changed. This one is {}.",
                detail.drill.state.label().to_lowercase()
            )));
        }
        let mut values = match form.typed() {
            Some(typed) => DrillForm::typed(typed, &context.local),
            None => DrillForm::of(&detail, &context.local),
        };
        if form.is_overtaken() {
            let sentence = form.errors.get("").unwrap_or_default();
            form.errors = FieldErrors::one(
                "",
                format!("{sentence} What you typed is still here: compare it with the drill’s page, then save it once more."),
            );
        }
        values.revision = form.seen("revision", detail.drill.revision);
        let content = content(c, Some(detail.area.id))?;
        let shown = Some((&detail.area, &detail.roles, &*content));
        let page = page.titled("practice", "Change a drill");
        let mut shown = fill(c, page, shown, values, form)?;
        shown.id = Some(id);
        Ok(shown)
    })
    .await
}

pub(crate) async fn change(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let revision = typed
            .trimmed("revision")
            .parse()
            .map_err(|_| Error::incomplete())?;
        let new = parse(&typed, &local, None)?;
        actions::change(c, act, id, revision, &new)?;
        Ok(Done::new(
            format!("/drills/{id}"),
            "The drill is changed. Tell the people in it what is different.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
