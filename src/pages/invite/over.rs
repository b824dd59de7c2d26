//! The page of a link that lets nobody in: what it was, and who can help.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::invite::State;
use crate::error::Result;
use crate::pages::request::app;
use crate::time::LocalTime;
use crate::usecases::invite::actions::LinkState;
use crate::web::{Page, html_with};

#[derive(Template)]
#[template(path = "invite/over.html")]
struct OverPage {
    page: Page,
    heading: &'static str,
    what: String,
    next: &'static str,
}

pub(super) fn show(req: &HttpRequest, found: &LinkState) -> Result<HttpResponse> {
    let (zone, whose) = match found {
        LinkState::Closed(_, Some(p)) => (p.time_zone.as_str(), format!(" for {}", p.name)),
        _ => ("UTC", String::new()),
    };
    let local = LocalTime::new(zone, app(req)?.clock.now());
    let moment = |at| local.moment(at).text;
    let (status, heading, what) = match found {
        LinkState::Closed(State::Used(at), _) => (
            StatusCode::GONE,
            "This link was used",
            format!(
                "The link{whose} was used on {} ({zone}). A link works once.",
                moment(*at)
            ),
        ),
        LinkState::Closed(State::Revoked(at), _) => (
            StatusCode::GONE,
            "This link no longer works",
            format!(
                "The link{whose} was taken back on {} ({zone}): a newer one replaced it, or it is not needed.",
                moment(*at)
            ),
        ),
        LinkState::Closed(State::Expired(at), _) => (
            StatusCode::GONE,
            "This link has expired",
            format!("The link{whose} worked until {} ({zone}).", moment(*at)),
        ),
        _ => (
            StatusCode::NOT_FOUND,
            "This link is not known",
            "Part of it may be missing. Copy all of it, up to its last character.".to_owned(),
        ),
    };
    let next = match found {
        LinkState::Closed(State::Used(_), _) => {
            "If it was you, sign in. If not, tell a Checkride administrator of your team at once."
        }
        _ => "Ask a Checkride administrator of your team for a new link.",
    };
    let page = OverPage {
        page: Page {
            zone: zone.to_owned(),
            ..Page::signed_out(heading)
        },
        heading,
        what,
        next,
    };
    html_with(status, &page)
}
