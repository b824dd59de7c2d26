//! Pages of stale flags: the form on which a line is flagged, and the list of those who answer or close them.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::actions::{self, Finding, needed};
use super::{is_answered, store};
use crate::area::store::Area;
use crate::auth::request::{read, submit};
use crate::error::{Error, FieldErrors, Result};
use crate::people;
use crate::ramp::dossier::Dossier;
use crate::standard::StandardState;
use crate::standard::desk::Desk;
use crate::standard::store as standards;
use crate::web::time::When;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// Mounts the routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/items/{code}/stale", web::get().to(form))
        .route("/ramps/{id}/items/{code}/stale", web::post().to(flag))
        .route("/areas/{slug}/standard/flags", web::get().to(list))
        .route(
            "/areas/{slug}/standard/flags/{id}/answer",
            web::post().to(answer),
        )
        .route(
            "/areas/{slug}/standard/flags/{id}/close",
            web::post().to(close),
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
    let (page, view) = read(req, move |c, asking| {
        let dossier = Dossier::load_for(c, ramp_id, &asking.actor, asking.now)?;
        actions::may_flag(&dossier, &asking.actor)?;
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
            "Flagged. The area's qualifiers see it, and you will hear what became of it.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_form(&req, (id, code), fields, errors).await,
        other => other,
    }
}

struct FlagView {
    id: i64,
    code: String,
    /// The words of the line: of the version that holds, else of the one it was flagged in.
    text: String,
    part: &'static str,
    note: String,
    by: String,
    handle: String,
    when: When,
    /// Where the draft says what the line asks for; empty without a draft or the line in it.
    edit: String,
    /// The draft changes the line.
    is_changed: bool,
    /// Somebody said that the draft answers it.
    is_answered: bool,
    /// Why it is closed, as it was typed.
    reason: String,
    error: String,
}

#[derive(Template)]
#[template(path = "stale/list.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    area: Area,
    up: String,
    has_draft: bool,
    flags: Vec<FlagView>,
}

async fn show_list(
    req: &HttpRequest,
    slug: String,
    typed: Option<(i64, Fields)>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = read(req, move |c, asking| {
        let area = Desk::area(c, &asking.actor, &slug)?;
        let versions = standards::of_area(c, area.id)?;
        let open = store::open_of_area(c, area.id)?;
        let mut ids: Vec<i64> = open.iter().map(|f| f.by_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let people = people::store::by_ids(c, &ids)?;
        let in_state = |state| versions.iter().find(|s| s.state == state);
        let (draft, published) = (
            in_state(StandardState::Draft),
            in_state(StandardState::Published),
        );
        let view = |f: &store::Flag| {
            let seen_in = versions.iter().find(|s| s.id == f.standard_id);
            let item = published
                .into_iter()
                .chain(seen_in)
                .find_map(|s| s.content.item(&f.item_code));
            let by = people.iter().find(|p| p.id == f.by_id);
            let before = published.map(|p| &*p.content);
            let back = typed.as_ref().filter(|(id, _)| *id == f.id);
            FlagView {
                id: f.id,
                code: f.item_code.clone(),
                text: item.map(|i| i.text.clone()).unwrap_or_default(),
                part: f.part.label(),
                note: f.note.clone(),
                by: by.map(|p| p.name.clone()).unwrap_or_default(),
                handle: by.map(|p| p.handle.clone()).unwrap_or_default(),
                when: asking.dial.day_of(f.at),
                edit: draft
                    .filter(|d| d.content.item(&f.item_code).is_some())
                    .map(|_| format!("/areas/{slug}/standard/draft/items/{}", f.item_code))
                    .unwrap_or_default(),
                is_changed: draft.is_some_and(|d| is_answered(before, &d.content, &f.item_code)),
                is_answered: draft.is_some_and(|d| f.answered_in == Some(d.id)),
                reason: back
                    .map(|(_, fields)| fields.get("reason").to_owned())
                    .unwrap_or_default(),
                error: back
                    .and_then(|_| errors.iter().next())
                    .map(|(_, sentence)| sentence.to_owned())
                    .unwrap_or_default(),
            }
        };
        Ok(ListPage {
            page: Page::signed_out(""),
            up: format!("/areas/{slug}"),
            has_draft: draft.is_some(),
            flags: open.iter().map(view).collect(),
            errors: errors_of(&errors, typed.as_ref().map(|(id, _)| *id)),
            area,
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("areas", format!("{}, stale lines", view.area.name))
    };
    html_with(status, &ListPage { page, ..view })
}

/// The sentences at the fields of one flag among many.
fn errors_of(errors: &FieldErrors, id: Option<i64>) -> Errors {
    let mut named = Errors::default();
    for (field, sentence) in errors.iter() {
        match id {
            Some(id) if !field.is_empty() => named.add(format!("{field}-{id}"), sentence),
            _ => named.add(field, sentence),
        }
    }
    named
}

async fn list(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show_list(&req, slug.into_inner(), None, FieldErrors::default()).await
}

async fn answer(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, id) = path.into_inner();
    let is_so = fields.get("answered") == "yes";
    submit(&req, &fields, move |c, act| {
        actions::answer(c, act, &slug, id, is_so)?;
        let words = if is_so {
            "The draft answers it: publishing closes the flag."
        } else {
            "The flag waits for an answer again."
        };
        Ok(Done::new(format!("/areas/{slug}/standard/flags"), words))
    })
    .await
}

async fn close(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, id) = path.into_inner();
    let (typed, to) = (fields.clone(), slug.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not close is told so, whatever they typed.
        Desk::area(c, &act.actor, &to)?;
        let missing = "Say why the line stays as it is; whoever flagged it reads it.";
        let reason = needed(typed.get("reason"), missing).map_err(|e| Error::field("reason", e))?;
        actions::close(c, act, &to, id, &reason)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/flags"),
            "The flag is closed; whoever set it reads your reason on home.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_list(&req, slug, Some((id, fields)), errors).await,
        other => other,
    }
}
