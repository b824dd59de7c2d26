//! Routes of drills.

pub mod candidates;
pub mod debrief;
pub mod form;
pub mod list;
pub mod plan;
pub mod sheet;
pub mod show;
pub mod view;

use actix_web::web;

use crate::error::{Error, Result};
use crate::pages::drill::{debrief as debrief_page, plan as plan_page};

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
pub(crate) fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("drill"))
}
