//! Pages of assessing: the mentor's and the mentee's own, one group at a time.

pub mod compare;
pub mod competency;
pub mod form;
pub mod view;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::assessment::blind::SEALED_DAYS;
use crate::domain::assessment::{Stream, decide};
use crate::domain::auth::context::ReadContext;
use crate::domain::standard::Group;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::assessment::competency as history;
use crate::pages::assessment::view::{Rubric, Step, path_of};
use crate::pages::request::{old_read, submit};
use crate::usecases::assessment::actions::{Assessed, assess, known, may_assess};
use crate::usecases::dossier::Dossier;
use crate::web::{Done, Errors, Fields, Page, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/assess/{group}", web::get().to(mentor_page))
        .route("/ramps/{id}/assess/{group}", web::post().to(mentor_save))
        .route("/ramps/{id}/self-assess/{group}", web::get().to(self_page))
        .route("/ramps/{id}/self-assess/{group}", web::post().to(self_save))
        .route("/ramps/{id}/compare", web::get().to(compare::page))
        .route(
            "/ramps/{id}/competencies/{code}",
            web::get().to(history::page),
        );
}

/// The ramp and group of an address.
#[derive(Debug, Clone, Copy)]
struct Place {
    ramp_id: i64,
    stream: Stream,
    group: Group,
}

type Path = web::Path<(String, String)>;

impl Place {
    fn of(path: &Path, stream: Stream) -> Result<Self> {
        let (ramp, group) = &**path;
        Ok(Self {
            ramp_id: ramp.parse().map_err(|_| Error::NotFound("ramp"))?,
            stream,
            group: Group::parse(group).ok_or(Error::NotFound("group of competencies"))?,
        })
    }

    fn path(self, group: Group) -> String {
        format!(
            "/ramps/{}/{}/{}",
            self.ramp_id,
            path_of(self.stream),
            group.word()
        )
    }
}

async fn mentor_page(req: HttpRequest, path: Path) -> Result<HttpResponse> {
    show(
        &req,
        Place::of(&path, Stream::Mentor)?,
        None,
        FieldErrors::default(),
    )
    .await
}

async fn self_page(req: HttpRequest, path: Path) -> Result<HttpResponse> {
    show(
        &req,
        Place::of(&path, Stream::Self_)?,
        None,
        FieldErrors::default(),
    )
    .await
}

async fn mentor_save(req: HttpRequest, path: Path, fields: Fields) -> Result<HttpResponse> {
    save(&req, Place::of(&path, Stream::Mentor)?, fields).await
}

async fn self_save(req: HttpRequest, path: Path, fields: Fields) -> Result<HttpResponse> {
    save(&req, Place::of(&path, Stream::Self_)?, fields).await
}

#[derive(Template)]
#[template(path = "assessment/assess.html")]
struct AssessPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    /// Where the form goes.
    action: String,
    is_self: bool,
    mentee: String,
    mentee_handle: String,
    first_name: String,
    /// When it opens by itself.
    sealed_days: i64,
    area: String,
    version: i32,
    group: &'static str,
    steps: Vec<Step>,
    open: Vec<Rubric>,
    folded: Vec<Rubric>,
    /// Label of the group after this one.
    next: Option<&'static str>,
}

async fn show(
    req: &HttpRequest,
    place: Place,
    typed: Option<&Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let typed = typed.cloned();
    let (page, mut shown) = old_read(req, move |c, context| {
        load(c, context, place, typed.as_ref(), errors)
    })
    .await?;
    let has_errors = !shown.errors.is_empty();
    let status = if has_errors {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let title = match place.stream {
        Stream::Mentor => format!("Assess {}: {}", shown.mentee, shown.group),
        Stream::Self_ => format!("Assess yourself: {}", shown.group),
    };
    shown.page = Page {
        has_errors,
        ..page.titled("people", title)
    };
    html_with(status, &shown)
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    place: Place,
    typed: Option<&Fields>,
    mut errors: FieldErrors,
) -> Result<AssessPage> {
    let Place {
        ramp_id,
        stream,
        group,
    } = place;
    let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
    may_assess(&dossier, &context.actor, stream)?;
    let content = &dossier.standard.content;
    let groups = content.groups();
    let position = groups
        .iter()
        .position(|g| *g == group)
        .ok_or(Error::NotFound("group of competencies"))?;
    let known = known(&dossier, stream)?;
    // Every error at once: a form that could not be read in one place is still held against the rules in the others.
    if let Some(Error::Invalid(more)) =
        typed.and_then(|fields| decide(stream, content, &known, &form::sort(fields).0).err())
    {
        for (field, sentence) in more
            .iter()
            .filter(|(field, _)| errors.get(field).is_none())
            .collect::<Vec<_>>()
        {
            errors.add(field, sentence);
        }
    }
    let rubrics = view::rubrics(&dossier, (stream, group), &known, typed, context);
    let (folded, open) = rubrics.into_iter().partition(|r| r.folded);
    let mentee = dossier.mentee();
    Ok(AssessPage {
        page: Page::signed_out(""),
        errors,
        ramp_id,
        action: place.path(group),
        is_self: stream == Stream::Self_,
        mentee: mentee.name.to_owned(),
        mentee_handle: mentee.handle.to_owned(),
        first_name: mentee
            .name
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
        sealed_days: SEALED_DAYS,
        area: dossier.area.name.clone(),
        version: dossier.standard.version,
        group: group.label(),
        steps: view::steps(&dossier, stream, group),
        open,
        folded,
        next: groups.get(position + 1).map(|g| g.label()),
    })
}

async fn save(req: &HttpRequest, place: Place, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let outcome = submit(req, &fields, move |c, act| {
        let entries = form::parse(&typed)?;
        let assessed = assess(c, act, place.ramp_id, place.stream, &entries)?;
        let after = assessed
            .groups
            .iter()
            .skip_while(|g| **g != place.group)
            .nth(1);
        let next = match after.filter(|_| typed.get("then") != "finish") {
            Some(group) => place.path(*group),
            None => format!("/ramps/{}", place.ramp_id),
        };
        Ok(Done::new(next, said(&assessed)))
    })
    .await;
    match outcome {
        Err(Error::Invalid(errors)) => show(req, place, Some(&fields), errors).await,
        other => other,
    }
}

/// What the next page says: which levels are new.
fn said(assessed: &Assessed) -> String {
    let number = |level: Option<crate::domain::standard::Level>| {
        level.map_or_else(|| "not observed".to_owned(), |l| l.number().to_string())
    };
    let lines: Vec<_> = assessed
        .changes
        .iter()
        .map(|change| match (change.from, change.to.level) {
            (Some(from), to) if to == Some(from) => {
                format!("{} still {}", change.code, from.number())
            }
            (Some(from), to) => format!("{} {} to {}", change.code, from.number(), number(to)),
            (None, to) => format!("{} {}", change.code, number(to)),
        })
        .collect();
    match lines.as_slice() {
        [] => "Nothing was new, so nothing was stored.".into(),
        [one] => format!("Saved: {one}."),
        more if more.len() <= 8 => format!("{} saved: {}.", more.len(), more.join(", ")),
        more => format!("{} assessments saved.", more.len()),
    }
}
