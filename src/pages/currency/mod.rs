//! Routes of currency.

pub mod log;
pub mod practice;

use actix_web::web;

use crate::pages::currency::practice as page;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/people/{handle}/practice", web::get().to(page::show))
        .route(
            "/activities/{id}/take-back",
            web::post().to(page::take_back),
        )
        .route("/incidents/new", web::get().to(log::open))
        .route("/incidents", web::post().to(log::save));
}
