//! Pages of messages that leave: the queue, and mails that are kept as files.

pub mod mail;
pub mod messages;

use actix_web::web;

#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin/messages", web::get().to(messages::page))
        .route("/admin/messages.csv", web::get().to(messages::table))
        .route("/admin/messages.xlsx", web::get().to(messages::table))
        .route("/admin/messages/{id}/retry", web::post().to(messages::retry))
        .route("/admin/messages/{id}/cancel", web::post().to(messages::cancel))
        .route("/admin/mail", web::get().to(mail::page))
        .route("/demo/mail", web::get().to(mail::demo));
}
