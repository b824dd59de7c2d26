//! Pages of shifts: planning one, and its debrief.

pub mod debrief_view;
pub mod form;
pub mod plan_view;
pub mod show;
pub mod show_view;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::shift::lifecycle::Step;
use crate::domain::shift::store;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::pages::shift::debrief_view::DebriefForm;
use crate::pages::shift::plan_view::PlanView;
use crate::pages::shift::show_view::Rows;
use crate::usecases::dossier::Dossier;
use crate::usecases::shift::detail::ShiftDetail;
use crate::usecases::shift::{actions, debrief};
use crate::web::time::LocalTime;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/shifts/plan", web::get().to(plan_page))
        .route("/ramps/{id}/shifts/plan", web::post().to(plan))
        .route("/shifts/{id}", web::get().to(show::page))
        .route("/shifts/{id}/move", web::post().to(show::reschedule))
        .route("/shifts/{id}/brief", web::post().to(show::rebrief))
        .route("/shifts/{id}/cancel", web::post().to(show::cancel))
        .route("/shifts/{id}/alerts", web::post().to(show::add_alert))
        .route(
            "/shifts/{id}/alerts/{alert}/take-back",
            web::post().to(show::take_back),
        )
        .route("/shifts/{id}/debrief", web::get().to(debrief_page))
        .route("/shifts/{id}/debrief", web::post().to(write_debrief));
}

#[derive(Template)]
#[template(path = "shift/plan.html")]
struct PlanPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    plan: PlanView,
}

async fn plan_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show_plan(&req, *id, query, false, FieldErrors::default()).await
}

async fn show_plan(
    req: &HttpRequest,
    id: i64,
    fields: Fields,
    is_typed: bool,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, shown) = old_read(req, move |c, context| {
        let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
        actions::may_plan(&dossier, &context.actor)?;
        Ok(PlanPage {
            page: Page::signed_out(""),
            ramp_id: id,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
            plan: PlanView::load(c, &dossier, &fields, is_typed, context)?,
            errors,
        })
    })
    .await?;
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("people", "Plan a shift")
    };
    html_with(status, &PlanPage { page, ..shown })
}

async fn plan(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = form::plan(&typed, &local)?;
        let shift_id = actions::plan(c, act, id, &new)?;
        let when = local.moment(new.hours.starts_at()).text;
        Ok(Done::new(
            format!("/shifts/{shift_id}"),
            format!(
                "The {} is planned for {when}.",
                new.kind.label().to_lowercase()
            ),
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_plan(&req, id, fields, true, errors).await,
        other => other,
    }
}

#[derive(Template)]
#[template(path = "shift/debrief.html")]
struct DebriefPage {
    page: Page,
    errors: Errors,
    d: DebriefForm,
}

async fn debrief_page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show_debrief(&req, row_of(&path)?, None, FieldErrors::default()).await
}

async fn show_debrief(
    req: &HttpRequest,
    id: i64,
    typed: Option<Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, d) = old_read(req, move |c, context| {
        let rows = Rows::load(c, id)?;
        let scene = ShiftDetail::load_for(c, id, &context.actor, &rows.people())?;
        scene.may_debrief(&context.actor)?;
        let wanted = match rows.debriefs.is_empty() {
            true => Step::Debrief,
            false => Step::Correct,
        };
        actions::allow(c, (&context.actor, context.now), &scene, wanted)?;
        Ok(DebriefForm::of(&scene, &rows, typed.as_ref(), context))
    })
    .await?;
    let title = match d.corrects {
        Some(_) => "Correct a debrief",
        None => "Debrief a shift",
    };
    let page = Page {
        has_errors: !errors.is_empty(),
        ..page.titled("people", title)
    };
    html_with(status, &DebriefPage { page, errors, d })
}

async fn write_debrief(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (row_of(&path)?, fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let new = form::debrief(&typed)?;
        debrief::write(c, act, id, &new)?;
        let shift = store::by_id(c, id)?;
        let said = match new.corrects {
            Some(_) => "The debrief is corrected. The one before stays readable.".into(),
            None => format!(
                "The {} is debriefed: it counts from now on.",
                shift.kind.label().to_lowercase()
            ),
        };
        Ok(Done::new(format!("/shifts/{id}"), said))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_debrief(&req, id, Some(fields), errors).await,
        other => other,
    }
}

/// The row in an address.
pub(crate) fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("shift"))
}
