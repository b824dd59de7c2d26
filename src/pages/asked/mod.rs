//! Pages of observations on request: asking, and answering.

pub mod ask;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/ramps/{id}/competencies/{code}/ask",
        web::get().to(ask::page),
    )
    .route(
        "/ramps/{id}/competencies/{code}/ask",
        web::post().to(ask::ask),
    )
    .route("/observations/{id}", web::get().to(show::page))
    .route("/observations/{id}/answer", web::post().to(show::answer))
    .route("/observations/{id}/decline", web::post().to(show::decline));
}
