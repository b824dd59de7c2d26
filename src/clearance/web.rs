//! The page of a clearance: open to everybody who is signed in, for it is an operational fact (rule 9).

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::store::{self, Clearance};
use super::{Standing, standing};
use crate::area;
use crate::auth::request::{Asking, read};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people;
use crate::signoff;
use crate::signoff::circle::Circle;
use crate::web::time::When;
use crate::web::{Page, html};

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/clearances/{id}", web::get().to(show));
}

/// The two people who signed, and the sign-off where the viewer may read it.
struct Signed {
    first: Option<(String, When)>,
    second: Option<(String, When)>,
    link: Option<i64>,
}

#[derive(Template)]
#[template(path = "clearance/show.html")]
struct ShowPage {
    page: Page,
    person: String,
    handle: String,
    area: String,
    area_slug: String,
    /// Suffix of the status class, icon, word.
    status: (&'static str, &'static str, &'static str),
    is_cover: bool,
    granted: When,
    ends_on: When,
    days: String,
    /// The clearance that took this one's place.
    later: Option<i64>,
    signed: Option<Signed>,
}

async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let (page, template) = read(&req, move |c, asking| load(c, asking, id)).await?;
    let heading = format!("{}, {}", template.person, template.area);
    html(&ShowPage {
        page: page.titled("people", heading),
        ..template
    })
}

fn load(c: &mut Conn, asking: &Asking, id: i64) -> Result<ShowPage> {
    let held = store::by_id(c, id)?;
    let person = people::store::by_id(c, held.person_id)?.ok_or(Error::NotFound("person"))?;
    let area = area::store::by_id(c, held.area_id)?;
    let later = store::of_person(c, held.person_id)?
        .into_iter()
        .find(|other| other.area_id == held.area_id)
        .filter(|latest| latest.id != id)
        .map(|latest| latest.id);
    let today = asking.now.day();
    // Only the latest clearance of a person and area holds.
    let stands = if later.is_some() {
        Standing::None
    } else {
        standing(Some(&held), today)
    };
    let status = match stands {
        Standing::Cleared => ("ok", "st-cleared", stands.label()),
        Standing::Expiring => ("soon", "st-expiring", stands.label()),
        Standing::Lapsed => ("bad", "st-lapsed", stands.label()),
        Standing::Suspended => ("bad", "st-suspended", stands.label()),
        Standing::Revoked => ("bad", "st-revoked", stands.label()),
        Standing::Interim => ("interim", "st-interim", stands.label()),
        Standing::None => ("idle", "st-none", "Replaced by a later clearance"),
    };
    let days = match held.ends_on.days_since(today) {
        0 => "Today is its last day.".into(),
        1 => "1 day is left.".into(),
        left if left > 1 => format!("{left} days are left."),
        -1 => "It ended yesterday.".into(),
        left => format!("It ended {} days ago.", -left),
    };
    Ok(ShowPage {
        page: Page::signed_out(""),
        person: person.name,
        handle: person.handle,
        area: area.name,
        area_slug: area.slug,
        status,
        is_cover: stands.is_cover(),
        granted: asking.dial.day(held.granted_at.day()),
        ends_on: asking.dial.day(held.ends_on),
        days,
        later,
        signed: signed(c, asking, &held)?,
    })
}

fn signed(c: &mut Conn, asking: &Asking, held: &Clearance) -> Result<Option<Signed>> {
    let Some(signoff_id) = held.signoff_id else {
        return Ok(None);
    };
    let signoff = signoff::store::by_id(c, signoff_id)?;
    let signers: Vec<i64> = signoff
        .first_key_by
        .into_iter()
        .chain(signoff.decided_by)
        .collect();
    let circle = Circle::load(c, &[signoff.ramp_id], &signers, asking.now.day())?;
    let (_, _, parties) = circle.ramp(signoff.ramp_id)?;
    let deed = |by: Option<i64>, at| Some((circle.name(by?).to_owned(), asking.dial.moment(at?)));
    Ok(Some(Signed {
        first: deed(signoff.first_key_by, signoff.first_key_at),
        second: deed(signoff.decided_by, signoff.decided_at),
        link: parties.may_read(&asking.actor).then_some(signoff_id),
    }))
}
