//! Pages by which administrators run an installation's people and teams.

pub mod links;
pub mod list;
pub mod many;
pub mod show;
pub mod teams;

use actix_web::web;

use crate::domain::auth::context::ReadContext;
use crate::error::{Error, Result};
use crate::pages::people::admin::{
    list as people_web, many as many_web, show as person_web, teams as teams_web,
};

#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin/people", web::get().to(people_web::list_page))
        .route("/admin/add-person", web::get().to(people_web::new_page))
        .route("/admin/add-person", web::post().to(people_web::add))
        .route("/admin/add-people", web::get().to(many_web::page))
        .route("/admin/add-people", web::post().to(many_web::add))
        .route("/admin/people/{handle}", web::get().to(person_web::show_page))
        .route("/admin/people/{handle}/details", web::post().to(person_web::edit))
        .route("/admin/people/{handle}/teams", web::post().to(person_web::set_place))
        .route("/admin/people/{handle}/invite", web::post().to(person_web::invite))
        .route("/admin/people/{handle}/revoke-invite", web::post().to(person_web::revoke))
        .route("/admin/people/{handle}/deactivate", web::get().to(person_web::leaving_page))
        .route("/admin/people/{handle}/deactivate", web::post().to(person_web::deactivate))
        .route("/admin/people/{handle}/reactivate", web::post().to(person_web::reactivate))
        .route("/admin/teams", web::get().to(teams_web::list_page))
        .route("/admin/teams", web::post().to(teams_web::add))
        .route("/admin/teams/{id}", web::get().to(teams_web::show_page))
        .route("/admin/teams/{id}/name", web::post().to(teams_web::rename))
        .route("/admin/teams/{id}/members", web::post().to(teams_web::set_place));
}

/// Whoever may not administer is told who may.
pub(crate) fn administrators_only(context: &ReadContext) -> Result<()> {
    if context.actor.is_admin {
        return Ok(());
    }
    let sentence = "Only an administrator may see this page.";
    Err(Error::Forbidden(sentence.into()))
}

/// A button that gives somebody another place in a team.
pub(crate) struct Move {
    pub(crate) to: &'static str,
    pub(crate) label: &'static str,
}

/// The buttons for a place.
pub(crate) fn moves(leads: Option<bool>, has_left: bool) -> Vec<Move> {
    let (member, lead, out) = (
        ("member", "Not lead any more"),
        ("lead", "Make lead"),
        ("outside", "Take out"),
    );
    let all = match leads {
        None => vec![("member", "Put in"), ("lead", "Put in as lead")],
        Some(_) if has_left => vec![out],
        Some(true) => vec![member, out],
        Some(false) => vec![lead, out],
    };
    all.into_iter()
        .map(|(to, label)| Move { to, label })
        .collect()
}
