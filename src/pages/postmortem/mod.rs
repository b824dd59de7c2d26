//! Pages of the library.

pub mod club;
pub mod edit;
pub mod list;
pub mod read;
pub mod show;

use actix_web::web;

use crate::domain::postmortem::{Severity, State};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/library", web::get().to(list::page))
        .route("/library/new", web::get().to(edit::new_page))
        .route("/library/new", web::post().to(edit::add))
        .route("/library/import", web::get().to(edit::import_page))
        .route("/library/import", web::post().to(edit::import))
        .route("/library/{slug}/edit", web::get().to(edit::edit_page))
        .route("/library/{slug}/edit", web::post().to(edit::change))
        .route("/library/{slug}/state", web::post().to(show::lead_on))
        .route("/library/{slug}/read", web::get().to(read::page))
        .route("/library/{slug}/read", web::post().to(read::answer))
        .route("/library/{slug}/clubs/new", web::get().to(club::plan_page))
        .route("/library/{slug}/clubs/new", web::post().to(club::plan))
        .route("/clubs/{id}", web::get().to(club::page))
        .route("/clubs/{id}/held", web::post().to(club::held))
        .route("/clubs/{id}/cancel", web::post().to(club::cancel))
        .route("/library/{slug}", web::get().to(show::page));
}

/// Style and icon of a severity.
pub(crate) fn severity_look(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::One | Severity::Two => ("bad", "warn"),
        Severity::Three => ("soon", "warn"),
        Severity::Four => ("na", "info"),
    }
}

/// Style and icon of a state.
pub(crate) fn state_look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("na", "edit"),
        State::InReview => ("wait", "st-await"),
        State::Teachable => ("ok", "book"),
        State::Retired => ("na", "st-none"),
    }
}
