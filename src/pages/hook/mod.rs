//! Pages of chat hooks.

pub mod list;
pub mod new;
pub mod remove;
pub mod secret;
pub mod show;

use actix_web::web;

#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/hooks", web::get().to(list::page))
        .route("/hooks.csv", web::get().to(list::table))
        .route("/hooks.xlsx", web::get().to(list::table))
        .route("/hooks/new", web::get().to(new::page))
        .route("/hooks/new", web::post().to(new::add))
        .route("/hooks/{id}", web::get().to(show::page))
        .route("/hooks/{id}/test", web::post().to(show::test))
        .route("/hooks/{id}/pause", web::post().to(show::pause))
        .route("/hooks/{id}/resume", web::post().to(show::resume))
        .route("/hooks/{id}/messages/{message}", web::post().to(show::send_again))
        .route("/hooks/{id}/remove", web::get().to(remove::page))
        .route("/hooks/{id}/remove", web::post().to(remove::remove));
}
