//! Pages by which administrators run an installation's people and teams.

pub mod deactivate;
pub mod folder;
pub mod links;
pub mod list;
pub mod many;
pub mod new;
pub mod place;
pub mod show;
pub mod team;
pub mod teams;

use actix_web::web;

use crate::domain::auth::context::ReadContext;
use crate::domain::people::{Email, Name, NewPerson, Place, ZoneName};
use crate::error::{Error, FieldErrors, Result};
use crate::web::Fields;

#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin/people", web::get().to(list::page))
        .route("/admin/people.csv", web::get().to(list::table))
        .route("/admin/people.xlsx", web::get().to(list::table))
        .route("/admin/organisation.zip", web::get().to(folder::download))
        .route("/admin/add-person", web::get().to(new::page))
        .route("/admin/add-person", web::post().to(new::add))
        .route("/admin/add-people", web::get().to(many::page))
        .route("/admin/add-people", web::post().to(many::add))
        .route("/admin/people/{handle}", web::get().to(show::page))
        .route("/admin/people/{handle}/details", web::post().to(show::edit))
        .route("/admin/people/{handle}/teams", web::post().to(show::set_place))
        .route("/admin/people/{handle}/invite", web::post().to(show::invite))
        .route("/admin/people/{handle}/revoke-invite", web::post().to(show::revoke))
        .route("/admin/people/{handle}/sign-out", web::post().to(show::sign_out))
        .route("/admin/people/{handle}/deactivate", web::get().to(deactivate::page))
        .route("/admin/people/{handle}/deactivate", web::post().to(deactivate::deactivate))
        .route("/admin/people/{handle}/reactivate", web::post().to(show::reactivate))
        .route("/admin/teams", web::get().to(teams::page))
        .route("/admin/teams", web::post().to(teams::add))
        .route("/admin/place", web::get().to(place::page))
        .route("/admin/teams/{id}", web::get().to(team::page))
        .route("/admin/teams/{id}/name", web::post().to(team::rename))
        .route("/admin/teams/{id}/members", web::post().to(team::set_place));
}

/// Anyone else is told who may.
fn administrators_only(context: &ReadContext) -> Result<()> {
    if context.actor.is_admin {
        return Ok(());
    }
    let sentence = "Only an administrator may see this page.";
    Err(Error::Forbidden(sentence.into()))
}

/// Name, e-mail and time zone of a form; `None` when something is wrong with them.
fn read_person(fields: &Fields, errors: &mut FieldErrors) -> Option<NewPerson> {
    let name = Name::parse(fields.get("name")).map_err(|e| errors.add("name", e));
    let email = Email::parse(fields.get("email")).map_err(|e| errors.add("email", e));
    let zone = ZoneName::parse(fields.get("time_zone")).map_err(|e| errors.add("time_zone", e));
    Some(NewPerson {
        name: name.ok()?,
        email: email.ok()?,
        time_zone: zone.ok()?,
    })
}

/// A way to give a person another place in a team.
struct Move {
    to: &'static str,
    label: &'static str,
    /// It leads to a page that says what it does and asks why.
    asks: bool,
}

fn moves(leads: Option<bool>, has_left: bool) -> Vec<Move> {
    let (member, lead, out) = (
        (Place::Member, "Remove as lead"),
        (Place::Lead, "Make lead"),
        (Place::Outside, "Remove"),
    );
    let all = match leads {
        None => vec![(Place::Member, "Add"), (Place::Lead, "Add as lead")],
        Some(_) if has_left => vec![out],
        Some(true) => vec![member, out],
        Some(false) => vec![lead, out],
    };
    let from = Place::of(leads);
    all.into_iter()
        .map(|(to, label)| Move {
            to: to.word(),
            label,
            asks: from.needs_reason(to),
        })
        .collect()
}

/// The places that a form moves a person from and to.
fn places(fields: &Fields) -> Result<(Place, Place)> {
    let place = |name: &str| Place::parse(fields.get(name));
    place("from").zip(place("to")).ok_or_else(Error::incomplete)
}

/// The page that asks why someone gets another place.
fn place_page(team_id: i64, handle: &str, to: Place) -> String {
    format!(
        "/admin/place?team={team_id}&person={handle}&to={}",
        to.word()
    )
}

/// What was done, in words.
fn moved(name: &str, team: &str, to: Place) -> String {
    match to {
        Place::Outside => format!("{name} is no longer in {team}."),
        Place::Member => format!("{name} is a member of {team}."),
        Place::Lead => format!("{name} leads {team}."),
    }
}
