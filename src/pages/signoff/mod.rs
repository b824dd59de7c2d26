//! Routes of sign-offs.

pub mod gap;
pub mod gates;
pub mod key_panel;
pub mod keys;
pub mod questions;
pub mod queue;
pub mod record;
pub mod request;
pub mod show;
pub mod view;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/sign-off", web::get().to(request::page))
        .route("/ramps/{id}/sign-off", web::post().to(request::request))
        .route("/ramps/{id}/gaps/{gap}", web::get().to(gap::page))
        .route("/ramps/{id}/gaps/{gap}", web::post().to(gap::close))
        .route("/sign-offs", web::get().to(queue::page))
        .route("/sign-offs.csv", web::get().to(queue::table))
        .route("/sign-offs.xlsx", web::get().to(queue::table))
        .route("/sign-offs/{id}", web::get().to(show::page))
        .route("/sign-offs/{id}/gates.csv", web::get().to(gates::table))
        .route("/sign-offs/{id}/gates.xlsx", web::get().to(gates::table))
        .route("/sign-offs/{id}/record", web::get().to(record::page))
        .route("/sign-offs/{id}/first-key", web::post().to(keys::first_key))
        .route("/sign-offs/{id}/decision", web::post().to(keys::decide))
        .route("/sign-offs/{id}/withdraw", web::post().to(keys::withdraw))
        .route("/sign-offs/{id}/questions", web::post().to(questions::ask))
        .route(
            "/sign-offs/{id}/questions/{question}",
            web::post().to(questions::answer),
        );
}
