//! Routes of clearances.

pub mod delta;
pub mod interim;
pub mod review;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/clearances/{id}", web::get().to(show::page))
        .route("/clearances/{id}/delta", web::get().to(delta::page))
        .route("/clearances/{id}/delta", web::post().to(delta::close))
        .route("/clearances/{id}/suspend", web::get().to(review::page))
        .route("/clearances/{id}/suspend", web::post().to(review::change))
        .route("/clearances/{id}/revoke", web::get().to(review::page))
        .route("/clearances/{id}/revoke", web::post().to(review::change))
        .route("/clearances/{id}/reinstate", web::get().to(review::page))
        .route("/clearances/{id}/reinstate", web::post().to(review::change))
        .route(
            "/clearances/{id}/conditions/{condition}",
            web::post().to(show::tick),
        )
        .route("/ramps/{id}/interim", web::get().to(interim::page))
        .route("/ramps/{id}/interim", web::post().to(interim::change))
        .route("/clearances/{id}/extend", web::get().to(interim::page))
        .route("/clearances/{id}/extend", web::post().to(interim::change))
        .route("/clearances/{id}/supervisor", web::get().to(interim::page))
        .route(
            "/clearances/{id}/supervisor",
            web::post().to(interim::change),
        );
}
