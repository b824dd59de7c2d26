//! The form on which a line is flagged as stale.

pub mod list;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::people;
use crate::domain::stale::store;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::{old_read, submit};
use crate::pages::stale::list as look;
use crate::usecases::dossier::Dossier;
use crate::usecases::stale::actions;
use crate::usecases::stale::actions::Finding;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/items/{code}/stale", web::get().to(form))
        .route("/ramps/{id}/items/{code}/stale", web::post().to(flag))
        .route("/areas/{slug}/standard/flags", web::get().to(look::list))
        .route(
            "/areas/{slug}/standard/flags/{id}/answer",
            web::post().to(look::answer),
        )
        .route(
            "/areas/{slug}/standard/flags/{id}/close",
            web::post().to(look::close),
        );
}

#[derive(Template)]
#[template(path = "stale/form.html")]
struct FormPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    ramp: String,
    code: String,
    text: String,
    link: String,
    is_link: bool,
    note: String,
    /// Who flagged this line already: name, what of it, words.
    open: Vec<(String, &'static str, String)>,
}

async fn show_form(
    req: &HttpRequest,
    (ramp_id, code): (i64, String),
    typed: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = old_read(req, move |c, context| {
        let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
        actions::may_flag(&dossier, &context.actor)?;
        let item = dossier.standard.content.item(&code);
        let item = item.ok_or(Error::NotFound("checklist item"))?;
        let mut open = store::open_of_area(c, dossier.area.id)?;
        open.retain(|f| f.item_code == code);
        let ids: Vec<i64> = open.iter().map(|f| f.by_id).collect();
        let people = people::store::by_ids(c, &ids)?;
        let name = |id: i64| people.iter().find(|p| p.id == id).map(|p| p.name.clone());
        Ok(FormPage {
            page: Page::signed_out(""),
            errors,
            ramp_id,
            ramp: format!("{} on {}", dossier.mentee().name, dossier.area.name),
            text: item.text.clone(),
            link: item.link.clone().unwrap_or_default(),
            // Links go stale more often than words do.
            is_link: item.link.is_some() && typed.get("part") != "line",
            note: typed.get("note").to_owned(),
            open: open
                .into_iter()
                .map(|f| (name(f.by_id).unwrap_or_default(), f.part.label(), f.note))
                .collect(),
            code,
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("people", format!("Flag {} as stale", view.code))
    };
    html_with(status, &FormPage { page, ..view })
}

async fn form(req: HttpRequest, path: web::Path<(i64, String)>) -> Result<HttpResponse> {
    show_form(
        &req,
        path.into_inner(),
        Fields::default(),
        FieldErrors::default(),
    )
    .await
}

async fn flag(
    req: HttpRequest,
    path: web::Path<(i64, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let (typed, of) = (fields.clone(), code.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not flag is told so, whatever they typed.
        actions::may_flag(&Dossier::lock(c, id, act.now.day())?, &act.actor)?;
        let finding = Finding::parse(&typed)?;
        actions::flag(c, act, id, &of, &finding)?;
        Ok(Done::new(
            format!("/ramps/{id}#item-{of}"),
            "Flagged. The area's qualifiers see it, and you will hear the outcome.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_form(&req, (id, code), fields, errors).await,
        other => other,
    }
}
