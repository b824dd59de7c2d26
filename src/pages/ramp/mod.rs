//! Pages of ramps: proposing one, and the ramp page with its checklist, gates and sessions.

pub mod arrange;
pub mod candidates;
pub mod deed;
pub mod gaps;
pub mod levels;
pub mod new;
pub mod pair;
pub mod sessions;
pub mod shifts;
pub mod upgrade;
pub mod view;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::MarkKind;
use crate::error::{Error, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::ramp::candidates::Candidate;
use crate::pages::ramp::view::RampView;
use crate::pages::ramp::view::history::History;
use crate::pages::request::{old_read, submit};
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::web::{Done, Fields, Page, html};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(new::routes)
        .route("/ramps/{id}", web::get().to(show))
        .route("/ramps/{id}/items/{code}", web::post().to(mark))
        .configure(arrange::routes)
        .configure(pair::routes)
        .configure(upgrade::routes);
}

/// A ramp with its checklist, gates and sessions.
#[derive(Template)]
#[template(path = "ramp/show.html")]
pub struct ShowPage {
    page: Page,
    ramp: RampView,
}

async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let (page, ramp) = old_read(&req, move |c, context| load(c, context, id)).await?;
    html(&ramp.in_shell(page))
}

/// What the page of a ramp shows to whoever asks.
pub fn load(c: &mut Conn, context: &ReadContext, id: i64) -> Result<ShowPage> {
    let history = History::load(c, id)?;
    let named = history.people();
    let dossier = Dossier::load_with(c, id, &context.actor, &named, context.now)?;
    Ok(ShowPage {
        page: Page::signed_out(""),
        ramp: RampView::of(&dossier, &history, &context.actor, &context.local),
    })
}

impl ShowPage {
    /// The page as it is sent.
    pub fn in_shell(self, page: Page) -> Self {
        let ramp = self.ramp;
        let mut page = page.titled("people", ramp.title.clone());
        if ramp.is_open && ramp.is_mentor {
            page.record_href = format!("/sessions/new?ramp={}", ramp.id);
        }
        Self { page, ramp }
    }
}

async fn mark(
    req: HttpRequest,
    path: web::Path<(i64, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let read_mark = |field: &str| MarkKind::parse(fields.get(field));
    let (Some(from), Some(to)) = (read_mark("from"), read_mark("to")) else {
        return Err(Error::field(
            "to",
            "Say how far the item is: open, done or checked.",
        ));
    };
    submit(&req, &fields, move |c, act| {
        let text = actions::mark(c, act, id, &code, from, to)?;
        Ok(Done::new(
            format!("/ramps/{id}#item-{code}"),
            format!("{}: {text}", to.label()),
        ))
    })
    .await
}

/// A mentor to choose, with what they carry.
fn mentor_choice(candidate: &Candidate, chosen: Option<i64>) -> Choice {
    let word = match candidate.word {
        "" => String::new(),
        word => format!(", {word}"),
    };
    let label = format!("{}{word}: {}", candidate.name, candidate.load.words());
    Choice::new(candidate.id, label, chosen == Some(candidate.id))
}
