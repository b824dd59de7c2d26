//! The forms of one line of a draft: a competency or a checklist item.

pub mod pages;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::error::{FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::pages::standard::back;
use crate::usecases::standard::actions;
use crate::usecases::standard::actions::Target;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input as form;
use crate::usecases::standard::input::LineInput;
use crate::web::{Done, Fields, Page, html_with};
use pages::{competency_page, item_page};

/// Mounts the routes; a new line before the one that is called `new`.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/areas/{slug}/standard/draft/competencies/new",
        web::get().to(new_competency),
    )
    .route(
        "/areas/{slug}/standard/draft/competencies/new",
        web::post().to(add_competency),
    )
    .route(
        "/areas/{slug}/standard/draft/competencies/{code}",
        web::get().to(competency),
    )
    .route(
        "/areas/{slug}/standard/draft/competencies/{code}",
        web::post().to(save_competency),
    )
    .route(
        "/areas/{slug}/standard/draft/items/new",
        web::get().to(new_item),
    )
    .route(
        "/areas/{slug}/standard/draft/items/new",
        web::post().to(add_item),
    )
    .route(
        "/areas/{slug}/standard/draft/items/{code}",
        web::get().to(item),
    )
    .route(
        "/areas/{slug}/standard/draft/items/{code}",
        web::post().to(save_item),
    );
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Competency,
    Item,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Competency => "competencies",
            Self::Item => "items",
        }
    }
}

/// What is asked for: the kind, the code of the line that is edited, and what was typed if the form comes back.
pub(crate) struct Asked {
    slug: String,
    kind: Kind,
    code: Option<String>,
    fields: Fields,
    errors: FieldErrors,
}

async fn show(req: &HttpRequest, asked: Asked) -> Result<HttpResponse> {
    let status = back::status(&asked.errors);
    let (what, code) = match asked.kind {
        Kind::Competency => ("competency", asked.code.clone()),
        Kind::Item => ("checklist item", asked.code.clone()),
    };
    let title = match code {
        Some(code) => format!("Edit {code}"),
        None => format!("A new {what}"),
    };
    let has_errors = !asked.errors.is_empty();
    let shell = move |page: Page| Page {
        has_errors,
        ..page.titled("areas", title)
    };
    match asked.kind {
        Kind::Competency => {
            let (page, view) =
                old_read(req, move |c, context| competency_page(c, context, asked)).await?;
            let page = shell(page);
            html_with(status, &view.in_shell(page))
        }
        Kind::Item => {
            let (page, view) =
                old_read(req, move |c, context| item_page(c, context, asked)).await?;
            let page = shell(page);
            html_with(status, &view.in_shell(page))
        }
    }
}

async fn show_new(req: HttpRequest, slug: String, kind: Kind) -> Result<HttpResponse> {
    let fields = Fields::parse(req.query_string().as_bytes())?;
    let asked = Asked {
        slug,
        kind,
        code: None,
        fields,
        errors: FieldErrors::default(),
    };
    show(&req, asked).await
}

async fn show_line(req: HttpRequest, path: (String, String), kind: Kind) -> Result<HttpResponse> {
    let asked = Asked {
        slug: path.0,
        kind,
        code: Some(path.1),
        fields: Fields::default(),
        errors: FieldErrors::default(),
    };
    show(&req, asked).await
}

/// Writes the line, or shows its form with everything typed.
async fn save(
    req: HttpRequest,
    slug: String,
    kind: Kind,
    code: Option<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (typed, to, own) = (fields.clone(), slug.clone(), code.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not edit is told so, whatever they typed.
        DraftEditor::area(c, &act.actor, &to)?;
        let target = own.map_or_else(|| form::new_line(&typed), Target::Existing);
        let seen = form::seen(&typed)?;
        let input = match kind {
            Kind::Competency => LineInput::competency(&typed)?,
            Kind::Item => LineInput::item(&typed)?,
        };
        let code = actions::save_line(c, act, &to, seen, &target, &input)?;
        let verb = match target {
            Target::Existing(_) => "saved",
            Target::New { .. } => "added",
        };
        Ok(Done::new(
            format!("/areas/{to}/standard/draft#line-{code}"),
            format!("{code} is {verb} in the draft."),
        ))
    })
    .await;
    match answer {
        Err(error) => {
            let errors = back::why(error)?;
            let asked = Asked {
                slug,
                kind,
                code,
                fields,
                errors,
            };
            show(&req, asked).await
        }
        done => done,
    }
}

async fn new_competency(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show_new(req, slug.into_inner(), Kind::Competency).await
}

async fn new_item(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show_new(req, slug.into_inner(), Kind::Item).await
}

async fn competency(req: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    show_line(req, path.into_inner(), Kind::Competency).await
}

async fn item(req: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse> {
    show_line(req, path.into_inner(), Kind::Item).await
}

async fn add_competency(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    save(req, slug.into_inner(), Kind::Competency, None, fields).await
}

async fn add_item(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    save(req, slug.into_inner(), Kind::Item, None, fields).await
}

async fn save_competency(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, code) = path.into_inner();
    save(req, slug, Kind::Competency, Some(code), fields).await
}

async fn save_item(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, code) = path.into_inner();
    save(req, slug, Kind::Item, Some(code), fields).await
}
