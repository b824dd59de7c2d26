//! The page of an error.

use actix_web::ResponseError;
use askama::Template;

use super::{Look, Page, Viewer};
use crate::error::{Error, Result};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    status: u16,
    heading: &'static str,
    message: String,
    what_next: Vec<(&'static str, String)>,
    /// What the sender of a form wrote, where its form cannot be shown again.
    words: Vec<String>,
    request_id: String,
}

/// The page of an error: what happened, what to do next, and the id of the cause in the log. `back` is the page of this
/// site that the form was sent from, `words` what was written in it.
pub(super) fn error_page(
    error: &Error,
    (viewer, look): (Option<Viewer>, Look),
    (back, words): (Option<String>, Vec<String>),
    request_id: &str,
) -> Result<String> {
    let home = ("Go to the home page", "/");
    let board = ("See the board", "/board");
    let (heading, what_next) = match error {
        Error::SignedOut => ("Sign in first", vec![("Sign in", "/sign-in")]),
        Error::Forbidden(_) => ("You may not do this", vec![board, home]),
        Error::NotFound(_) => ("Not found", vec![home, board]),
        Error::Invalid(_) => ("This could not be accepted", vec![home]),
        Error::Conflict(_) => ("This changed while you were editing", vec![home]),
        Error::TooLarge => ("Too large", vec![home]),
        Error::TooMany(_) if viewer.is_some() => ("Too many tries", vec![home]),
        Error::TooMany(_) => ("Too many tries", vec![("Back to sign-in", "/sign-in")]),
        Error::Misdirected(_) => ("This address is not known", vec![]),
        Error::TooSlow => ("This took too long to arrive", vec![home]),
        Error::Busy => ("Checkride is busy", vec![home]),
        Error::Away(_) => ("The database does not answer", vec![home]),
        Error::Unknown(_) => ("We do not know whether it was stored", vec![home]),
        Error::Fault(_) => ("Something broke on our side", vec![home]),
    };
    let back = back
        .filter(|_| match error {
            Error::Forbidden(_) | Error::Conflict(_) | Error::TooLarge => true,
            Error::TooMany(_) => viewer.is_some(),
            _ => false,
        })
        // Home is offered anyway. The host alone, which such a page sends, leads there too.
        .filter(|path| path != "/")
        .map(|path| ("Back to the page you came from", path));
    let what_next = what_next
        .into_iter()
        .map(|(label, to)| (label, to.to_owned()));
    let message = match error {
        Error::Fault(_) => {
            "Nothing you sent was stored. Try again; if it happens twice, tell your administrator \
             the request id below: the log holds the cause under it."
                .to_owned()
        }
        Error::Away(_) => "Nothing you sent was stored. Try again in a moment.".into(),
        Error::Unknown(_) => {
            "The database stopped answering. Load this page again to send the same form: it counts once.".into()
        }
        Error::SignedOut => {
            "You are signed out, so nothing was stored. Sign in in another tab, then send it again."
                .into()
        }
        other => other.to_string(),
    };
    ErrorPage {
        page: Page {
            zone: viewer
                .as_ref()
                .map_or_else(|| "UTC".into(), |v| v.time_zone.clone()),
            viewer,
            look,
            ..Page::signed_out(heading)
        },
        status: error.status_code().as_u16(),
        heading,
        message,
        words,
        what_next: back.into_iter().chain(what_next).collect(),
        request_id: request_id.to_owned(),
    }
    .render()
    .map_err(Error::fault)
}
