//! Routes of shifts.

pub mod debrief;
pub mod form;
pub mod plan;
pub mod show;
pub mod view;

use actix_web::web;

use crate::error::{Error, Result};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/shifts/plan", web::get().to(plan::page))
        .route("/ramps/{id}/shifts/plan", web::post().to(plan::plan))
        .route("/shifts/{id}", web::get().to(show::page))
        .route("/shifts/{id}/move", web::post().to(show::reschedule))
        .route("/shifts/{id}/brief", web::post().to(show::rebrief))
        .route("/shifts/{id}/cancel", web::post().to(show::cancel))
        .route("/shifts/{id}/alerts", web::post().to(show::add_alert))
        .route(
            "/shifts/{id}/alerts/{alert}/take-back",
            web::post().to(show::take_back),
        )
        .route("/shifts/{id}/debrief", web::get().to(debrief::page))
        .route("/shifts/{id}/debrief", web::post().to(debrief::save));
}

/// The row in an address.
pub(crate) fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("shift"))
}
