//! What the pages of one-time links show.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::invite::State;
use crate::error::Result;
use crate::pages::request::app;
use crate::usecases::invite::actions::Found;
use crate::web::time::{LocalTime, TimeText};
use crate::web::{Errors, Page, form_status, html_with};

#[derive(Template)]
#[template(path = "invite/enter.html")]
struct EnterPage {
    page: Page,
    errors: Errors,
    token: String,
    name: String,
    email: String,
    until: TimeText,
}

/// What somebody typed to become the first administrator.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) time_zone: String,
}

#[derive(Template)]
#[template(path = "invite/set_up.html")]
struct SetUpPage {
    page: Page,
    errors: Errors,
    token: String,
    typed: Typed,
}

#[derive(Template)]
#[template(path = "invite/over.html")]
struct OverPage {
    page: Page,
    heading: &'static str,
    what: String,
    next: &'static str,
}

/// The form of a link for a person, or why it does not work.
pub(crate) fn enter(
    req: &HttpRequest,
    token: &str,
    found: Found,
    errors: Errors,
) -> Result<HttpResponse> {
    let (invite, person) = match found {
        Found::Open(invite, Some(person)) => (invite, person),
        other => return over(req, &other),
    };
    let local = LocalTime::new(&person.time_zone, app(req)?.clock.now());
    let title = format!("Welcome, {}", person.name);
    let status = form_status(&errors);
    let page = EnterPage {
        page: Page {
            has_errors: !errors.is_empty(),
            zone: person.time_zone,
            ..Page::signed_out(&title)
        },
        errors,
        token: token.to_owned(),
        name: person.name,
        email: person.email,
        until: local.moment(invite.times.expires_at),
    };
    html_with(status, &page)
}

/// The form that makes the first administrator, or why the link does not work.
pub(crate) fn set_up(
    req: &HttpRequest,
    token: &str,
    found: &Found,
    typed: Typed,
    errors: Errors,
) -> Result<HttpResponse> {
    if !matches!(found, Found::Open(_, None)) {
        return over(req, found);
    }
    let status = form_status(&errors);
    let page = SetUpPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..Page::signed_out("Set up Checkride")
        },
        errors,
        token: token.to_owned(),
        typed,
    };
    html_with(status, &page)
}

/// A link that lets nobody in: what it was, and who can help.
fn over(req: &HttpRequest, found: &Found) -> Result<HttpResponse> {
    let (zone, whose) = match found {
        Found::Over(_, Some(p)) => (p.time_zone.as_str(), format!(" for {}", p.name)),
        _ => ("UTC", String::new()),
    };
    let local = LocalTime::new(zone, app(req)?.clock.now());
    let moment = |at| local.moment(at).text;
    let (status, heading, what) = match found {
        Found::Over(State::Used(at), _) => (
            StatusCode::GONE,
            "This link was used",
            format!(
                "The link{whose} was used on {} ({zone}). A link works once.",
                moment(*at)
            ),
        ),
        Found::Over(State::Revoked(at), _) => (
            StatusCode::GONE,
            "This link no longer works",
            format!(
                "The link{whose} was taken back on {} ({zone}): a newer one took its place, or it is not needed.",
                moment(*at)
            ),
        ),
        Found::Over(State::Expired(at), _) => (
            StatusCode::GONE,
            "This link is over",
            format!("The link{whose} worked until {} ({zone}).", moment(*at)),
        ),
        _ => (
            StatusCode::NOT_FOUND,
            "This link is not known",
            "Part of it may be missing. Copy it whole, up to its last character.".to_owned(),
        ),
    };
    let next = match found {
        Found::Over(State::Used(_), _) => {
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
