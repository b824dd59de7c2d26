//! The page on which a draft is reviewed and published.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::clearance::standing;
use crate::domain::stale::{is_answered, store as flags};
use crate::domain::standard::check;
use crate::domain::{clearance, ramp};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::standard::DiffView;
use crate::pages::request::{old_read, submit};
use crate::pages::standard::back;
use crate::usecases::standard::actions;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input as form;
use crate::usecases::standard::input::Note;
use crate::web::{Done, Errors, Fields, Page, html_with};

pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/areas/{slug}/standard/draft/publish", web::get().to(open))
        .route(
            "/areas/{slug}/standard/draft/publish",
            web::post().to(publish),
        );
}

#[derive(Template)]
#[template(path = "standard/publish.html")]
struct PublishPage {
    page: Page,
    errors: Errors,
    area: Area,
    draft: String,
    version: i32,
    /// False where somebody else published the draft in the meantime.
    is_begun: bool,
    from: Option<i32>,
    revision: String,
    note: String,
    material: bool,
    diff: DiffView,
    problems: Vec<String>,
    /// Ramps that stay on the version they are pinned to.
    ramps: i64,
    /// People whose clearance holds.
    cleared: usize,
    /// Flags that it closes.
    answers: usize,
}

async fn show(
    req: &HttpRequest,
    slug: String,
    typed: Option<Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = back::status(&errors);
    let (page, view) = old_read(req, move |c, context| {
        let desk = back::desk(c, &context.actor, &slug, &errors)?;
        let before = desk.published().map(|p| &*p.content);
        let answers = flags::open_of_area(c, desk.area.id)?
            .into_iter()
            .filter(|f| f.answered_in == Some(desk.draft.id))
            .filter(|f| is_answered(before, &desk.draft.content, &f.item_code))
            .count();
        Ok(PublishPage {
            page: Page::signed_out(""),
            draft: format!("/areas/{slug}/standard/draft"),
            version: desk.draft.version,
            from: desk.published().map(|p| p.version),
            is_begun: desk.is_begun,
            revision: back::seen(&desk, typed.as_ref(), &errors),
            note: typed
                .as_ref()
                .map_or(desk.draft.note.clone(), |f| f.get("note").to_owned()),
            material: typed
                .as_ref()
                .map_or(desk.draft.material, |f| f.has("material")),
            diff: DiffView::new(&desk.diff()),
            problems: check::problems(&desk.draft.content, &desk.area.code),
            ramps: ramp::store::open_in(c, desk.area.id)?,
            cleared: clearance::store::latest_in_area(c, desk.area.id)?
                .iter()
                .filter(|k| standing(Some(k), context.now.day()).is_cover())
                .count(),
            answers,
            errors: if desk.is_begun {
                back::advise(
                    &desk,
                    errors,
                    "Look at what it changes now, then publish it.",
                )
            } else {
                errors
            },
            area: desk.area,
        })
    })
    .await?;
    let title = if view.is_begun {
        format!("Publish v{} of {}", view.version, view.area.name)
    } else {
        format!("{}, published already", view.area.name)
    };
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("areas", title)
    };
    html_with(status, &PublishPage { page, ..view })
}

async fn open(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), None, FieldErrors::default()).await
}

async fn publish(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, to) = (fields.clone(), slug.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not publish is told so, whatever they typed.
        DraftEditor::area(c, &act.actor, &to)?;
        let seen = form::seen(&typed)?;
        let note = Note::parse(typed.get("note")).map_err(|e| Error::field("note", e))?;
        let material = typed.has("material");
        let version = actions::publish(c, act, &to, seen, &note, material)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/v/{version}"),
            format!("v{version} is published. New ramps start on it."),
        ))
    })
    .await;
    match answer {
        Err(error) => show(&req, slug, Some(fields), back::why(error)?).await,
        done => done,
    }
}
