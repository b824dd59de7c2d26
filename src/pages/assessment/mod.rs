//! Pages of assessing: the mentor's and the mentee's own, one group at a time.

pub mod assess;
pub mod assess_view;
pub mod compare;
pub mod competency;
pub mod form;

use actix_web::web;

use crate::domain::assessment::Stream;
use crate::domain::standard::Group;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/ramps/{id}/assess",
        web::get().to(|req, id| assess::first(req, id, Stream::Mentor)),
    )
    .route(
        "/ramps/{id}/self-assess",
        web::get().to(|req, id| assess::first(req, id, Stream::Self_)),
    )
    .route(
        "/ramps/{id}/assess/{group}",
        web::get().to(|req, path| assess::page(req, path, Stream::Mentor)),
    )
    .route(
        "/ramps/{id}/assess/{group}",
        web::post().to(|req, path, fields| assess::save(req, path, Stream::Mentor, fields)),
    )
    .route(
        "/ramps/{id}/self-assess/{group}",
        web::get().to(|req, path| assess::page(req, path, Stream::Self_)),
    )
    .route(
        "/ramps/{id}/self-assess/{group}",
        web::post().to(|req, path, fields| assess::save(req, path, Stream::Self_, fields)),
    )
    .route("/ramps/{id}/compare", web::get().to(compare::page))
    .route(
        "/ramps/{id}/competencies/{code}",
        web::get().to(competency::page),
    );
}

/// Where a group is assessed.
fn address(ramp_id: i64, stream: Stream, group: Group) -> String {
    let word = match stream {
        Stream::Mentor => "assess",
        Stream::Self_ => "self-assess",
    };
    format!("/ramps/{ramp_id}/{word}/{}", group.word())
}
