//! Pages of people.

pub mod admin;
pub mod list;
pub mod mentoring;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/people", web::get().to(list::page))
        .route("/people/{handle}", web::get().to(show::page));
}
