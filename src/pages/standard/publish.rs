//! The page on which a draft is reviewed and published.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{advise, editor};
use crate::domain::area::model::Area;
use crate::domain::clearance::standing;
use crate::domain::stale::{is_answered, store as flags};
use crate::domain::standard::check;
use crate::domain::{clearance, ramp};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::standard::DiffView;
use crate::pages::request::submit;
use crate::usecases::standard::actions;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input;
use crate::usecases::standard::input::Note;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "standard/publish.html")]
struct PublishPage {
    page: Page,
    errors: Errors,
    area: Area,
    draft: String,
    version: i32,
    /// False where someone else published the draft in the meantime.
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

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let editor = editor(c, &context.actor, &slug, &form)?;
        let (draft, area) = (&editor.draft, &editor.area);
        let before = editor.published().map(|p| &*p.content);
        let answers = flags::open_of_area(c, area.id)?
            .into_iter()
            .filter(|f| f.answered_in == Some(draft.id))
            .filter(|f| is_answered(before, &draft.content, &f.item_code))
            .count();
        let title = match editor.is_begun {
            true => format!("Publish v{} of {}", draft.version, area.name),
            false => format!("{}, published already", area.name),
        };
        let typed = form.typed();
        Ok(PublishPage {
            page: page.titled("areas", title),
            draft: format!("/areas/{slug}/standard/draft"),
            version: draft.version,
            from: editor.published().map(|p| p.version),
            is_begun: editor.is_begun,
            revision: form.seen("revision", editor.seen()),
            note: typed
                .map_or(draft.note.as_str(), |f| f.get("note"))
                .to_owned(),
            material: typed.map_or(draft.material, |f| f.has("material")),
            diff: DiffView::new(&editor.diff()),
            problems: check::problems(&draft.content, &area.code),
            ramps: ramp::store::open_in(c, area.id)?,
            cleared: clearance::store::latest_in_area(c, area.id)?
                .iter()
                .filter(|k| standing(Some(k), context.now.day()).is_cover())
                .count(),
            answers,
            errors: match editor.is_begun {
                true => advise(
                    &editor,
                    form,
                    "Look at what it changes now, then publish it.",
                ),
                false => form.errors,
            },
            area: editor.area,
        })
    })
    .await
}

pub(crate) async fn publish(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, to) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not publish is told so before any mistake.
        DraftEditor::area(c, &act.actor, &to)?;
        let seen = input::seen(&typed)?;
        let note = Note::parse(typed.get("note")).map_err(|e| Error::field("note", e))?;
        let material = typed.has("material");
        let version = actions::publish(c, act, &to, seen, &note, material)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/v/{version}"),
            format!("v{version} is published. New ramps start on it."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
