//! The form of a draft's gates.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::standard::Strength;
use crate::error::{FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::pages::standard::back;
use crate::usecases::standard::actions;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input as form;
use crate::web::{Done, Errors, Fields, Page, html_with};

pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/areas/{slug}/standard/draft/gates", web::get().to(open))
        .route("/areas/{slug}/standard/draft/gates", web::post().to(save));
}

#[derive(Template)]
#[template(path = "standard/gates.html")]
struct GatesPage {
    page: Page,
    errors: Errors,
    area: Area,
    draft: String,
    version: i32,
    /// False where saving begins the draft.
    is_begun: bool,
    revision: String,
    fields: Fields,
    /// Word and label of each strength.
    strengths: Vec<(&'static str, &'static str)>,
    now: Vec<(&'static str, String)>,
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
        let gates = &desk.draft.content.gates;
        let fields = typed.clone().unwrap_or_else(|| form::of_gates(gates));
        Ok(GatesPage {
            page: Page::signed_out(""),
            draft: format!("/areas/{slug}/standard/draft"),
            version: desk.draft.version,
            is_begun: desk.is_begun,
            revision: back::seen(&desk, typed.as_ref(), &errors),
            fields,
            strengths: Strength::ALL
                .iter()
                .map(|s| (s.word(), s.label()))
                .collect(),
            now: if back::is_overtaken(&errors) {
                gates.iter().map(|g| (g.label(), g.numbers())).collect()
            } else {
                Vec::new()
            },
            errors: back::advise(
                &desk,
                errors,
                "Compare it with what the draft says now, then save again.",
            ),
            area: desk.area,
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("areas", "Edit the gates")
    };
    html_with(status, &GatesPage { page, ..view })
}

async fn open(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), None, FieldErrors::default()).await
}

async fn save(req: HttpRequest, slug: web::Path<String>, fields: Fields) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, to) = (fields.clone(), slug.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not edit is told so, whatever they typed.
        DraftEditor::area(c, &act.actor, &to)?;
        let seen = form::seen(&typed)?;
        let gates = form::gates(&typed)?;
        actions::save_gates(c, act, &to, seen, &gates)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/draft#gates"),
            "The gates are saved in the draft.",
        ))
    })
    .await;
    match answer {
        Err(error) => show(&req, slug, Some(fields), back::why(error)?).await,
        done => done,
    }
}
