//! Pages of sessions: planning, recording and correcting one.

pub mod correct;
pub mod feedback;
pub mod new;
pub mod pairs;
pub mod plan;
pub mod plan_form;
pub mod record_form;
pub mod record_view;
pub mod show;
pub mod show_steps;
pub mod show_view;

use actix_web::web;

use crate::error::{Error, Result};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/sessions/new", web::get().to(new::page))
        .route("/sessions/new", web::post().to(new::record))
        .route("/sessions/{id}", web::get().to(show::page))
        .route("/sessions/{id}/move", web::post().to(show::reschedule))
        .route("/sessions/{id}/cancel", web::post().to(show::cancel))
        .route("/sessions/{id}/no-show", web::post().to(show::no_show))
        .route("/sessions/{id}/undo", web::post().to(show::undo))
        .route("/sessions/{id}/correct", web::get().to(correct::page))
        .route("/sessions/{id}/correct", web::post().to(correct::correct))
        .route("/sessions/{id}/feedback", web::get().to(feedback::page))
        .route("/sessions/{id}/feedback", web::post().to(feedback::give))
        .route("/ramps/{id}/sessions/plan", web::get().to(plan::page))
        .route("/ramps/{id}/sessions/plan", web::post().to(plan::save))
        .route(
            "/ramps/{id}/next-actions/{action}",
            web::post().to(show::tick),
        );
}

/// The row in an address.
fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("session"))
}
