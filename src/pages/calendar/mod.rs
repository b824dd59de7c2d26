//! Pages of a person's own calendar, and of when they can meet.

pub mod availability;
pub mod feed;
pub mod own;

use actix_web::web;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/calendar/{token}.ics", web::get().to(feed::read))
        .route("/me/calendar", web::get().to(own::page))
        .route("/me/calendar/address", web::post().to(own::make))
        .route("/me/calendar/end", web::post().to(own::end))
        .route("/me/calendar/busy", web::post().to(own::name))
        .route("/me/calendar/busy/remove", web::post().to(own::forget))
        .route("/me/availability", web::get().to(availability::page))
        .route("/me/availability", web::post().to(availability::save))
        .route("/me/absences", web::post().to(availability::add))
        .route(
            "/me/absences/{id}/remove",
            web::post().to(availability::remove),
        );
}
