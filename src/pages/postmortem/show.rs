//! The page of a post-mortem, and the change of its state.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::pictures::figures;
use super::{severity_style, state_style};
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::Place;
use crate::domain::discussion::store::Window;
use crate::domain::people;
use crate::domain::people::Actor;
use crate::domain::picture::{OwnerKind, store as pictures};
use crate::domain::postmortem::club::store as clubs;
use crate::domain::postmortem::club::store::Ramping;
use crate::domain::postmortem::lifecycle::who_may;
use crate::domain::postmortem::markdown::Figure;
use crate::domain::postmortem::reading::store as answers;
use crate::domain::postmortem::reading::store::Answer;
use crate::domain::postmortem::reading::{FIRST_QUESTION, Reader as ReaderOf, step_at};
use crate::domain::postmortem::{Document, Postmortem, State, Transition, played_in, store};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::discussion;
use crate::pages::parts::discussion::ThreadView;
use crate::pages::request::{app, submit};
use crate::time::TimeText;
use crate::usecases::drill::detail;
use crate::usecases::postmortem::actions;
use crate::usecases::postmortem::actions::{Note, not_open};
use crate::usecases::postmortem::reading::answered;
use crate::web::{Done, Errors, Fields, Page, html_with};

/// A button that takes it on.
struct TransitionView {
    word: &'static str,
    label: &'static str,
    /// Whether it needs a reason.
    reason: bool,
    /// What stands in its way.
    missing: Vec<&'static str>,
}

/// What a reader answered.
struct Reader {
    name: String,
    when: TimeText,
    answers: Vec<Said>,
}

/// What a reader said to a question.
struct Said {
    question: String,
    body: String,
    /// They had said something to it before, and may have seen what was done since.
    is_later: bool,
}

/// A reading club on it.
pub(crate) struct ClubLine {
    pub id: i64,
    pub title: String,
    pub state: &'static str,
    pub when: TimeText,
    pub leader: String,
}

impl ClubLine {
    pub(crate) fn of(club: clubs::Listing, context: &ReadContext) -> Self {
        Self {
            id: club.id,
            title: club.title,
            state: club.state.label(),
            when: context.local.moment(club.starts_at),
            leader: club.leader,
        }
    }
}

/// A mentee who has not discussed it.
struct Undiscussed {
    name: String,
    ramp_id: i64,
    /// The viewer may plan a session about it.
    may_plan: bool,
}

/// A version in the history.
struct VersionView {
    number: i32,
    state: &'static str,
    by: String,
    when: TimeText,
}

