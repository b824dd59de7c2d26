//! Pages of discussion: one place's comments, one's own comment, a mentor's private notes.

pub mod edit;
pub mod notes;
pub mod thread;

use actix_web::web;

use crate::domain::discussion::PlaceKind::{Drill, Postmortem, Ramp, SignOff};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/ramps/{id}/comments",
        web::get().to(|req, name| thread::page(req, name, Ramp)),
    )
    .route(
        "/ramps/{id}/comments",
        web::post().to(|req, name, sent| thread::write(req, name, Ramp, sent)),
    )
    .route(
        "/ramps/{id}/follow",
        web::post().to(|req, name, fields| thread::follow(req, name, Ramp, fields)),
    )
    .route(
        "/sign-offs/{id}/comments",
        web::get().to(|req, name| thread::page(req, name, SignOff)),
    )
    .route(
        "/sign-offs/{id}/comments",
        web::post().to(|req, name, sent| thread::write(req, name, SignOff, sent)),
    )
    .route(
        "/sign-offs/{id}/follow",
        web::post().to(|req, name, fields| thread::follow(req, name, SignOff, fields)),
    )
    .route(
        "/library/{slug}/comments",
        web::get().to(|req, name| thread::page(req, name, Postmortem)),
    )
    .route(
        "/library/{slug}/comments",
        web::post().to(|req, name, sent| thread::write(req, name, Postmortem, sent)),
    )
    .route(
        "/library/{slug}/follow",
        web::post().to(|req, name, fields| thread::follow(req, name, Postmortem, fields)),
    )
    .route(
        "/drills/{id}/comments",
        web::get().to(|req, name| thread::page(req, name, Drill)),
    )
    .route(
        "/drills/{id}/comments",
        web::post().to(|req, name, sent| thread::write(req, name, Drill, sent)),
    )
    .route(
        "/drills/{id}/follow",
        web::post().to(|req, name, fields| thread::follow(req, name, Drill, fields)),
    )
    .route("/comments/{id}", web::get().to(edit::find))
    .route("/comments/{id}/edit", web::get().to(edit::page))
    .route("/comments/{id}/edit", web::post().to(edit::save))
    .route(
        "/comments/{id}/pictures/{number}",
        web::get().to(edit::picture),
    )
    .route("/comments/{id}/remove", web::post().to(edit::remove))
    .route("/ramps/{id}/notes", web::get().to(notes::page))
    .route("/ramps/{id}/notes", web::post().to(notes::save));
}
