//! Routes of clearances.

pub mod delta;
pub mod interim;
pub mod review;
pub mod show;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::clearance::oversight::Transition;
use crate::domain::signoff::Note;
use crate::error::{Error, Result};
use crate::pages::clearance::delta as delta_page;
use crate::pages::clearance::show::{show, show_with};
use crate::pages::request::submit;
use crate::usecases::clearance::actions;
use crate::web::{Done, Fields};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/clearances/{id}", web::get().to(show))
        .route("/clearances/{id}/delta", web::get().to(delta_page::show))
        .route("/clearances/{id}/delta", web::post().to(delta_page::close))
        .route("/clearances/{id}/suspend", web::get().to(suspend_page))
        .route("/clearances/{id}/suspend", web::post().to(suspend))
        .route("/clearances/{id}/revoke", web::get().to(revoke_page))
        .route("/clearances/{id}/revoke", web::post().to(revoke))
        .route("/clearances/{id}/reinstate", web::get().to(reinstate_page))
        .route("/clearances/{id}/reinstate", web::post().to(reinstate))
        .route(
            "/clearances/{id}/conditions/{condition}",
            web::post().to(tick),
        )
        .configure(crate::pages::clearance::interim::routes);
}

async fn suspend_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    review::page(req, id.into_inner(), Transition::Suspend).await
}

async fn suspend(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    review::send(req, id.into_inner(), Transition::Suspend, fields).await
}

async fn revoke_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    review::page(req, id.into_inner(), Transition::Revoke).await
}

async fn revoke(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    review::send(req, id.into_inner(), Transition::Revoke, fields).await
}

async fn reinstate_page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    review::page(req, id.into_inner(), Transition::Reinstate).await
}

async fn reinstate(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    review::send(req, id.into_inner(), Transition::Reinstate, fields).await
}

async fn tick(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, condition) = path.into_inner();
    let field = format!("note-{condition}");
    let note = Note::required(fields.get(&field), "Write what was seen.");
    let answer = submit(&req, &fields, move |c, act| {
        let note = note.map_err(|sentence| Error::field(&field, sentence))?;
        actions::tick(c, act, id, condition, &note)?;
        Ok(Done::new(
            format!("/clearances/{id}"),
            "The condition is ticked off.",
        ))
    })
    .await;
    match answer {
        Err(why @ (Error::Invalid(_) | Error::Conflict(_))) => {
            show_with(&req, id, fields, Err(why)).await
        }
        other => other,
    }
}