#[derive(Template)]
#[template(path = "postmortem/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    note: String,
    slug: String,
    revision: i32,
    document: Document,
    severity: (&'static str, &'static str, &'static str),
    state: (&'static str, &'static str, &'static str),
    is_teachable: bool,
    when: TimeText,
    author: Option<(String, String)>,
    areas: Vec<(String, String)>,
    codes: Vec<(String, String)>,
    /// As HTML; empty until the page was read.
    body: Arc<str>,
    figures: Vec<Figure>,
    may_edit: bool,
    transitions: Vec<TransitionView>,
    /// Who may make it teachable, for a viewer who could, had they not written in it.
    by_others: Option<&'static str>,
    /// What was decided is kept back until the reader has said what they would do, or wants to read it straight.
    is_kept_back: bool,
    /// What people say about it; `None` while it is kept back.
    thread: Option<ThreadView>,
    /// The viewer has discussed it.
    has_discussed: bool,
    may_lead: bool,
    /// The viewer may plan a drill in one of its areas.
    may_drill: bool,
    clubs: Vec<ClubLine>,
    /// Who ramps in its areas and has not discussed it, as far as the viewer sees their ramps.
    undiscussed: Vec<Undiscussed>,
    /// What the viewer's mentees and the members of teams they lead answered.
    readers: Vec<Reader>,
    versions: Vec<VersionView>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    let status = form.status();
    let page = form.read(req, move |c, context, page, form| {
        load(c, context, page, &slug, form)
    });
    let mut page = page.await?;
    let figures = mem::take(&mut page.figures);
    page.body = rendered(req, mem::take(&mut page.document.body), figures).await?;
    if let Some(thread) = &mut page.thread {
        discussion::render(req, thread).await?;
    }
    html_with(status, &page)
}

/// A text as HTML, made where it holds up neither the database nor other requests.
async fn rendered(req: &HttpRequest, text: String, figures: Vec<Figure>) -> Result<Arc<str>> {
    let texts = app(req)?.texts.clone();
    let made = web::block(move || texts.html(&text, &figures));
    made.await.map_err(Error::fault)
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    slug: &str,
    form: Form,
) -> Result<ShowPage> {
    let is_straight = form.fields.get("show") == "all";
    let note = match form.typed() {
        Some(typed) => typed.get("note").to_owned(),
        None => String::new(),
    };
    let found = store::named(c, slug)?;
    let access = found.access();
    if !access.may_read(&context.actor) {
        return Err(Error::Forbidden(not_open().into()));
    }
    let author = match found.created_by {
        Some(id) => people::store::by_id(c, id)?.map(|p| (p.handle, p.name)),
        None => None,
    };
    let versions = store::versions(c, found.id)?;
    let answered = match found.state {
        State::Teachable => answered(c, &found, context.actor.id.unwrap_or_default())?,
        State::Draft | State::InReview | State::Retired => BTreeSet::new(),
    };
    let others = answers::of_others(c, found.id, &context.actor)?;
    let is_teachable = found.state == State::Teachable;
    let (part, has_discussed) = clubs::part_of(c, &found, &context.actor, context.now.day())?;
    let reader = ReaderOf {
        is_concerned: access.is_concerned(&context.actor),
        has_read: step_at(&found.document, &answered).is_none(),
        has_discussed,
    };
    let is_kept_back = !is_straight && reader.is_kept_back(found.state);
    let place = Place::of_postmortem(&found);
    let thread = match is_kept_back {
        true => None,
        false => Some(ThreadView::load(c, context, &place, Window::Newest)?),
    };
    let pictures = match is_kept_back {
        true => Vec::new(),
        false => pictures::of(c, OwnerKind::Postmortem, &[found.id])?,
    };
    let held = clubs::on(c, found.id)?;
    let undiscussed = match is_teachable {
        true => undiscussed(clubs::ramping(c, &found)?, &context.actor),
        false => Vec::new(),
    };
    let may_drill = is_teachable && {
        let plannable = detail::plannable(c, &context.actor)?;
        played_in(&found, |id| plannable.iter().any(|area| area.id == id)).is_some()
    };
    let is_own = found.state == State::InReview
        && access.answers_for(&context.actor)
        && !access.may(&context.actor, Transition::Approve);
    let (css, icon) = severity_style(found.document.severity);
    let (state_css, state_icon) = state_style(found.state);
    Ok(ShowPage {
        page: page.titled("library", &found.document.title),
        errors: form.errors,
        note,
        revision: found.revision,
        severity: (css, icon, found.document.severity.label()),
        state: (state_css, state_icon, found.state.label()),
        is_teachable,
        has_discussed,
        may_lead: is_teachable && part.is_enough(),
        may_drill,
        by_others: is_own.then(|| who_may(Transition::Approve)),
        clubs: held
            .into_iter()
            .map(|club| ClubLine::of(club, context))
            .collect(),
        undiscussed,
        when: context.local.moment(found.document.occurred_at),
        author,
        areas: found
            .areas
            .iter()
            .map(|a| (a.slug.clone(), a.name.clone()))
            .collect(),
        codes: codes(&found),
        body: Arc::from(""),
        figures: figures(&found.slug, pictures),
        may_edit: access.may_edit(&context.actor),
        transitions: Transition::ALL
            .iter()
            .filter(|t| access.may(&context.actor, **t))
            .map(|t| TransitionView {
                word: t.word(),
                label: t.label(),
                reason: matches!(t, Transition::Return | Transition::Retire),
                missing: match t {
                    Transition::Submit | Transition::Approve => found.document.missing(),
                    Transition::Return | Transition::Retire | Transition::Reopen => Vec::new(),
                },
            })
            .collect(),
        is_kept_back,
        thread,
        readers: readers(&found, others, context),
        versions: versions
            .into_iter()
            .map(|v| VersionView {
                number: v.revision + 1,
                state: v.state.label(),
                by: v.by.unwrap_or_else(|| "Command line".into()),
                when: context.local.day_of(v.at),
            })
            .collect(),
        slug: found.slug,
        document: found.document,
    })
}

/// Mentees who have not discussed it, of those whose ramps the viewer may read; each once.
fn undiscussed(ramping: Vec<Ramping>, actor: &Actor) -> Vec<Undiscussed> {
    let mut seen = BTreeSet::new();
    ramping
        .into_iter()
        .filter(|r| !r.has_discussed && r.parties.may_read(actor))
        .filter(|r| seen.insert(r.person_id))
        .map(|r| Undiscussed {
            name: r.name,
            ramp_id: r.ramp_id,
            may_plan: r.state.is_running()
                && (r.parties.is_mentee(actor) || r.parties.is_mentor(actor)),
        })
        .collect()
}

/// Answers by who gave them, the latest reader first; step by step, each as it was first given, then what was said later.
fn readers(found: &Postmortem, others: Vec<Answer>, context: &ReadContext) -> Vec<Reader> {
    let mut by_reader: Vec<(Reader, Vec<Answer>)> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    for answer in others {
        let place = *places.entry(answer.person_id).or_insert(by_reader.len());
        if place == by_reader.len() {
            let reader = Reader {
                name: answer.name.clone(),
                when: context.local.day_of(answer.at),
                answers: Vec::new(),
            };
            by_reader.push((reader, Vec::new()));
        }
        if let Some((_, answers)) = by_reader.get_mut(place) {
            answers.push(answer);
        }
    }
    by_reader
        .into_iter()
        .map(|(reader, mut answers)| {
            answers.sort_by_key(|a| (a.point, a.id));
            let said = |a: Answer| Said {
                question: asked(found, &a),
                body: a.body,
                is_later: !a.is_first,
            };
            Reader {
                answers: answers.into_iter().map(said).collect(),
                ..reader
            }
        })
        .collect()
}

/// What was asked; an earlier text may have asked something else.
fn asked(found: &Postmortem, answer: &Answer) -> String {
    if answer.revision != found.revision {
        return "Asked in an earlier version".into();
    }
    let point = answer.step().checked_sub(1);
    let point = point.and_then(|n| found.document.points.get(n));
    point.map_or_else(|| FIRST_QUESTION.into(), |p| p.question.clone())
}

/// What it teaches, each with the address of its area.
fn codes(found: &Postmortem) -> Vec<(String, String)> {
    let of = |code: &str| {
        let area = found.areas.iter().find(|a| {
            code.strip_prefix(&a.code)
                .is_some_and(|r| r.starts_with('-'))
        });
        area.map_or_else(|| "/areas".into(), |a| format!("/areas/{}", a.slug))
    };
    let all = found.document.codes().into_iter();
    all.map(|code| (code.to_owned(), of(code))).collect()
}

pub(crate) async fn change_state(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let transition = Transition::parse(fields.get("deed"))
        .ok_or_else(|| Error::field("deed", "Choose the next status."))?;
    let revision = fields.trimmed("revision").parse().unwrap_or(-1);
    let (name, typed) = (slug.clone(), fields.get("note").to_owned());
    submit(&req, &fields, move |c, act| {
        let note = Note::parse(&typed).map_err(|s| Error::field("note", s))?;
        let state = actions::make_transition(c, act, &name, (transition, revision), &note)?;
        let said = match state {
            State::Draft => "It is a draft.",
            State::InReview => "It waits for a review by a lead or qualifier of its areas.",
            State::Teachable => "It is teachable: all members see it, and discussing it counts.",
            State::Retired => "It is retired.",
        };
        Ok(Done::new(format!("/library/{name}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
