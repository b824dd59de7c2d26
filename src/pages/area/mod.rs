//! Pages of areas.

pub mod archive;
pub mod cleared;
pub mod edit;
pub mod end_qualifier;
mod forecast;
pub mod list;
pub mod new;
pub mod qualifiers;
pub mod roster;
pub mod show;
pub mod system;

use actix_web::web;

use crate::db::Conn;
use crate::domain::area::form::AreaForm;
use crate::error::Result;
use crate::pages::parts::team;
use crate::pages::status;
use crate::text;
use crate::usecases::register::AreaCover;
use crate::web::query_string;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/areas", web::get().to(list::page))
        .route("/areas.csv", web::get().to(list::table))
        .route("/areas.xlsx", web::get().to(list::table))
        .route("/areas/new", web::get().to(new::page))
        .route("/areas/new", web::post().to(new::set_up))
        .route("/areas/{slug}/edit", web::get().to(edit::page))
        .route("/areas/{slug}/edit", web::post().to(edit::change))
        .route("/areas/{slug}/archive", web::get().to(archive::page))
        .route("/areas/{slug}/archive", web::post().to(archive::archive))
        .route("/areas/{slug}/restore", web::post().to(archive::restore))
        .route("/areas/{slug}/systems/{n}", web::get().to(system::page))
        .route("/areas/{slug}/systems/{n}", web::post().to(system::save))
        .route(
            "/areas/{slug}/systems/{n}/remove",
            web::post().to(system::remove),
        )
        .route("/areas/{slug}/forecast", web::get().to(forecast::page))
        .route(
            "/areas/{slug}/forecast.csv",
            web::get().to(forecast::files::table),
        )
        .route(
            "/areas/{slug}/forecast.xlsx",
            web::get().to(forecast::files::table),
        )
        .route(
            "/areas/{slug}/cover.svg",
            web::get().to(forecast::files::cover),
        )
        .route(
            "/areas/{slug}/lapsing.svg",
            web::get().to(forecast::files::lapsing),
        )
        .route("/areas/{slug}/cleared", web::get().to(cleared::page))
        .route("/areas/{slug}/cleared", web::post().to(cleared::add))
        .route("/areas/{slug}/qualifiers", web::get().to(qualifiers::page))
        .route(
            "/areas/{slug}/qualifiers.csv",
            web::get().to(qualifiers::table),
        )
        .route(
            "/areas/{slug}/qualifiers.xlsx",
            web::get().to(qualifiers::table),
        )
        .route("/areas/{slug}/people.csv", web::get().to(roster::download))
        .route("/areas/{slug}/people.xlsx", web::get().to(roster::download))
        .route(
            "/areas/{slug}/qualifiers",
            web::post().to(qualifiers::designate),
        )
        .route(
            "/areas/{slug}/qualifiers/{person}/end",
            web::get().to(end_qualifier::page),
        )
        .route(
            "/areas/{slug}/qualifiers/{person}/end",
            web::post().to(end_qualifier::end),
        )
        .route("/areas/{slug}", web::get().to(show::page));
}

/// Cover ready to be shown.
struct CoverView {
    css: &'static str,
    icon: &'static str,
    word: String,
    share: String,
}

impl CoverView {
    fn new(cover: AreaCover) -> Self {
        let (css, icon) = status::cover(cover.cover);
        Self {
            css,
            icon,
            word: cover.cover.label(),
            share: cover.share(),
        }
    }
}

/// A label, and the list of the areas that have it.
fn label_link(label: &str) -> (String, String) {
    let query = query_string([("label", text::key(label).as_str())].into_iter());
    (label.to_owned(), format!("/areas{query}"))
}

/// The team that the form of an area names as its owner; 0 for none, which the form does not accept.
fn owner_team(c: &mut Conn, form: &AreaForm) -> Result<i64> {
    let found = team::named(c, "owner_team", form.owner_team.trim())?;
    Ok(found.map_or(0, |t| t.id))
}
