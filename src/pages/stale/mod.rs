//! Pages of stale lines: flagging one, and what an area has to look at.

pub mod flag;
pub mod list;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/items/{code}/stale", web::get().to(flag::page))
        .route("/ramps/{id}/items/{code}/stale", web::post().to(flag::flag))
        .route("/areas/{slug}/standard/flags", web::get().to(list::page))
        .route(
            "/areas/{slug}/standard/flags.csv",
            web::get().to(list::table),
        )
        .route(
            "/areas/{slug}/standard/flags.xlsx",
            web::get().to(list::table),
        )
        .route(
            "/areas/{slug}/standard/flags/{id}/answer",
            web::post().to(list::answer),
        )
        .route(
            "/areas/{slug}/standard/flags/{id}/close",
            web::post().to(list::close),
        );
}
