//! The page that shows one-time links, once.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::invite;
use crate::domain::invite::Token;
use crate::domain::people::model::Person;
use crate::error::Result;
use crate::pages::request::{Once, own_address};
use crate::web::{Page, html};

struct LinkView {
    name: String,
    email: String,
    handle: String,
    link: String,
}

#[derive(Template)]
#[template(path = "people/admin/links.html")]
struct LinksPage {
    page: Page,
    days: i64,
    /// Each of them was mailed to its person too.
    is_mailed: bool,
    links: Vec<LinkView>,
    /// All of them in one text, to be copied into a mail or a sheet.
    text: String,
}

/// Shows the links of people on the answer to the form that made them: no other page ever does.
pub(super) fn answer(
    req: &HttpRequest,
    made: Result<Once<Vec<(Person, Token)>>>,
    is_mailed: bool,
) -> Result<HttpResponse> {
    match made? {
        Once::Now(page, made) => show(req, *page, made, is_mailed),
        Once::Before(response) => Ok(response),
    }
}

fn show(
    req: &HttpRequest,
    page: Page,
    made: Vec<(Person, Token)>,
    is_mailed: bool,
) -> Result<HttpResponse> {
    let base = own_address(req)?;
    let links: Vec<LinkView> = made
        .into_iter()
        .map(|(person, token)| LinkView {
            name: person.name,
            email: person.email,
            handle: person.handle,
            link: token.link(&base),
        })
        .collect();
    let lines: Vec<String> = links
        .iter()
        .map(|l| format!("{} <{}>: {}", l.name, l.email, l.link))
        .collect();
    let title = if links.len() == 1 {
        "One-time link"
    } else {
        "One-time links"
    };
    html(&LinksPage {
        page: page.titled("admin", title),
        days: invite::DAYS,
        is_mailed,
        text: lines.join("\n"),
        links,
    })
}
