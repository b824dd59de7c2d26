//! The page on which a post-mortem is changed; its form is that of a new one too.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::form::{MAX_POINTS, PointForm, PostmortemForm};
use crate::domain::postmortem::source::{LeftOver, listed};
use crate::domain::postmortem::{Severity, store};
use crate::domain::standard::store as standards;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::time::LocalTime;
use crate::usecases::postmortem::actions;
use crate::web::{Done, Errors, Fields, Page};

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
#[template(path = "postmortem/edit.html")]
pub(super) struct EditPage {
    page: Page,
    errors: Errors,
    /// Name in URLs and title of what is changed; nothing for a new one.
    of: Option<(String, String)>,
    form: PostmortemForm,
    severities: Vec<Choice>,
    areas: Vec<Choice>,
    points: Vec<PointView>,
    most_points: usize,
    teachable: Vec<Teachable>,
    /// What the file said that is not in the form.
    left_over: String,
}

impl EditPage {
    pub(super) fn with_left_over(self, left_over: &[LeftOver]) -> Self {
        Self {
            left_over: listed(left_over),
            ..self
        }
    }
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let stored = store::named(c, &slug)?;
        let may_edit = match actions::may_edit(&stored, &context.actor) {
            // What was typed is not thrown away because its state changed meanwhile.
            Err(Error::Conflict(_)) if form.typed().is_some() => false,
            other => other.map(|()| true)?,
        };
        let mut values = match form.typed() {
            Some(typed) => PostmortemForm::typed(typed, &context.local),
            None => PostmortemForm::of(&stored.document, stored.revision, &context.local),
        };
        values.revision = form.seen("revision", stored.revision);
        let (is_overtaken, mut errors) = (form.is_overtaken(), form.errors);
        if let Some(sentence) = errors.get("").filter(|_| is_overtaken) {
            let then = match may_edit {
                true => "; saving it now replaces what they wrote.",
                false => ", to be copied: it cannot be saved now.",
            };
            errors = FieldErrors::one("", format!("{sentence} What you typed is still here{then}"));
        }
        let of = (stored.slug, stored.document.title);
        fill(c, context, page, Some(of), values, errors)
    })
    .await
}

/// The form with those values: of a post-mortem, by its name in URLs and title, or of a new one.
pub(super) fn fill(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    of: Option<(String, String)>,
    values: PostmortemForm,
    errors: FieldErrors,
) -> Result<EditPage> {
    let title = match &of {
        Some((_, title)) => format!("Edit {title}"),
        None => "Write a post-mortem".into(),
    };
    let form = values.on_a_page(&context.local);
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
    let points = (1..).zip(form.points_with_space());
    Ok(EditPage {
        page: page.titled("library", title),
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
        most_points: MAX_POINTS,
        teachable,
        left_over: String::new(),
        of,
        form,
        errors,
    })
}

pub(crate) async fn change(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, name) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not edit reads that, whatever they typed.
        actions::may_edit(&store::named(c, &name)?, &act.actor)?;
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let form = PostmortemForm::typed(&typed, &local);
        let document = form.read(&local)?;
        let revision = form.revision.parse().unwrap_or(-1);
        let slug = actions::edit(c, act, &name, revision, &document)?;
        Ok(Done::new(format!("/library/{slug}"), "Saved."))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
