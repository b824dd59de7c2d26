//! The page of a ramp's waivers.

pub mod list;
pub mod list_view;
pub mod table;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/waivers", web::get().to(list::page))
        .route("/ramps/{id}/waivers.csv", web::get().to(table::download))
        .route("/ramps/{id}/waivers.xlsx", web::get().to(table::download))
        .route("/ramps/{id}/waivers", web::post().to(list::ask))
        .route(
            "/ramps/{id}/waivers/{waiver}/decision",
            web::post().to(list::decide),
        )
        .route(
            "/ramps/{id}/waivers/{waiver}/revoke",
            web::post().to(list::revoke),
        );
}
