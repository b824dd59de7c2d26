//! Routes of drills.

use actix_web::web;

use super::{debrief_page, list, plan_page, sheet, show};
use crate::error::{Error, Result};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/drills", web::get().to(list::page))
        .route("/drills/new", web::get().to(plan_page::new))
        .route("/drills/new", web::post().to(plan_page::plan))
        .route("/drills/{id}", web::get().to(show::page))
        .route("/drills/{id}/edit", web::get().to(plan_page::edit))
        .route("/drills/{id}/edit", web::post().to(plan_page::change))
        .route("/drills/{id}/cancel", web::post().to(show::cancel))
        .route("/drills/{id}/sheet", web::get().to(sheet::page))
        .route("/drills/{id}/begin", web::post().to(sheet::begin))
        .route("/drills/{id}/lines/{line}", web::post().to(sheet::tick))
        .route("/drills/{id}/end", web::post().to(sheet::end))
        .route("/drills/{id}/go-on", web::post().to(sheet::go_on))
        .route("/drills/{id}/debrief", web::get().to(debrief_page::page))
        .route("/drills/{id}/debrief", web::post().to(debrief_page::save));
}

/// The row in an address.
pub(super) fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("drill"))
}
