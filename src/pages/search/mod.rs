//! Pages of the search.

pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/search", web::get().to(show::page));
}
