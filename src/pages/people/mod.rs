//! Pages of people.

pub mod admin;
pub mod list;
pub mod mentoring;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(admin::routes)
        .route("/people", web::get().to(list::page))
        .route("/people/{handle}", web::get().to(show::page))
        .route("/people/{handle}/mentoring", web::get().to(mentoring::page))
        .route(
            "/people/{handle}/mentoring",
            web::post().to(mentoring::agree),
        );
}
