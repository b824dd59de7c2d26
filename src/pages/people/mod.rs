//! Pages of people.

pub mod admin;
pub mod list;
pub mod logbook;
pub mod mentoring;
pub mod show;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(admin::routes)
        .route("/me/logbook.zip", web::get().to(logbook::download))
        .route("/people", web::get().to(list::page))
        .route("/people.csv", web::get().to(list::table))
        .route("/people.xlsx", web::get().to(list::table))
        .route("/people/{handle}", web::get().to(show::page))
        .route("/people/{handle}/mentoring", web::get().to(mentoring::page))
        .route(
            "/people/{handle}/mentoring",
            web::post().to(mentoring::agree),
        );
}
