//! The address in a mail that ends mails of its kind, with one click and without signing in (RFC 8058).

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::notification::{Ends, store};
use crate::error::{Error, Result};
use crate::pages::request::app;
use crate::usecases::notify::choices;
use crate::web::{Page, html};

#[derive(Template)]
#[template(path = "home/stop.html")]
struct StopPage {
    page: Page,
    kind: &'static str,
    is_done: bool,
}

type Address = web::Path<(String, String)>;

fn ends(word: &str) -> Result<Ends> {
    Ends::parse(word).ok_or(Error::NotFound("page"))
}

/// Only shows what the button does: programs that look at every link of a mail end nothing.
pub(crate) async fn page(req: HttpRequest, address: Address) -> Result<HttpResponse> {
    let (token, word) = address.into_inner();
    let ends = ends(&word)?;
    let found = app(&req)?
        .db
        .read(move |c| store::by_mail_token(c, &token))
        .await?;
    found.ok_or(Error::NotFound("page"))?;
    shown(ends, false)
}

/// Sent by the button, or by a mail program.
pub(crate) async fn stop(req: HttpRequest, address: Address) -> Result<HttpResponse> {
    let (token, word) = address.into_inner();
    let ends = ends(&word)?;
    let ended = app(&req)?
        .db
        .write(move |c| choices::stop(c, &token, ends))
        .await?;
    match ended {
        true => shown(ends, true),
        false => Err(Error::NotFound("page")),
    }
}

fn shown(ends: Ends, is_done: bool) -> Result<HttpResponse> {
    html(&StopPage {
        page: Page::signed_out("Mails"),
        kind: ends.label(),
        is_done,
    })
}
