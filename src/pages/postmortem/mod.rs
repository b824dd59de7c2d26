//! Routes of the library, and how its severities and states look.

pub mod club;
pub mod edit;
pub mod import;
pub mod list;
pub mod new;
pub mod pictures;
pub mod plan_club;
pub mod read;
pub mod show;

use actix_web::web;

use crate::domain::postmortem::{Severity, State};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/library", web::get().to(list::page))
        .route("/library.csv", web::get().to(list::table))
        .route("/library.xlsx", web::get().to(list::table))
        .route("/library/new", web::get().to(new::page))
        .route("/library/new", web::post().to(new::add))
        .route("/library/import", web::get().to(import::page))
        .route("/library/import", web::post().to(import::import))
        .route("/library/{slug}/edit", web::get().to(edit::page))
        .route("/library/{slug}/edit", web::post().to(edit::change))
        .route("/library/{slug}/pictures", web::get().to(pictures::page))
        .route("/library/{slug}/pictures", web::post().to(pictures::add))
        .route(
            "/library/{slug}/pictures/{number}",
            web::get().to(pictures::serve),
        )
        .route(
            "/library/{slug}/pictures/{number}/remove",
            web::post().to(pictures::remove),
        )
        .route("/library/{slug}/state", web::post().to(show::change_state))
        .route("/library/{slug}/read", web::get().to(read::page))
        .route("/library/{slug}/read", web::post().to(read::answer))
        .route("/library/{slug}/clubs/new", web::get().to(plan_club::page))
        .route("/library/{slug}/clubs/new", web::post().to(plan_club::plan))
        .route("/clubs/{id}", web::get().to(club::page))
        .route("/clubs/{id}/held", web::post().to(club::held))
        .route("/clubs/{id}/cancel", web::post().to(club::cancel))
        .route("/library/{slug}", web::get().to(show::page));
}

/// Style and icon of a severity.
pub(crate) fn severity_style(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::One | Severity::Two => ("bad", "warn"),
        Severity::Three => ("soon", "warn"),
        Severity::Four => ("na", "info"),
    }
}

/// Style and icon of a state.
pub(crate) fn state_style(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("na", "edit"),
        State::InReview => ("wait", "st-await"),
        State::Teachable => ("ok", "book"),
        State::Retired => ("na", "st-none"),
    }
}
