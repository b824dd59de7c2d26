//! Pages of standards: versions and what differs between them, and the draft with its forms.

pub mod competency;
pub mod diff;
pub mod draft;
pub mod gates;
pub mod item;
pub mod line;
pub mod paste;
pub mod publish;
pub mod table;
pub mod version;

use actix_web::web;

use crate::db::Conn;
use crate::domain::people::Actor;
use crate::error::{FieldErrors, Result};
use crate::pages::form::Form;
use crate::usecases::standard::draft_editor::DraftEditor;

/// A new line is mounted before the one that would be called `new`.
#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/areas/{slug}/standard/v/{n}", web::get().to(version::page))
        .route("/areas/{slug}/standard/v/{n}/lines.csv", web::get().to(table::download))
        .route("/areas/{slug}/standard/v/{n}/lines.xlsx", web::get().to(table::download))
        .route("/areas/{slug}/standard/diff", web::get().to(diff::page))
        .route("/areas/{slug}/standard/draft", web::get().to(draft::page))
        .route("/areas/{slug}/standard/draft", web::post().to(draft::start))
        .route("/areas/{slug}/standard/draft/lines/{code}/order", web::post().to(draft::order))
        .route("/areas/{slug}/standard/draft/lines/{code}/remove", web::post().to(draft::remove))
        .route("/areas/{slug}/standard/draft/lines/{code}/put-back", web::post().to(draft::put_back))
        .route("/areas/{slug}/standard/draft/paste", web::get().to(paste::page))
        .route("/areas/{slug}/standard/draft/paste", web::post().to(paste::add))
        .route("/areas/{slug}/standard/draft/gates", web::get().to(gates::page))
        .route("/areas/{slug}/standard/draft/gates", web::post().to(gates::save))
        .route("/areas/{slug}/standard/draft/publish", web::get().to(publish::page))
        .route("/areas/{slug}/standard/draft/publish", web::post().to(publish::publish))
        .route("/areas/{slug}/standard/draft/competencies/new", web::get().to(competency::page))
        .route("/areas/{slug}/standard/draft/competencies/new", web::post().to(competency::save))
        .route("/areas/{slug}/standard/draft/competencies/{code}", web::get().to(competency::page))
        .route("/areas/{slug}/standard/draft/competencies/{code}", web::post().to(competency::save))
        .route("/areas/{slug}/standard/draft/items/new", web::get().to(item::page))
        .route("/areas/{slug}/standard/draft/items/new", web::post().to(item::save))
        .route("/areas/{slug}/standard/draft/items/{code}", web::get().to(item::page))
        .route("/areas/{slug}/standard/draft/items/{code}", web::post().to(item::save));
}

/// The draft that a form shows. One that comes back is shown without a draft too, or what was typed would be gone.
fn editor(c: &mut Conn, actor: &Actor, slug: &str, form: &Form) -> Result<DraftEditor> {
    match form.typed() {
        None => DraftEditor::read_draft(c, actor, slug),
        Some(_) => DraftEditor::read_or_next(c, actor, slug),
    }
}

/// The sentences to show: after who was faster, what to do.
fn advise(editor: &DraftEditor, form: Form, advice: &str) -> FieldErrors {
    let sentence = match form.errors.get("") {
        Some(sentence) if form.is_overtaken() => sentence,
        _ => return form.errors,
    };
    let version = editor.draft.version;
    let then = if editor.area.archived_at.is_some() {
        String::new()
    } else if editor.is_begun {
        format!(" {advice}")
    } else {
        format!(" Saving it begins a draft of v{version}.")
    };
    FieldErrors::one(
        "",
        format!("{sentence} What you typed is still here.{then}"),
    )
}
