//! The page of one's own calendar: its secret address, made again and ended, and the calendar that says when one is busy.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::calendar::{named, store};
use crate::error::{Error, Result};
use crate::net::Address;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::{Once, app, own_address, submit, submit_once};
use crate::time::TimeText;
use crate::usecases::calendar::{busy, feed};
use crate::web::{Done, Errors, Fields, Page, html};

const PATH: &str = "/me/calendar";

#[derive(Template)]
#[template(path = "calendar/own.html")]
struct CalendarPage {
    page: Page,
    errors: Errors,
    /// The address, on the answer of the form that made it.
    link: Option<String>,
    feed: Option<FeedView>,
    busy: Option<BusyView>,
    /// The address as typed.
    address: String,
}

/// An address that works.
struct FeedView {
    since: TimeText,
    /// When a calendar program read it last.
    read: Option<TimeText>,
}

/// A calendar that says when one is busy.
struct BusyView {
    /// Scheme and host: the rest is a secret.
    at: String,
    read: Option<TimeText>,
    /// Why it could not be read; may be empty.
    problem: String,
}

fn feed_view(c: &mut Conn, context: &ReadContext, me: i64) -> Result<Option<FeedView>> {
    Ok(store::feed_of(c, me)?.map(|feed| FeedView {
        since: context.local.moment(feed.created_at),
        read: feed.read_at.map(|at| context.local.moment(at)),
    }))
}

fn busy_view(c: &mut Conn, context: &ReadContext, me: i64) -> Result<Option<BusyView>> {
    Ok(named::of(c, me)?.map(|named| BusyView {
        at: Address::kept(&named.address).map_or_else(String::new, |a| a.shown()),
        read: named.read_at.map(|at| context.local.moment(at)),
        problem: named.problem,
    }))
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default()).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        Ok(CalendarPage {
            page: page.titled("", "Calendar"),
            link: None,
            feed: feed_view(c, context, me)?,
            busy: busy_view(c, context, me)?,
            address: form.fields.get("address").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn make(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let made = submit_once(&req, &fields, |c, act| {
        let token = feed::make(c, act)?;
        let said = "The address was shown once. If you lost it, make a new one.";
        Ok((Done::new(PATH, said), token))
    })
    .await?;
    match made {
        Once::Before(response) => Ok(response),
        Once::Now(page, token) => html(&CalendarPage {
            page: page.titled("", "Calendar"),
            errors: Errors::default(),
            link: Some(token.calendar_address(&own_address(&req)?)),
            feed: None,
            busy: None,
            address: String::new(),
        }),
    }
}

pub(crate) async fn end(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    submit(&req, &fields, |c, act| {
        let said = match feed::end(c, act)? {
            true => "The address no longer works.",
            false => "There was no address that worked.",
        };
        Ok(Done::new(PATH, said))
    })
    .await
}

pub(crate) async fn name(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (typed, networks) = (fields.clone(), app(&req)?.outgoing.networks().clone());
    submit(&req, &fields, move |c, act| {
        let address = Address::parse(typed.get("address"), &networks)
            .map_err(|sentence| Error::field("address", sentence))?;
        busy::name(c, act, &address)?;
        let said = "The calendar is named. It is read within a few minutes.";
        Ok(Done::new(PATH, said))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}

pub(crate) async fn forget(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    submit(&req, &fields, |c, act| {
        let said = match busy::forget(c, act)? {
            true => "The calendar is removed, with what it said.",
            false => "There was no calendar.",
        };
        Ok(Done::new(PATH, said))
    })
    .await
}
