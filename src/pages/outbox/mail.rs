//! Mails that are kept as files, for administrators; and all of them, for everyone, in the demo.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::types::UtcTime;
use crate::domain::outbox::Letter;
use crate::error::{Error, Result};
use crate::mail::Kept;
use crate::pages::request::{self, app};
use crate::time::{LocalTime, TimeText};
use crate::web::respond::not_kept;
use crate::web::{Page, Past, html};

/// Mails that the page shows.
const SHOWN: usize = 50;

struct KeptView {
    at: TimeText,
    to: String,
    subject: String,
    /// `None` for one that nobody but its receiver reads.
    letter: Option<Letter>,
}

#[derive(Template)]
#[template(path = "outbox/mail.html")]
struct MailPage {
    page: Page,
    is_demo: bool,
    from: String,
    place: String,
    /// `None` when mails leave by a relay.
    kept: Option<Vec<KeptView>>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let today = Past::default();
    let read = request::read_page(&req, &today, |_, context, page| {
        if context.actor.is_admin {
            return Ok((page.titled("admin", "Mail"), context.local.clone()));
        }
        let sentence = "Only an administrator may see the mails that were kept.";
        Err(Error::Forbidden(sentence.into()))
    });
    let (page, local) = read.await?;
    let kept = kept(&req).await?;
    show(&req, page, false, kept.map(|all| views(all, &local, false)))
}

pub(crate) async fn demo(req: HttpRequest) -> Result<HttpResponse> {
    let app = app(&req)?;
    if !app.is_demo() {
        return Err(Error::NotFound("page"));
    }
    let local = LocalTime::new("UTC", app.clock.now());
    let kept = kept(&req).await?.unwrap_or_default();
    let page = Page::signed_out("Mail of the demo");
    show(&req, page, true, Some(views(kept, &local, true)))
}

async fn kept(req: &HttpRequest) -> Result<Option<Vec<Kept>>> {
    let Some(folder) = app(req)?.mail.folder().cloned() else {
        return Ok(None);
    };
    let list = web::block(move || folder.list());
    Ok(Some(list.await.map_err(Error::fault)?))
}

fn views(all: Vec<Kept>, local: &LocalTime, with_secrets: bool) -> Vec<KeptView> {
    let view = |kept: Kept| {
        let at: jiff::Timestamp = kept.at.parse().ok()?;
        Some(KeptView {
            at: local.moment(UtcTime::from(at)),
            to: kept.to,
            subject: kept.letter.subject.clone(),
            letter: Some(kept.letter).filter(|l| with_secrets || !l.is_secret),
        })
    };
    all.into_iter().take(SHOWN).filter_map(view).collect()
}

fn show(
    req: &HttpRequest,
    page: Page,
    is_demo: bool,
    kept: Option<Vec<KeptView>>,
) -> Result<HttpResponse> {
    let app = app(req)?;
    let page = html(&MailPage {
        page,
        is_demo,
        from: app.mail.from(),
        place: app.mail.place(),
        kept,
    })?;
    // Mails are in a folder.
    Ok(not_kept(page))
}
