//! The page of a hook: what it tells, and what became of each message.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::outbox::State;
use crate::domain::outbox::model::Message;
use crate::domain::people::store::name_of;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::time::{LocalTime, TimeText};
use crate::usecases::hook::{actions, detail};
use crate::web::{Done, Errors, Fields, Page};

struct MessageLine {
    id: i64,
    subject: String,
    at: TimeText,
    css: &'static str,
    icon: &'static str,
    word: &'static str,
    attempts: i32,
    answer: String,
    /// When the next attempt is due.
    due: Option<TimeText>,
    may_send: bool,
}

impl MessageLine {
    fn new(message: Message, is_active: bool, local: &LocalTime) -> Self {
        let (css, icon) = match message.state {
            State::Sent => ("ok", "st-cleared"),
            State::Waiting => ("wait", "st-await"),
            State::GivenUp => ("bad", "st-lapsed"),
            State::Cancelled => ("idle", "st-none"),
        };
        let may_send = !message.body.is_empty() && !message.is_being_sent(local.now());
        Self {
            id: message.id,
            at: local.moment(message.created_at),
            css,
            icon,
            word: message.state.label(),
            attempts: message.attempts,
            due: (message.state == State::Waiting).then(|| local.moment(message.due_at)),
            may_send: may_send && is_active,
            subject: message.subject,
            answer: message.answer,
        }
    }
}

#[derive(Template)]
#[template(path = "hook/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    id: i64,
    name: String,
    of: String,
    reader: &'static str,
    leads_to: String,
    kinds: Vec<&'static str>,
    paused: Option<(TimeText, String)>,
    removed: Option<TimeText>,
    made_by: String,
    made_at: TimeText,
    messages: Vec<MessageLine>,
    is_first: bool,
    older: Option<i64>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let form = Form::asked(&req)?;
    show(&req, id.into_inner(), form).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let before = form.fields.id("before");
        let (found, messages, older) = detail::one(c, &context.actor, id, before)?;
        let (hook, local) = (found.hook, &context.local);
        let because = match hook.paused_by {
            Some(id) => format!("{} paused it.", name_of(c, Some(id))?),
            None => format!("A message was given up: {}", hook.paused_because),
        };
        let made_by = match hook.made_by {
            Some(id) => name_of(c, Some(id))?,
            None => "the command line".into(),
        };
        let is_active = hook.paused_at.is_none() && hook.removed_at.is_none();
        Ok(ShowPage {
            page: page.titled("", &hook.name),
            errors: form.errors,
            id,
            of: found.of,
            reader: hook.dialect.label(),
            leads_to: hook.shown(),
            kinds: hook.kinds().iter().map(|k| k.label()).collect(),
            paused: hook.paused_at.map(|at| (local.moment(at), because)),
            made_by,
            made_at: local.moment(hook.made_at),
            removed: hook.removed_at.map(|at| local.moment(at)),
            messages: messages
                .into_iter()
                .map(|m| MessageLine::new(m, is_active, local))
                .collect(),
            is_first: before.is_none(),
            older,
            name: hook.name,
        })
    })
    .await
}

async fn done(
    req: &HttpRequest,
    id: i64,
    fields: Fields,
    said: &'static str,
    f: impl FnOnce(&mut Conn, &Act) -> Result<()> + Send + 'static,
) -> Result<HttpResponse> {
    submit(req, &fields, move |c, act| {
        f(c, act)?;
        Ok(Done::new(format!("/hooks/{id}"), said))
    })
    .await
    .or_show(fields, async |form| show(req, id, form).await)
    .await
}

pub(crate) async fn test(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let said = "A test is on its way. Load this page again to see the answer.";
    done(&req, id, fields, said, move |c, act| {
        actions::test(c, act, id)
    })
    .await
}

pub(crate) async fn pause(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let said = "The hook is paused. Nothing is sent until you resume it.";
    done(&req, id, fields, said, move |c, act| {
        actions::pause(c, act, id)
    })
    .await
}

pub(crate) async fn resume(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let said = "The hook sends again. What happened while it was paused is not sent.";
    done(&req, id, fields, said, move |c, act| {
        actions::resume(c, act, id)
    })
    .await
}

pub(crate) async fn send_again(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, message) = path.into_inner();
    let said = "The message is on its way again.";
    done(&req, id, fields, said, move |c, act| {
        actions::send_again(c, act, id, message)
    })
    .await
}
