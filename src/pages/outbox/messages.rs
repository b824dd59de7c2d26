//! The queue of messages that leave.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::Act;
use crate::domain::outbox::model::Message;
use crate::domain::outbox::store::Filter;
use crate::domain::outbox::{Channel, State};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::parts::table::download;
use crate::pages::request::{app, submit};
use crate::time::{LocalTime, TimeText};
use crate::usecases::outbox::actions;
use crate::web::respond::not_kept;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Done, Errors, Fields, Page, query_string};

struct LineView {
    id: i64,
    subject: String,
    address: String,
    channel: &'static str,
    state: &'static str,
    icon: &'static str,
    css: &'static str,
    at: TimeText,
    attempts: i32,
    answer: String,
    /// When the next attempt is due.
    due: Option<TimeText>,
    is_being_sent: bool,
    may_retry: bool,
    may_cancel: bool,
}

#[derive(Template)]
#[template(path = "outbox/messages.html")]
struct MessagesPage {
    page: Page,
    errors: Errors,
    /// Why no mail leaves.
    trouble: Option<String>,
    states: Vec<Choice>,
    channels: Vec<Choice>,
    is_filtered: bool,
    lines: Vec<LineView>,
    files: Files,
    filters: Filters,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let trouble = app(req)?.mail.trouble();
    let page = form.show(req, move |c, context, page, form| {
        let asked = &form.fields;
        let wanted = wanted(asked);
        let before = asked.id("before");
        let (messages, last) = actions::page(c, &context.actor, wanted, before)?;
        let address = |before: Option<i64>| {
            let before = before.map(|id| id.to_string()).unwrap_or_default();
            let said = shown(wanted).and("before", &before);
            let said = said.iter().filter(|(_, v)| !v.is_empty());
            format!("/admin/messages{}", query_string(said))
        };
        let states = State::ALL.iter();
        let channels = Channel::ALL.iter();
        Ok(MessagesPage {
            page: page.titled("admin", "Messages"),
            states: states
                .map(|s| Choice::new(s.word(), s.label(), wanted.state == Some(*s)))
                .collect(),
            channels: channels
                .map(|k| Choice::new(k.word(), k.label(), wanted.channel == Some(*k)))
                .collect(),
            is_filtered: wanted != Filter::default(),
            lines: messages
                .into_iter()
                .map(|m| line(m, &context.local, context.now))
                .collect(),
            files: Files::of("/admin/messages", &shown(wanted)),
            filters: Filters::of("/admin/messages", &shown(wanted)),
            first: before.map(|_| address(None)),
            next: last.map(|id| address(Some(id))),
            errors: form.errors,
            trouble,
        })
    });
    // The trouble is what this process knows.
    Ok(not_kept(page.await?))
}

/// What the list is asked for.
fn wanted(asked: &Fields) -> Filter {
    Filter {
        state: State::parse(asked.get("state")),
        channel: Channel::parse(asked.get("channel")),
        hook_id: None,
    }
}

/// The same as fields.
fn shown(wanted: Filter) -> Fields {
    Fields::of(&[
        ("state", wanted.state.map_or("", State::word)),
        ("channel", wanted.channel.map_or("", Channel::word)),
    ])
}

const HEADER: [&str; 9] = [
    "Message",
    "Kind",
    "Subject",
    "To",
    "State",
    "Attempts",
    "Posted (UTC)",
    "Ended (UTC)",
    "Last answer",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        let (mut table, mut before) = (Table::new("messages", &HEADER), None);
        loop {
            let (messages, last) = actions::page(c, &context.actor, wanted(query), before)?;
            table.rows.extend(messages.into_iter().map(|m| {
                vec![
                    Cell::Number(m.id),
                    Cell::text(m.channel.label()),
                    Cell::text(m.subject),
                    Cell::text(m.address),
                    Cell::text(m.state.label()),
                    Cell::Number(m.attempts.into()),
                    Cell::Moment(m.created_at),
                    Cell::maybe(m.ended_at, Cell::Moment),
                    Cell::text(m.answer),
                ]
            }));
            before = match last {
                Some(last) => Some(last),
                None => return Ok(table),
            };
        }
    })
    .await
}

fn line(message: Message, local: &LocalTime, now: UtcTime) -> LineView {
    let (icon, css) = match message.state {
        State::Waiting => ("st-await", "t-wait"),
        State::Sent => ("st-cleared", "t-ok"),
        State::GivenUp => ("st-revoked", "t-bad"),
        State::Cancelled => ("st-paused", "t-none"),
    };
    let is_being_sent = message.is_being_sent(now);
    let is_waiting = message.state == State::Waiting;
    LineView {
        id: message.id,
        channel: message.channel.label(),
        state: message.state.label(),
        icon,
        css,
        at: local.moment(message.created_at),
        attempts: message.attempts,
        due: (is_waiting && !is_being_sent).then(|| local.moment(message.due_at)),
        is_being_sent,
        may_retry: actions::may_retry(&message) && !is_being_sent,
        may_cancel: is_waiting && !is_being_sent,
        subject: message.subject,
        address: message.address,
        answer: message.answer,
    }
}

pub(crate) async fn retry(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let said = "The message is sent again in a moment.";
    change(req, *id, fields, said, actions::retry).await
}

pub(crate) async fn cancel(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(
        req,
        *id,
        fields,
        "The message is cancelled.",
        actions::cancel,
    )
    .await
}

/// Does it, and shows the list again.
async fn change(
    req: HttpRequest,
    id: i64,
    fields: Fields,
    said: &'static str,
    f: fn(&mut Conn, &Act, i64) -> Result<()>,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        f(c, act, id)?;
        Ok(Done::new("/admin/messages", said))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}
