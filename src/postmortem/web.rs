//! Pages of the library.

mod edit;
mod list;
mod show;

use actix_web::web;

use super::{Severity, State};
use super::{club, reading};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/library", web::get().to(list::page))
        .route("/library/new", web::get().to(edit::new_page))
        .route("/library/new", web::post().to(edit::add))
        .route("/library/import", web::get().to(edit::import_page))
        .route("/library/import", web::post().to(edit::import))
        .route("/library/{slug}/edit", web::get().to(edit::edit_page))
        .route("/library/{slug}/edit", web::post().to(edit::change))
        .route("/library/{slug}/state", web::post().to(show::lead_on))
        .route("/library/{slug}/read", web::get().to(reading::web::page))
        .route("/library/{slug}/read", web::post().to(reading::web::answer))
        .route(
            "/library/{slug}/clubs/new",
            web::get().to(club::web::plan_page),
        )
        .route("/library/{slug}/clubs/new", web::post().to(club::web::plan))
        .route("/clubs/{id}", web::get().to(club::web::page))
        .route("/clubs/{id}/held", web::post().to(club::web::held))
        .route("/clubs/{id}/cancel", web::post().to(club::web::cancel))
        .route("/library/{slug}", web::get().to(show::page));
}

/// Style and icon of a severity.
pub(super) fn severity_look(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::One | Severity::Two => ("bad", "warn"),
        Severity::Three => ("soon", "warn"),
        Severity::Four => ("na", "info"),
    }
}

/// Style and icon of a state.
pub(super) fn state_look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("na", "edit"),
        State::InReview => ("wait", "st-await"),
        State::Teachable => ("ok", "book"),
        State::Retired => ("na", "st-none"),
    }
}
