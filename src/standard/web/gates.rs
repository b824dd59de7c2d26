//! The form of a draft's gates.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::area::store::Area;
use crate::auth::request::{read, submit};
use crate::error::{Error, FieldErrors, Result};
use crate::standard::desk::Desk;
use crate::standard::{Gate, actions, form};
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// Mounts the routes.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
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
    revision: String,
    levels: bool,
    checklist: bool,
    sessions: bool,
    held: String,
    minutes: String,
    /// What the draft says now, when somebody else edited it in the meantime.
    now: Vec<(&'static str, String)>,
}

async fn show(
    req: &HttpRequest,
    slug: String,
    typed: Option<Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = read(req, move |c, asking| {
        let desk = Desk::read_draft(c, &asking.actor, &slug)?;
        let gates = &desk.draft.content.gates;
        let overtaken = errors.get("revision").is_some();
        let (held, minutes) = gates
            .iter()
            .find_map(|g| match g {
                Gate::Sessions { held, minutes } => Some((*held, *minutes)),
                _ => None,
            })
            .unwrap_or_default();
        let has = |kind: &str| match &typed {
            Some(fields) => fields.has(&format!("gate-{kind}")),
            None => gates.iter().any(|g| g.kind() == kind),
        };
        let number = |name: &str, stored: u32| match &typed {
            Some(fields) => fields.get(name).to_owned(),
            None if stored == 0 => String::new(),
            None => stored.to_string(),
        };
        Ok(GatesPage {
            page: Page::signed_out(""),
            draft: format!("/areas/{slug}/standard/draft"),
            version: desk.draft.version,
            revision: match &typed {
                Some(fields) if !overtaken => fields.get("revision").to_owned(),
                _ => desk.draft.revision.to_string(),
            },
            levels: has("levels"),
            checklist: has("checklist"),
            sessions: has("sessions"),
            held: number("held", held),
            minutes: number("minutes", minutes),
            now: if overtaken {
                gates.iter().map(|g| (g.label(), g.numbers())).collect()
            } else {
                Vec::new()
            },
            area: desk.area,
            errors,
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
        Desk::area(c, &act.actor, &to)?;
        let revision = form::revision(&typed)?;
        let gates = form::gates(&typed)?;
        actions::save_gates(c, act, &to, revision, &gates)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/draft#gates"),
            "The gates are saved in the draft.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, slug, Some(fields), errors).await,
        other => other,
    }
}
