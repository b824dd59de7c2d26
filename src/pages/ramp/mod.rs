//! Pages of ramps: proposing one, its own page, and arranging what belongs to it.

pub mod arrange;
pub mod asked;
pub mod candidates;
pub mod checklist;
pub mod competencies;
pub mod gaps;
pub mod history;
pub mod items;
pub mod levels;
pub mod list;
pub mod new;
pub mod pair;
pub mod plan;
pub mod queue;
pub mod remind;
pub mod sessions;
pub mod shifts;
pub mod show;
pub mod show_view;
pub mod table;
pub mod transition;
pub mod upgrade;

use actix_web::web;

use crate::domain::ramp::arrange::Transition;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps", web::get().to(list::page))
        .route("/ramps.csv", web::get().to(list::table))
        .route("/ramps.xlsx", web::get().to(list::table))
        .route("/plan", web::get().to(plan::page))
        .route("/ramps/new", web::get().to(new::page))
        .route("/ramps/new", web::post().to(new::propose))
        .route("/ramps/remind", web::get().to(remind::page))
        .route("/ramps/remind", web::post().to(remind::send))
        .route("/areas/{slug}/queue", web::get().to(queue::page))
        .route("/areas/{slug}/queue", web::post().to(queue::ask))
        .route("/areas/{slug}/queue.csv", web::get().to(queue::table))
        .route("/areas/{slug}/queue.xlsx", web::get().to(queue::table))
        .route(
            "/areas/{slug}/queue/{id}/withdraw",
            web::post().to(queue::withdraw),
        )
        .route(
            "/areas/{slug}/queue/{id}/decline",
            web::post().to(queue::decline),
        )
        .route("/ramps/{id}", web::get().to(show::page))
        .route(
            "/ramps/{id}/competencies",
            web::get().to(competencies::page),
        )
        .route("/ramps/{id}/checklist", web::get().to(checklist::page))
        .route("/ramps/{id}/sessions", web::get().to(sessions::page))
        .route("/ramps/{id}/history", web::get().to(history::page))
        .route("/ramps/{id}/items", web::get().to(items::page))
        .route("/ramps/{id}/items", web::post().to(items::mark))
        .route("/ramps/{id}/items/{code}", web::post().to(checklist::mark))
        .route("/ramps/{id}/sessions.csv", web::get().to(table::sessions))
        .route("/ramps/{id}/sessions.xlsx", web::get().to(table::sessions))
        .route("/ramps/{id}/shifts.csv", web::get().to(table::shifts))
        .route("/ramps/{id}/shifts.xlsx", web::get().to(table::shifts))
        .route("/ramps/{id}/upgrade", web::get().to(upgrade::page))
        .route("/ramps/{id}/upgrade", web::post().to(upgrade::take))
        .route(
            "/ramps/{id}/accept",
            web::get().to(|req, id| transition::page(req, id, Transition::Accept)),
        )
        .route("/ramps/{id}/accept", web::post().to(arrange::accept))
        .route(
            "/ramps/{id}/decline",
            web::get().to(|req, id| transition::page(req, id, Transition::Decline)),
        )
        .route("/ramps/{id}/decline", web::post().to(arrange::decline))
        .route(
            "/ramps/{id}/pause",
            web::get().to(|req, id| transition::page(req, id, Transition::Pause)),
        )
        .route("/ramps/{id}/pause", web::post().to(arrange::pause))
        .route(
            "/ramps/{id}/resume",
            web::get().to(|req, id| transition::page(req, id, Transition::Resume)),
        )
        .route("/ramps/{id}/resume", web::post().to(arrange::resume))
        .route(
            "/ramps/{id}/target",
            web::get().to(|req, id| transition::page(req, id, Transition::Target)),
        )
        .route("/ramps/{id}/target", web::post().to(arrange::target))
        .route(
            "/ramps/{id}/end",
            web::get().to(|req, id| transition::page(req, id, Transition::End)),
        )
        .route("/ramps/{id}/end", web::post().to(arrange::end))
        .route(
            "/ramps/{id}/hand-over",
            web::get().to(|req, id| transition::page(req, id, Transition::HandOver)),
        )
        .route(
            "/ramps/{id}/hand-over",
            web::post().to(|req, id, fields| pair::give(req, id, Transition::HandOver, fields)),
        )
        .route(
            "/ramps/{id}/add-mentor",
            web::get().to(|req, id| transition::page(req, id, Transition::AddMentor)),
        )
        .route(
            "/ramps/{id}/add-mentor",
            web::post().to(|req, id, fields| pair::give(req, id, Transition::AddMentor, fields)),
        )
        .route(
            "/ramps/{id}/remove-mentor",
            web::get().to(|req, id| transition::page(req, id, Transition::RemoveMentor)),
        )
        .route("/ramps/{id}/remove-mentor", web::post().to(pair::remove));
}
