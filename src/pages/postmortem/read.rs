//! The page on which a post-mortem is read step by step.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::Point;
use crate::domain::postmortem::reading::{FIRST_QUESTION, Seen, seen, step_at, steps, store};
use crate::domain::postmortem::store as postmortems;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::postmortem::reading as actions;
use crate::usecases::postmortem::reading::{Body, may_answer};
use crate::web::{Done, Errors, Fields, Page};

/// A point as far as it is shown.
struct PointView {
    point: Point,
    is_whole: bool,
    /// What the reader answered.
    answer: Option<String>,
}

#[derive(Template)]
#[template(path = "postmortem/read.html")]
struct ReadPage {
    page: Page,
    errors: Errors,
    slug: String,
    title: String,
    symptoms: String,
    impact: String,
    surprised: String,
    revision: i32,
    /// What is asked now; nothing at the end.
    step: Option<usize>,
    /// Of the steps, how many are behind the reader, and how many there are.
    done: usize,
    steps: usize,
    first_question: &'static str,
    first_answer: Option<String>,
    points: Vec<PointView>,
    typed: String,
    /// An answer to a question that is not asked here any more.
    written: Option<String>,
    /// Who will see the answers.
    mentors: String,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, &slug, form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    slug: &str,
    form: Form,
) -> Result<ReadPage> {
    let me = context.actor.id.ok_or(Error::SignedOut)?;
    let found = postmortems::named(c, slug)?;
    may_answer(&found, &context.actor)?;
    let own = store::own(c, (found.id, found.revision), me)?;
    // The latest word on a step is what the reader thinks.
    let said = |step: usize| {
        own.iter()
            .rfind(|a| a.step() == step)
            .map(|a| a.body.clone())
    };
    let answered: BTreeSet<usize> = own.iter().map(store::Answer::step).collect();
    let step = step_at(&found.document, &answered);
    let all = steps(&found.document);
    let shown = seen(&found.document, step);
    let points = shown.into_iter().filter_map(|(n, how)| {
        let point = found.document.points.get(n.checked_sub(1)?)?.clone();
        Some(PointView {
            point,
            is_whole: how == Seen::Whole,
            answer: said(n),
        })
    });
    // An answer stays under the question it was written to.
    let typed = form.fields.get("answer").to_owned();
    let asked_here = form.fields.id("revision") == Some(found.revision.into())
        && form.fields.trimmed("step").parse().ok() == step;
    let (typed, written) = match (asked_here, typed.trim().is_empty()) {
        (false, false) => (String::new(), Some(typed)),
        _ => (typed, None),
    };
    Ok(ReadPage {
        page: page.titled("library", &found.document.title),
        errors: form.errors,
        typed,
        written,
        points: points.collect(),
        first_question: FIRST_QUESTION,
        first_answer: said(0),
        done: all.iter().filter(|n| answered.contains(n)).count(),
        steps: all.len(),
        step,
        revision: found.revision,
        mentors: store::mentors_of(c, me)?.join(", "),
        slug: found.slug,
        title: found.document.title,
        symptoms: found.document.symptoms,
        impact: found.document.impact,
        surprised: found.document.surprised,
    })
}

/// Keeps an answer, and shows what was done.
pub(crate) async fn answer(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (name, typed) = (slug.clone(), fields.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not read it reads that, whatever they typed.
        may_answer(&postmortems::named(c, &name)?, &act.actor)?;
        let body = Body::parse(typed.get("answer")).map_err(|s| Error::field("answer", s))?;
        let revision = typed.trimmed("revision").parse().unwrap_or(-1);
        let step = typed.trimmed("step").parse().unwrap_or(usize::MAX);
        actions::answer(c, act, &name, (revision, step), &body)?;
        Ok(Done::new(format!("/library/{name}/read#now"), ""))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
