//! Routes of currency.

pub mod log;
pub mod overview;
pub mod practice;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/practice", web::get().to(overview::page))
        .route("/people/{handle}/practice", web::get().to(practice::page))
        .route(
            "/people/{handle}/practice.csv",
            web::get().to(practice::table),
        )
        .route(
            "/people/{handle}/practice.xlsx",
            web::get().to(practice::table),
        )
        .route(
            "/activities/{id}/take-back",
            web::post().to(practice::take_back),
        )
        .route("/incidents/new", web::get().to(log::page))
        .route("/incidents", web::post().to(log::save));
}
