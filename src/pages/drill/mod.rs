//! Routes of drills.

pub mod debrief;
pub mod edit;
pub mod form;
pub mod list;
pub mod plan;
pub mod sheet;
pub mod show;
pub mod view;

use actix_web::web;

use crate::error::{Error, Result};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/drills", web::get().to(list::page))
        .route("/drills.csv", web::get().to(list::table))
        .route("/drills.xlsx", web::get().to(list::table))
        .route("/drills/new", web::get().to(plan::page))
        .route("/drills/new", web::post().to(plan::plan))
        .route("/drills/{id}", web::get().to(show::page))
        .route("/drills/{id}/edit", web::get().to(edit::page))
        .route("/drills/{id}/edit", web::post().to(edit::change))
        .route("/drills/{id}/cancel", web::post().to(show::cancel))
        .route("/drills/{id}/sheet", web::get().to(sheet::page))
        .route("/drills/{id}/begin", web::post().to(sheet::begin))
        .route("/drills/{id}/lines/{line}", web::post().to(sheet::tick))
        .route("/drills/{id}/end", web::post().to(sheet::end))
        .route("/drills/{id}/go-on", web::post().to(sheet::resume))
        .route("/drills/{id}/debrief", web::get().to(debrief::page))
        .route("/drills/{id}/debrief", web::post().to(debrief::save));
}

/// The row in an address.
pub(crate) fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("drill"))
}
