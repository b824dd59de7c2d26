//! Forms of the library: a new post-mortem, one from a file, one that is changed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::form::{Form, MOST_POINTS, PointForm};
use crate::domain::postmortem::{Severity, source, store};
use crate::domain::standard::store as standards;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{old_read, submit};
use crate::usecases::postmortem::actions;
use crate::web::time::LocalTime;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// Under this field stands what the form was opened on, and why it does not hold any more.
const SEEN: &str = "revision";

/// An area with the competencies a point can teach.
struct Teachable {
    area: String,
    competencies: Vec<(String, String)>,
}

/// A point of the form with its number.
struct PointView {
    n: usize,
    point: PointForm,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "library/form.html")]
struct FormPage {
    page: Page,
    errors: Errors,
    /// Name in URLs and title of what is changed; nothing for a new one.
    of: Option<(String, String)>,
    form: Form,
    severities: Vec<Choice>,
    areas: Vec<Choice>,
    points: Vec<PointView>,
    most_points: usize,
    teachable: Vec<Teachable>,
}

/// What a form page shows.
#[derive(Default)]
struct Wanted {
    slug: Option<String>,
    typed: Option<Form>,
    errors: FieldErrors,
}

async fn show(req: &HttpRequest, wanted: Wanted) -> Result<HttpResponse> {
    let status = match wanted.errors.get(SEEN) {
        Some(_) => StatusCode::CONFLICT,
        None => form_status(&wanted.errors),
    };
    let (page, view) = old_read(req, move |c, context| load(c, context, wanted)).await?;
    let title = match &view.of {
        Some((_, title)) => format!("Edit {title}"),
        None => "Write a post-mortem".into(),
    };
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("library", title)
    };
    html_with(status, &FormPage { page, ..view })
}

fn load(c: &mut Conn, context: &ReadContext, wanted: Wanted) -> Result<FormPage> {
    let mut errors = wanted.errors;
    let (mut of, mut form) = (None, wanted.typed);
    if let Some(slug) = wanted.slug {
        let stored = store::named(c, &slug)?;
        match actions::may_edit(&stored, &context.actor) {
            // What was typed is not thrown away because somebody led it on meanwhile.
            Err(Error::Conflict(_)) if form.is_some() => {}
            other => other?,
        }
        if let (Some(sentence), Some(form)) = (errors.get(SEEN), &mut form) {
            // Saving it again is a decision then, not an accident.
            let told = format!(
                "{sentence} What you typed is still here; saving it now replaces what they wrote."
            );
            errors = FieldErrors::one(SEEN, told);
            form.revision = stored.revision.to_string();
        }
        form = form.or_else(|| Some(Form::of(&stored.document, stored.revision, &context.local)));
        of = Some((stored.slug, stored.document.title));
    }
    let form = form.unwrap_or_default().on_a_page(&context.local);
    let all = area::store::all(c)?;
    let chosen: Vec<i64> = all
        .iter()
        .filter(|a| form.areas.contains(&a.slug))
        .map(|a| a.id)
        .collect();
    let mut teachable = Vec::new();
    for standard in standards::published(c, &chosen)? {
        let named = all.iter().find(|a| a.id == standard.area_id);
        let competencies = standard.content.competencies.iter();
        teachable.push(Teachable {
            area: named.map(|a| a.name.clone()).unwrap_or_default(),
            competencies: competencies
                .map(|k| (k.code.clone(), k.statement.clone()))
                .collect(),
        });
    }
    let first_blank = form.points.iter().filter(|p| !p.saw.is_empty()).count();
    let points = (1..).zip(form.roomy_points());
    Ok(FormPage {
        page: Page::signed_out(""),
        severities: Severity::ALL
            .iter()
            .map(|s| Choice::new(s.word(), s.label(), form.severity == s.word()))
            .collect(),
        areas: all
            .into_iter()
            .map(|a| Choice::new(&a.slug, &a.name, form.areas.contains(&a.slug)))
            .collect(),
        points: points
            .map(|(n, point)| PointView {
                n,
                point,
                is_open: n <= first_blank + 1,
            })
            .collect(),
        most_points: MOST_POINTS,
        teachable,
        of,
        form,
        errors,
    })
}

/// The form of a new one.
pub(crate) async fn new_page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Wanted::default()).await
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let form = Form::typed(&fields);
    let typed = form.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let document = form.read(&LocalTime::new(&act.actor.time_zone, act.now))?;
        let slug = actions::add(c, act, &document)?;
        Ok(Done::new(
            format!("/library/{slug}"),
            "The draft is saved. Ask for a review when it can be learnt from.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => {
            let wanted = Wanted {
                typed: Some(typed),
                errors,
                ..Wanted::default()
            };
            show(&req, wanted).await
        }
        other => other,
    }
}

/// The form of one as it stands.
pub(crate) async fn edit_page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let wanted = Wanted {
        slug: Some(slug.into_inner()),
        ..Wanted::default()
    };
    show(&req, wanted).await
}

pub(crate) async fn change(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let form = Form::typed(&fields);
    let (typed, name) = (form.clone(), slug.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not edit is told so, whatever they typed.
        actions::may_edit(&store::named(c, &name)?, &act.actor)?;
        let document = form.read(&LocalTime::new(&act.actor.time_zone, act.now))?;
        let revision = form.revision.parse().unwrap_or(-1);
        let slug = actions::edit(c, act, &name, revision, &document)?;
        Ok(Done::new(format!("/library/{slug}"), "Saved."))
    })
    .await;
    let errors = match answer {
        Err(Error::Invalid(errors)) => errors,
        Err(Error::Conflict(sentence)) => FieldErrors::one(SEEN, sentence),
        other => return other,
    };
    let wanted = Wanted {
        slug: Some(slug),
        typed: Some(typed),
        errors,
    };
    show(&req, wanted).await
}

#[derive(Template)]
#[template(path = "library/import.html")]
struct ImportPage {
    page: Page,
    errors: Errors,
    text: String,
}

async fn show_import(req: &HttpRequest, text: String, errors: FieldErrors) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, ()) = old_read(req, |_, _| Ok(())).await?;
    let page = Page {
        has_errors: !errors.is_empty(),
        ..page.titled("library", "Import a post-mortem")
    };
    html_with(status, &ImportPage { page, errors, text })
}

/// Where a file is pasted.
pub(crate) async fn import_page(req: HttpRequest) -> Result<HttpResponse> {
    show_import(&req, String::new(), FieldErrors::default()).await
}

/// Reads the file into the form, where it is looked at before it is saved. Nothing is written.
pub(crate) async fn import(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let text = fields.get("text").to_owned();
    if text.trim().is_empty() {
        let errors = FieldErrors::one("text", "Paste the text of the post-mortem.");
        return show_import(&req, text, errors).await;
    }
    match source::read(&text) {
        Ok(form) => {
            let wanted = Wanted {
                typed: Some(form),
                ..Wanted::default()
            };
            show(&req, wanted).await
        }
        Err(why) => show_import(&req, text, FieldErrors::one("text", why.to_string())).await,
    }
}
